"""Titularidades: de quién es cada paciente y desde cuándo."""

from typing import Any
from uuid import UUID

from app.api.schemas.paciente_schema import PacienteLectura
from app.api.schemas.titularidad_schema import (
    CambioTitular,
    CotitularCrear,
    TitularidadFiltro,
    TitularidadLectura,
    TitularidadPortal,
)
from app.api.services import titularidades_service as titularidades
from app.api.services.pacientes_service import ClienteNoActivo, PacienteFallecido, PacienteNoActivo
from app.api.services.titularidades_service import (
    DocumentoRequerido,
    PorcentajesNoSuman,
    TitularidadCerrada,
    TitularNoSeCierra,
    YaEsTitular,
)
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("titularidades", path="", tag="Pacientes")
DE_ALTA = (ClienteNoActivo, PacienteFallecido, PacienteNoActivo, YaEsTitular, PorcentajesNoSuman)


@api.get(
    "/pacientes/<uuid:id>/titularidades",
    permission=Permiso.PACIENTES_LEER,
    output=Pagina[TitularidadLectura],
    portal=Pagina[TitularidadPortal],
)
def listar(id: UUID, query: TitularidadFiltro) -> Any:
    """Lista los titulares de un paciente, los de hoy y los de antes"""
    return titularidades.listar(id, query)


@api.post(
    "/pacientes/<uuid:id>/cambio-titular",
    permission=Permiso.TITULARES_CAMBIAR,
    output=PacienteLectura,
    errors=(*DE_ALTA, DocumentoRequerido),
)
def cambiar_titular(id: UUID, body: CambioTitular) -> Any:
    """Cambia el titular de un paciente

    El anterior deja de verlo al instante, y con él sus autorizados. Recepción tiene que indicar `documento`.
    """
    return titularidades.cambiar_titular(id, body)


@api.post(
    "/pacientes/<uuid:id>/cotitulares",
    permission=Permiso.TITULARES_CAMBIAR,
    output=Pagina[TitularidadLectura],
    errors=DE_ALTA,
)
def anadir_cotitular(id: UUID, body: CotitularCrear) -> Any:
    """Añade un cotitular a un paciente

    Devuelve los titulares vigentes: la parte del nuevo, si se dice, sale de la del titular.
    """
    return titularidades.anadir_cotitular(id, body)


@api.post(
    "/titularidades/<uuid:id>/cierre",
    permission=Permiso.TITULARES_CAMBIAR,
    output=TitularidadLectura,
    errors=(TitularidadCerrada, TitularNoSeCierra),
)
def cerrar(id: UUID) -> Any:
    """Cierra una cotitularidad"""
    return titularidades.cerrar(id)
