"""Catálogos compartidos y datos de la propia API: lo que un formulario necesita saber."""

from typing import Any

from flask import Response, request

from app.api.schemas.catalogo_schema import (
    AntigenosLectura,
    EnumeracionesLectura,
    EspecieFiltro,
    EspecieLectura,
    Lista,
    MetaLectura,
    PaisesLectura,
    RazaFiltro,
    RazaLectura,
    TerminosLectura,
    TerritoriosLectura,
)
from app.api.services import catalogos_service as catalogos
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("catalogos", path="", tag="Catálogos")


@api.blueprint.after_request
def _se_puede_guardar(respuesta: Response) -> Response:
    """Lo mismo para todos y rara vez cambia: el navegador lo guarda y pregunta si sigue igual."""
    if respuesta.status_code == 200:
        respuesta.headers["Cache-Control"] = "private, max-age=300"
        respuesta.add_etag()
        respuesta.make_conditional(request)
    return respuesta


@api.get("/meta", permission=Permiso.CATALOGOS_LEER, output=MetaLectura)
def meta() -> Any:
    """Lee la versión, el modo, los límites y el aviso clínico"""
    return catalogos.meta()


@api.get("/catalogos/especies", permission=Permiso.CATALOGOS_LEER, output=Pagina[EspecieLectura])
def especies(query: EspecieFiltro) -> Any:
    """Lista las especies"""
    return catalogos.especies(query)


@api.get("/catalogos/razas", permission=Permiso.CATALOGOS_LEER, output=Pagina[RazaLectura])
def razas(query: RazaFiltro) -> Any:
    """Lista las razas"""
    return catalogos.razas(query)


@api.get("/catalogos/territorios-fiscales", permission=Permiso.CATALOGOS_LEER, output=TerritoriosLectura)
def territorios_fiscales() -> Any:
    """Lista los territorios fiscales"""
    return catalogos.territorios_fiscales()


@api.get("/catalogos/antigenos", permission=Permiso.CATALOGOS_LEER, output=AntigenosLectura)
def antigenos() -> Any:
    """Lista contra qué se vacuna, en qué especies"""
    return catalogos.antigenos()


@api.get("/catalogos/paises", permission=Permiso.CATALOGOS_LEER, output=PaisesLectura)
def paises() -> Any:
    """Lista los países admitidos"""
    return catalogos.paises()


@api.get("/catalogos/zonas-horarias", permission=Permiso.CATALOGOS_LEER, output=Lista)
def zonas_horarias() -> Any:
    """Lista las zonas horarias"""
    return catalogos.zonas_horarias()


@api.get("/catalogos/motivos-consulta", permission=Permiso.CATALOGOS_LEER, output=TerminosLectura)
def motivos_consulta() -> Any:
    """Lista los motivos de consulta del sistema propio"""
    return catalogos.motivos_consulta()


@api.get("/catalogos/diagnosticos", permission=Permiso.CATALOGOS_LEER, output=TerminosLectura)
def diagnosticos() -> Any:
    """Lista los diagnósticos del sistema propio"""
    return catalogos.diagnosticos()


@api.get("/catalogos/enumeraciones", permission=Permiso.CATALOGOS_LEER, output=EnumeracionesLectura)
def enumeraciones() -> Any:
    """Lista los valores que admite cada campo cerrado"""
    return catalogos.enumeraciones()
