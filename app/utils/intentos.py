"""Freno a los intentos: fallos contados en la base, por cuenta y dirección, a prueba de ráfagas."""

from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

from sqlalchemy import Column, Connection, DateTime, Integer, LargeBinary, Table, case, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.config.connections import get_engine
from app.utils.entities import Base
from app.utils.errors import DemasiadasPeticiones

VENTANA = timedelta(minutes=15)
MAXIMO = 5
MAXIMO_POR_DIRECCION = 50
_LIMPIEZA = 100

# Sin organización: se consulta antes de saber de quién es la cuenta. La clave es una huella, no el correo.
intentos_acceso = Table(
    "intentos_acceso",
    Base.metadata,
    Column("clave", LargeBinary(), primary_key=True),
    Column("fallos", Integer(), nullable=False),
    Column("desde", DateTime(timezone=True), nullable=False, index=True),
)


def _clave(*partes: str) -> bytes:
    return sha256("\0".join(partes).encode("utf-8", "surrogatepass")).digest()


def _red(direccion: str | None) -> str:
    """La dirección que se cuenta: en IPv6, su red /64, que es lo que una persona tiene."""
    try:
        ip = ip_address(direccion or "")
    except ValueError:
        return direccion or ""
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or int(ip) >> 64)
    return str(ip)


def contar(accion: str, cuenta: str, direccion: str | None) -> list[bytes]:
    """Apunta un intento antes de comprobarlo (así no hay ráfaga que se cuele) y devuelve sus claves.

    Se cuentan dos cosas: la cuenta (5) y la dirección (50), exista o no la cuenta. Agotada la cuenta, la dirección
    deja de contar: un programa mal configurado no deja fuera a toda la clínica.
    Errores: ``DemasiadasPeticiones`` si ya se agotaron; bloquea 15 minutos desde el fallo que las agotó.
    """
    claves = [_clave(accion, "cuenta", cuenta), _clave(accion, "direccion", _red(direccion))]
    espera = 0
    with get_engine().begin() as conexion:
        # Siempre la cuenta y después la dirección: dos ráfagas se ponen en fila y no se interbloquean.
        for clave, maximo in zip(claves, (MAXIMO, MAXIMO_POR_DIRECCION), strict=True):
            if not espera:
                espera = _sumar(conexion, clave, maximo)
    if espera:
        raise DemasiadasPeticiones(retry_after=espera)
    return claves


def _sumar(conexion: Connection, clave: bytes, maximo: int) -> int:
    """Cuenta un intento. Unidades: segundos que hay que esperar; 0 si cabe."""
    tabla = intentos_acceso.c
    caducado = tabla.desde < func.now() - VENTANA
    sentencia = insert(intentos_acceso).values(clave=clave, fallos=1, desde=func.now())
    fila = conexion.execute(
        sentencia.on_conflict_do_update(
            index_elements=["clave"],
            set_={
                "fallos": case((caducado, 1), else_=func.least(tabla.fallos, maximo) + 1),
                # El plazo vuelve a empezar con el intento que agota la cuenta; los que ya no caben no lo alargan.
                "desde": case((caducado | (tabla.fallos == maximo - 1), func.now()), else_=tabla.desde),
            },
        ).returning(tabla.fallos, func.extract("epoch", tabla.desde + VENTANA - func.now()).label("resto"))
    ).one()
    return max(1, int(fila.resto) + 1) if fila.fallos > maximo else 0


def agotada(claves: list[bytes]) -> bool:
    """Si con este intento la cuenta ha quedado bloqueada."""
    consulta = select(intentos_acceso.c.fallos).where(intentos_acceso.c.clave == claves[0])
    with get_engine().connect() as conexion:
        return (conexion.execute(consulta).scalar_one_or_none() or 0) >= MAXIMO


def olvidar(claves: list[bytes]) -> None:
    """Tras un acierto, la cuenta vuelve a cero; la dirección sólo descuenta este intento."""
    tabla = intentos_acceso.c
    caducadas = (
        select(tabla.clave).where(tabla.desde < func.now() - VENTANA).limit(_LIMPIEZA).with_for_update(skip_locked=True)
    )
    with get_engine().begin() as conexion:
        conexion.execute(delete(intentos_acceso).where(tabla.clave == claves[0]))
        conexion.execute(
            intentos_acceso.update().where(tabla.clave == claves[1], tabla.fallos > 0).values(fallos=tabla.fallos - 1)
        )
    with get_engine().begin() as conexion:  # de paso, y sin esperar a nadie, se tira lo que ya no cuenta
        conexion.execute(delete(intentos_acceso).where(tabla.clave.in_(caducadas)))
