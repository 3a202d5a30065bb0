"""Recursos: salas, equipos y vehículos de cada sede."""

from typing import Any
from uuid import UUID

from app.api.models.agenda import RecursoDuplicado
from app.api.schemas.recurso_schema import RecursoCrear, RecursoEditar, RecursoFiltro, RecursoLectura
from app.api.services import recursos_service as recursos
from app.api.services.recursos_service import CapacidadEnUso, RecursoEnUso
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("recursos", tag="Agenda")


@api.get("", permission=Permiso.AGENDA_LEER, output=Pagina[RecursoLectura])
def listar(query: RecursoFiltro) -> Any:
    """Lista los recursos"""
    return recursos.listar(query)


@api.post("", permission=Permiso.AGENDA_CREAR, output=RecursoLectura, status=201, errors=(RecursoDuplicado,))
def crear(body: RecursoCrear) -> Any:
    """Crea un recurso"""
    return recursos.crear(body)


@api.get("/<uuid:id>", permission=Permiso.AGENDA_LEER, output=RecursoLectura)
def obtener(id: UUID) -> Any:
    """Lee un recurso"""
    return recursos.obtener(id)


@api.patch(
    "/<uuid:id>",
    permission=Permiso.AGENDA_CREAR,
    output=RecursoLectura,
    errors=(CapacidadEnUso, RecursoDuplicado),
)
def editar(id: UUID, body: RecursoEditar) -> Any:
    """Edita un recurso"""
    return recursos.editar(id, body)


@api.delete("/<uuid:id>", permission=Permiso.AGENDA_ELIMINAR, errors=(RecursoEnUso,))
def eliminar(id: UUID) -> None:
    """Da de baja un recurso"""
    recursos.eliminar(id)
