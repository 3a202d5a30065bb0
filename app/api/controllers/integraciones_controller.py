"""Integraciones: los programas que usan la API con credencial propia."""

from typing import Any
from uuid import UUID

from app.api.schemas.integracion_schema import (
    IntegracionCrear,
    IntegracionEditar,
    IntegracionFiltro,
    IntegracionLectura,
    IntegracionSecreto,
)
from app.api.services import integraciones_service as integraciones
from app.api.services.limite_sedes_service import FueraDeSusSedes
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("integraciones", tag="Integraciones")
EDICION = (integraciones.CaducidadPasada, integraciones.IntegracionDeBaja, FueraDeSusSedes)


@api.get("", permission=Permiso.INTEGRACIONES_GESTIONAR, output=Pagina[IntegracionLectura])
def listar(query: IntegracionFiltro) -> Any:
    """Lista las integraciones"""
    return integraciones.listar(query)


@api.post(
    "",
    permission=Permiso.INTEGRACIONES_GESTIONAR,
    output=IntegracionSecreto,
    status=201,
    errors=(integraciones.CaducidadPasada, FueraDeSusSedes),
)
def crear(body: IntegracionCrear) -> Any:
    """Da de alta una integración; su secreto sólo se ve en esta respuesta"""
    return integraciones.crear(body)


@api.get("/<uuid:id>", permission=Permiso.INTEGRACIONES_GESTIONAR, output=IntegracionLectura)
def obtener(id: UUID) -> Any:
    """Lee una integración"""
    return integraciones.obtener(id)


@api.patch("/<uuid:id>", permission=Permiso.INTEGRACIONES_GESTIONAR, output=IntegracionLectura, errors=EDICION)
def editar(id: UUID, body: IntegracionEditar) -> Any:
    """Edita una integración"""
    return integraciones.editar(id, body)


@api.delete("/<uuid:id>", permission=Permiso.INTEGRACIONES_GESTIONAR, errors=(integraciones.IntegracionDeBaja,))
def eliminar(id: UUID) -> None:
    """Da de baja una integración"""
    integraciones.eliminar(id)


@api.post(
    "/<uuid:id>/rotacion",
    permission=Permiso.INTEGRACIONES_GESTIONAR,
    output=IntegracionSecreto,
    errors=(integraciones.IntegracionDeBaja,),
)
def rotar(id: UUID) -> Any:
    """Cambia el secreto de una integración, visible sólo ahora"""
    return integraciones.rotar(id)
