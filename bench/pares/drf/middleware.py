"""Las cabeceras que Django no pone por sí mismo, y el identificador de la petición."""

import re
from collections.abc import Callable

import uuid_utils
from django.http import HttpRequest, HttpResponse

_VALIDO = re.compile(r"[A-Za-z0-9._-]{1,100}", re.ASCII)
_FIJAS = {
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Vary": "Authorization, Accept-Language",
    # Servet está detrás de un proxy con TLS: la cabecera va siempre.
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}


def cabeceras(siguiente: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Añade las cabeceras a toda respuesta."""

    def atender(peticion: HttpRequest) -> HttpResponse:
        dado = peticion.headers.get("X-Request-Id", "")
        peticion.id_peticion = dado if _VALIDO.fullmatch(dado) else str(uuid_utils.uuid7())
        respuesta = siguiente(peticion)
        for nombre, valor in _FIJAS.items():
            respuesta[nombre] = valor
        respuesta["X-Request-Id"] = peticion.id_peticion
        return respuesta

    return atender
