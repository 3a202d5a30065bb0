"""Lo que la agenda lee de la base: horarios, excepciones y ocupación, con sentencias siempre iguales."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Row, Select, and_, cast, func, or_, select

from app.api.models.agenda import ExcepcionHorario, Horario
from app.api.models.cita import Cita, EstadoCita, Ocupacion
from app.api.models.sede import Sede
from app.api.services.ocupacion_service import OCUPACION_MAXIMA
from app.utils.context import ahora
from app.utils.errors import NoEncontrado
from app.utils.intervalos import Intervalo
from app.utils.records import AnyRow, dato, one_of, rows

UN_DIA = timedelta(days=1)
# Lo que algo tiene ocupado en cada una de sus plazas.
Ocupado = dict[int, list[Intervalo]]


@dataclass(frozen=True, slots=True)
class Horarios:
    """Lo que se lee de unas sedes: la zona de cada una, las franjas semanales y las excepciones."""

    sedes: Sequence[Row[Any]]
    franjas: Sequence[Row[Any]]
    excepciones: Sequence[Row[Any]]

    def zona(self, sede_id: UUID) -> str:
        """La zona horaria de una de las sedes. Errores: ``NoEncontrado``."""
        for sede in self.sedes:
            if sede.id == sede_id:
                return str(sede.zona_horaria)
        raise NoEncontrado


def leer_horarios(
    profesionales: Sequence[UUID], recursos: Sequence[UUID], sedes: Sequence[UUID], desde: date, hasta: date
) -> Horarios:
    """Los horarios de esas sedes, personas y recursos y sus excepciones de esas fechas: tres lecturas y un viaje."""
    quienes: dict[str, Any] = {"profesionales": list(profesionales), "recursos": list(recursos), "sedes": list(sedes)}
    franjas = rows(_franjas, **quienes)
    excepciones = rows(_excepciones, **quienes, desde=desde - UN_DIA, hasta=hasta)
    return Horarios(rows(_zonas, alcance=False, sedes=quienes["sedes"]), franjas, excepciones)


@cache
def _zonas() -> Select[*tuple[Any, ...]]:
    return select(Sede.id, Sede.zona_horaria).where(one_of(Sede.id, dato("sedes")))


@cache
def _franjas() -> Select[*tuple[Any, ...]]:
    return select(
        Horario.sede_id, Horario.profesional_id, Horario.recurso_id, Horario.dia_semana, Horario.hora_inicio,
        Horario.hora_fin, Horario.desde, Horario.hasta,
    ).where(
        or_(
            # Los del profesional, de todas las sedes: no tener ninguno no es lo mismo que no tenerlo aquí.
            one_of(Horario.profesional_id, dato("profesionales")),
            and_(
                one_of(Horario.sede_id, dato("sedes")),
                or_(
                    and_(Horario.profesional_id.is_(None), Horario.recurso_id.is_(None)),
                    one_of(Horario.recurso_id, dato("recursos")),
                ),
            ),
        )
    )  # fmt: skip


@cache
def _excepciones() -> Select[*tuple[Any, ...]]:
    tabla = ExcepcionHorario
    return select(
        tabla.sede_id, tabla.profesional_id, tabla.recurso_id, tabla.tipo, tabla.desde, tabla.hasta,
        tabla.hora_inicio, tabla.hora_fin,
    ).where(
        tabla.hasta >= dato("desde"),
        tabla.desde <= dato("hasta"),
        or_(one_of(tabla.sede_id, dato("sedes")), tabla.sede_id.is_(None)),
        or_(
            and_(tabla.profesional_id.is_(None), tabla.recurso_id.is_(None)),
            one_of(tabla.profesional_id, dato("profesionales")),
            one_of(tabla.recurso_id, dato("recursos")),
        ),
    )  # fmt: skip


def pedir_ocupado(ocupante_ids: Iterable[UUID], desde: datetime, hasta: datetime) -> Sequence[AnyRow]:
    """Pone en camino la lectura de ``ocupado``, para que viaje con otras."""
    ids, tope = list(ocupante_ids), hasta + OCUPACION_MAXIMA
    return rows(_ocupado, alcance=False, ids=ids, desde=desde, hasta=hasta, tope=tope, ahora=ahora()) if ids else ()


def ocupado(
    ocupante_ids: Iterable[UUID], desde: datetime, hasta: datetime, *, pedido: Sequence[AnyRow] | None = None
) -> dict[UUID, Ocupado]:
    """Lo que las citas bloquean de cada ocupante y toca [desde, hasta): en todas las sedes y las vea o no quien pide.

    Forma: por plazas, en segundos, con los márgenes incluidos y lo contiguo fundido. Una solicitud caducada no bloquea.
    ``pedido``: la lectura, si ya se puso en camino.
    """
    salida: dict[UUID, Ocupado] = {id: {} for id in ocupante_ids}
    for fila in pedir_ocupado(salida, desde, hasta) if pedido is None else pedido:
        salida[fila.ocupante_id][fila.plaza] = list(zip(fila.desde, fila.hasta, strict=True))
    return salida


@cache
def _ocupado() -> Select[*tuple[Any, ...]]:
    # Comparaciones sueltas y no «&&»: bajo políticas de fila el operador de rangos no puede usar el índice.
    # Y ya fundidas, una fila por ocupante y plaza: sueltas, las de un mes son decenas de miles.
    caducadas = select(Cita.id).where(Cita.estado == EstadoCita.SOLICITADA, Cita.caduca_en <= dato("ahora"))
    fundidas = (
        select(Ocupacion.ocupante_id, Ocupacion.plaza, func.unnest(func.range_agg(Ocupacion.intervalo)).label("rango"))
        .where(
            one_of(Ocupacion.ocupante_id, dato("ids")),
            Ocupacion.hasta > dato("desde"),
            Ocupacion.desde < dato("hasta"),
            Ocupacion.hasta < dato("tope"),  # lo dice ya lo de arriba, pero el índice es por «hasta»
            Ocupacion.cita_id.not_in(caducadas),
        )
        .group_by(Ocupacion.ocupante_id, Ocupacion.plaza)
        .subquery()
    )
    # A segundos enteros por fuera: para inicios y duraciones que también lo son, veta exactamente lo mismo.
    desde = func.floor(func.date_part("epoch", func.lower(fundidas.c.rango)))
    hasta = func.ceil(func.date_part("epoch", func.upper(fundidas.c.rango)))
    return select(
        fundidas.c.ocupante_id,
        fundidas.c.plaza,
        cast(func.array_agg(desde), ARRAY(BigInteger)).label("desde"),
        cast(func.array_agg(hasta), ARRAY(BigInteger)).label("hasta"),
    ).group_by(fundidas.c.ocupante_id, fundidas.c.plaza)
