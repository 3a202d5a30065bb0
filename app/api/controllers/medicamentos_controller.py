"""Medicamentos: presentaciones, con los principios que llevan."""

from typing import Any
from uuid import UUID

from app.api.models.medicamento import FichaDuplicada
from app.api.schemas.medicamento_schema import (
    MedicamentoCrear,
    MedicamentoEditar,
    MedicamentoFiltro,
    MedicamentoLectura,
)
from app.api.services import medicamentos_service as medicamentos
from app.api.services.medicamentos_service import PrincipioDesconocido, ProductoInadecuado
from app.api.services.pacientes_service import EspecieDesconocida
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("medicamentos", tag="Medicación")


@api.get("", permission=Permiso.MEDICAMENTOS_LEER, output=Pagina[MedicamentoLectura])
def listar(query: MedicamentoFiltro) -> Any:
    """Lista los medicamentos"""
    return medicamentos.listar(query)


@api.post(
    "",
    permission=Permiso.MEDICAMENTOS_EDITAR,
    output=MedicamentoLectura,
    status=201,
    errors=(EspecieDesconocida, FichaDuplicada, PrincipioDesconocido, ProductoInadecuado),
)
def crear(body: MedicamentoCrear) -> Any:
    """Crea un medicamento"""
    return medicamentos.crear(body)


@api.get("/<uuid:id>", permission=Permiso.MEDICAMENTOS_LEER, output=MedicamentoLectura)
def obtener(id: UUID) -> Any:
    """Lee un medicamento"""
    return medicamentos.obtener(id)


@api.patch(
    "/<uuid:id>",
    permission=Permiso.MEDICAMENTOS_EDITAR,
    output=MedicamentoLectura,
    errors=(EspecieDesconocida, PrincipioDesconocido),
)
def editar(id: UUID, body: MedicamentoEditar) -> Any:
    """Edita un medicamento"""
    return medicamentos.editar(id, body)


@api.delete("/<uuid:id>", permission=Permiso.MEDICAMENTOS_EDITAR)
def eliminar(id: UUID) -> None:
    """Da de baja un medicamento"""
    medicamentos.eliminar(id)
