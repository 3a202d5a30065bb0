"""Principios activos: sustancias, con su control y sus pautas orientativas."""

from typing import Any
from uuid import UUID

from app.api.models.medicamento import PrincipioDuplicado
from app.api.schemas.principio_activo_schema import PrincipioCrear, PrincipioEditar, PrincipioFiltro, PrincipioLectura
from app.api.services import principios_activos_service as principios
from app.api.services.pacientes_service import EspecieDesconocida
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("principios-activos", tag="Medicación")


@api.get("", permission=Permiso.MEDICAMENTOS_LEER, output=Pagina[PrincipioLectura])
def listar(query: PrincipioFiltro) -> Any:
    """Lista los principios activos"""
    return principios.listar(query)


@api.post(
    "",
    permission=Permiso.MEDICAMENTOS_EDITAR,
    output=PrincipioLectura,
    status=201,
    errors=(PrincipioDuplicado, EspecieDesconocida),
)
def crear(body: PrincipioCrear) -> Any:
    """Crea un principio activo"""
    return principios.crear(body)


@api.get("/<uuid:id>", permission=Permiso.MEDICAMENTOS_LEER, output=PrincipioLectura)
def obtener(id: UUID) -> Any:
    """Lee un principio activo"""
    return principios.obtener(id)


@api.patch("/<uuid:id>", permission=Permiso.MEDICAMENTOS_EDITAR, output=PrincipioLectura, errors=(EspecieDesconocida,))
def editar(id: UUID, body: PrincipioEditar) -> Any:
    """Edita un principio activo"""
    return principios.editar(id, body)


@api.delete("/<uuid:id>", permission=Permiso.MEDICAMENTOS_EDITAR)
def eliminar(id: UUID) -> None:
    """Da de baja un principio activo"""
    principios.eliminar(id)
