"""La vida de un paciente: validación, pérdida, hallazgo, fallecimiento, reactivación y fusión."""

from typing import Any
from uuid import UUID

from app.api.models.cita import CitaSolapada
from app.api.schemas.paciente_schema import PacienteLectura
from app.api.schemas.vida_paciente_schema import (
    Fallecimiento,
    FusionConsulta,
    FusionPaciente,
    Perdida,
    VistaPreviaFusion,
)
from app.api.services import fusion_pacientes_service as fusiones
from app.api.services import vida_paciente_service as vida
from app.api.services.fusion_pacientes_service import EspeciesDistintas, EstadoVitalDistinto, MismoPaciente
from app.api.services.pacientes_service import FechaFutura, FechasIncoherentes, PacienteNoActivo
from app.config.permissions import Permiso
from app.utils.errors import TransicionInvalida
from app.utils.routing import Resource
from app.utils.schemas import Motivo

api = Resource("vida-paciente", path="pacientes", tag="Pacientes")
DE_FECHA = (TransicionInvalida, FechaFutura, FechasIncoherentes)
DE_FUSION = (TransicionInvalida, EspeciesDistintas, EstadoVitalDistinto, MismoPaciente, PacienteNoActivo)


@api.post(
    "/<uuid:id>/validacion", permission=Permiso.PACIENTES_VALIDAR, output=PacienteLectura, errors=(TransicionInvalida,)
)
def validar(id: UUID) -> Any:
    """Valida un paciente creado en el portal"""
    return vida.validar(id)


@api.post("/<uuid:id>/perdida", permission=Permiso.PACIENTES_EDITAR, output=PacienteLectura, errors=DE_FECHA)
def marcar_perdido(id: UUID, body: Perdida) -> Any:
    """Registra que un paciente se ha perdido"""
    return vida.marcar_perdido(id, body)


@api.post(
    "/<uuid:id>/hallazgo", permission=Permiso.PACIENTES_EDITAR, output=PacienteLectura, errors=(TransicionInvalida,)
)
def marcar_encontrado(id: UUID) -> Any:
    """Registra que un paciente perdido ha aparecido"""
    return vida.marcar_encontrado(id)


@api.post("/<uuid:id>/fallecimiento", permission=Permiso.PACIENTES_EDITAR, output=PacienteLectura, errors=DE_FECHA)
def registrar_fallecimiento(id: UUID, body: Fallecimiento) -> Any:
    """Registra el fallecimiento de un paciente

    Cancela sus citas pendientes y lo quita de las listas de espera.
    """
    return vida.registrar_fallecimiento(id, body)


@api.post(
    "/<uuid:id>/reversion-fallecimiento",
    permission=Permiso.PACIENTES_REVERTIR,
    output=PacienteLectura,
    errors=(TransicionInvalida,),
)
def revertir_fallecimiento(id: UUID, body: Motivo) -> Any:
    """Deshace un fallecimiento registrado por error

    Las citas canceladas no se recuperan.
    """
    return vida.revertir_fallecimiento(id, body)


@api.post(
    "/<uuid:id>/reactivacion", permission=Permiso.PACIENTES_EDITAR, output=PacienteLectura, errors=(TransicionInvalida,)
)
def reactivar(id: UUID) -> Any:
    """Recupera a un paciente dado de baja"""
    return vida.reactivar(id)


@api.get("/<uuid:id>/fusion", permission=Permiso.TITULARES_CAMBIAR, output=VistaPreviaFusion, errors=DE_FUSION)
def previsualizar_fusion(id: UUID, query: FusionConsulta) -> Any:
    """Muestra qué pasaría al fusionar dos pacientes"""
    return fusiones.previsualizar(id, query.con_id)


@api.post(
    "/<uuid:id>/fusion",
    permission=Permiso.TITULARES_CAMBIAR,
    output=PacienteLectura,
    errors=(*DE_FUSION, CitaSolapada),
)
def fusionar(id: UUID, body: FusionPaciente) -> Any:
    """Fusiona un paciente repetido con el que queda

    No se deshace. Los titulares que el otro no tuviera pasan a ser cotitulares suyos.
    """
    return fusiones.fusionar(id, body)
