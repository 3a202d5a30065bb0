"""Avisar de las citas ya dadas que un cambio de horario deja fuera."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select

from app.api.models.cita import Cita, CitaRecurso, EstadoCita
from app.api.services.agenda_service import UN_DIA, calendario
from app.utils.context import ahora, avisar
from app.utils.records import rows

# Más allá nadie revisa cita a cita: el aviso dice «al menos».
MAXIMO_CITAS = 2000
HORIZONTE = timedelta(days=366)


def avisar_citas_fuera(fila: Any, desde: date, hasta: date | None) -> None:
    """Cuenta las citas futuras que el cambio de esa fila deja fuera entre dos fechas, y avisa si hay alguna."""
    citas = _citas(fila, desde, hasta)
    recursos = _recursos([cita.id for cita in citas])
    fuera = 0
    for sede_id in {cita.sede_id for cita in citas}:
        fuera += _fuera(sede_id, [cita for cita in citas if cita.sede_id == sede_id], recursos)
    if fuera:
        cuantas = f"al menos {fuera}" if len(citas) == MAXIMO_CITAS else str(fuera)
        avisar("CITAS_FUERA_DE_HORARIO", f"Citas futuras que quedan fuera de horario: {cuantas}")


def _citas(fila: Any, desde: date, hasta: date | None) -> Sequence[Row[Any]]:
    """Las que aún no han empezado, de ese dueño y en esas fechas; las forzadas ya se dieron sabiéndolo."""
    primero = max(ahora(), datetime.combine(desde, time.min, UTC) - UN_DIA)
    ultimo = ahora() + HORIZONTE
    if hasta:
        ultimo = min(ultimo, datetime.combine(hasta, time.min, UTC) + 2 * UN_DIA)
    consulta = select(
        Cita.id, Cita.sede_id, Cita.profesional_id, Cita.auxiliar_id, Cita.inicio, Cita.fin
    ).where(
        Cita.inicio >= primero,
        Cita.inicio < ultimo,
        Cita.estado.in_((EstadoCita.SOLICITADA, EstadoCita.CONFIRMADA)),
        Cita.forzada.is_(False),
    )  # fmt: skip
    if fila.sede_id:
        consulta = consulta.where(Cita.sede_id == fila.sede_id)
    if fila.profesional_id:
        consulta = consulta.where(
            or_(Cita.profesional_id == fila.profesional_id, Cita.auxiliar_id == fila.profesional_id)
        )
    if fila.recurso_id:
        suyas = select(CitaRecurso.cita_id).where(CitaRecurso.recurso_id == fila.recurso_id)
        consulta = consulta.where(Cita.id.in_(suyas))
    return rows(consulta.order_by(Cita.inicio, Cita.id).limit(MAXIMO_CITAS), alcance=False)


def _recursos(citas: list[UUID]) -> dict[UUID, list[UUID]]:
    salida: dict[UUID, list[UUID]] = {}
    if citas:
        consulta = select(CitaRecurso.cita_id, CitaRecurso.recurso_id).where(CitaRecurso.cita_id.in_(citas))
        for fila in rows(consulta):
            salida.setdefault(fila.cita_id, []).append(fila.recurso_id)
    return salida


def _fuera(sede_id: UUID, citas: list[Row[Any]], recursos: dict[UUID, list[UUID]]) -> int:
    personas = {id for cita in citas for id in (cita.profesional_id, cita.auxiliar_id) if id}
    salas = {id for cita in citas for id in recursos.get(cita.id, ())}
    desde, hasta = citas[0].inicio.date() - UN_DIA, citas[-1].inicio.date() + 2 * UN_DIA
    atendido = calendario(personas, salas, sede_id, desde, hasta)

    def esta_fuera(cita: Row[Any]) -> bool:
        quienes = [id for id in (cita.profesional_id, cita.auxiliar_id, *recursos.get(cita.id, ())) if id]
        return not all(atendido.cabe(quien, cita.inicio, cita.fin) for quien in quienes or [None])

    return sum(esta_fuera(cita) for cita in citas)
