"""Tipos de cita: lo que se puede reservar y lo que ocupa."""

from typing import Any
from uuid import UUID

from app.api.models.agenda import TipoCitaDuplicado
from app.api.schemas.tipo_cita_schema import (
    TipoCitaCrear,
    TipoCitaEditar,
    TipoCitaFiltro,
    TipoCitaLectura,
    TipoCitaPortal,
)
from app.api.services import tipos_cita_service as tipos_cita
from app.api.services.pacientes_service import EspecieDesconocida
from app.api.services.tipos_cita_service import DuracionNoMultiplo
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("tipos-cita", tag="Agenda")


@api.get(
    "",
    permission=Permiso.DISPONIBILIDAD_LEER,
    output=Pagina[TipoCitaLectura],
    portal=Pagina[TipoCitaPortal],
)
def listar(query: TipoCitaFiltro) -> Any:
    """Lista los tipos de cita"""
    return tipos_cita.listar(query)


@api.post(
    "",
    permission=Permiso.AGENDA_CREAR,
    output=TipoCitaLectura,
    status=201,
    errors=(TipoCitaDuplicado, DuracionNoMultiplo, EspecieDesconocida),
)
def crear(body: TipoCitaCrear) -> Any:
    """Crea un tipo de cita"""
    return tipos_cita.crear(body)


@api.get("/<uuid:id>", permission=Permiso.DISPONIBILIDAD_LEER, output=TipoCitaLectura, portal=TipoCitaPortal)
def obtener(id: UUID) -> Any:
    """Lee un tipo de cita"""
    return tipos_cita.obtener(id)


@api.patch(
    "/<uuid:id>",
    permission=Permiso.AGENDA_CREAR,
    output=TipoCitaLectura,
    errors=(DuracionNoMultiplo, EspecieDesconocida),
)
def editar(id: UUID, body: TipoCitaEditar) -> Any:
    """Edita un tipo de cita"""
    return tipos_cita.editar(id, body)


@api.delete("/<uuid:id>", permission=Permiso.AGENDA_ELIMINAR)
def eliminar(id: UUID) -> None:
    """Da de baja un tipo de cita"""
    tipos_cita.eliminar(id)
