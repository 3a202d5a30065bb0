"""De un error de la base a un error del dominio: restricciones, bloqueos y conexiones perdidas."""

import logging
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError

from app.utils.errors import (
    RESTRICCIONES,
    Conflict,
    ConflictoConcurrente,
    DomainError,
    ErrorInterno,
    NoDisponible,
    NoEncontrado,
    ReferenciaInvalida,
)

# Lo que lanza ``exigir_una`` cuando la fila que se exige no está.
SIN_FILA = "SV404"
registro = logging.getLogger("servet.errores")
# Lo que lanza la base: las peticiones hablan con ella por psycopg; lo que va suelto, por el motor de SQLAlchemy.
ERRORES_DE_BASE = (psycopg.Error, DBAPIError)


def de_base_de_datos(error: psycopg.Error | DBAPIError) -> DomainError:
    """El error de dominio que corresponde a un error del controlador."""
    original: Any = error.orig if isinstance(error, DBAPIError) else error
    estado = getattr(original, "sqlstate", None) or ""
    # Sin código, el servidor no llegó a responder.
    if estado[:2] in ("08", "57", "53") or (not estado and isinstance(original, psycopg.OperationalError)):
        return NoDisponible()
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return NoDisponible()
    nombre = getattr(getattr(original, "diag", None), "constraint_name", None)
    if nombre in RESTRICCIONES:
        return RESTRICCIONES[nombre]()
    if estado == SIN_FILA:
        return NoEncontrado()
    if estado == "23503":
        return ReferenciaInvalida()
    if estado in ("40001", "40P01", "55P03"):
        return ConflictoConcurrente()
    if isinstance(original, psycopg.IntegrityError):
        registro.error("restriccion_sin_traducir", extra={"restriccion": nombre, "sqlstate": estado})
        return Conflict()
    registro.exception("error_de_base_de_datos", extra={"sqlstate": estado})
    return ErrorInterno()
