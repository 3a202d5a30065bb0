"""Las cabeceras de seguridad de toda respuesta, en un solo sitio."""

from flask import Flask, Response

from app.config.settings import Modo, get_settings
from app.utils.context import contexto

CSP_API = "default-src 'none'; frame-ancestors 'none'"
VARIA = "Authorization, Accept-Language"
_FIJAS = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Server", "servet"),  # si no va, el servidor web pone su nombre
]
_HSTS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def register_headers(app: Flask) -> None:
    """Añade las cabeceras de seguridad; la página de documentación trae su propia CSP."""
    # HSTS sólo tiene sentido donde hay TLS delante: en demostración obligaría a un https que no existe.
    fijas = [*_FIJAS, _HSTS] if get_settings().modo is Modo.PRODUCCION else _FIJAS

    @app.after_request
    def _cabeceras(respuesta: Response) -> Response:
        cabeceras = respuesta.headers
        presentes = dict(cabeceras)
        for nombre, valor in fijas:
            cabeceras.add(nombre, valor)
        cabeceras.add("X-Request-Id", contexto().id_peticion)
        if "Content-Security-Policy" not in presentes:
            cabeceras.add("Content-Security-Policy", CSP_API)
        if "Cache-Control" not in presentes:
            cabeceras.add("Cache-Control", "no-store")  # datos clínicos y personales: que nadie los guarde
        if "Vary" in presentes:
            cabeceras["Vary"] = f"{VARIA}, {presentes['Vary']}"
        else:
            cabeceras.add("Vary", VARIA)
        return respuesta
