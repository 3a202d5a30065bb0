"""Constantes vitales: lo que se mide en una consulta, con su marca por especie."""

from typing import Any
from uuid import UUID

from app.api.models.consulta import ConsultaAnulada, ConsultaCerrada
from app.api.schemas.constantes_schema import ConstantesCrear, ConstantesEditar, ConstantesLectura
from app.api.services import constantes_service as constantes
from app.api.services.acceso_clinico_service import MotivoRequerido
from app.api.services.pacientes_service import FechaFutura
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import PageQuery, Pagina

api = Resource("constantes", path="", tag="Consultas")
ESCRIBIR = (ConsultaCerrada, ConsultaAnulada, FechaFutura)


@api.get("/consultas/<uuid:id>/constantes", permission=Permiso.CONSULTAS_LEER, output=Pagina[ConstantesLectura],
         errors=(MotivoRequerido,))  # fmt: skip
def listar(id: UUID, query: PageQuery) -> Any:
    """Lista las constantes tomadas en una consulta"""
    return constantes.listar(id, query)


@api.post("/consultas/<uuid:id>/constantes", permission=Permiso.CONSTANTES_CREAR, output=ConstantesLectura, status=201,
          errors=ESCRIBIR)  # fmt: skip
def crear(id: UUID, body: ConstantesCrear) -> Any:
    """Anota unas constantes"""
    return constantes.crear(id, body)


@api.get("/constantes/<uuid:id>", permission=Permiso.CONSULTAS_LEER, output=ConstantesLectura,
         errors=(MotivoRequerido,))  # fmt: skip
def obtener(id: UUID) -> Any:
    """Lee unas constantes"""
    return constantes.obtener(id)


@api.patch("/constantes/<uuid:id>", permission=Permiso.CONSTANTES_CREAR, output=ConstantesLectura,
           errors=(*ESCRIBIR, MotivoRequerido))  # fmt: skip
def editar(id: UUID, body: ConstantesEditar) -> Any:
    """Corrige unas constantes"""
    return constantes.editar(id, body)
