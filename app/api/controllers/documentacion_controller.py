"""Las páginas para leer la API: la referencia interactiva y la explicación de cada código de error."""

from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

from flask import Blueprint, Response, render_template_string, request, send_from_directory

from app.config.permissions import Acceso
from app.utils.context import contexto
from app.utils.documentation_pages import ARRANQUE, CSP_ERRORES, CSP_PAGINA, ERRORES, PAGINA
from app.utils.encoding import codificar
from app.utils.error_catalog import Explicacion, catalogo
from app.utils.errors import NoEncontrado

documentacion = Blueprint("documentacion", __name__)
V = TypeVar("V", bound=Callable[..., Any])


def _publica(ruta: str) -> Callable[[V], V]:
    """Página abierta; como toda ruta, dice quién puede usarla."""

    def declarar(vista: V) -> V:
        vista.permission = Acceso.PUBLICO  # type: ignore[attr-defined]
        documentacion.add_url_rule(ruta, view_func=vista)
        return vista

    return declarar


@cache
def _estaticos() -> Path:
    """Donde la rueda de Scalar trae su JavaScript; se sirve de ahí, sin red."""
    paquete = find_spec("flask_openapi_scalar")
    if paquete is None or paquete.origin is None:
        raise RuntimeError("Falta el paquete flask-openapi-scalar")
    return Path(paquete.origin).parent / "templates" / "scalar"


@_publica("/documentacion")
def pagina() -> Response:
    """La referencia interactiva de la API"""
    return Response(
        PAGINA,
        content_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": CSP_PAGINA, "Cache-Control": "no-cache"},
    )


@_publica("/documentacion/arranque.js")
def arranque() -> Response:
    """El guion que pone en marcha la referencia"""
    return Response(ARRANQUE, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@_publica("/documentacion/estatico/<path:fichero>")
def estatico(fichero: str) -> Response:
    """El JavaScript de la referencia, sólo del directorio del paquete"""
    return send_from_directory(_estaticos(), fichero, max_age=86400)


def _en_html() -> bool:
    return request.accept_mimetypes.best_match(["application/json", "text/html"], "application/json") == "text/html"


def _presentar(titulo: str, uno: Explicacion | None, todos: list[Explicacion]) -> Response:
    if not _en_html():
        cuerpo = asdict(uno) if uno else {"datos": [asdict(otro) for otro in todos]}
        return Response(codificar(cuerpo), content_type="application/json")
    html = render_template_string(ERRORES, titulo=titulo, uno=uno, todos=todos, idioma=contexto().idioma)
    return Response(html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": CSP_ERRORES})


@_publica("/errores")
def errores() -> Response:
    """Todos los códigos de error"""
    respuesta = _presentar("Códigos de error", None, list(catalogo(contexto().idioma).values()))
    respuesta.vary.add("Accept")
    return respuesta


@_publica("/errores/<codigo>")
def error(codigo: str) -> Response:
    """Qué significa un código de error"""
    explicacion = catalogo(contexto().idioma).get(codigo)
    if explicacion is None:
        raise NoEncontrado("No hay ningún error con ese código")
    respuesta = _presentar(explicacion.titulo, explicacion, [])
    respuesta.vary.add("Accept")
    return respuesta
