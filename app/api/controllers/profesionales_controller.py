"""Profesionales: quien atiende, con su colegiación y su agenda."""

from typing import Any
from uuid import UUID

from app.api.models.profesional import ProfesionalDuplicado
from app.api.schemas.profesional_schema import (
    ProfesionalCrear,
    ProfesionalEditar,
    ProfesionalFiltro,
    ProfesionalLectura,
    ProfesionalPortal,
)
from app.api.services import profesionales_service as profesionales
from app.api.services.contacto_cliente_service import IdentificadorFiscalInvalido
from app.api.services.limite_sedes_service import FueraDeSusSedes
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("profesionales", tag="Usuarios y profesionales")
REGLAS = (
    profesionales.CategoriaSinRol,
    profesionales.ColegiadoInvalido,
    IdentificadorFiscalInvalido,
    profesionales.UsuarioDeBaja,
    FueraDeSusSedes,
)


@api.get(
    "",
    permission=Permiso.DISPONIBILIDAD_LEER,
    output=Pagina[ProfesionalLectura],
    portal=Pagina[ProfesionalPortal],
)
def listar(query: ProfesionalFiltro) -> Any:
    """Lista los profesionales"""
    return profesionales.listar(query)


@api.post(
    "",
    permission=Permiso.USUARIOS_GESTIONAR,
    output=ProfesionalLectura,
    status=201,
    errors=(ProfesionalDuplicado, *REGLAS),
)
def crear(body: ProfesionalCrear) -> Any:
    """Da de alta la ficha de un profesional"""
    return profesionales.crear(body)


@api.get("/<uuid:id>", permission=Permiso.DISPONIBILIDAD_LEER, output=ProfesionalLectura, portal=ProfesionalPortal)
def obtener(id: UUID) -> Any:
    """Lee la ficha de un profesional"""
    return profesionales.obtener(id)


@api.patch("/<uuid:id>", permission=Permiso.USUARIOS_GESTIONAR, output=ProfesionalLectura, errors=REGLAS)
def editar(id: UUID, body: ProfesionalEditar) -> Any:
    """Edita la ficha de un profesional"""
    return profesionales.editar(id, body)
