"""Comunicación de antibióticos: lo pendiente, lo que se exporta y lo que la autoridad acusa."""

from typing import Any
from uuid import UUID

from app.api.schemas.comunicacion_antibiotico_schema import (
    Acusadas,
    Acuse,
    ComunicacionFiltro,
    ComunicacionLectura,
    Exportar,
    Remesa,
)
from app.api.services import remesas_antibiotico_service as remesas
from app.config.permissions import Permiso
from app.utils.errors import TransicionInvalida
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("comunicaciones-antibioticos", tag="Antibióticos")


@api.get("", permission=Permiso.ANTIBIOTICOS_LEER, output=Pagina[ComunicacionLectura])
def listar(query: ComunicacionFiltro) -> Any:
    """Lista las comunicaciones de antibióticos"""
    return remesas.listar(query)


@api.post("/exportacion", permission=Permiso.ANTIBIOTICOS_EXPORTAR, output=Remesa)
def exportar(body: Exportar) -> Any:
    """Exporta las comunicaciones pendientes"""
    return remesas.exportar(body)


@api.post("/acuse", permission=Permiso.ANTIBIOTICOS_EXPORTAR, output=Acusadas, errors=(TransicionInvalida,))
def marcar_comunicadas(body: Acuse) -> Any:
    """Apunta el acuse de la autoridad"""
    return remesas.marcar_comunicadas(body)


@api.get("/<uuid:id>", permission=Permiso.ANTIBIOTICOS_LEER, output=ComunicacionLectura)
def obtener(id: UUID) -> Any:
    """Lee una comunicación de antibiótico"""
    return remesas.obtener(id)
