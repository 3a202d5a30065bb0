"""Citas: reservar, mover y cada paso hasta que el paciente se va."""

from typing import Any
from uuid import UUID

from app.api.models.cita import CitaSolapada
from app.api.schemas.cita_schema import (
    Cancelacion,
    CitaCrear,
    CitaEditar,
    CitaFiltro,
    CitaLectura,
    CitaPortal,
    Cola,
    ColaFiltro,
    Inicio,
    Reprogramacion,
)
from app.api.services import citas_service as citas
from app.api.services.citas_service import CancelacionFueraDePlazo, ToleranciaNoCumplida
from app.api.services.hora_cita_service import HoraAmbigua, HoraInexistente
from app.api.services.pacientes_service import PacienteFallecido
from app.api.services.reservas_service import FueraDeHorario
from app.config.permissions import Permiso
from app.utils.errors import TransicionInvalida
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("citas", tag="Citas")
HUECO = (CitaSolapada, FueraDeHorario, HoraInexistente, HoraAmbigua, PacienteFallecido)


@api.get("", permission=Permiso.CITAS_LEER, output=Pagina[CitaLectura], portal=Pagina[CitaPortal])
def listar(query: CitaFiltro) -> Any:
    """Lista las citas"""
    return citas.listar(query)


@api.post("", permission=Permiso.CITAS_CREAR, output=CitaLectura, portal=CitaPortal, status=201, requires_key=True,
          errors=HUECO)  # fmt: skip
def crear(body: CitaCrear) -> Any:
    """Reserva una cita"""
    return citas.crear(body)


@api.get("/cola", permission=Permiso.CITAS_GESTIONAR, output=Cola)
def cola(query: ColaFiltro) -> Any:
    """Muestra la sala de espera en orden"""
    return citas.cola(query)


@api.get("/<uuid:id>", permission=Permiso.CITAS_LEER, output=CitaLectura, portal=CitaPortal)
def obtener(id: UUID) -> Any:
    """Lee una cita"""
    return citas.obtener(id)


@api.patch("/<uuid:id>", permission=Permiso.CITAS_EDITAR, output=CitaLectura)
def editar(id: UUID, body: CitaEditar) -> Any:
    """Corrige el motivo, las notas o la prioridad de una cita"""
    return citas.editar(id, body)


@api.post("/<uuid:id>/confirmacion", permission=Permiso.CITAS_GESTIONAR, output=CitaLectura,
          errors=(CitaSolapada, TransicionInvalida))  # fmt: skip
def confirmar(id: UUID) -> Any:
    """Confirma una cita solicitada"""
    return citas.confirmar(id)


@api.post("/<uuid:id>/reprogramacion", permission=Permiso.CITAS_EDITAR, output=CitaLectura,
          errors=(*HUECO, TransicionInvalida))  # fmt: skip
def reprogramar(id: UUID, body: Reprogramacion) -> Any:
    """Mueve una cita a otro intervalo"""
    return citas.reprogramar(id, body)


@api.post("/<uuid:id>/cancelacion", permission=Permiso.CITAS_CANCELAR, output=CitaLectura, portal=CitaPortal,
          errors=(CancelacionFueraDePlazo, TransicionInvalida))  # fmt: skip
def cancelar(id: UUID, body: Cancelacion) -> Any:
    """Cancela una cita"""
    return citas.cancelar(id, body)


@api.post("/<uuid:id>/llegada", permission=Permiso.CITAS_GESTIONAR, output=CitaLectura,
          errors=(CitaSolapada, TransicionInvalida))  # fmt: skip
def registrar_llegada(id: UUID) -> Any:
    """Registra que el paciente ha llegado"""
    return citas.registrar_llegada(id)


@api.post("/<uuid:id>/inicio", permission=Permiso.CITAS_GESTIONAR, output=CitaLectura,
          errors=(CitaSolapada, TransicionInvalida))  # fmt: skip
def iniciar(id: UUID, body: Inicio) -> Any:
    """Empieza la consulta"""
    return citas.iniciar(id, body)


@api.post("/<uuid:id>/finalizacion", permission=Permiso.CITAS_GESTIONAR, output=CitaLectura,
          errors=(TransicionInvalida,))  # fmt: skip
def finalizar(id: UUID) -> Any:
    """Termina la consulta"""
    return citas.finalizar(id)


@api.post("/<uuid:id>/no-presentacion", permission=Permiso.CITAS_GESTIONAR, output=CitaLectura,
          errors=(ToleranciaNoCumplida, TransicionInvalida))  # fmt: skip
def marcar_no_presentado(id: UUID) -> Any:
    """Marca que el paciente no se presentó"""
    return citas.marcar_no_presentado(id)
