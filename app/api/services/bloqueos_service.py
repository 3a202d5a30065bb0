"""Bloquear varias cosas a la vez, siempre en el mismo orden: clientes, pacientes y, al final, su agenda."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select, union_all

from app.api.models.cita import Cita, CitaPaciente, CitaRecurso, EstadoCita, es_de
from app.api.models.cliente import Cliente
from app.api.models.lista_espera import Espera, EstadoEspera
from app.api.models.paciente import Paciente
from app.utils.entities import Base
from app.utils.errors import ConflictoConcurrente
from app.utils.records import ask, ask_all, rows

E = TypeVar("E", bound=Base)
CITAS_VIVAS = (EstadoCita.SOLICITADA, EstadoCita.CONFIRMADA, EstadoCita.EN_SALA)
ESPERAS_VIVAS = (EstadoEspera.ACTIVA, EstadoEspera.OFERTADA)


def clientes(ids: Iterable[UUID]) -> None:
    """Nadie los cierra (baja, fusión, anonimización) hasta que esta petición acabe."""
    consulta = select(Cliente.id).where(Cliente.id.in_(set(ids))).order_by(Cliente.id)
    rows(consulta.with_for_update(read=True, key_share=True), alcance=False)


def pacientes(ids: Iterable[UUID]) -> None:
    """Nadie más los cambia, ni reserva para ellos, hasta que esta petición acabe."""
    rows(select(Paciente.id).where(Paciente.id.in_(set(ids))).order_by(Paciente.id).with_for_update(), alcance=False)


def con_su_paciente(modelo: type[E], id: UUID) -> tuple[Paciente, E]:
    """Algo apuntado a un paciente y él, que se bloquea antes, como al apuntarlo o fusionarlo: así no se interbloquean.

    Errores: ``NoEncontrado``, ``ConflictoConcurrente`` si entretanto pasó a otro.
    """
    columna: Any = modelo.paciente_id  # type: ignore[attr-defined]
    suyo = select(columna).where(modelo.id == id).scalar_subquery()  # type: ignore[attr-defined]
    leer_paciente = ask_all(select(Paciente).where(Paciente.id == suyo).with_for_update())
    leer_apuntado = ask(modelo, id)
    pacientes, apuntado = leer_paciente(), leer_apuntado()
    if [uno.id for uno in pacientes] != [apuntado.paciente_id]:  # type: ignore[attr-defined]
        raise ConflictoConcurrente
    return pacientes[0], apuntado


def agenda(*paciente_ids: UUID, pasadas: bool = False) -> set[UUID]:
    """Las citas y esperas vivas de unos pacientes ya bloqueados. Devuelve a quién y qué ocupan, para pedir su turno.

    ``pasadas``: también las que ya no están vivas, para quien vaya a cambiarlas: con el turno cogido sería tarde.
    """
    citas = select(Cita.id, Cita.estado, Cita.paciente_id, Cita.profesional_id, Cita.auxiliar_id)
    esperas = select(Espera.estado, Espera.oferta_profesional_id, Espera.oferta_recursos)
    suyas, esperadas = [es_de(*paciente_ids)], [Espera.paciente_id.in_(paciente_ids)]
    if not pasadas:
        suyas.append(Cita.estado.in_(CITAS_VIVAS))
        esperadas.append(Espera.estado.in_(ESPERAS_VIVAS))
    de_citas = rows(citas.where(*suyas).order_by(Cita.id).with_for_update(), alcance=False)
    de_esperas = rows(esperas.where(*esperadas).order_by(Espera.id).with_for_update(), alcance=False)
    return ocupantes(
        [una for una in de_citas if una.estado in CITAS_VIVAS],
        [una for una in de_esperas if una.estado in ESPERAS_VIVAS],
    )


def ocupantes(citas: Sequence[Any], esperas: Sequence[Any]) -> set[UUID]:
    """A quién y qué ocupan unas citas, y qué se ha ofrecido a unas esperas: quien las suelte pide todo su turno."""
    de_citas = {uno for cita in citas for uno in (cita.paciente_id, cita.profesional_id, cita.auxiliar_id)}
    ofrecidos = {espera.oferta_profesional_id for espera in esperas}
    ofrecidos |= {UUID(uno) for espera in esperas for uno in espera.oferta_recursos or []}
    ids = [cita.id for cita in citas]
    recursos = select(CitaRecurso.recurso_id.label("id")).where(CitaRecurso.cita_id.in_(ids))
    otros = select(CitaPaciente.paciente_id.label("id")).where(CitaPaciente.cita_id.in_(ids))
    return (de_citas | ofrecidos | {fila.id for fila in rows(union_all(recursos, otros))}) - {None}
