"""Alergias: lo que no se le puede dar a un paciente."""

from typing import Any
from uuid import UUID

from app.api.schemas.alergia_schema import AlergiaCrear, AlergiaEditar, AlergiaFiltro, AlergiaLectura, AlergiaPortal
from app.api.services import alergias_service as alergias
from app.api.services.pacientes_service import FechaFutura, PacienteNoActivo
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("alergias", path="", tag="Alergias y alertas")


@api.get(
    "/pacientes/<uuid:id>/alergias",
    permission=Permiso.ALERGIAS_LEER,
    output=Pagina[AlergiaLectura],
    portal=Pagina[AlergiaPortal],
)
def listar(id: UUID, query: AlergiaFiltro) -> Any:
    """Lista las alergias de un paciente"""
    return alergias.listar(id, query)


@api.post(
    "/pacientes/<uuid:id>/alergias",
    permission=Permiso.ALERTAS_CREAR,
    output=AlergiaLectura,
    status=201,
    errors=(FechaFutura, PacienteNoActivo),
)
def crear(id: UUID, body: AlergiaCrear) -> Any:
    """Apunta una alergia"""
    return alergias.crear(id, body)


@api.get("/alergias/<uuid:id>", permission=Permiso.ALERGIAS_LEER, output=AlergiaLectura, portal=AlergiaPortal)
def obtener(id: UUID) -> Any:
    """Lee una alergia"""
    return alergias.obtener(id)


@api.patch("/alergias/<uuid:id>", permission=Permiso.ALERTAS_EDITAR, output=AlergiaLectura, errors=(FechaFutura,))
def editar(id: UUID, body: AlergiaEditar) -> Any:
    """Corrige una alergia"""
    return alergias.editar(id, body)


@api.delete("/alergias/<uuid:id>", permission=Permiso.ALERTAS_EDITAR)
def eliminar(id: UUID) -> None:
    """Descarta una alergia"""
    alergias.eliminar(id)
