"""Cuándo se atiende en una sede, según sus horarios y excepciones. Aquí no se escribe nada."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.api.services.lectura_agenda_service import UN_DIA, Horarios, leer_horarios
from app.utils.horarios import QUITAN, Excepcion, Franja, expandir
from app.utils.intervalos import Intervalo
from app.utils.segundos import suelo, techo

# Un recurso sin horario, en una sede sin horario, se puede usar a cualquier hora.
SIEMPRE = tuple(Franja(dia, time.min, time.min, date.min) for dia in range(1, 8))


@dataclass(frozen=True, slots=True)
class Calendario:
    """Cuándo se atiende en una sede: los intervalos, en segundos, de cada profesional o recurso, y de la sede."""

    zona: str
    sede: list[Intervalo]
    de: dict[UUID, list[Intervalo]]

    def cabe(self, quien: UUID | None, inicio: datetime, fin: datetime) -> bool:
        """Si [inicio, fin) cae entero en un intervalo atendido; sin nadie, en los de la sede."""
        atendido = self.sede if quien is None else self.de[quien]
        primero, ultimo = suelo(inicio), techo(fin)
        return any(desde <= primero and ultimo <= hasta for desde, hasta in atendido)


def libres(profesional_ids: Iterable[UUID], sede_id: UUID, desde: date, hasta: date) -> dict[UUID, list[Intervalo]]:
    """Cuándo trabaja cada profesional en la sede entre dos fechas civiles, ambas incluidas; sin mirar las citas.

    Errores: ``NoEncontrado`` si la sede no existe.
    """
    return calendario(profesional_ids, (), sede_id, desde, hasta).de


def dentro_de_horario(
    profesional_ids: Sequence[UUID],
    recurso_ids: Sequence[UUID],
    sede_id: UUID,
    inicio: datetime,
    fin: datetime,
    *,
    leido: Horarios | None = None,
) -> bool:
    """Si todos los profesionales y recursos atienden durante [inicio, fin); sin ninguno, si abre la sede.

    ``leido``: sus horarios de esos días (puede traer más), si ya se pidieron.
    """
    # Un día de más a cada lado: la fecha civil depende de la zona de la sede, que se lee dentro.
    desde, hasta = inicio.astimezone(UTC).date() - UN_DIA, fin.astimezone(UTC).date() + UN_DIA
    atienden = calendario(profesional_ids, recurso_ids, sede_id, desde, hasta, sin_horario=SIEMPRE, leido=leido)
    quienes: list[UUID | None] = [*profesional_ids, *recurso_ids]
    return all(atienden.cabe(quien, inicio, fin) for quien in quienes or [None])


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
    zona = leido.zona(sede_id)
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
