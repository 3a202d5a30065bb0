"""Freno a los intentos: fallos contados en la base, por cuenta y dirección, a prueba de ráfagas."""

from datetime import timedelta
from hashlib import sha256

from sqlalchemy import Column, DateTime, Integer, LargeBinary, Table, case, delete, func
from sqlalchemy.dialects.postgresql import insert

from app.config.database import get_engine
from app.utils.entities import Base
from app.utils.errors import DemasiadasPeticiones

VENTANA = timedelta(minutes=15)
MAXIMO = 5
MAXIMO_POR_DIRECCION = 50

# Sin organización: se consulta antes de saber de quién es la cuenta. La clave es una huella, no el correo.
intentos_acceso = Table(
    "intentos_acceso",
    Base.metadata,
    Column("clave", LargeBinary(), primary_key=True),
    Column("fallos", Integer(), nullable=False),
    Column("desde", DateTime(timezone=True), nullable=False),
)


def _clave(*partes: str) -> bytes:
    return sha256("\0".join(partes).encode("utf-8", "surrogatepass")).digest()


def contar(accion: str, cuenta: str, direccion: str | None) -> list[bytes]:
    """Apunta un intento antes de comprobarlo (así no hay ráfaga que se cuele) y devuelve sus claves.

    Se cuentan dos cosas: la cuenta (5) y la dirección (50), exista o no la cuenta.
    Errores: ``DemasiadasPeticiones`` si ya se agotaron; bloquea 15 minutos desde el primer fallo.
    """
    claves = [
        (_clave(accion, "cuenta", cuenta), MAXIMO),
        (_clave(accion, "direccion", direccion or ""), MAXIMO_POR_DIRECCION),
    ]
    agotado = False
    with get_engine().begin() as conexion:
        for clave, maximo in sorted(claves):
            caducado = intentos_acceso.c.desde < func.now() - VENTANA
            sentencia = insert(intentos_acceso).values(clave=clave, fallos=1, desde=func.now())
            sentencia = sentencia.on_conflict_do_update(
                index_elements=["clave"],
                set_={
                    "fallos": case((caducado, 1), else_=intentos_acceso.c.fallos + 1),
                    "desde": case((caducado, func.now()), else_=intentos_acceso.c.desde),
                },
            )
            fallos = conexion.execute(sentencia.returning(intentos_acceso.c.fallos)).scalar_one()
            agotado = agotado or fallos > maximo
    if agotado:
        raise DemasiadasPeticiones(retry_after=int(VENTANA.total_seconds()))
    return [clave for clave, _ in claves]


def olvidar(claves: list[bytes]) -> None:
    """Tras un acierto, la cuenta vuelve a cero; la dirección sólo descuenta este intento."""
    with get_engine().begin() as conexion:
        conexion.execute(delete(intentos_acceso).where(intentos_acceso.c.clave == claves[0]))
        conexion.execute(
            intentos_acceso.update()
            .where(intentos_acceso.c.clave == claves[1])
            .values(fallos=intentos_acceso.c.fallos - 1)
        )
