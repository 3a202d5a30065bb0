"""Desparasitaciones: asientos que se añaden y se anulan."""

from typing import Any
from uuid import UUID

from app.api.schemas.desparasitacion_schema import (
    DesparasitacionCrear,
    DesparasitacionFiltro,
    DesparasitacionLectura,
    DesparasitacionPortal,
    DesparasitacionSedeFiltro,
)
from app.api.services import desparasitaciones_service as desparasitaciones
from app.api.services.limite_sedes_service import FueraDeSusSedes
from app.api.services.pacientes_service import FechaFutura, FechasIncoherentes, PacienteFallecido, PacienteNoActivo
from app.config.permissions import Permiso
from app.utils.errors import TransicionInvalida
from app.utils.routing import Resource
from app.utils.schemas import Motivo, Pagina

api = Resource("desparasitaciones", path="", tag="Vacunas")


@api.get(
    "/pacientes/<uuid:id>/desparasitaciones",
    permission=Permiso.DESPARASITACIONES_LEER,
    output=Pagina[DesparasitacionLectura],
    portal=Pagina[DesparasitacionPortal],
)
def listar_del_paciente(id: UUID, query: DesparasitacionFiltro) -> Any:
    """Lista las desparasitaciones de un paciente"""
    return desparasitaciones.listar(id, query)


@api.post(
    "/pacientes/<uuid:id>/desparasitaciones",
    permission=Permiso.DESPARASITACIONES_CREAR,
    output=DesparasitacionLectura,
    status=201,
    errors=(
        FechaFutura,
        FechasIncoherentes,
        FueraDeSusSedes,
        PacienteFallecido,
        PacienteNoActivo,
        desparasitaciones.ProductoRequerido,
    ),
)
def crear(id: UUID, body: DesparasitacionCrear) -> Any:
    """Apunta una desparasitación

    La próxima sale de la pauta por edad de perros y gatos y, en las externas, de lo que dura el producto.
    """
    return desparasitaciones.crear(id, body)


@api.get(
    "/desparasitaciones",
    permission=Permiso.DESPARASITACIONES_LEER,
    output=Pagina[DesparasitacionLectura],
    portal=Pagina[DesparasitacionPortal],
)
def listar(query: DesparasitacionSedeFiltro) -> Any:
    """Lista las desparasitaciones de la sede"""
    return desparasitaciones.listar_de_la_sede(query)


@api.get(
    "/desparasitaciones/<uuid:id>",
    permission=Permiso.DESPARASITACIONES_LEER,
    output=DesparasitacionLectura,
    portal=DesparasitacionPortal,
)
def obtener(id: UUID) -> Any:
    """Lee una desparasitación"""
    return desparasitaciones.obtener(id)


@api.post(
    "/desparasitaciones/<uuid:id>/anulacion",
    permission=Permiso.DESPARASITACIONES_ANULAR,
    output=DesparasitacionLectura,
    errors=(TransicionInvalida,),
)
def anular(id: UUID, body: Motivo) -> Any:
    """Anula una desparasitación"""
    return desparasitaciones.anular(id, body)
