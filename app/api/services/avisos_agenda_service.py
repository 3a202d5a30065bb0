"""Avisar de las citas ya dadas que un cambio de horario deja fuera."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Uuid, func, or_, select

from app.api.models.cita import Cita, CitaRecurso, EstadoCita
from app.api.services.agenda_service import calendario
from app.api.services.lectura_agenda_service import UN_DIA, leer_horarios
from app.utils.context import ahora, avisar
from app.utils.records import rows

# Más allá nadie revisa cita a cita: el aviso dice «al menos».
MAXIMO_CITAS = 2000
HORIZONTE = timedelta(days=366)


def avisar_citas_fuera(fila: Any, desde: date, hasta: date | None) -> None:
    """Cuenta las citas futuras que el cambio de esa fila deja fuera entre dos fechas, y avisa si hay alguna."""
    citas = _citas(fila, desde, hasta)
    fuera = _fuera(citas) if citas else 0
    if fuera:
        cuantas = f"al menos {fuera}" if len(citas) == MAXIMO_CITAS else str(fuera)
        avisar("CITAS_FUERA_DE_HORARIO", f"Citas futuras que quedan fuera de horario: {cuantas}")


def _citas(fila: Any, desde: date, hasta: date | None) -> Sequence[Row[Any]]:
    """Las que aún no han empezado, de ese dueño y en esas fechas; las forzadas ya se dieron sabiéndolo."""
    primero = max(ahora(), datetime.combine(desde, time.min, UTC) - UN_DIA)
    ultimo = ahora() + HORIZONTE
    if hasta:
        ultimo = min(ultimo, datetime.combine(hasta, time.min, UTC) + 2 * UN_DIA)
    suyos = select(CitaRecurso.recurso_id).where(
        CitaRecurso.organizacion_id == Cita.organizacion_id, CitaRecurso.cita_id == Cita.id
    )
    recursos = func.array(suyos.scalar_subquery(), type_=ARRAY(Uuid()))
    consulta = select(
        Cita.id, Cita.sede_id, Cita.profesional_id, Cita.auxiliar_id, Cita.inicio, Cita.fin, recursos.label("recursos")
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


def _fuera(citas: Sequence[Row[Any]]) -> int:
    """Cuántas no caben; los horarios se leen a la vez para todas las sedes."""
    desde, hasta = citas[0].inicio.date() - UN_DIA, citas[-1].inicio.date() + 2 * UN_DIA
    por_sede: dict[UUID, list[Row[Any]]] = {}
    for cita in citas:
        por_sede.setdefault(cita.sede_id, []).append(cita)
    leido = leer_horarios(_personas(citas), _salas(citas), list(por_sede), desde, hasta)

    fuera = 0
    for sede_id, suyas in por_sede.items():
        atendido = calendario(_personas(suyas), _salas(suyas), sede_id, desde, hasta, leido=leido)
        for cita in suyas:
            quienes: list[UUID | None] = [*_personas([cita]), *cita.recursos]
            fuera += not all(atendido.cabe(quien, cita.inicio, cita.fin) for quien in quienes or [None])
    return fuera


def _personas(citas: Sequence[Row[Any]]) -> list[UUID]:
    return list({id for cita in citas for id in (cita.profesional_id, cita.auxiliar_id) if id})


def _salas(citas: Sequence[Row[Any]]) -> list[UUID]:
    return list({id for cita in citas for id in cita.recursos})
