"""Vacunaciones y plan vacunal."""

from typing import Any
from uuid import UUID

from app.api.models.vacunacion import LoteCaducado, VacunacionDuplicada
from app.api.schemas.plan_vacunal_schema import PlanVacunal
from app.api.schemas.vacunacion_schema import (
    VacunacionCrear,
    VacunacionEditar,
    VacunacionFiltro,
    VacunacionLectura,
    VacunacionPortal,
    VacunacionSedeFiltro,
)
from app.api.services import lectura_vacunas_service as lectura
from app.api.services import plan_vacunal_service as planes
from app.api.services import vacunaciones_service as vacunaciones
from app.api.services.limite_sedes_service import FueraDeSusSedes
from app.api.services.pacientes_service import FechaFutura, FechasIncoherentes, PacienteFallecido, PacienteNoActivo
from app.config.permissions import Permiso
from app.utils.errors import TransicionInvalida
from app.utils.routing import Resource
from app.utils.schemas import Motivo, Pagina

api = Resource("vacunaciones", path="", tag="Vacunas")


@api.get(
    "/pacientes/<uuid:id>/vacunaciones",
    permission=Permiso.VACUNACIONES_LEER,
    output=Pagina[VacunacionLectura],
    portal=Pagina[VacunacionPortal],
)
def listar_del_paciente(id: UUID, query: VacunacionFiltro) -> Any:
    """Lista las vacunas de un paciente"""
    return lectura.listar(id, query)


@api.post(
    "/pacientes/<uuid:id>/vacunaciones",
    permission=Permiso.VACUNACIONES_CREAR,
    output=VacunacionLectura,
    status=201,
    errors=(
        FechaFutura,
        FechasIncoherentes,
        FueraDeSusSedes,
        LoteCaducado,
        PacienteFallecido,
        PacienteNoActivo,
        VacunacionDuplicada,
        vacunaciones.DatoDeVacunaRequerido,
        vacunaciones.OrdenVeterinariaRequerida,
        vacunaciones.ProductoNoEsVacuna,
        vacunaciones.VeterinarioInvalido,
    ),
)
def crear(id: UUID, body: VacunacionCrear) -> Any:
    """Registra una vacuna

    Quien no es veterinario necesita la orden de uno. La próxima fecha sale de los protocolos que la vacuna cubre.
    """
    return vacunaciones.crear(id, body)


@api.get(
    "/pacientes/<uuid:id>/plan-vacunal", permission=Permiso.VACUNACIONES_LEER, output=PlanVacunal, portal=PlanVacunal
)
def plan(id: UUID) -> Any:
    """Lee qué vacunas le tocan a un paciente, cuándo y por qué"""
    return planes.obtener(id)


@api.get(
    "/vacunaciones",
    permission=Permiso.VACUNACIONES_LEER,
    output=Pagina[VacunacionLectura],
    portal=Pagina[VacunacionPortal],
)
def listar(query: VacunacionSedeFiltro) -> Any:
    """Lista las vacunas de la sede"""
    return lectura.listar_de_la_sede(query)


@api.get(
    "/vacunaciones/<uuid:id>",
    permission=Permiso.VACUNACIONES_LEER,
    output=VacunacionLectura,
    portal=VacunacionPortal,
)
def obtener(id: UUID) -> Any:
    """Lee una vacuna puesta"""
    return lectura.obtener(id)


@api.patch(
    "/vacunaciones/<uuid:id>",
    permission=Permiso.VACUNACIONES_EDITAR,
    output=VacunacionLectura,
    errors=(FechasIncoherentes, vacunaciones.ProximaSinMotivo, vacunaciones.VacunacionAnulada, FueraDeSusSedes),
)
def editar(id: UUID, body: VacunacionEditar) -> Any:
    """Fija a mano la próxima fecha de una vacuna

    Con `fecha_proxima` nula vuelve a regir la calculada.
    """
    return vacunaciones.editar(id, body)


@api.post(
    "/vacunaciones/<uuid:id>/anulacion",
    permission=Permiso.VACUNACIONES_EDITAR,
    output=VacunacionLectura,
    errors=(TransicionInvalida, FueraDeSusSedes),
)
def anular(id: UUID, body: Motivo) -> Any:
    """Anula una vacuna; deja de contar"""
    return vacunaciones.anular(id, body)
