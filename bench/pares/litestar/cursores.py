"""El cursor de la página siguiente: los valores del orden, firmados para su ruta y su organización."""

import base64
import hmac
import os
from hashlib import blake2b
from typing import Any

import msgspec

from bench.pares.litestar.problemas import Problema
from bench.pares.litestar.puerta import Peticion

CLAVE = (os.environ.get("SERVET_SECRETO") or os.environ["BENCH_CLAVE_PUBLICA"]).encode()


def _firma(carga: bytes, peticion: Peticion) -> bytes:
    sal = f"|{peticion.ruta}|{peticion.quien.organizacion}".encode()
    return blake2b(carga + sal, key=CLAVE[:64], digest_size=12).digest()


def cursor(peticion: Peticion, valores: list[Any]) -> str:
    """El cursor que sigue a la fila con esos valores."""
    carga = msgspec.json.encode(valores)
    return base64.urlsafe_b64encode(_firma(carga, peticion) + carga).decode().rstrip("=")


def valores(peticion: Peticion, texto: str, tipos: type[Any]) -> Any:
    """Los valores de un cursor. Errores: ``CURSOR_INVALIDO``."""
    try:
        crudo = base64.urlsafe_b64decode(texto.encode("ascii") + b"=" * (-len(texto) % 4))
        if not hmac.compare_digest(crudo[:12], _firma(crudo[12:], peticion)):
            raise ValueError
        return msgspec.json.decode(crudo[12:], type=tipos)
    except (ValueError, UnicodeError, msgspec.MsgspecError):
        raise Problema("CURSOR_INVALIDO", campo="/cursor") from None


def enlace(peticion: Peticion, siguiente: str) -> tuple[bytes, bytes]:
    """La cabecera Link de la página siguiente."""
    pares = [par for par in peticion.scope["query_string"].split(b"&") if not par.startswith(b"cursor=")]
    consulta = b"&".join([*pares, b"cursor=" + siguiente.encode()])
    return b"link", b"<" + peticion.ruta.encode() + b"?" + consulta + b'>; rel="next"'
