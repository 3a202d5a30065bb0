"""Consentimientos de datos: asientos que se añaden y nunca se cambian."""

from typing import Any
from uuid import UUID

from app.api.schemas.consentimiento_datos_schema import (
    ConsentimientoDatosCrear,
    ConsentimientoDatosFiltro,
    ConsentimientoDatosLectura,
    ConsentimientoDatosPortal,
    PaginaConsentimientos,
    PaginaConsentimientosPortal,
)
from app.api.services import consentimientos_datos_service as consentimientos
from app.api.services.clientes_service import ClienteCerrado
from app.config.permissions import Permiso
from app.utils.routing import Resource

api = Resource("consentimientos_datos", path="", tag="Clientes")


@api.get(
    "/clientes/<uuid:id>/consentimientos-datos",
    permission=Permiso.CLIENTES_LEER,
    output=PaginaConsentimientos,
    portal=PaginaConsentimientosPortal,
)
def listar(id: UUID, query: ConsentimientoDatosFiltro) -> Any:
    """Lista lo que un cliente ha consentido y lo que vale hoy

    `vigentes` trae el último de cada finalidad; `canales_marketing`, por dónde se le puede enviar publicidad.
    """
    return consentimientos.listar(id, query)


@api.post(
    "/clientes/<uuid:id>/consentimientos-datos",
    permission=Permiso.CONSENTIMIENTOS_CREAR,
    output=ConsentimientoDatosLectura,
    portal=ConsentimientoDatosPortal,
    status=201,
    errors=(ClienteCerrado,),
)
def crear(id: UUID, body: ConsentimientoDatosCrear) -> Any:
    """Anota un consentimiento o su retirada"""
    return consentimientos.crear(id, body)


@api.get(
    "/consentimientos-datos/<uuid:id>",
    permission=Permiso.CLIENTES_LEER,
    output=ConsentimientoDatosLectura,
    portal=ConsentimientoDatosPortal,
)
def obtener(id: UUID) -> Any:
    """Lee un consentimiento de datos"""
    return consentimientos.obtener(id)
