"""Quién viene a una cita y qué reserva: sus animales, sus recursos y lo que se anota cuando eso cambia."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from app.api.models.cita import Cita, CitaCambio, CitaPaciente, CitaRecurso
from app.api.models.paciente import Paciente
from app.api.schemas.cita_schema import CitaCrear
from app.api.schemas.paciente_schema import PacienteCrear
from app.api.services import pacientes_service, reglas_reserva_service
from app.api.services.ocupacion_service import liberar
from app.config.permissions import Alcance, Permiso
from app.utils import audit
from app.utils.context import identidad, quien
from app.utils.errors import ConflictoConcurrente, SinPermiso, dentro_de
from app.utils.records import add, execute, rows, touch


def anotar(cita: Cita, accion: str, detalle: dict[str, Any] | None = None) -> None:
    """Un paso más en la historia de la cita."""
    add(CitaCambio(cita_id=cita.id, por=quien(), accion=accion, estado=cita.estado, detalle=detalle or {}))


def recursos_de(cita_id: UUID) -> tuple[UUID, ...]:
    """Los recursos que reserva una cita."""
    consulta = select(CitaRecurso.recurso_id).where(CitaRecurso.cita_id == cita_id).order_by(CitaRecurso.recurso_id)
    return tuple(fila.recurso_id for fila in rows(consulta))


def pacientes_de(cita: Cita) -> tuple[UUID, ...]:
    """Los animales que vienen a una cita, el primero delante."""
    otros = select(CitaPaciente.paciente_id).where(CitaPaciente.cita_id == cita.id).order_by(CitaPaciente.id)
    return (cita.paciente_id, *(fila.paciente_id for fila in rows(otros)))


def pacientes_pedidos(datos: CitaCrear) -> tuple[UUID, ...]:
    """Los animales para los que se pide cita; el que aún no tiene ficha nace aquí, con la cita o nada.

    Errores: ``SinPermiso`` si no puede dar altas, y los del alta, con sus campos bajo ``/paciente_nuevo``.
    """
    if datos.paciente_nuevo is None:
        return tuple(datos.pacientes) if datos.paciente_id is None else (datos.paciente_id,)
    if identidad().alcance(Permiso.PACIENTES_CREAR) is Alcance.NADA:
        raise SinPermiso
    reglas_reserva_service.bloquear(datos.sede_id, datos.cliente_id)
    alta = PacienteCrear(cliente_id=datos.cliente_id, **datos.paciente_nuevo.model_dump(exclude_unset=True))
    with dentro_de("/paciente_nuevo", menos="/cliente_id"):
        return (pacientes_service.crear(alta)["id"],)


def apartar(cita: Cita, paciente_id: UUID, motivo: str) -> bool:
    """Un animal deja de venir y los demás siguen con su cita. Devuelve si quedaba alguno.

    Errores: ``ConflictoConcurrente`` si a quien le sucede en la cita le está pasando algo a la vez.
    """
    vienen = pacientes_de(cita)
    quedan = [uno for uno in vienen if uno != paciente_id]
    if not quedan:
        return False
    sobra = paciente_id
    if cita.paciente_id == paciente_id:
        # El siguiente ocupa su lugar. Los pacientes se bloquean antes que las citas: aquí ya es tarde para esperarlo.
        sobra = quedan[0]
        siguiente = select(Paciente.id).where(Paciente.id == sobra)
        if not rows(siguiente.with_for_update(read=True, key_share=True, skip_locked=True), alcance=False):
            raise ConflictoConcurrente
    execute(delete(CitaPaciente).where(CitaPaciente.cita_id == cita.id, CitaPaciente.paciente_id == sobra))
    liberar(cita.id, paciente_id)
    cita.paciente_id = quedan[0]
    audit.anotar("editar", "citas", cita.id, {"pacientes": (list(vienen), quedan)})
    anotar(cita, "baja-paciente", {"paciente_id": str(paciente_id), "motivo": motivo})
    touch(cita)
    return True
