"""Los filtros que comparten las listas: lo que no se pide no pone condición."""

import operator
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement

from app.utils.context import zona_actual
from app.utils.horas import limites_del_dia
from app.utils.schemas import PageQuery
from app.utils.statements import Condition, Where, dato, is_fixed

__all__ = ["Condition", "Where", "between_dates", "between_days", "matching"]


def matching(columnas: Any, filtro: PageQuery, *campos: str) -> list[Where]:
    """Los campos del filtro que se pidieron, iguales a la columna que se llama igual; de una lista, alguno."""
    pedidos = ((getattr(columnas, campo), getattr(filtro, campo)) for campo in campos)
    return [
        columna.in_(valor) if isinstance(valor, list) else _compared(operator.eq, columna, valor)
        for columna, valor in pedidos
        if valor is not None and valor != []
    ]


def between_dates(columna: Any, filtro: Any) -> list[Where]:
    """``desde`` y ``hasta`` sobre una fecha civil, ambas incluidas."""
    desde = [_compared(operator.ge, columna, filtro.desde)] if filtro.desde else []
    return [*desde, _compared(operator.le, columna, filtro.hasta)] if filtro.hasta else [*desde]


def between_days(columna: Any, desde: date | None, hasta: date | None, zona: str | None = None) -> list[Where]:
    """De un día civil a otro sobre un instante, ambos enteros; la zona, la de quien pide si no se dice otra."""
    zona = zona or zona_actual()
    primero = [_compared(operator.ge, columna, limites_del_dia(desde, zona)[0])] if desde else []
    return [*primero, _compared(operator.lt, columna, limites_del_dia(hasta, zona)[1])] if hasta else [*primero]


def _compared(operador: Callable[[Any, Any], Any], columna: Any, valor: Any) -> Where:
    if not is_fixed(columna):
        return operador(columna, valor)  # type: ignore[no-any-return]
    nombre = f"{operador.__name__}_{columna.key}"
    return Condition(_comparison(operador, columna, nombre), {nombre: valor})


@cache
def _comparison(operador: Callable[[Any, Any], Any], columna: Any, nombre: str) -> Callable[[], ColumnElement[bool]]:
    return cache(lambda: operador(columna, dato(nombre)))
