"""Horarios: las franjas semanales de sedes, profesionales y recursos."""

from typing import Any
from uuid import UUID

from app.api.models.agenda import Recurso
from app.api.models.profesional import Profesional
from app.api.models.sede import Sede
from app.api.schemas.horario_schema import (
    HorarioCrear,
    HorarioEditar,
    HorarioFiltro,
    HorarioLectura,
    HorarioProfesionalCrear,
)
from app.api.services import horarios_service as horarios
from app.api.services.horarios_service import HorarioSolapado
from app.api.services.pacientes_service import FechasIncoherentes
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("horarios", path="", tag="Agenda")
ERRORES = (HorarioSolapado, FechasIncoherentes)


@api.get("/sedes/<uuid:id>/horarios", permission=Permiso.AGENDA_LEER, output=Pagina[HorarioLectura])
def listar_de_sede(id: UUID, query: HorarioFiltro) -> Any:
    """Lista el horario general de una sede"""
    return horarios.listar(Sede, id, query)


@api.post(
    "/sedes/<uuid:id>/horarios", permission=Permiso.AGENDA_CREAR, output=HorarioLectura, status=201, errors=ERRORES
)
def crear_de_sede(id: UUID, body: HorarioCrear) -> Any:
    """Añade una franja al horario de una sede"""
    return horarios.crear(Sede, id, body)


@api.get("/profesionales/<uuid:id>/horarios", permission=Permiso.AGENDA_LEER, output=Pagina[HorarioLectura])
def listar_de_profesional(id: UUID, query: HorarioFiltro) -> Any:
    """Lista el horario de un profesional"""
    return horarios.listar(Profesional, id, query)


@api.post(
    "/profesionales/<uuid:id>/horarios",
    permission=Permiso.AGENDA_CREAR,
    output=HorarioLectura,
    status=201,
    errors=ERRORES,
)
def crear_de_profesional(id: UUID, body: HorarioProfesionalCrear) -> Any:
    """Añade una franja al horario de un profesional

    Un profesional no puede tener franjas en dos sedes a la vez, cada una en su hora local.
    """
    return horarios.crear(Profesional, id, body)


@api.get("/recursos/<uuid:id>/horarios", permission=Permiso.AGENDA_LEER, output=Pagina[HorarioLectura])
def listar_de_recurso(id: UUID, query: HorarioFiltro) -> Any:
    """Lista el horario de un recurso"""
    return horarios.listar(Recurso, id, query)


@api.post(
    "/recursos/<uuid:id>/horarios", permission=Permiso.AGENDA_CREAR, output=HorarioLectura, status=201, errors=ERRORES
)
def crear_de_recurso(id: UUID, body: HorarioCrear) -> Any:
    """Añade una franja al horario de un recurso"""
    return horarios.crear(Recurso, id, body)


@api.get("/horarios/<uuid:id>", permission=Permiso.AGENDA_LEER, output=HorarioLectura)
def obtener(id: UUID) -> Any:
    """Lee una franja de horario"""
    return horarios.obtener(id)


@api.patch("/horarios/<uuid:id>", permission=Permiso.AGENDA_EDITAR, output=HorarioLectura, errors=ERRORES)
def editar(id: UUID, body: HorarioEditar) -> Any:
    """Edita una franja de horario

    Un veterinario sólo cambia las suyas, y si su sede tiene activo `edicion_horario_propio`.
    """
    return horarios.editar(id, body)


@api.delete("/horarios/<uuid:id>", permission=Permiso.AGENDA_ELIMINAR)
def eliminar(id: UUID) -> None:
    """Borra una franja de horario"""
    horarios.eliminar(id)
