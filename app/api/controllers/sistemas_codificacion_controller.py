"""Sistemas de codificación: los que la clínica tiene derecho a usar, con su licencia y su versión."""

from typing import Any
from uuid import UUID

from app.api.models.diagnostico import SistemaDuplicado
from app.api.schemas.sistema_codificacion_schema import SistemaCrear, SistemaEditar, SistemaFiltro, SistemaLectura
from app.api.services import sistemas_codificacion_service as sistemas
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("sistemas-codificacion", tag="Consultas")


@api.get("", permission=Permiso.SISTEMAS_LEER, output=Pagina[SistemaLectura])
def listar(query: SistemaFiltro) -> Any:
    """Lista los sistemas de codificación registrados"""
    return sistemas.listar(query)


@api.post("", permission=Permiso.SISTEMAS_EDITAR, output=SistemaLectura, status=201,
          errors=(SistemaDuplicado, sistemas.SistemaReservado))  # fmt: skip
def crear(body: SistemaCrear) -> Any:
    """Registra un sistema de codificación

    Servet no distribuye ningún sistema con licencia: quien lo registra responde de tenerla.
    """
    return sistemas.crear(body)


@api.get("/<uuid:id>", permission=Permiso.SISTEMAS_LEER, output=SistemaLectura)
def obtener(id: UUID) -> Any:
    """Lee un sistema de codificación"""
    return sistemas.obtener(id)


@api.patch("/<uuid:id>", permission=Permiso.SISTEMAS_EDITAR, output=SistemaLectura)
def editar(id: UUID, body: SistemaEditar) -> Any:
    """Edita un sistema de codificación"""
    return sistemas.editar(id, body)


@api.delete("/<uuid:id>", permission=Permiso.SISTEMAS_EDITAR)
def eliminar(id: UUID) -> None:
    """Da de baja un sistema de codificación"""
    sistemas.eliminar(id)
