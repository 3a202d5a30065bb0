"""Quién pide y qué puede: el token, la identidad vigente y el permiso de cada ruta."""

import base64
import os
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import jwt
from cachetools import TTLCache
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import text

from bench.pares.fastapi.problemas import Problema

_clave = os.environ["BENCH_CLAVE_PUBLICA"]
CLAVE = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(_clave + "=" * (-len(_clave) % 4)))
PERSONAL = frozenset({"administrador", "veterinario", "auxiliar", "recepcion"})
PERMISOS = {
    "pacientes:leer": PERSONAL,
    "pacientes:editar": PERSONAL,
    "citas:leer": PERSONAL,
    "citas:crear": PERSONAL,
    "disponibilidad:leer": PERSONAL | {"cliente"},
}
_identidades: TTLCache = TTLCache(maxsize=10_000, ttl=20)
_portador = HTTPBearer(auto_error=False)
_VIGENTE = text("SELECT * FROM identidad_vigente(:org, :sub, :sid, :tipo)")


@dataclass(frozen=True, slots=True)
class Identidad:
    """Un usuario ya autenticado."""

    id: UUID
    organizacion_id: UUID
    roles: frozenset[str]
    sedes: tuple[UUID, ...]
    clientes_compartidos: bool
    zona: str
    caduca: int

    @property
    def sin_limite_de_sede(self) -> bool:
        return "administrador" in self.roles and not self.sedes

    def hoy(self):
        return datetime.now(ZoneInfo(self.zona)).date()


async def identidad(credencial: Annotated[HTTPAuthorizationCredentials | None, Depends(_portador)]) -> Identidad:
    """La identidad del portador; se guarda 20 segundos por token."""
    if credencial is None:
        raise Problema(401, "NO_AUTENTICADO", "Identifíquese")
    token = credencial.credentials
    guardada = _identidades.get(token)
    if guardada is not None and guardada.caduca > datetime.now().timestamp():
        return guardada
    leida = await _leer(_verificar(token))
    _identidades[token] = leida
    return leida


def _verificar(token: str) -> dict:
    try:
        if jwt.get_unverified_header(token).get("typ") != "at+jwt":
            raise jwt.InvalidTokenError
        return jwt.decode(
            token, CLAVE, algorithms=["EdDSA"], audience="servet-api", issuer="servet",
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except jwt.PyJWTError:
        raise Problema(401, "NO_AUTENTICADO", "Identifíquese") from None


async def _leer(carga: dict) -> Identidad:
    from bench.pares.fastapi.base import Sesion

    async with Sesion() as sesion:
        datos = {"org": UUID(carga["org"]), "sub": UUID(carga["sub"]), "sid": UUID(carga["sid"]), "tipo": carga["tipo"]}
        fila = (await sesion.execute(_VIGENTE, datos)).one_or_none()
    if fila is None or carga["iat"] < int(fila.valida_desde):
        raise Problema(401, "NO_AUTENTICADO", "Identifíquese")
    return Identidad(
        id=fila.id, organizacion_id=fila.organizacion_id, roles=frozenset(fila.roles), sedes=tuple(fila.sedes),
        clientes_compartidos=fila.clientes_compartidos, zona=fila.zona or "UTC", caduca=carga["exp"],
    )


def permiso(nombre: str):
    """Dependencia que exige un permiso."""
    roles = PERMISOS[nombre]

    async def exigir(quien: Annotated[Identidad, Depends(identidad)]) -> Identidad:
        if not roles & quien.roles:
            raise Problema(403, "SIN_PERMISO", "No tiene permiso para hacer esto")
        return quien

    return Depends(exigir)
