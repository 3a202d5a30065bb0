"""Clientes: las acciones sobre la ficha entera, que no tienen vuelta atrás o salen de la clínica."""

from typing import Any
from uuid import UUID

from app.api.models.usuario import EmailDuplicado, PortalYaActivo
from app.api.schemas.cita_schema import CitaFiltro, CitaLectura, CitaPortal
from app.api.schemas.cliente_schema import (
    ClienteLectura,
    FusionCliente,
    FusionClienteConsulta,
    FusionPrevia,
    Invitacion,
)
from app.api.schemas.privacidad_schema import Anonimizacion, Exportacion, ExportacionPortal
from app.api.services import citas_service as citas
from app.api.services import clientes_service as clientes
from app.api.services import exportacion_service as exportacion
from app.api.services import fusion_clientes_service as fusion
from app.api.services import portal_service as portal
from app.api.services import privacidad_service as privacidad
from app.api.services.clientes_service import ClienteCerrado
from app.api.services.fusion_clientes_service import FusionConsigoMismo, PortalEnAmbos
from app.api.services.portal_service import CorreoRequerido
from app.api.services.privacidad_service import ClienteConPendientes
from app.config.permissions import Permiso
from app.utils.errors import TransicionInvalida
from app.utils.routing import Resource
from app.utils.schemas import PageQuery, Pagina

api = Resource("clientes_acciones", path="clientes", tag="Clientes")


@api.get("/<uuid:id>/citas", permission=Permiso.CITAS_LEER, output=Pagina[CitaLectura], portal=Pagina[CitaPortal])
def listar_citas(id: UUID, query: PageQuery) -> Any:
    """Lista las citas de un cliente"""
    clientes.exigir(id)
    return citas.listar(CitaFiltro(cliente_id=id, **query.model_dump()))


@api.get(
    "/<uuid:id>/fusion",
    permission=Permiso.CLIENTES_FUSIONAR,
    output=FusionPrevia,
    errors=(FusionConsigoMismo, ClienteCerrado),
)
def previsualizar_fusion(id: UUID, query: FusionClienteConsulta) -> Any:
    """Muestra lo que haría fundir este cliente en otro"""
    return fusion.previsualizar(id, query.con_id)


@api.post(
    "/<uuid:id>/fusion",
    permission=Permiso.CLIENTES_FUSIONAR,
    output=ClienteLectura,
    errors=(FusionConsigoMismo, ClienteCerrado, PortalEnAmbos),
)
def fusionar(id: UUID, body: FusionCliente) -> Any:
    """Funde este cliente en otro

    El de la ruta es el origen: lo suyo pasa al de `con_id` y él queda `fusionado`. No se puede deshacer.
    """
    return fusion.fusionar(id, body.con_id)


@api.post(
    "/<uuid:id>/anonimizacion",
    permission=Permiso.CLIENTES_ANONIMIZAR,
    output=ClienteLectura,
    errors=(TransicionInvalida, ClienteConPendientes),
)
def anonimizar(id: UUID, body: Anonimizacion) -> Any:
    """Suprime los datos personales de un cliente

    Quedan el identificador y la historia. Lo que la ley manda conservar se cifra aparte, sin ruta que lo lea,
    hasta que vence su plazo.
    """
    return privacidad.anonimizar(id, body)


@api.post("/<uuid:id>/exportacion", permission=Permiso.CLIENTES_EXPORTAR, output=Exportacion, portal=ExportacionPortal)
def exportar(id: UUID) -> Any:
    """Reúne todo lo que se guarda de una persona"""
    return exportacion.exportar(id)


@api.post(
    "/<uuid:id>/invitacion-portal",
    permission=Permiso.CLIENTES_PORTAL,
    output=Invitacion,
    errors=(ClienteCerrado, CorreoRequerido, PortalYaActivo, EmailDuplicado),
)
def invitar_portal(id: UUID) -> Any:
    """Invita a un cliente al portal"""
    return portal.invitar(id)
