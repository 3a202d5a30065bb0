"""Las cabeceras de seguridad de toda respuesta, en un solo sitio."""

from collections.abc import Callable

from app.config.settings import Modo, get_settings

Cabeceras = list[tuple[str, str]]
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
# Las que una respuesta puede traer ya: la documentación, su CSP; un catálogo, cuánto se puede guardar.
_SI_FALTAN = {
    "Content-Security-Policy": CSP_API,
    "Cache-Control": "no-store",  # datos clínicos y personales: que nadie los guarde
    "Vary": VARIA,
}


def security_headers() -> Callable[[Cabeceras, str], Cabeceras]:
    """La función que completa las cabeceras de una respuesta, dado el identificador de su petición."""
    # HSTS sólo tiene sentido donde hay TLS delante: en demostración obligaría a un https que no existe.
    fijas = [*_FIJAS, _HSTS] if get_settings().modo is Modo.PRODUCCION else _FIJAS

    def completar(cabeceras: Cabeceras, id_peticion: str) -> Cabeceras:
        traidas = {nombre for nombre, _ in cabeceras}
        suyas = [(nombre, f"{VARIA}, {valor}" if nombre == "Vary" else valor) for nombre, valor in cabeceras]
        faltan = [par for par in _SI_FALTAN.items() if par[0] not in traidas]
        return [*suyas, *fijas, ("X-Request-Id", id_peticion), *faltan]

    return completar
