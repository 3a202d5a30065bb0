"""De un error de la base a un error del dominio: restricciones, bloqueos y conexiones perdidas."""

import logging

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from app.utils.errors import (
    RESTRICCIONES,
    Conflict,
    ConflictoConcurrente,
    DomainError,
    ErrorInterno,
    NoDisponible,
    ReferenciaInvalida,
)

registro = logging.getLogger("servet.errores")


def de_base_de_datos(error: DBAPIError) -> DomainError:
    """El error de dominio que corresponde a un error del controlador."""
    original = error.orig
    estado = getattr(original, "sqlstate", None) or ""
    if error.connection_invalidated or estado[:2] in ("08", "57", "53") or (not estado and _sin_conexion(error)):
        return NoDisponible()
    nombre = getattr(getattr(original, "diag", None), "constraint_name", None)
    if nombre in RESTRICCIONES:
        return RESTRICCIONES[nombre]()
    if estado == "23503":
        return ReferenciaInvalida()
    if estado in ("40001", "40P01", "55P03"):
        return ConflictoConcurrente()
    if isinstance(error, IntegrityError):
        registro.error("restriccion_sin_traducir", extra={"restriccion": nombre, "sqlstate": estado})
        return Conflict()
    registro.exception("error_de_base_de_datos", extra={"sqlstate": estado})
    return ErrorInterno()


def _sin_conexion(error: DBAPIError) -> bool:
    """Si el fallo es no poder hablar con el servidor, y no algo que él respondió."""
    return isinstance(error, OperationalError)
