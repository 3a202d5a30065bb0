"""Alertas: lo que salta al abrir la ficha de un paciente. Nunca llegan al portal."""

from typing import Any
from uuid import UUID

from app.api.schemas.alerta_schema import AlertaCrear, AlertaEditar, AlertaFiltro, AlertaLectura
from app.api.services import alertas_service as alertas
from app.api.services.pacientes_service import PacienteNoActivo
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("alertas", path="", tag="Alergias y alertas")


@api.get("/pacientes/<uuid:id>/alertas", permission=Permiso.ALERTAS_LEER, output=Pagina[AlertaLectura])
def listar(id: UUID, query: AlertaFiltro) -> Any:
    """Lista las alertas de un paciente"""
    return alertas.listar(id, query)


@api.post(
    "/pacientes/<uuid:id>/alertas",
    permission=Permiso.ALERTAS_CREAR,
    output=AlertaLectura,
    status=201,
    errors=(PacienteNoActivo,),
)
def crear(id: UUID, body: AlertaCrear) -> Any:
    """Pone una alerta a un paciente"""
    return alertas.crear(id, body)


@api.get("/alertas/<uuid:id>", permission=Permiso.ALERTAS_LEER, output=AlertaLectura)
def obtener(id: UUID) -> Any:
    """Lee una alerta"""
    return alertas.obtener(id)


@api.patch("/alertas/<uuid:id>", permission=Permiso.ALERTAS_EDITAR, output=AlertaLectura)
def editar(id: UUID, body: AlertaEditar) -> Any:
    """Corrige una alerta"""
    return alertas.editar(id, body)


@api.delete("/alertas/<uuid:id>", permission=Permiso.ALERTAS_EDITAR)
def eliminar(id: UUID) -> None:
    """Retira una alerta"""
    alertas.eliminar(id)
