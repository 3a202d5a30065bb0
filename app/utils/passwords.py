"""Contraseñas: argon2id con memoria acotada y el mismo tiempo exista o no la cuenta."""

import base64
import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LONGITUD_MINIMA, LONGITUD_MAXIMA = 12, 128
_PASADAS, _MEMORIA_KIB = 2, 19_456
# 19 MiB, dos pasadas (recomendación OWASP para argon2id); dos a la vez como mucho por proceso.
_hasher = PasswordHasher(time_cost=_PASADAS, memory_cost=_MEMORIA_KIB, parallelism=1, salt_len=16, hash_len=32)
_turno = BoundedSemaphore(2)


def _base64(contenido: bytes) -> str:
    return base64.b64encode(contenido).decode().rstrip("=")


# Huella con los mismos parámetros que ninguna contraseña produce: comprobarla cuesta lo mismo que una real,
# también la primera vez.
_DE_NADIE = f"$argon2id$v=19$m={_MEMORIA_KIB},t={_PASADAS},p=1${_base64(bytes(16))}${_base64(bytes(32))}"


def _normal(contrasena: str) -> str:
    # La misma «ñ» llega escrita de dos maneras según el teclado.
    return unicodedata.normalize("NFKC", contrasena)


def hash_password(contrasena: str) -> str:
    """Huella adaptativa de una contraseña."""
    with _turno:
        return _hasher.hash(_normal(contrasena))


def verify_password(huella: str | None, contrasena: str) -> bool:
    """Si la contraseña corresponde; sin huella gasta el mismo tiempo y dice que no."""
    with _turno:
        try:
            return _hasher.verify(huella or _DE_NADIE, _normal(contrasena)) and huella is not None
        except (VerificationError, InvalidHashError):
            return False
