"""Leer la agenda: cuándo se atiende y qué está ocupado."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bench.pares.comun import agenda
from bench.pares.fastapi.modelos import Cita, Excepcion, Horario, Ocupacion

DIA = timedelta(days=1)


async def atendido(sesion: AsyncSession, org: UUID, sede_id: UUID, zona: str, profesionales: list[UUID],
                   recursos: list[UUID], desde: date, hasta: date) -> dict[UUID, list[agenda.Intervalo]]:
    """Los intervalos en que atiende cada profesional y recurso en la sede."""
    horarios = (await sesion.execute(
        select(Horario.sede_id, Horario.profesional_id, Horario.recurso_id, Horario.dia_semana, Horario.hora_inicio,
               Horario.hora_fin, Horario.desde, Horario.hasta)
        .where(Horario.organizacion_id == org, or_(
            Horario.profesional_id.in_(profesionales),
            and_(Horario.sede_id == sede_id, or_(
                and_(Horario.profesional_id.is_(None), Horario.recurso_id.is_(None)), Horario.recurso_id.in_(recursos),
            )),
        ))
    )).all()
    excepciones = (await sesion.execute(
        select(Excepcion.profesional_id, Excepcion.recurso_id, Excepcion.tipo, Excepcion.desde, Excepcion.hasta,
               Excepcion.hora_inicio, Excepcion.hora_fin)
        .where(Excepcion.organizacion_id == org, Excepcion.hasta >= desde - DIA, Excepcion.desde <= hasta,
               or_(Excepcion.sede_id == sede_id, Excepcion.sede_id.is_(None)),
               or_(and_(Excepcion.profesional_id.is_(None), Excepcion.recurso_id.is_(None)),
                   Excepcion.profesional_id.in_(profesionales), Excepcion.recurso_id.in_(recursos)))
    )).all()
    con_horario, franjas, cambios = set(), defaultdict(list), defaultdict(list)
    for h in horarios:
        con_horario.add(h.profesional_id)
        if h.sede_id == sede_id:
            una = agenda.Franja(h.dia_semana, h.hora_inicio, h.hora_fin, h.desde, h.hasta)
            franjas[h.profesional_id or h.recurso_id].append(una)
    for e in excepciones:
        una = agenda.Excepcion(e.tipo, e.desde, e.hasta, e.hora_inicio, e.hora_fin)
        cambios[e.profesional_id or e.recurso_id].append(una)
    salida = {}
    for id in (*profesionales, *recursos):
        semanal = franjas[id] if id in con_horario else franjas[id] or franjas[None]
        salida[id] = agenda.atendido(semanal, cambios[None], cambios[id], zona, desde, hasta)
    return salida


async def ocupado(sesion: AsyncSession, org: UUID, ocupantes: list[UUID], desde: datetime, hasta: datetime
                  ) -> dict[UUID, list[tuple[datetime, datetime, int]]]:
    """Lo que las citas bloquean de cada uno; una solicitud caducada no bloquea."""
    filas = (await sesion.execute(
        select(Ocupacion.ocupante_id, Ocupacion.plaza,
               func.unnest(func.range_agg(func.tstzrange(Ocupacion.desde, Ocupacion.hasta))).label("rango"))
        .join(Cita, and_(Cita.organizacion_id == Ocupacion.organizacion_id, Cita.id == Ocupacion.cita_id))
        .where(Ocupacion.organizacion_id == org, Ocupacion.ocupante_id.in_(ocupantes), Ocupacion.hasta > desde,
               Ocupacion.desde < hasta,
               or_(Cita.estado != "solicitada", Cita.caduca_en.is_(None), Cita.caduca_en > datetime.now(UTC)))
        .group_by(Ocupacion.ocupante_id, Ocupacion.plaza)
    )).all()
    salida = defaultdict(list)
    for fila in filas:
        salida[fila.ocupante_id].append((fila.rango.lower, fila.rango.upper, fila.plaza))
    return salida
