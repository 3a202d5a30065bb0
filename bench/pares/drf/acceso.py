"""Quién pide y si puede: autenticación y permisos de DRF."""

import base64
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import BasePermission

VIGENCIA_S = 20
CLINICA = frozenset({"administrador", "veterinario", "auxiliar", "recepcion"})
PERMISOS = dict.fromkeys(
    ("pacientes:leer", "pacientes:editar", "citas:leer", "citas:crear", "disponibilidad:leer"), CLINICA
)
_CLAVE = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(settings.CLAVE_PUBLICA + "=="))
_OBLIGATORIOS = ["exp", "iat", "nbf", "iss", "aud", "sub"]


@dataclass(frozen=True)
class Identidad:
    """Usuario ya autenticado."""

    id: UUID
    organizacion_id: UUID
    roles: tuple[str, ...]
    sedes: tuple[UUID, ...] | None
    zona: str
    limitado: bool
    is_authenticated: bool = True

    def puede(self, permiso: str) -> bool:
        """Si alguno de sus roles lo permite."""
        return not self.limitado and "cliente" not in self.roles and not PERMISOS[permiso].isdisjoint(self.roles)


class PorToken(BaseAuthentication):
    """El JWT que emite Servet."""

    def authenticate(self, request: Any) -> tuple[Identidad, None]:
        """La identidad del portador; se recuerda veinte segundos."""
        esquema, _, token = get_authorization_header(request).partition(b" ")
        if esquema.lower() != b"bearer" or len(token) > 4096:
            raise exceptions.NotAuthenticated
        recuerdo = sha256(token).hexdigest()
        quien = cache.get(recuerdo)
        if quien is None:
            quien = _leer(_verificar(token))
            cache.set(recuerdo, quien, VIGENCIA_S)
        return quien, None

    def authenticate_header(self, request: Any) -> str:
        """Con qué se pide la credencial."""
        return "Bearer"


class PorRol(BasePermission):
    """El permiso que cada vista declara por método."""

    def has_permission(self, request: Any, view: Any) -> bool:
        """Si quien pide puede usar la ruta."""
        permiso = view.permisos.get(request.method)
        return permiso is None or request.user.puede(permiso)


def _verificar(token: bytes) -> dict[str, Any]:
    try:
        if jwt.get_unverified_header(token).get("typ") != "at+jwt":
            raise exceptions.AuthenticationFailed
        return jwt.decode(
            token, _CLAVE, algorithms=["EdDSA"], audience="servet-api", issuer="servet",
            options={"require": _OBLIGATORIOS, "strict_aud": True},
        )  # fmt: skip
    except (jwt.PyJWTError, ValueError):
        raise exceptions.AuthenticationFailed from None


def _leer(carga: dict[str, Any]) -> Identidad:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, organizacion_id, roles, sedes, zona, clientes_compartidos, valida_desde"
            " FROM identidad_vigente(%s, %s, %s, %s)",
            [carga["org"], carga["sub"], carga.get("sid"), carga["tipo"]],
        )
        fila = cursor.fetchone()
    if fila is None or carga["iat"] < int(fila[6]):
        raise exceptions.AuthenticationFailed
    sin_limite = "administrador" in fila[2] and not fila[3]
    return Identidad(
        id=fila[0], organizacion_id=fila[1], roles=tuple(sorted(fila[2])), sedes=None if sin_limite else tuple(fila[3]),
        # Quien sólo ve a los clientes de sus sedes: aquí no se atiende, y no se enseña de más.
        zona=ZoneInfo(fila[4] or "UTC").key, limitado=not sin_limite and not fila[5],
    )  # fmt: skip
