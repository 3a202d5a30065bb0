"""Los tipos de cita: cuánto duran, qué necesitan y quién puede reservarlos."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from app.api.models.agenda import TipoCita
from app.api.models.catalogo import Especie
from app.api.schemas.tipo_cita_schema import TipoCitaCrear, TipoCitaEditar, TipoCitaFiltro
from app.api.services import parametros_service
from app.api.services.pacientes_service import EspecieDesconocida
from app.config import semillas
from app.config.permissions import Permiso
from app.utils.context import identidad
from app.utils.entities import nuevo_id
from app.utils.errors import BusinessRule
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, ask, change, columns, fetch, find, insert_if_free, one_of, remove, rows
from app.utils.relations import relacion


class DuracionNoMultiplo(BusinessRule):
    """La duración no es múltiplo de la granularidad de la agenda."""


def lectura() -> Select[Any]:
    """Los tipos que quien pide puede ver: en el portal, sólo los activos que se reservan desde él."""
    return select(*columns(TipoCita)).where(*visibles())


def visibles() -> tuple[ColumnElement[bool], ...]:
    """Las condiciones de los tipos que quien pide puede ver."""
    return (TipoCita.reservable_portal.is_(True), TipoCita.activo.is_(True)) if identidad().es_cliente else ()


def listar(filtro: TipoCitaFiltro) -> Page:
    """Los tipos de cita de la organización."""
    consulta = lectura()
    if not filtro.incluir_inactivos:
        consulta = consulta.where(TipoCita.activo)
    if filtro.codigo:
        consulta = consulta.where(TipoCita.codigo == filtro.codigo)
    if filtro.reservable_portal is not None:
        consulta = consulta.where(TipoCita.reservable_portal == filtro.reservable_portal)
    ordenes: dict[str, Any] = {"nombre": TipoCita.nombre, "codigo": TipoCita.codigo, "creado_en": TipoCita.creado_en}
    return paginate(consulta, filtro, ordenes, "nombre", TipoCita.id)


def obtener(id: UUID) -> Any:
    """Un tipo de cita."""
    return fetch(lectura().where(TipoCita.id == id))


@relacion("tipo_cita", Permiso.DISPONIBILIDAD_LEER)
def varios(ids: set[UUID]) -> dict[UUID, Any]:
    """Las fichas de esos ids que quien pide puede ver."""
    return {fila.id: fila for fila in rows(lectura().where(TipoCita.id.in_(ids)))}


def crear(datos: TipoCitaCrear) -> Reread:
    """Da de alta un tipo de cita. Errores: ``TipoCitaDuplicado``, ``DuracionNoMultiplo``, ``EspecieDesconocida``."""
    campos = datos.model_dump()
    _pedir_con_que_comprobar(campos)(campos)
    return Reread(obtener, add(TipoCita(**campos)).id)


def editar(id: UUID, cambios: TipoCitaEditar) -> Reread:
    """Cambia un tipo de cita; las citas ya dadas no se mueven."""
    nuevos, leer_tipo = cambios.cambios(), ask(TipoCita, id)
    comprobar = _pedir_con_que_comprobar(nuevos)
    tipo = leer_tipo()
    comprobar(nuevos)
    change(tipo, nuevos)
    return Reread(obtener, id)


def eliminar(id: UUID) -> None:
    """Baja lógica: deja de ofrecerse; sus citas siguen."""
    remove(find(TipoCita, id))


def sembrar_tipos_cita(id_de: Callable[[str], UUID] = lambda _codigo: nuevo_id()) -> None:
    """Da a la organización en curso los tipos de cita semilla que le falten; ``id_de`` decide el id de cada código.

    Fuente: catálogo de tipos de cita, dominio §5.5.
    """
    filas = [{**asdict(tipo), "id": id_de(tipo.codigo), "especies": []} for tipo in semillas.tipos_cita()]
    insert_if_free(TipoCita, filas, "tipos_cita_codigo_uq", TipoCita.id)


def _pedir_con_que_comprobar(campos: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    """Pide la rejilla de la agenda y el catálogo de especies; al llamarlo, comprueba los campos con ellos."""
    especies = set(campos.get("especies", []))
    rejilla = parametros_service.pedir("granularidad_agenda_min")
    conocidas = rows(select(Especie.codigo).where(one_of(Especie.codigo, especies)))

    def comprobar(campos: dict[str, Any]) -> None:
        if "duracion_min" in campos and campos["duracion_min"] % rejilla():
            raise DuracionNoMultiplo(f"Debe ser múltiplo de {rejilla()} minutos", campo="/duracion_min")
        if especies - set(conocidas.scalars()):
            raise EspecieDesconocida(campo="/especies")
        if especies:
            campos["especies"] = sorted(especies)

    return comprobar
