"""Los sistemas con los que una clínica codifica: los que registra y el propio; ninguno con licencia viene puesto."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.api.models.diagnostico import PROPIO, SistemaCodificacion
from app.api.schemas.sistema_codificacion_schema import SistemaCrear, SistemaEditar, SistemaFiltro
from app.config.catalogos_csv import VERSION_CATALOGOS
from app.config.semillas_consultas import diagnosticos
from app.utils.errors import BusinessRule
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, change, columns, fetch, find, first, remove


class SistemaReservado(BusinessRule):
    """Ese código es el del sistema que trae Servet."""


class SistemaDesconocido(BusinessRule):
    """Ese sistema de codificación no está registrado."""


class CodigoDesconocido(BusinessRule):
    """Ese código no es del sistema."""


class CodificacionIncompleta(BusinessRule):
    """Un código va siempre con su sistema, y al revés."""


def listar(filtro: SistemaFiltro) -> Page:
    """Los sistemas registrados, por código."""
    consulta = select(*columns(SistemaCodificacion))
    if not filtro.incluir_inactivos:
        consulta = consulta.where(SistemaCodificacion.activo)
    ordenes = {"codigo": SistemaCodificacion.codigo, "nombre": SistemaCodificacion.nombre}
    return paginate(consulta, filtro, ordenes, "codigo", SistemaCodificacion.id)


def obtener(id: UUID) -> Any:
    """Un sistema."""
    return fetch(select(*columns(SistemaCodificacion)).where(SistemaCodificacion.id == id))


def crear(datos: SistemaCrear) -> Reread:
    """Registra un sistema. Errores: ``SistemaDuplicado``, ``SistemaReservado``."""
    if datos.codigo == PROPIO:
        raise SistemaReservado(campo="/codigo")
    return Reread(obtener, add(SistemaCodificacion(**datos.model_dump())).id)


def editar(id: UUID, cambios: SistemaEditar) -> Reread:
    """Cambia un sistema; lo ya codificado conserva su versión."""
    change(find(SistemaCodificacion, id), cambios)
    return Reread(obtener, id)


def eliminar(id: UUID) -> None:
    """Deja de ofrecerse; lo ya codificado no cambia."""
    remove(find(SistemaCodificacion, id))


def codificar(campos: dict[str, Any]) -> dict[str, Any]:
    """Los mismos campos con la versión del sistema: la que se diga o, si no, la que está registrada.

    Lo codificado en otro sitio trae la suya; la del sistema propio no se elige.
    Errores: ``CodificacionIncompleta``, ``SistemaDesconocido``, ``CodigoDesconocido``.
    """
    sistema, codigo = campos.get("sistema_codigo"), campos.get("codigo")
    if (sistema is None) != (codigo is None):
        raise CodificacionIncompleta(campo="/codigo" if codigo is None else "/sistema_codigo")
    dicha = campos.get("version_sistema")
    if sistema is None:
        if dicha is not None:
            raise CodificacionIncompleta(campo="/sistema_codigo")
        return {**campos, "version_sistema": None}
    vigente = _version(sistema, codigo)
    return {**campos, "version_sistema": vigente if sistema == PROPIO else dicha or vigente}


def _version(sistema: str, codigo: Any) -> str:
    if sistema == PROPIO:
        if codigo not in {uno.codigo for uno in diagnosticos()}:
            raise CodigoDesconocido(campo="/codigo")
        return VERSION_CATALOGOS
    registrado = first(
        select(SistemaCodificacion.version_sistema).where(
            SistemaCodificacion.codigo == sistema, SistemaCodificacion.activo
        )
    )
    if registrado is None:
        raise SistemaDesconocido(campo="/sistema_codigo")
    return str(registrado.version_sistema)
