"""Números correlativos por organización: códigos de cliente, de paciente y de cita."""

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Column, PrimaryKeyConstraint, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import insert

from app.utils.context import organizacion_id
from app.utils.entities import Base
from app.utils.statements import dato, run

contadores = Table(
    "contadores",
    Base.metadata,
    Column("organizacion_id", Uuid(), nullable=False),
    Column("nombre", Text(), nullable=False),
    Column("valor", BigInteger(), nullable=False),
    PrimaryKeyConstraint("organizacion_id", "nombre"),
)


def pedir(nombre: str, cuantos: int = 1) -> Callable[[], int]:
    """Pide el siguiente número de un contador (el último de ``cuantos``); viaja ya, y se espera al llamarlo."""
    datos = {"organizacion": organizacion_id(), "contador": nombre, "cuantos": cuantos}
    pedido = run(_sumar, dados=datos)
    return lambda: int(pedido[0].valor)


def siguiente(nombre: str, cuantos: int = 1) -> int:
    """El siguiente número de un contador (el último de ``cuantos`` reservados)."""
    return pedir(nombre, cuantos)()


@cache
def _sumar() -> Any:
    nuevo = {"organizacion_id": dato("organizacion"), "nombre": dato("contador"), "valor": dato("cuantos")}
    sentencia = insert(contadores).values(nuevo)
    return sentencia.on_conflict_do_update(
        index_elements=["organizacion_id", "nombre"], set_={"valor": contadores.c.valor + dato("cuantos")}
    ).returning(contadores.c.valor)


def codigo(prefijo: str, nombre: str | None = None) -> str:
    """Código legible y correlativo, como ``PAC-000123``; ``nombre`` distingue contadores con el mismo prefijo."""
    return formato(prefijo, siguiente(nombre or prefijo))


def formato(prefijo: str, numero: int) -> str:
    """Cómo se escribe un código."""
    return f"{prefijo}-{numero:06d}"
