"""Quién viene a una cita y qué reserva: sus animales, sus recursos y lo que se anota cuando eso cambia."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.api.models.cita import Cita, CitaCambio, CitaPaciente, CitaRecurso
from app.api.models.paciente import Paciente
from app.api.schemas.cita_schema import CitaCrear
from app.api.schemas.paciente_schema import PacienteCrear
from app.api.services import pacientes_service, reglas_reserva_service
from app.api.services.ocupacion_service import liberar
from app.config.permissions import Alcance, Permiso
from app.utils import audit
from app.utils.context import identidad, quien
from app.utils.errors import ConflictoConcurrente, NoEncontrado, SinPermiso, dentro_de
from app.utils.records import add, add_all, change_all, dato, execute, rows


def anotar(cita: Cita, accion: str, detalle: dict[str, Any] | None = None) -> None:
    """Un paso más en la historia de la cita."""
    add(CitaCambio(cita_id=cita.id, por=quien(), accion=accion, estado=cita.estado, detalle=detalle or {}))


def traer(cita_id: UUID, recursos: Sequence[UUID], otros: Sequence[UUID] = ()) -> None:
    """Los recursos que la cita reserva y los animales que acompañan al primero."""
    add_all(CitaRecurso(cita_id=cita_id, recurso_id=uno) for uno in recursos)
    add_all(CitaPaciente(cita_id=cita_id, paciente_id=uno) for uno in otros)


@dataclass(frozen=True, slots=True)
class Participantes:
    """La sede y el cliente de una cita, los animales que vienen (el primero delante) y los recursos que reserva."""

    sede_id: UUID
    cliente_id: UUID
    pacientes: tuple[UUID, ...]
    recursos: tuple[UUID, ...]


def participantes(cita_id: UUID, *, alcance: bool = True) -> Participantes:
    """Quién viene a una cita; con ``alcance=False``, la vea o no quien pide. Errores: ``NoEncontrado``."""
    return pedir_participantes(cita_id, alcance=alcance)()


def pedir_participantes(cita_id: UUID, *, alcance: bool = True) -> Callable[[], Participantes]:
    """Lo mismo, en dos tiempos: viaja ya, y se espera al llamarlo."""
    pedidas = rows(_participantes, alcance=alcance, cita_id=cita_id)

    def esperar() -> Participantes:
        if not pedidas:
            raise NoEncontrado
        fila = pedidas[0]
        pacientes = (fila.paciente_id, *(fila.otros or ()))
        return Participantes(fila.sede_id, fila.cliente_id, pacientes, tuple(fila.recursos or ()))

    return esperar


@cache
def _participantes() -> Select[*tuple[Any, ...]]:
    otros = select(func.array_agg(aggregate_order_by(CitaPaciente.paciente_id, CitaPaciente.id))).where(
        CitaPaciente.organizacion_id == Cita.organizacion_id, CitaPaciente.cita_id == Cita.id
    )
    recursos = select(func.array_agg(aggregate_order_by(CitaRecurso.recurso_id, CitaRecurso.recurso_id))).where(
        CitaRecurso.organizacion_id == Cita.organizacion_id, CitaRecurso.cita_id == Cita.id
    )
    columnas = (Cita.sede_id, Cita.cliente_id, Cita.paciente_id)
    consulta = select(*columnas, otros.scalar_subquery().label("otros"), recursos.scalar_subquery().label("recursos"))
    return consulta.where(Cita.id == dato("cita_id"))


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
        return (pacientes_service.crear(alta).now()["id"],)


def apartar(citas: Sequence[Cita], paciente_id: UUID, motivo: str) -> list[Cita]:
    """Un animal deja de venir a esas citas y los demás siguen con ellas. Devuelve las que se quedan sin nadie.

    Errores: ``ConflictoConcurrente`` si a quien le sucede en alguna le está pasando algo a la vez.
    """
    vienen = _pacientes(citas)
    quedan = {cita.id: [uno for uno in vienen[cita.id] if uno != paciente_id] for cita in citas}
    compartidas = [cita for cita in citas if quedan[cita.id]]
    if not compartidas:
        return list(citas)
    # Si venía el primero, el siguiente ocupa su lugar y es quien deja de acompañar.
    deja = {cita.id: quedan[cita.id][0] if cita.paciente_id == paciente_id else paciente_id for cita in compartidas}
    # Los pacientes se bloquean antes que las citas: aquí ya es tarde para esperar a quien sucede.
    suceden = set(deja.values()) - {paciente_id}
    libres = select(Paciente.id).where(Paciente.id.in_(suceden)).order_by(Paciente.id)
    if len(rows(libres.with_for_update(read=True, key_share=True, skip_locked=True), alcance=False)) < len(suceden):
        raise ConflictoConcurrente
    execute(delete(CitaPaciente).where(tuple_(CitaPaciente.cita_id, CitaPaciente.paciente_id).in_(deja.items())))
    liberar(list(deja), paciente_id)
    for cita in compartidas:
        audit.anotar("editar", "citas", cita.id, {"pacientes": (vienen[cita.id], quedan[cita.id])})
    change_all(compartidas, lambda cita: {"paciente_id": quedan[cita.id][0]})
    pasos = {"accion": "baja-paciente", "detalle": {"paciente_id": str(paciente_id), "motivo": motivo}, "por": quien()}
    add_all(CitaCambio(cita_id=cita.id, estado=cita.estado, **pasos) for cita in compartidas)
    return [cita for cita in citas if not quedan[cita.id]]


def _pacientes(citas: Sequence[Cita]) -> dict[UUID, list[UUID]]:
    """Los animales que vienen a cada cita, el primero delante."""
    vienen = {cita.id: [cita.paciente_id] for cita in citas}
    otros = select(CitaPaciente.cita_id, CitaPaciente.paciente_id).where(CitaPaciente.cita_id.in_(vienen))
    for fila in rows(otros.order_by(CitaPaciente.id)):
        vienen[fila.cita_id].append(fila.paciente_id)
    return vienen
