"""Quién pide: el token se verifica y la identidad se lee una vez cada veinte segundos."""

import base64
import os
import time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bench.pares.litestar.base import SENTENCIAS, base
from bench.pares.litestar.problemas import Problema

VIGENCIA_S = 20
MAXIMO_GUARDADAS = 10_000
SENTENCIAS["identidad"] = "SELECT * FROM identidad_vigente($1, $2, $3, $4)"

# Los cuatro roles de la clínica pueden lo que aquí se ofrece; el portal y las integraciones, no pasan.
CLINICA = frozenset({"administrador", "veterinario", "auxiliar", "recepcion"})
PERMISOS: dict[str, frozenset[str]] = {
    "pacientes:leer": CLINICA,
    "pacientes:editar": CLINICA,
    "citas:leer": CLINICA,
    "citas:crear": CLINICA,
    "citas:forzar": frozenset({"administrador", "recepcion"}),
    "disponibilidad:leer": CLINICA,
}


class Identidad(msgspec.Struct, frozen=True):
    """Usuario ya autenticado, con lo que cada ruta necesita de él."""

    id: UUID
    organizacion_id: UUID
    organizacion: str
    permisos: frozenset[str]
    roles: str
    sedes: list[UUID] | None
    zona: ZoneInfo
    limitado: bool


_clave = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(os.environ["BENCH_CLAVE_PUBLICA"] + "=="))
_guardadas: dict[bytes, tuple[float, int, Identidad]] = {}
_OPCIONES: Any = {"require": ["exp", "iat", "nbf", "iss", "aud", "sub"], "strict_aud": True}


async def identificar(cabecera: bytes) -> Identidad:
    """La identidad del portador. Errores: ``NO_AUTENTICADO``."""
    guardada = _guardadas.get(cabecera)
    if guardada is not None and guardada[0] > time.monotonic() and guardada[1] > time.time():
        return guardada[2]
    carga = _verificar(cabecera)
    try:
        sesion = UUID(carga["sid"]) if "sid" in carga else None
        fila = await base.fila("identidad", UUID(carga["org"]), UUID(carga["sub"]), sesion, carga["tipo"])
    except (KeyError, ValueError, TypeError):
        raise Problema("NO_AUTENTICADO") from None
    if fila is None or carga["iat"] < int(fila["valida_desde"]):
        raise Problema("NO_AUTENTICADO")
    quien = _identidad(fila)
    if len(_guardadas) >= MAXIMO_GUARDADAS:
        _guardadas.clear()
    _guardadas[cabecera] = (time.monotonic() + VIGENCIA_S, carga["exp"], quien)
    return quien


def _verificar(cabecera: bytes) -> dict[str, Any]:
    esquema, _, token = cabecera.partition(b" ")
    if esquema.lower() != b"bearer" or len(token) > 4096:
        raise Problema("NO_AUTENTICADO")
    try:
        if jwt.get_unverified_header(token).get("typ") != "at+jwt":
            raise Problema("NO_AUTENTICADO")
        return jwt.decode(
            token, _clave, algorithms=["EdDSA"], audience="servet-api", issuer="servet", options=_OPCIONES
        )
    except (jwt.PyJWTError, ValueError, TypeError):
        raise Problema("NO_AUTENTICADO") from None


def _identidad(fila: Any) -> Identidad:
    roles = frozenset(fila["roles"] or ())
    sin_limite = "administrador" in roles and not fila["sedes"]
    return Identidad(
        id=fila["id"],
        organizacion_id=fila["organizacion_id"],
        organizacion=str(fila["organizacion_id"]),
        permisos=frozenset(p for p, pueden in PERMISOS.items() if roles & pueden and "cliente" not in roles),
        roles=",".join(sorted(roles)),
        sedes=None if sin_limite else list(fila["sedes"]),
        zona=ZoneInfo(fila["zona"] or "UTC"),
        # Quien sólo ve a los clientes de sus sedes: este contendiente no lo atiende, y no enseña de más.
        limitado=not sin_limite and not fila["clientes_compartidos"],
    )
