"""Tareas: lo que queda por hacer fuera del sistema, como comunicar un cambio al registro oficial."""

from typing import Any
from uuid import UUID

from app.api.schemas.tarea_schema import TareaFiltro, TareaLectura
from app.api.services import tareas_service as tareas
from app.config.permissions import Permiso
from app.utils.errors import TransicionInvalida
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("tareas", tag="Tareas")


@api.get("", permission=Permiso.TAREAS_LEER, output=Pagina[TareaLectura])
def listar(query: TareaFiltro) -> Any:
    """Lista las tareas"""
    return tareas.listar(query)


@api.get("/<uuid:id>", permission=Permiso.TAREAS_LEER, output=TareaLectura)
def obtener(id: UUID) -> Any:
    """Lee una tarea"""
    return tareas.obtener(id)


@api.post("/<uuid:id>/realizacion", permission=Permiso.TAREAS_REALIZAR, output=TareaLectura,
          errors=(TransicionInvalida,))  # fmt: skip
def realizar(id: UUID) -> Any:
    """Da una tarea por hecha"""
    return tareas.realizar(id)
