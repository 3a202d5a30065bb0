"""La organización del token: sus datos y sus parámetros."""

from typing import Any

from app.api.schemas.organizacion_schema import OrganizacionEditar, OrganizacionLectura, OrganizacionPortal
from app.api.services import organizacion_service as organizacion
from app.api.services.contacto_cliente_service import IdentificadorFiscalInvalido
from app.config.permissions import Permiso
from app.utils.routing import Resource

api = Resource("organizacion", tag="Organización y sedes")


@api.get("", permission=Permiso.ORGANIZACION_LEER, output=OrganizacionLectura, portal=OrganizacionPortal)
def obtener() -> Any:
    """Lee la organización y sus parámetros vigentes"""
    return organizacion.obtener()


@api.patch(
    "",
    permission=Permiso.ORGANIZACION_EDITAR,
    output=OrganizacionLectura,
    errors=(IdentificadorFiscalInvalido,),
)
def editar(body: OrganizacionEditar) -> Any:
    """Edita la organización y sus parámetros"""
    return organizacion.editar(body)
