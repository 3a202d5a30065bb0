"""Leer el horario y la ocupación, para reservar y para ofrecer."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from bench.pares.comun import agenda
from bench.pares.drf.models import ExcepcionHorario, Horario

# Quien no tiene horario, en una sede sin horario, se puede reservar a cualquier hora.
SIEMPRE = [agenda.Franja(dia, time(), time(), date.min, None) for dia in range(1, 8)]
Libre = dict[UUID | None, list[agenda.Intervalo]]


def atendido(
    organizacion: UUID, sede: Any, personas: Sequence[UUID], recursos: Sequence[UUID], desde: date, hasta: date,
    sin_horario: Sequence[agenda.Franja] = (),
) -> Libre:  # fmt: skip
    """Cuándo atiende cada cual en la sede entre dos fechas, incluidas; bajo ``None``, cuándo abre la sede."""
    de_sede = Q(profesional_id=None, recurso_id=None)
    suyas = Q(profesional_id__in=personas) | Q(de_sede | Q(recurso_id__in=recursos), sede_id=sede.id)
    franjas, con_horario = defaultdict(list), set()
    for fila in Horario.objects.filter(suyas, organizacion_id=organizacion):
        con_horario.add(fila.profesional_id)
        if fila.sede_id == sede.id:
            franja = agenda.Franja(fila.dia_semana, fila.hora_inicio, fila.hora_fin, fila.desde, fila.hasta)
            franjas[fila.profesional_id or fila.recurso_id].append(franja)
    excepciones = defaultdict(list)
    consulta = ExcepcionHorario.objects.filter(
        Q(sede_id=sede.id) | Q(sede_id=None), de_sede | Q(profesional_id__in=personas) | Q(recurso_id__in=recursos),
        organizacion_id=organizacion, hasta__gte=desde - agenda.DIA, desde__lte=hasta,
    )  # fmt: skip
    for fila in consulta:
        excepcion = agenda.Excepcion(fila.tipo, fila.desde, fila.hasta, fila.hora_inicio, fila.hora_fin)
        excepciones[fila.profesional_id or fila.recurso_id].append(excepcion)
    general = franjas.get(None)
    zona = sede.zona_horaria

    def de(semanal: Sequence[agenda.Franja], id_: UUID | None, de_persona: bool) -> list[agenda.Intervalo]:
        vigentes = [f for f in semanal if f.desde <= hasta and (f.hasta or hasta) >= desde - agenda.DIA]
        generales = _acotar(excepciones[None], vigentes) if de_persona else excepciones[None]
        return agenda.atendido(vigentes, generales, excepciones[id_] if id_ else [], zona, desde, hasta)

    libre: Libre = {None: de(general or SIEMPRE, None, False)}
    for id_ in personas:
        libre[id_] = de(franjas[id_] if id_ in con_horario else general or sin_horario, id_, True)
    for id_ in recursos:
        libre[id_] = de(franjas[id_] or general or SIEMPRE, id_, False)
    return libre


def _acotar(de_sede: list[agenda.Excepcion], vigentes: list[agenda.Franja]) -> list[agenda.Excepcion]:
    """Lo que la sede abre de más sólo lo atiende quien trabaja en ella esos días."""
    if not vigentes:
        return [uno for uno in de_sede if uno.tipo not in agenda.SUMAN]
    primero, ultimo = min(f.desde for f in vigentes), max(f.hasta or date.max for f in vigentes)
    return [
        replace(uno, desde=max(uno.desde, primero), hasta=min(uno.hasta, ultimo)) if uno.tipo in agenda.SUMAN else uno
        for uno in de_sede
    ]


def ocupado(
    organizacion: UUID, ids: list[UUID], desde: datetime, hasta: datetime
) -> dict[UUID, list[tuple[datetime, datetime, int]]]:
    """Lo que las citas bloquean de cada cual, con lo contiguo fundido."""
    salida: dict[UUID, list[tuple[datetime, datetime, int]]] = {id_: [] for id_ in ids}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT q.ocupante_id, lower(q.rango), upper(q.rango), q.plaza FROM ("
            " SELECT o.ocupante_id, o.plaza, unnest(range_agg(o.intervalo)) AS rango FROM ocupaciones o"
            "   JOIN citas c ON c.organizacion_id = o.organizacion_id AND c.id = o.cita_id"
            "  WHERE o.organizacion_id = %s AND o.ocupante_id = ANY (%s) AND o.hasta > %s AND o.desde < %s"
            "    AND (c.estado <> 'solicitada' OR c.caduca_en IS NULL OR c.caduca_en > now())"
            "  GROUP BY o.ocupante_id, o.plaza) q",
            [organizacion, ids, desde, hasta],
        )
        for ocupante, inicio, fin, plaza in cursor.fetchall():
            salida[ocupante].append((inicio, fin, plaza))
    return salida
