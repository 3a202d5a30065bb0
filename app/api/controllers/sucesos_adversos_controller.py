"""Sucesos adversos: farmacovigilancia, con su plazo para notificar."""

from typing import Any
from uuid import UUID

from app.api.schemas.suceso_adverso_schema import SucesoCrear, SucesoEditar, SucesoFiltro, SucesoLectura
from app.api.services import sucesos_adversos_service as sucesos
from app.api.services.firmantes_service import ProfesionalSinColegiacion
from app.api.services.pacientes_service import FechaFutura, FechasIncoherentes
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("sucesos-adversos", tag="Sucesos adversos")
FECHAS = (FechaFutura, FechasIncoherentes)


@api.get("", permission=Permiso.SUCESOS_LEER, output=Pagina[SucesoLectura])
def listar(query: SucesoFiltro) -> Any:
    """Lista los sucesos adversos"""
    return sucesos.listar(query)


@api.post("", permission=Permiso.SUCESOS_CREAR, output=SucesoLectura, status=201,
          errors=(*FECHAS, ProfesionalSinColegiacion))  # fmt: skip
def crear(body: SucesoCrear) -> Any:
    """Apunta un suceso adverso"""
    return sucesos.crear(body)


@api.get("/<uuid:id>", permission=Permiso.SUCESOS_LEER, output=SucesoLectura)
def obtener(id: UUID) -> Any:
    """Lee un suceso adverso"""
    return sucesos.obtener(id)


@api.patch("/<uuid:id>", permission=Permiso.SUCESOS_EDITAR, output=SucesoLectura,
           errors=(*FECHAS, sucesos.SucesoSinProducto))  # fmt: skip
def editar(id: UUID, body: SucesoEditar) -> Any:
    """Corrige un suceso adverso o apunta su notificación"""
    return sucesos.editar(id, body)


@api.delete("/<uuid:id>", permission=Permiso.SUCESOS_ELIMINAR)
def eliminar(id: UUID) -> None:
    """Da de baja un suceso apuntado por error"""
    sucesos.eliminar(id)
