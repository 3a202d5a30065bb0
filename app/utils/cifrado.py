"""Cifrado en reposo de lo que no debe leerse en una copia de la base."""

import base64
from functools import cache
from hashlib import sha256

from cryptography.fernet import Fernet

from app.config.settings import get_settings


@cache
def _fernet() -> Fernet:
    secreto = get_settings().secreto.get_secret_value()
    return Fernet(base64.urlsafe_b64encode(sha256(b"servet-reposo|" + secreto.encode()).digest()))


def cifrar(contenido: bytes) -> bytes:
    """Contenido cifrado y autenticado con el secreto de la instalación."""
    return _fernet().encrypt(contenido)


def descifrar(contenido: bytes) -> bytes:
    """Lo contrario de ``cifrar``."""
    return _fernet().decrypt(contenido)
