"""Datos firmados que cualquiera puede comprobar con las claves públicas: enlaces y documentos impresos."""

from typing import Any

import jwt

from app.utils.tokens import LONGITUD_MAXIMA, TokenInvalido, public_key, signing_key


def sign(carga: dict[str, Any], tipo: str) -> str:
    """Un JWS con la clave en uso. ``tipo`` (su ``typ``) impide que valga para otra cosa, como entrar."""
    kid, privada = signing_key()
    return jwt.encode(carga, privada, algorithm="EdDSA", headers={"kid": kid, "typ": tipo})


def verify_signed(texto: str, tipo: str, *, retiradas: bool = False) -> dict[str, Any]:
    """Lo que dice un JWS de ``sign`` del mismo tipo; si lleva ``exp``, caduca. Errores: ``TokenInvalido``.

    ``retiradas``: también si su clave ya se retiró.
    """
    if len(texto) > LONGITUD_MAXIMA:
        raise TokenInvalido
    try:
        cabecera = jwt.get_unverified_header(texto)
        if cabecera.get("typ") != tipo or cabecera.get("alg") != "EdDSA" or "crit" in cabecera:
            raise TokenInvalido
        publica = public_key(str(cabecera.get("kid")), retiradas=retiradas)
        if publica is None:
            raise TokenInvalido
        carga: dict[str, Any] = jwt.decode(texto, publica, algorithms=["EdDSA"])
    except (jwt.PyJWTError, ArithmeticError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise TokenInvalido from None
    return carga
