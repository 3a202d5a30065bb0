"""Protocolos vacunales y requisitos territoriales: los datos con los que se calcula el calendario."""

from typing import Any
from uuid import UUID

from app.api.models.protocolo_vacunal import ProtocoloDuplicado, RequisitoSolapado
from app.api.schemas.protocolo_vacunal_schema import (
    ProtocoloCrear,
    ProtocoloEditar,
    ProtocoloFiltro,
    ProtocoloLectura,
)
from app.api.schemas.requisito_territorial_schema import (
    RequisitoCrear,
    RequisitoEditar,
    RequisitoFiltro,
    RequisitoLectura,
)
from app.api.services import protocolos_vacunales_service as protocolos
from app.api.services import requisitos_territoriales_service as requisitos
from app.api.services.pacientes_service import EspecieDesconocida, FechasIncoherentes
from app.api.services.productos_service import ProtocoloDesconocido
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("protocolos-vacunales", path="", tag="Vacunas")
DEL_PROTOCOLO = (EspecieDesconocida, protocolos.ParametrosIncoherentes)


@api.get("/protocolos-vacunales", permission=Permiso.PROTOCOLOS_LEER, output=Pagina[ProtocoloLectura])
def listar_protocolos(query: ProtocoloFiltro) -> Any:
    """Lista los protocolos vacunales"""
    return protocolos.listar(query)


@api.post(
    "/protocolos-vacunales",
    permission=Permiso.PROTOCOLOS_EDITAR,
    output=ProtocoloLectura,
    status=201,
    errors=(*DEL_PROTOCOLO, ProtocoloDuplicado),
)
def crear_protocolo(body: ProtocoloCrear) -> Any:
    """Crea un protocolo vacunal"""
    return protocolos.crear(body)


@api.get("/protocolos-vacunales/<uuid:id>", permission=Permiso.PROTOCOLOS_LEER, output=ProtocoloLectura)
def obtener_protocolo(id: UUID) -> Any:
    """Lee un protocolo vacunal"""
    return protocolos.obtener(id)


@api.patch(
    "/protocolos-vacunales/<uuid:id>",
    permission=Permiso.PROTOCOLOS_EDITAR,
    output=ProtocoloLectura,
    errors=DEL_PROTOCOLO,
)
def editar_protocolo(id: UUID, body: ProtocoloEditar) -> Any:
    """Edita un protocolo vacunal

    Se recalculan las fechas de sus vacunas, salvo las que se fijaron a mano.
    """
    return protocolos.editar(id, body)


@api.delete("/protocolos-vacunales/<uuid:id>", permission=Permiso.PROTOCOLOS_EDITAR)
def eliminar_protocolo(id: UUID) -> None:
    """Da de baja un protocolo vacunal"""
    protocolos.eliminar(id)


@api.get("/requisitos-territoriales", permission=Permiso.PROTOCOLOS_LEER, output=Pagina[RequisitoLectura])
def listar_requisitos(query: RequisitoFiltro) -> Any:
    """Lista los requisitos territoriales"""
    return requisitos.listar(query)


@api.post(
    "/requisitos-territoriales",
    permission=Permiso.PROTOCOLOS_EDITAR,
    output=RequisitoLectura,
    status=201,
    errors=(EspecieDesconocida, ProtocoloDesconocido, FechasIncoherentes, RequisitoSolapado),
)
def crear_requisito(body: RequisitoCrear) -> Any:
    """Crea un requisito territorial"""
    return requisitos.crear(body)


@api.get("/requisitos-territoriales/<uuid:id>", permission=Permiso.PROTOCOLOS_LEER, output=RequisitoLectura)
def obtener_requisito(id: UUID) -> Any:
    """Lee un requisito territorial"""
    return requisitos.obtener(id)


@api.patch(
    "/requisitos-territoriales/<uuid:id>",
    permission=Permiso.PROTOCOLOS_EDITAR,
    output=RequisitoLectura,
    errors=(FechasIncoherentes, RequisitoSolapado),
)
def editar_requisito(id: UUID, body: RequisitoEditar) -> Any:
    """Edita un requisito territorial

    Se recalculan las fechas de las vacunas a las que afecta, salvo las que se fijaron a mano.
    """
    return requisitos.editar(id, body)


@api.delete("/requisitos-territoriales/<uuid:id>", permission=Permiso.PROTOCOLOS_EDITAR)
def eliminar_requisito(id: UUID) -> None:
    """Da de baja un requisito territorial"""
    requisitos.eliminar(id)
