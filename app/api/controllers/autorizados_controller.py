"""Autorizados: personas a las que el titular concede permisos concretos."""

from typing import Any
from uuid import UUID

from app.api.schemas.autorizado_schema import (
    AutorizadoCrear,
    AutorizadoEditar,
    AutorizadoFiltro,
    AutorizadoLectura,
    AutorizadoPortal,
)
from app.api.services import autorizados_service as autorizados
from app.api.services.autorizados_service import AutorizacionRevocada, AutorizadoEsTitular
from app.api.services.clientes_service import ClienteCerrado
from app.api.services.contacto_cliente_service import NombreRequerido, TelefonoInvalido
from app.api.services.pacientes_service import FechasIncoherentes
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("autorizados", path="", tag="Clientes")


@api.get(
    "/clientes/<uuid:id>/autorizados",
    permission=Permiso.CLIENTES_LEER,
    output=Pagina[AutorizadoLectura],
    portal=Pagina[AutorizadoPortal],
)
def listar(id: UUID, query: AutorizadoFiltro) -> Any:
    """Lista los autorizados de un cliente"""
    return autorizados.listar(id, query)


@api.post(
    "/clientes/<uuid:id>/autorizados",
    permission=Permiso.AUTORIZADOS_EDITAR,
    output=AutorizadoLectura,
    status=201,
    errors=(AutorizadoEsTitular, NombreRequerido, TelefonoInvalido, FechasIncoherentes, ClienteCerrado),
)
def crear(id: UUID, body: AutorizadoCrear) -> Any:
    """Autoriza a una persona

    Con `cliente_autorizado_id` y `puede_ver_historial`, esa persona ve en su portal los pacientes del titular.
    """
    return autorizados.crear(id, body)


@api.get("/autorizados/<uuid:id>", permission=Permiso.CLIENTES_LEER, output=AutorizadoLectura, portal=AutorizadoPortal)
def obtener(id: UUID) -> Any:
    """Lee una autorización"""
    return autorizados.obtener(id)


@api.patch(
    "/autorizados/<uuid:id>",
    permission=Permiso.AUTORIZADOS_EDITAR,
    output=AutorizadoLectura,
    errors=(AutorizacionRevocada, TelefonoInvalido, FechasIncoherentes, NombreRequerido),
)
def editar(id: UUID, body: AutorizadoEditar) -> Any:
    """Cambia lo que se concede a un autorizado"""
    return autorizados.editar(id, body)


@api.delete("/autorizados/<uuid:id>", permission=Permiso.AUTORIZADOS_EDITAR, errors=(AutorizacionRevocada,))
def eliminar(id: UUID) -> None:
    """Revoca una autorización"""
    autorizados.eliminar(id)
