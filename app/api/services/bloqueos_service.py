"""Bloquear varias cosas a la vez, siempre en el mismo orden: clientes, pacientes y, al final, su agenda."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from app.api.models.cita import Cita, EstadoCita
from app.api.models.cliente import Cliente
from app.api.models.lista_espera import Espera, EstadoEspera
from app.api.models.paciente import Paciente
from app.utils.records import rows

CITAS_VIVAS = (EstadoCita.SOLICITADA, EstadoCita.CONFIRMADA, EstadoCita.EN_SALA)
ESPERAS_VIVAS = (EstadoEspera.ACTIVA, EstadoEspera.OFERTADA)


def clientes(ids: Iterable[UUID]) -> None:
    """Nadie los cierra (baja, fusión, anonimización) hasta que esta petición acabe."""
    consulta = select(Cliente.id).where(Cliente.id.in_(set(ids))).order_by(Cliente.id)
    rows(consulta.with_for_update(read=True, key_share=True), alcance=False)


def pacientes(ids: Iterable[UUID]) -> None:
    """Nadie más los cambia, ni reserva para ellos, hasta que esta petición acabe."""
    rows(select(Paciente.id).where(Paciente.id.in_(set(ids))).order_by(Paciente.id).with_for_update(), alcance=False)


def agenda(paciente_id: UUID) -> set[UUID]:
    """Las citas y esperas vivas de un paciente ya bloqueado. Devuelve a qué profesionales ocupan."""
    citas = (
        select(Cita.profesional_id, Cita.auxiliar_id)
        .where(Cita.paciente_id == paciente_id, Cita.estado.in_(CITAS_VIVAS))
        .order_by(Cita.id)
        .with_for_update()
    )
    esperas = (
        select(Espera.oferta_profesional_id)
        .where(Espera.paciente_id == paciente_id, Espera.estado.in_(ESPERAS_VIVAS))
        .order_by(Espera.id)
        .with_for_update()
    )
    filas = [*rows(citas, alcance=False), *rows(esperas, alcance=False)]
    return {uno for fila in filas for uno in fila if uno is not None}
