"""Las salas, equipos y vehículos que las citas ocupan."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.api.models.agenda import Recurso
from app.api.models.cita import Ocupacion
from app.api.schemas.recurso_schema import RecursoCrear, RecursoEditar, RecursoFiltro
from app.api.services import sedes_service
from app.api.services.plazas_service import SERIE_MARGEN_PREVIO
from app.utils.context import ahora
from app.utils.errors import Conflict
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, ask, change, columns, fetch, remove, rows


class CapacidadEnUso(Conflict):
    """Hay citas que ocupan más plazas de las que quedarían."""


class RecursoEnUso(Conflict):
    """El recurso tiene citas por delante."""


def listar(filtro: RecursoFiltro) -> Page:
    """Los recursos de la organización."""
    consulta = select(*columns(Recurso))
    if filtro.sede_id:
        consulta = consulta.where(Recurso.sede_id == filtro.sede_id)
    if filtro.tipo:
        consulta = consulta.where(Recurso.tipo.in_(filtro.tipo))
    if not filtro.incluir_inactivos:
        consulta = consulta.where(Recurso.activo)
    ordenes: dict[str, Any] = {"nombre": Recurso.nombre, "codigo": Recurso.codigo, "creado_en": Recurso.creado_en}
    return paginate(consulta, filtro, ordenes, "nombre", Recurso.id)


def obtener(id: UUID) -> Any:
    """Un recurso."""
    return fetch(select(*columns(Recurso)).where(Recurso.id == id))


def crear(datos: RecursoCrear) -> Reread:
    """Da de alta un recurso en una sede. Errores: ``RecursoDuplicado``."""
    sedes_service.exigir_sede(datos.sede_id)
    return Reread(obtener, add(Recurso(**datos.model_dump())).id)


def editar(id: UUID, cambios: RecursoEditar) -> Reread:
    """Cambia un recurso. Errores: ``CapacidadEnUso``, ``RecursoDuplicado``."""
    leer_recurso, exigir_sede, plazas = ask(Recurso, id), sedes_service.pedir_sede(_su_sede(id)), _pedir_plazas(id)
    recurso = leer_recurso()
    exigir_sede()
    if cambios.capacidad is not None and cambios.capacidad < recurso.capacidad and plazas() > cambios.capacidad:
        raise CapacidadEnUso(f"Hay citas por delante en la plaza {plazas()}", campo="/capacidad")
    change(recurso, cambios)
    return Reread(obtener, id)


def eliminar(id: UUID) -> None:
    """Baja lógica de un recurso sin citas por delante. Errores: ``RecursoEnUso``."""
    leer_recurso, exigir_sede, plazas = ask(Recurso, id), sedes_service.pedir_sede(_su_sede(id)), _pedir_plazas(id)
    recurso = leer_recurso()
    exigir_sede()
    if plazas():
        raise RecursoEnUso
    remove(recurso)


def _su_sede(id: UUID) -> Any:
    return select(Recurso.sede_id).where(Recurso.id == id).scalar_subquery()


def _pedir_plazas(id: UUID) -> Callable[[], int]:
    """Pide la plaza más alta que ocupa alguna cita que no ha acabado."""
    # Con márgenes compartidos las plazas se repiten en otra serie.
    consulta = select(func.max(Ocupacion.plaza % SERIE_MARGEN_PREVIO)).where(
        Ocupacion.ocupante_id == id, Ocupacion.hasta > ahora()
    )
    filas = rows(consulta, alcance=False)
    return lambda: int(filas[0][0] or 0)
