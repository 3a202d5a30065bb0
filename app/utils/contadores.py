"""Números correlativos por organización: códigos de cliente, de paciente y de cita."""

from sqlalchemy import BigInteger, Column, PrimaryKeyConstraint, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import insert

from app.utils.context import organizacion_id
from app.utils.entities import Base
from app.utils.statements import run

contadores = Table(
    "contadores",
    Base.metadata,
    Column("organizacion_id", Uuid(), nullable=False),
    Column("nombre", Text(), nullable=False),
    Column("valor", BigInteger(), nullable=False),
    PrimaryKeyConstraint("organizacion_id", "nombre"),
)


def siguiente(nombre: str, cuantos: int = 1) -> int:
    """El siguiente número de un contador (el último de ``cuantos`` reservados)."""
    sentencia = insert(contadores).values(organizacion_id=organizacion_id(), nombre=nombre, valor=cuantos)
    sentencia = sentencia.on_conflict_do_update(
        index_elements=["organizacion_id", "nombre"], set_={"valor": contadores.c.valor + cuantos}
    )
    return int(run(sentencia.returning(contadores.c.valor))[0].valor)


def codigo(prefijo: str, nombre: str | None = None) -> str:
    """Código legible y correlativo, como ``PAC-000123``; ``nombre`` distingue contadores con el mismo prefijo."""
    return f"{prefijo}-{siguiente(nombre or prefijo):06d}"
