"""Los filtros que comparten las listas: lo que no se pide no pone condición."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement

from app.utils.context import zona_actual
from app.utils.horas import limites_del_dia
from app.utils.schemas import PageQuery


def matching(columnas: Any, filtro: PageQuery, *campos: str) -> list[ColumnElement[bool]]:
    """Los campos del filtro que se pidieron, iguales a la columna que se llama igual; de una lista, alguno."""
    pedidos = ((getattr(columnas, campo), getattr(filtro, campo)) for campo in campos)
    return [
        columna.in_(valor) if isinstance(valor, list) else columna == valor
        for columna, valor in pedidos
        if valor is not None and valor != []
    ]


def between_dates(columna: Any, filtro: Any) -> list[ColumnElement[bool]]:
    """``desde`` y ``hasta`` sobre una fecha civil, ambas incluidas."""
    desde = [columna >= filtro.desde] if filtro.desde else []
    return [*desde, columna <= filtro.hasta] if filtro.hasta else desde


def between_days(
    columna: Any, desde: date | None, hasta: date | None, zona: str | None = None
) -> list[ColumnElement[bool]]:
    """De un día civil a otro sobre un instante, ambos enteros; la zona, la de quien pide si no se dice otra."""
    zona = zona or zona_actual()
    primero = [columna >= limites_del_dia(desde, zona)[0]] if desde else []
    return [*primero, columna < limites_del_dia(hasta, zona)[1]] if hasta else primero
