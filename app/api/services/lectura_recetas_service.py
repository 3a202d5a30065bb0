"""Cómo se lee una receta: sus columnas, sus líneas y su estado de hoy."""

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Row, Select, and_, case, cast, func, select

from app.api.models import alcance  # noqa: F401 - declara qué recetas ve cada cual
from app.api.models.cliente import Cliente
from app.api.models.medicamento import Medicamento
from app.api.models.paciente import Paciente
from app.api.models.profesional import Profesional
from app.api.models.receta import EstadoReceta, LineaReceta, Receta
from app.api.models.sede import Sede
from app.utils.context import ahora
from app.utils.posologia import posologia
from app.utils.records import Rows, columns, dato, one_of, rows

CADUCAN = (EstadoReceta.EMITIDA,)


def hoy_alli() -> ColumnElement[Any]:
    """La fecha de hoy en la sede de cada receta; el instante se da al ejecutar."""
    return cast(func.timezone(Sede.zona_horaria, dato("ahora", Receta.emitida_en.type)), Date)


def estado_de_hoy() -> ColumnElement[Any]:
    """El estado con el plazo mirado hoy: nadie tiene que marcar de noche las que caducan."""
    vencida = and_(Receta.estado.in_(CADUCAN), Receta.valida_hasta < hoy_alli())
    return case((vencida, EstadoReceta.CADUCADA), else_=Receta.estado)


def con_estado(estados: Iterable[EstadoReceta]) -> ColumnElement[bool]:
    """Las que hoy están en alguno de esos estados; el guardado, además, es el que tiene índice."""
    pedidos = set(estados)
    guardados = pedidos - {EstadoReceta.CADUCADA} | (set(CADUCAN) if EstadoReceta.CADUCADA in pedidos else set())
    return and_(Receta.estado.in_(sorted(guardados)), estado_de_hoy().in_(sorted(pedidos)))


@cache
def lectura() -> Select[*tuple[Any, ...]]:
    """Una fila por receta, con los nombres de quien receta y para quién; pide el dato ``ahora``."""
    org = Receta.organizacion_id
    # Tablas y no entidades: quien puede ver la receta puede leer en ella de quién es.
    paciente, cliente = Paciente.__table__, Cliente.__table__
    return (
        select(
            *columns(Receta, "estado", "contenido"),
            estado_de_hoy().label("estado"),
            Sede.zona_horaria,
            Profesional.nombre.label("veterinario"),
            paciente.c.nombre.label("paciente"),
            func.coalesce(cliente.c.razon_social, func.concat_ws(" ", cliente.c.nombre, cliente.c.apellidos)).label(
                "cliente"
            ),
        )
        .join(Sede, and_(Sede.organizacion_id == org, Sede.id == Receta.sede_id))
        .join(Profesional, and_(Profesional.organizacion_id == org, Profesional.id == Receta.veterinario_id))
        .join(cliente, and_(cliente.c.organizacion_id == org, cliente.c.id == Receta.cliente_id))
        .outerjoin(paciente, and_(paciente.c.organizacion_id == org, paciente.c.id == Receta.paciente_id))
    )


def lineas_de(ids: Iterable[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """Las líneas de unas recetas que quien pide ya ha podido leer, en su orden y en una lectura."""
    salida: dict[UUID, list[dict[str, Any]]] = {id: [] for id in ids}
    for fila in pedir_lineas(list(salida)) if salida else []:
        salida[fila.receta_id].append(presentar_linea(fila))
    return salida


def pedir_lineas(ids: list[UUID]) -> Rows:
    """Pone en camino la lectura de las líneas de unas recetas, en su orden."""
    nombre = func.coalesce(Medicamento.nombre, LineaReceta.formula_magistral).label("medicamento")
    consulta = (
        select(*columns(LineaReceta), nombre)
        .outerjoin(
            Medicamento,
            and_(
                Medicamento.organizacion_id == LineaReceta.organizacion_id,
                Medicamento.id == LineaReceta.medicamento_id,
            ),
        )
        .where(one_of(LineaReceta.receta_id, ids))
        .order_by(LineaReceta.receta_id, LineaReceta.orden, LineaReceta.id)
    )
    return rows(consulta)


def presentar_linea(fila: Any) -> dict[str, Any]:
    """Una línea, con su posología también en palabras."""
    return {**fila._asdict(), "posologia": _en_palabras(fila)}


def presentar(fila: Row[Any], lineas: list[dict[str, Any]]) -> dict[str, Any]:
    """La fila con sus líneas y sus instantes en la hora de la sede."""
    receta = fila._asdict()
    zona = ZoneInfo(fila.zona_horaria)
    for campo in ("emitida_en", "anulada_en"):
        if receta[campo] is not None:
            receta[campo] = receta[campo].astimezone(zona)
    return {**receta, "lineas": lineas}


def instante() -> dict[str, Any]:
    """El dato que piden estas lecturas."""
    return {"ahora": ahora()}


def _en_palabras(fila: Any) -> str:
    return posologia(
        fila.cantidad_por_toma, fila.unidad, fila.via, fila.intervalo_h, fila.duracion_dias, fila.pauta_texto
    )
