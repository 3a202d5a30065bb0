"""Leer la agenda: cuándo se atiende y qué está ocupado. Aquí no se escribe nada."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import repeat
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func, or_, select

from app.api.models.agenda import ExcepcionHorario, Horario
from app.api.models.cita import Cita, EstadoCita, Ocupacion
from app.api.models.sede import Sede
from app.utils.context import ahora
from app.utils.errors import NoEncontrado
from app.utils.horarios import QUITAN, Excepcion, Franja, expandir
from app.utils.intervalos import Intervalo
from app.utils.records import rows

UN_DIA = timedelta(days=1)
# Un recurso sin horario, en una sede sin horario, se puede usar a cualquier hora.
SIEMPRE = tuple(Franja(dia, time.min, time.min, date.min) for dia in range(1, 8))

Ocupado = tuple[datetime, datetime, int]


@dataclass(frozen=True, slots=True)
class Horarios:
    """Lo leído de unas sedes: la zona de cada una, las franjas semanales y las excepciones."""

    zonas: dict[UUID, str]
    franjas: Sequence[Row[Any]]
    excepciones: Sequence[Row[Any]]


@dataclass(frozen=True, slots=True)
class Calendario:
    """Cuándo se atiende en una sede: intervalos UTC de cada profesional o recurso, y de la sede."""

    zona: str
    sede: list[Intervalo]
    de: dict[UUID, list[Intervalo]]

    def cabe(self, quien: UUID | None, inicio: datetime, fin: datetime) -> bool:
        """Si [inicio, fin) cae entero en un intervalo atendido; sin nadie, en los de la sede."""
        atendido = self.sede if quien is None else self.de[quien]
        return any(desde <= inicio and fin <= hasta for desde, hasta in atendido)


def libres(profesional_ids: Iterable[UUID], sede_id: UUID, desde: date, hasta: date) -> dict[UUID, list[Intervalo]]:
    """Cuándo trabaja cada profesional en la sede entre dos fechas civiles, ambas incluidas; sin mirar las citas.

    Errores: ``NoEncontrado`` si la sede no existe.
    """
    return calendario(profesional_ids, (), sede_id, desde, hasta).de


def dentro_de_horario(
    profesional_ids: Sequence[UUID], recurso_ids: Sequence[UUID], sede_id: UUID, inicio: datetime, fin: datetime
) -> bool:
    """Si todos los profesionales y recursos atienden durante [inicio, fin); sin ninguno, si abre la sede."""
    # Un día de más a cada lado: la fecha civil depende de la zona de la sede, que se lee dentro.
    desde, hasta = inicio.astimezone(UTC).date() - UN_DIA, fin.astimezone(UTC).date() + UN_DIA
    leido = calendario(profesional_ids, recurso_ids, sede_id, desde, hasta, sin_horario=SIEMPRE)
    quienes: list[UUID | None] = [*profesional_ids, *recurso_ids]
    return all(leido.cabe(quien, inicio, fin) for quien in quienes or [None])


def ocupado(ocupante_ids: Iterable[UUID], desde: datetime, hasta: datetime) -> dict[UUID, list[Ocupado]]:
    """Lo que las citas bloquean de cada ocupante y toca [desde, hasta): en todas las sedes y las vea o no quien pide.

    Forma: (desde, hasta, plaza), con los márgenes incluidos y lo contiguo fundido. Una solicitud caducada no bloquea.
    """
    salida: dict[UUID, list[Ocupado]] = {id: [] for id in ocupante_ids}
    if not salida:
        return salida
    # Comparaciones sueltas y no «&&»: bajo políticas de fila el operador de rangos no puede usar el índice.
    # Y ya fundidas, una fila por ocupante y plaza: sueltas, las de un mes son decenas de miles.
    fundidas = (
        select(Ocupacion.ocupante_id, Ocupacion.plaza, func.unnest(func.range_agg(Ocupacion.intervalo)).label("rango"))
        .join(Cita, and_(Cita.organizacion_id == Ocupacion.organizacion_id, Cita.id == Ocupacion.cita_id))
        .where(
            Ocupacion.ocupante_id.in_(list(salida)),
            Ocupacion.hasta > desde,
            Ocupacion.desde < hasta,
            or_(Cita.estado != EstadoCita.SOLICITADA, Cita.caduca_en.is_(None), Cita.caduca_en > ahora()),
        )
        .group_by(Ocupacion.ocupante_id, Ocupacion.plaza)
        .subquery()
    )
    consulta = select(
        fundidas.c.ocupante_id,
        fundidas.c.plaza,
        func.array_agg(func.lower(fundidas.c.rango)).label("desde"),
        func.array_agg(func.upper(fundidas.c.rango)).label("hasta"),
    ).group_by(fundidas.c.ocupante_id, fundidas.c.plaza)
    for fila in rows(consulta, alcance=False):
        salida[fila.ocupante_id].extend(zip(fila.desde, fila.hasta, repeat(fila.plaza), strict=False))
    return salida


def calendario(
    profesional_ids: Iterable[UUID],
    recurso_ids: Iterable[UUID],
    sede_id: UUID,
    desde: date,
    hasta: date,
    *,
    sin_horario: Sequence[Franja] = (),
    leido: Horarios | None = None,
) -> Calendario:
    """Cuándo atienden en la sede esos profesionales y recursos, con tres lecturas sean cuantos sean.

    ``leido``: los horarios ya leídos de todos ellos, para mirar muchas sedes con las mismas tres lecturas.

    Un profesional atiende donde tiene horario propio; si no tiene ninguno en ninguna sede, sigue el de la sede, y si
    la sede tampoco tiene, ``sin_horario`` (a cualquier hora para reservar, nunca para ofrecer). Un recurso sin horario
    sigue el de la sede.
    Errores: ``NoEncontrado`` si la sede no existe.
    """
    profesionales, recursos = list(profesional_ids), list(recurso_ids)
    leido = leido or leer_horarios(profesionales, recursos, [sede_id], desde, hasta)
    zona = leido.zonas[sede_id]
    con_horario = {fila.profesional_id for fila in leido.franjas}
    franjas = _agrupar(_franja, [fila for fila in leido.franjas if fila.sede_id == sede_id])
    excepciones = _agrupar(_excepcion, [fila for fila in leido.excepciones if fila.sede_id in (sede_id, None)])
    de_sede = tuple(excepciones.pop(None, ()))
    propio_de_sede = tuple(franjas.pop(None, ()))
    general = propio_de_sede or SIEMPRE
    prestado = propio_de_sede or sin_horario
    # Quienes comparten horario comparten también la cuenta.
    hechos: dict[Any, list[Intervalo]] = {}

    def atendido(semanal: Sequence[Franja], propias: Sequence[Excepcion], suma_sede: bool = True) -> list[Intervalo]:
        vigentes = tuple(uno for uno in semanal if uno.desde <= hasta and (uno.hasta or hasta) >= desde - UN_DIA)
        clave = (vigentes, tuple(propias), suma_sede)
        if clave not in hechos:
            sede = de_sede if suma_sede else _acotar(de_sede, vigentes)
            hechos[clave] = expandir(vigentes, sede, propias, zona, desde, hasta)
        return hechos[clave]

    de = {
        id: atendido(franjas.get(id, ()) if id in con_horario else prestado, excepciones.get(id, ()), suma_sede=False)
        for id in profesionales
    }
    de |= {id: atendido(franjas.get(id) or general, excepciones.get(id, ())) for id in recursos}
    return Calendario(zona, atendido(general, ()), de)


def leer_horarios(
    profesionales: Sequence[UUID], recursos: Sequence[UUID], sedes: Sequence[UUID], desde: date, hasta: date
) -> Horarios:
    """Los horarios de esas sedes, personas y recursos y sus excepciones de esas fechas. Errores: ``NoEncontrado``."""
    zonas = {
        fila.id: fila.zona_horaria
        for fila in rows(select(Sede.id, Sede.zona_horaria).where(Sede.id.in_(sedes)), alcance=False)
    }
    if len(zonas) < len(sedes):
        raise NoEncontrado
    franjas = _franjas(profesionales, recursos, sedes)
    return Horarios(zonas, franjas, _excepciones(profesionales, recursos, sedes, desde, hasta))


def _franjas(profesionales: Sequence[UUID], recursos: Sequence[UUID], sedes: Sequence[UUID]) -> Sequence[Row[Any]]:
    return rows(
        select(
            Horario.sede_id, Horario.profesional_id, Horario.recurso_id, Horario.dia_semana, Horario.hora_inicio,
            Horario.hora_fin, Horario.desde, Horario.hasta,
        ).where(
            or_(
                # Los del profesional, de todas las sedes: no tener ninguno no es lo mismo que no tenerlo aquí.
                Horario.profesional_id.in_(profesionales),
                and_(
                    Horario.sede_id.in_(sedes),
                    or_(
                        and_(Horario.profesional_id.is_(None), Horario.recurso_id.is_(None)),
                        Horario.recurso_id.in_(recursos),
                    ),
                ),
            )
        )
    )  # fmt: skip


def _excepciones(
    profesionales: Sequence[UUID], recursos: Sequence[UUID], sedes: Sequence[UUID], desde: date, hasta: date
) -> Sequence[Row[Any]]:
    tabla = ExcepcionHorario
    return rows(
        select(
            tabla.sede_id, tabla.profesional_id, tabla.recurso_id, tabla.tipo, tabla.desde, tabla.hasta,
            tabla.hora_inicio, tabla.hora_fin,
        ).where(
            tabla.hasta >= desde - UN_DIA,
            tabla.desde <= hasta,
            or_(tabla.sede_id.in_(sedes), tabla.sede_id.is_(None)),
            or_(
                and_(tabla.profesional_id.is_(None), tabla.recurso_id.is_(None)),
                tabla.profesional_id.in_(profesionales),
                tabla.recurso_id.in_(recursos),
            ),
        )
    )  # fmt: skip


def _agrupar(convertir: Any, filas: Sequence[Row[Any]]) -> dict[UUID | None, list[Any]]:
    """Las filas de cada dueño; las de la sede, que no tienen, bajo ``None``."""
    grupos: dict[UUID | None, list[Any]] = {}
    for fila in filas:
        grupos.setdefault(fila.profesional_id or fila.recurso_id, []).append(convertir(fila))
    return grupos


def _franja(fila: Row[Any]) -> Franja:
    return Franja(fila.dia_semana, fila.hora_inicio, fila.hora_fin, fila.desde, fila.hasta)


def _excepcion(fila: Row[Any]) -> Excepcion:
    ambito = "profesional" if fila.profesional_id else "recurso" if fila.recurso_id else "sede"
    return Excepcion(fila.desde, fila.hasta, fila.hora_inicio, fila.hora_fin, fila.tipo.value, ambito)


def _acotar(de_sede: Sequence[Excepcion], vigentes: Sequence[Franja]) -> list[Excepcion]:
    """Lo que la sede abre de más sólo lo atiende quien trabaja en ella esos días."""
    if not vigentes:
        return [uno for uno in de_sede if uno.tipo in QUITAN]
    primero = min(uno.desde for uno in vigentes)
    ultimo = max(uno.hasta or date.max for uno in vigentes)
    return [
        uno if uno.tipo in QUITAN else replace(uno, desde=max(uno.desde, primero), hasta=min(uno.hasta, ultimo))
        for uno in de_sede
    ]
