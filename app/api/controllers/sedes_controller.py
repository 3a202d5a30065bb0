"""Sedes: los centros de la organización."""

from typing import Any
from uuid import UUID

from app.api.models.sede import SedeDuplicada
from app.api.schemas.sede_schema import SedeCrear, SedeEditar, SedeFiltro, SedeLectura, SedePortal
from app.api.services import sedes_service as sedes
from app.api.services.contacto_cliente_service import TelefonoInvalido
from app.api.services.limite_sedes_service import FueraDeSusSedes
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("sedes", tag="Organización y sedes")


@api.get("", permission=Permiso.SEDES_LEER, output=Pagina[SedeLectura], portal=Pagina[SedePortal])
def listar(query: SedeFiltro) -> Any:
    """Lista las sedes"""
    return sedes.listar(query)


@api.post(
    "",
    permission=Permiso.SEDES_EDITAR,
    output=SedeLectura,
    status=201,
    errors=(SedeDuplicada, TelefonoInvalido),
)
def crear(body: SedeCrear) -> Any:
    """Da de alta una sede"""
    return sedes.crear(body)


@api.get("/<uuid:id>", permission=Permiso.SEDES_LEER, output=SedeLectura, portal=SedePortal)
def obtener(id: UUID) -> Any:
    """Lee una sede"""
    return sedes.obtener(id)


@api.patch(
    "/<uuid:id>",
    permission=Permiso.SEDES_EDITAR,
    output=SedeLectura,
    errors=(SedeDuplicada, sedes.SedeDeBaja, TelefonoInvalido, FueraDeSusSedes),
)
def editar(id: UUID, body: SedeEditar) -> Any:
    """Edita una sede"""
    return sedes.editar(id, body)


@api.delete(
    "/<uuid:id>",
    permission=Permiso.SEDES_EDITAR,
    errors=(sedes.SedeConCitas, sedes.SedeDeBaja, sedes.UltimaSede, FueraDeSusSedes),
)
def eliminar(id: UUID) -> None:
    """Da de baja una sede"""
    sedes.eliminar(id)
