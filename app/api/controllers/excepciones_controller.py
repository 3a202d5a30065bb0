"""Excepciones: los días en que el horario de sedes, profesionales o recursos cambia."""

from typing import Any
from uuid import UUID

from app.api.models.agenda import Recurso
from app.api.models.profesional import Profesional
from app.api.models.sede import Sede
from app.api.schemas.horario_schema import (
    ExcepcionCrear,
    ExcepcionEditar,
    ExcepcionFiltro,
    ExcepcionLectura,
    ExcepcionProfesionalCrear,
)
from app.api.services import excepciones_service as excepciones
from app.api.services.excepciones_service import HorasIncompletas, SedeRequerida, TipoNoAplicable
from app.api.services.limite_sedes_service import FueraDeSusSedes
from app.api.services.pacientes_service import FechasIncoherentes
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("excepciones", path="", tag="Agenda")
ERRORES = (TipoNoAplicable, SedeRequerida, HorasIncompletas, FechasIncoherentes, FueraDeSusSedes)


@api.get("/sedes/<uuid:id>/excepciones", permission=Permiso.AGENDA_LEER, output=Pagina[ExcepcionLectura])
def listar_de_sede(id: UUID, query: ExcepcionFiltro) -> Any:
    """Lista las excepciones de una sede"""
    return excepciones.listar(Sede, id, query)


@api.post(
    "/sedes/<uuid:id>/excepciones", permission=Permiso.AGENDA_CREAR, output=ExcepcionLectura, status=201, errors=ERRORES
)
def crear_de_sede(id: UUID, body: ExcepcionCrear) -> Any:
    """Añade una excepción al horario de una sede"""
    return excepciones.crear(Sede, id, body)


@api.get("/profesionales/<uuid:id>/excepciones", permission=Permiso.AGENDA_LEER, output=Pagina[ExcepcionLectura])
def listar_de_profesional(id: UUID, query: ExcepcionFiltro) -> Any:
    """Lista las excepciones de un profesional"""
    return excepciones.listar(Profesional, id, query)


@api.post(
    "/profesionales/<uuid:id>/excepciones",
    permission=Permiso.AGENDA_EDITAR,
    output=ExcepcionLectura,
    status=201,
    errors=ERRORES,
)
def crear_de_profesional(id: UUID, body: ExcepcionProfesionalCrear) -> Any:
    """Añade una excepción al horario de un profesional

    Un veterinario sólo la añade a su horario, y si su sede tiene activo `edicion_horario_propio`.
    """
    return excepciones.crear(Profesional, id, body)


@api.get("/recursos/<uuid:id>/excepciones", permission=Permiso.AGENDA_LEER, output=Pagina[ExcepcionLectura])
def listar_de_recurso(id: UUID, query: ExcepcionFiltro) -> Any:
    """Lista las excepciones de un recurso"""
    return excepciones.listar(Recurso, id, query)


@api.post(
    "/recursos/<uuid:id>/excepciones",
    permission=Permiso.AGENDA_CREAR,
    output=ExcepcionLectura,
    status=201,
    errors=ERRORES,
)
def crear_de_recurso(id: UUID, body: ExcepcionCrear) -> Any:
    """Añade una excepción al horario de un recurso"""
    return excepciones.crear(Recurso, id, body)


@api.get("/excepciones/<uuid:id>", permission=Permiso.AGENDA_LEER, output=ExcepcionLectura)
def obtener(id: UUID) -> Any:
    """Lee una excepción de horario"""
    return excepciones.obtener(id)


@api.patch("/excepciones/<uuid:id>", permission=Permiso.AGENDA_EDITAR, output=ExcepcionLectura, errors=ERRORES)
def editar(id: UUID, body: ExcepcionEditar) -> Any:
    """Edita una excepción de horario

    Un veterinario sólo cambia las suyas, y si su sede tiene activo `edicion_horario_propio`.
    """
    return excepciones.editar(id, body)


@api.delete("/excepciones/<uuid:id>", permission=Permiso.AGENDA_EDITAR)
def eliminar(id: UUID) -> None:
    """Borra una excepción de horario

    Un veterinario sólo borra las suyas, y si su sede tiene activo `edicion_horario_propio`.
    """
    excepciones.eliminar(id)
