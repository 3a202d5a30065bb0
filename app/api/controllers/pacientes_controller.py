"""Pacientes: la ficha de cada animal."""

from typing import Any
from uuid import UUID

from app.api.schemas.paciente_schema import (
    PacienteCrear,
    PacienteEditar,
    PacienteFiltro,
    PacienteLectura,
    PacientePortal,
)
from app.api.services import pacientes_service as pacientes
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("pacientes", tag="Pacientes")


@api.get(
    "",
    permission=Permiso.PACIENTES_LEER,
    output=Pagina[PacienteLectura],
    portal=Pagina[PacientePortal],
)
def listar(query: PacienteFiltro) -> Any:
    """Lista los pacientes"""
    return pacientes.listar(query)


@api.post("", permission=Permiso.PACIENTES_CREAR, output=PacienteLectura, portal=PacientePortal, status=201)
def crear(body: PacienteCrear) -> Any:
    """Registra un paciente"""
    return pacientes.crear(body)


@api.get("/<uuid:id>", permission=Permiso.PACIENTES_LEER, output=PacienteLectura, portal=PacientePortal)
def obtener(id: UUID) -> Any:
    """Lee la ficha de un paciente"""
    return pacientes.obtener(id)


@api.patch("/<uuid:id>", permission=Permiso.PACIENTES_EDITAR, output=PacienteLectura)
def editar(id: UUID, body: PacienteEditar) -> Any:
    """Edita la ficha de un paciente"""
    return pacientes.editar(id, body)


@api.delete("/<uuid:id>", permission=Permiso.PACIENTES_ELIMINAR)
def eliminar(id: UUID) -> None:
    """Da de baja a un paciente"""
    pacientes.eliminar(id)
