"""Las integraciones: programas con credencial propia, rotable y limitada."""

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Uuid, delete, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.api.models import alcance  # noqa: F401 - declara qué integraciones ve cada cual
from app.api.models.integracion import Integracion, IntegracionSede
from app.api.models.sede import Sede
from app.api.schemas.integracion_schema import IntegracionCrear, IntegracionEditar, IntegracionFiltro
from app.api.services.limite_sedes_service import exigir_propias
from app.utils.audit import anotar
from app.utils.authentication import forget_identities
from app.utils.context import organizacion_id
from app.utils.credenciales import reloj_real
from app.utils.entities import nuevo_id
from app.utils.errors import BusinessRule, Conflict, NoEncontrado
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, change, columns, execute, fetch, find, remove, rows, touch
from app.utils.tokens import join_secret, new_secret


class CaducidadPasada(BusinessRule):
    """La credencial caducaría ya."""


class IntegracionDeBaja(Conflict):
    """La integración está de baja."""


@cache
def lectura() -> Select[Any]:
    """Las integraciones con sus sedes, sin la huella del secreto."""
    sedes = (
        select(IntegracionSede.sede_id)
        .where(
            IntegracionSede.organizacion_id == Integracion.organizacion_id,
            IntegracionSede.integracion_id == Integracion.id,
        )
        .order_by(IntegracionSede.id)
    )
    return select(
        *columns(Integracion, "secreto_huella"),
        func.array(sedes.scalar_subquery(), type_=ARRAY(Uuid())).label("sedes"),
    )


def listar(filtro: IntegracionFiltro) -> Page:
    """Las integraciones, de la última a la primera."""
    consulta = lectura()
    if filtro.activo is not None:
        consulta = consulta.where(Integracion.activo == filtro.activo)
    pagina = paginate(consulta, filtro, {"creado_en": Integracion.creado_en}, "-creado_en", Integracion.id)
    return pagina.mapear(_presentar)


def obtener(id: UUID) -> dict[str, Any]:
    """Una integración."""
    return _presentar(fetch(lectura, Integracion.id == id))


def _presentar(fila: Row[Any]) -> dict[str, Any]:
    return {**fila._asdict(), "cliente_id": join_secret(fila.organizacion_id, fila.id.hex)}


def crear(datos: IntegracionCrear) -> Reread:
    """Da de alta una integración y enseña su secreto, por única vez.

    Errores: ``CaducidadPasada``, ``FueraDeSusSedes``.
    """
    _exigir_futuro(datos.expira_en)
    sedes = _sedes(datos.sedes)
    secreto, huella = new_secret()
    integracion = add(
        Integracion(
            nombre=datos.nombre, ambitos=sorted(set(datos.ambitos)), expira_en=datos.expira_en, secreto_huella=huella
        )
    )
    _escribir_sedes(integracion.id, sedes)
    if sedes:
        anotar("editar", "integraciones", integracion.id, {"sedes": (None, sedes)})
    return Reread(_con_su_secreto, integracion.id, secreto)


def editar(id: UUID, cambios: IntegracionEditar) -> Reread:
    """Cambia nombre, ámbitos, sedes o caducidad.

    Errores: ``CaducidadPasada``, ``IntegracionDeBaja``, ``FueraDeSusSedes``.
    """
    integracion = _activa(id)
    nuevos = cambios.cambios()
    if "expira_en" in nuevos:
        _exigir_futuro(nuevos["expira_en"])
    if "ambitos" in nuevos:
        nuevos["ambitos"] = sorted(set(nuevos["ambitos"]))
    antes = fetch(lectura, Integracion.id == id).sedes
    sedes = _sedes(nuevos.pop("sedes", antes), ya_tenia=antes)
    change(integracion, nuevos)
    if set(sedes) != set(antes):
        execute(delete(IntegracionSede).where(IntegracionSede.integracion_id == id))
        _escribir_sedes(id, sedes)
        anotar("editar", "integraciones", id, {"sedes": (antes, sedes)})
        touch(integracion)
    forget_identities(id)
    return Reread(obtener, id)


def rotar(id: UUID) -> Reread:
    """Cambia el secreto: el anterior, y los tokens que dio, dejan de valer. Errores: ``IntegracionDeBaja``."""
    integracion = _activa(id)
    secreto, huella = new_secret()
    change(integracion, {"secreto_huella": huella, "valida_desde": reloj_real()})
    forget_identities(id)
    return Reread(_con_su_secreto, id, secreto)


def _con_su_secreto(id: UUID, secreto: str) -> dict[str, Any]:
    return {**obtener(id), "secreto": secreto}


def eliminar(id: UUID) -> None:
    """Da de baja una integración: ni su secreto ni sus tokens valen ya. Errores: ``IntegracionDeBaja``."""
    remove(_activa(id))
    forget_identities(id)


def _activa(id: UUID) -> Integracion:
    integracion = find(Integracion, id)
    if not integracion.activo:
        raise IntegracionDeBaja
    return integracion


def _exigir_futuro(expira_en: datetime | None) -> None:
    if expira_en is not None and expira_en <= reloj_real():
        raise CaducidadPasada(campo="/expira_en")


def _sedes(sedes: list[UUID], ya_tenia: list[UUID] | None = None) -> list[UUID]:
    unicas = list(dict.fromkeys(sedes))
    exigir_propias(unicas, "/sedes")
    nuevas = set(unicas) - set(ya_tenia or [])
    if nuevas and len(rows(select(Sede.id).where(Sede.id.in_(nuevas), Sede.activo))) != len(nuevas):
        raise NoEncontrado("Alguna de las sedes no existe", campo="/sedes")
    return unicas


def _escribir_sedes(integracion_id: UUID, sedes: list[UUID]) -> None:
    if sedes:
        comunes = {"organizacion_id": organizacion_id(), "integracion_id": integracion_id}
        execute(insert(IntegracionSede).values([{**comunes, "id": nuevo_id(), "sede_id": sede} for sede in sedes]))
