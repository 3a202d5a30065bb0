"""Enlaces de descarga que valen unos minutos, para lo que un navegador pide sin cabeceras."""

import time
from datetime import UTC, datetime
from typing import Any

from app.config.settings import get_settings
from app.utils.context import contexto, identidad
from app.utils.firmas import sign, verify_signed
from app.utils.tokens import TokenInvalido

ENLACE = "firma"
DURACION_S = 300
_TIPO = "enlace+jwt"


def sign_link(camino: str) -> dict[str, Any]:
    """Un enlace a ese camino que durante cinco minutos hace las veces del token de quien lo pide.

    No concede nada: al usarlo se vuelve a mirar quién es y qué puede ver. Como toda credencial, va con la hora real.
    """
    actual = identidad()
    emitido = int(time.time())
    carga: dict[str, Any] = {
        "org": str(actual.organizacion_id),
        "sub": str(actual.id),
        "tipo": actual.tipo,
        "iat": emitido,
        "exp": emitido + DURACION_S,
        "ruta": camino,
    }
    if actual.familia_id is not None:
        carga["sid"] = str(actual.familia_id)
    if contexto().motivo_acceso:
        carga["motivado"] = True  # el motivo ya consta en la auditoría; en una dirección no se escribe
    return {
        "url": f"{get_settings().url_publica.rstrip('/')}{camino}?{ENLACE}={sign(carga, _TIPO)}",
        "expira_en": datetime.fromtimestamp(emitido + DURACION_S, UTC),
    }


def read_link(firma: str, camino: str) -> dict[str, Any]:
    """De quién es un enlace a ese camino. Errores: ``TokenInvalido``."""
    carga = verify_signed(firma, _TIPO)
    if carga.get("ruta") != camino or "exp" not in carga:
        raise TokenInvalido
    return carga
