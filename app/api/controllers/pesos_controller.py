"""Pesos: asientos que se añaden y se anulan."""

from typing import Any
from uuid import UUID

from app.api.models.consulta import ConsultaCerrada
from app.api.schemas.peso_schema import PesoCrear, PesoFiltro, PesoLectura, PesoPortal
from app.api.services import pesos_service as pesos
from app.api.services.limite_sedes_service import FueraDeSusSedes
from app.config.permissions import Permiso
from app.utils.errors import TransicionInvalida
from app.utils.routing import Resource
from app.utils.schemas import Motivo, Pagina

api = Resource("pesos", path="", tag="Pesos")


@api.get(
    "/pacientes/<uuid:id>/pesos",
    permission=Permiso.PACIENTES_LEER,
    output=Pagina[PesoLectura],
    portal=Pagina[PesoPortal],
)
def listar(id: UUID, query: PesoFiltro) -> Any:
    """Lista las pesadas de un paciente"""
    return pesos.listar(id, query)


@api.post(
    "/pacientes/<uuid:id>/pesos",
    permission=Permiso.PESOS_CREAR,
    output=PesoLectura,
    status=201,
    errors=(pesos.PesoEnElFuturo, pesos.PesoAntesDeNacer, pesos.PacienteSinPesos, ConsultaCerrada, FueraDeSusSedes),
)
def crear(id: UUID, body: PesoCrear) -> Any:
    """Anota una pesada"""
    return pesos.crear(id, body)


@api.get("/pesos/<uuid:id>", permission=Permiso.PACIENTES_LEER, output=PesoLectura, portal=PesoPortal)
def obtener(id: UUID) -> Any:
    """Lee una pesada"""
    return pesos.obtener(id)


@api.post("/pesos/<uuid:id>/anulacion", permission=Permiso.PESOS_CREAR, output=PesoLectura,
          errors=(TransicionInvalida, ConsultaCerrada, FueraDeSusSedes))  # fmt: skip
def anular(id: UUID, body: Motivo) -> Any:
    """Anula una pesada"""
    return pesos.anular(id, body)
