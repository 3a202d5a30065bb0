"""Leer vacunaciones: cada una con lo que supone en sus protocolos y la próxima fecha que de ello sale."""

from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, and_, any_, literal, or_, select

from app.api.models import alcance  # noqa: F401 - declara qué pacientes ve cada cual
from app.api.models.producto import Producto, ProductoVacuna
from app.api.models.profesional import Profesional
from app.api.models.suceso_adverso import SucesoAdverso
from app.api.models.vacunacion import Vacunacion, VacunacionProtocolo
from app.api.schemas.vacunacion_schema import VacunacionFiltro, VacunacionSedeFiltro
from app.api.services.pacientes_service import exigir
from app.utils.context import identidad
from app.utils.edad import sumar_meses
from app.utils.filters import Where, between_dates, matching
from app.utils.pagination import Page, paginate
from app.utils.records import AnyRow, columns, dato, fetch, rows

ORDENES: dict[str, Any] = {"fecha": Vacunacion.fecha}


def listar(paciente_id: UUID, filtro: VacunacionFiltro) -> Page:
    """Las vacunas de un paciente, de la última a la primera."""
    exigir(paciente_id)
    return _pagina(filtro, [Vacunacion.paciente_id == paciente_id])


def listar_de_la_sede(filtro: VacunacionSedeFiltro) -> Page:
    """Las vacunas puestas en las sedes de quien pide, o en la que diga."""
    donde: list[Where] = []
    if filtro.sede_id:
        donde.append(Vacunacion.sede_id == filtro.sede_id)
    elif identidad().sedes:
        donde.append(or_(Vacunacion.sede_id.in_(identidad().sedes), Vacunacion.sede_id.is_(None)))
    return _pagina(filtro, donde + matching(Vacunacion, filtro, "lote", "producto_id"))


def obtener(id: UUID) -> dict[str, Any]:
    """Una vacuna."""
    suyos = rows(_en_protocolos, ids=[id])
    fila = fetch(lectura, Vacunacion.id == id, *_visibles())
    return presentar(fila, list(suyos))


def _visibles() -> list[ColumnElement[bool]]:
    return [Vacunacion.anulado_en.is_(None)] if identidad().es_cliente else []


def _pagina(filtro: VacunacionFiltro, donde: list[Where]) -> Page:
    donde += between_dates(Vacunacion.fecha, filtro)
    if filtro.protocolo:
        donde.append(literal(filtro.protocolo) == any_(ProductoVacuna.protocolos))
    if not filtro.incluir_anuladas or identidad().es_cliente:
        donde.append(Vacunacion.anulado_en.is_(None))
    pagina = paginate(lectura, filtro, ORDENES, "-fecha", Vacunacion.id, *donde)
    suyos = en_protocolos([fila.id for fila in pagina.datos])
    return pagina.mapear(lambda fila: presentar(fila, suyos.get(fila.id, [])))


def en_protocolos(ids: list[UUID]) -> dict[UUID, list[AnyRow]]:
    """Lo que cada una de esas vacunas supone en sus protocolos."""
    salida: dict[UUID, list[AnyRow]] = {}
    for fila in rows(_en_protocolos, ids=ids):
        salida.setdefault(fila.vacunacion_id, []).append(fila)
    return salida


def presentar(fila: AnyRow, suyos: list[AnyRow]) -> dict[str, Any]:
    """La vacuna con su próxima fecha: la fijada a mano, la de sus protocolos o la de su ficha técnica."""
    fechas = [uno.fecha_proxima for uno in suyos if uno.fecha_proxima]
    numeros = [uno.numero_en_serie for uno in suyos if uno.numero_en_serie]
    ue = next((uno for uno in suyos if uno.valida_ue_desde), None)
    return {
        **fila._asdict(),
        "protocolos": suyos,
        "fecha_proxima": fila.proxima_manual or min(fechas, default=_segun_ficha(fila)),
        "numero_en_serie": min(numeros, default=None),
        "valida_ue_desde": ue and ue.valida_ue_desde,
        "valida_ue_hasta": ue and ue.valida_ue_hasta,
        "proxima_a_mano": fila.proxima_manual is not None,
    }


def _segun_ficha(fila: AnyRow) -> date | None:
    """Sin protocolo que la cubra, lo que dura según su ficha técnica."""
    if fila.anulado_en or fila.cubre or fila.validez_meses is None:
        return None
    return sumar_meses(fila.fecha, fila.validez_meses)


@cache
def lectura() -> Select[Any]:
    """Cada vacuna con su producto, su ficha técnica y quién responde de ella."""
    producto = and_(Producto.organizacion_id == Vacunacion.organizacion_id, Producto.id == Vacunacion.producto_id)
    ficha = and_(
        ProductoVacuna.organizacion_id == Vacunacion.organizacion_id,
        ProductoVacuna.producto_id == Vacunacion.producto_id,
    )
    responde = and_(
        Profesional.organizacion_id == Vacunacion.organizacion_id, Profesional.id == Vacunacion.veterinario_id
    )
    suceso = SucesoAdverso.__table__  # sólo su id: leerlo entero ya pide su permiso
    reaccion = (
        select(suceso.c.id)
        .where(
            suceso.c.organizacion_id == Vacunacion.organizacion_id,
            suceso.c.vacunacion_id == Vacunacion.id,
            suceso.c.activo,
        )
        .order_by(suceso.c.fecha.desc(), suceso.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            *columns(Vacunacion),
            reaccion.label("reaccion_adversa_id"),
            Producto.nombre.label("producto"),
            ProductoVacuna.fabricante,
            ProductoVacuna.antigenos,
            ProductoVacuna.protocolos.label("cubre"),
            ProductoVacuna.validez_meses,
            Profesional.nombre.label("veterinario"),
            Profesional.num_colegiado,
        )
        .join(Producto, producto)
        .join(ProductoVacuna, ficha)
        .outerjoin(Profesional, responde)
    )


@cache
def _en_protocolos() -> Select[Any]:
    return (
        select(*columns(VacunacionProtocolo))
        .where(VacunacionProtocolo.vacunacion_id == any_(dato("ids", ARRAY(Uuid()))))
        .order_by(VacunacionProtocolo.protocolo)
    )


@cache
def del_paciente() -> Select[Any]:
    """Lo que suponen, en sus protocolos, todas las vacunas de un paciente."""
    return (
        select(*columns(VacunacionProtocolo))
        .where(VacunacionProtocolo.paciente_id == dato("id"))
        .order_by(VacunacionProtocolo.protocolo)
    )
