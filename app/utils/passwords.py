"""Contraseñas: argon2id con memoria acotada y el mismo tiempo exista o no la cuenta."""

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LONGITUD_MINIMA = 12
# 19 MiB, dos pasadas (recomendación OWASP para argon2id); dos a la vez como mucho por proceso.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_turno = BoundedSemaphore(2)


@cache
def _de_nadie() -> str:
    return _hasher.hash("contraseña de una cuenta que no existe")


def hash_password(contrasena: str) -> str:
    """Huella adaptativa de una contraseña."""
    with _turno:
        return _hasher.hash(contrasena)


def verify_password(huella: str | None, contrasena: str) -> bool:
    """Si la contraseña corresponde; sin huella gasta el mismo tiempo y dice que no."""
    with _turno:
        try:
            return _hasher.verify(huella or _de_nadie(), contrasena) and huella is not None
        except (VerificationError, InvalidHashError):
            return False
