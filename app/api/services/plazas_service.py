"""Qué plaza le toca a cada ocupante de una cita, y con quién choca quien no la tiene. Aquí no se lee ni se escribe."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.api.models.cita import TipoOcupante

PLAZAS_FORZADAS = 20
# Con márgenes compartidos cada cita guarda dos filas: [inicio, fin+después) y, en otra serie de plazas,
# [inicio−antes, fin). Juntas exigen que entre dos citas quepa el mayor de los dos márgenes, no la suma.
SERIE_MARGEN_PREVIO = 1000


@dataclass(frozen=True, slots=True)
class Ocupante:
    """Quién o qué queda ocupado, cuánto y en cuántas plazas cabe."""

    tipo: TipoOcupante
    id: UUID
    desde: datetime
    hasta: datetime
    plazas: int = 1
    forzado: bool = False
    serie: int = 0


def repartir(
    ocupantes: Sequence[Ocupante], cogidas: Sequence[Row[Any]]
) -> tuple[list[tuple[Ocupante, int]], list[Row[Any]]]:
    """La plaza de cada ocupante, y con quién chocan los que no la tienen. Una solicitud caducada no estorba."""
    plazas: list[tuple[Ocupante, int]] = []
    conflictos: list[Row[Any]] = []
    for uno in ocupantes:
        choques = [fila for fila in cogidas if not fila.caducada and _choca(uno, fila)]
        plaza = _plaza_libre(uno, choques)
        if plaza is None:
            conflictos += choques
        else:
            plazas.append((uno, plaza))
    return plazas, conflictos


def _choca(uno: Ocupante, fila: Row[Any]) -> bool:
    misma_serie = (fila.plaza > SERIE_MARGEN_PREVIO) == (uno.serie > 0)
    return bool(fila.ocupante_id == uno.id and misma_serie and fila.desde < uno.hasta and fila.hasta > uno.desde)


def _plaza_libre(uno: Ocupante, choques: Sequence[Row[Any]]) -> int | None:
    """La primera plaza libre; 0 si hay sitio pero hay que recolocar a otros; nada si está lleno.

    Un profesional ocupado, aun por un solape forzado, no tiene plaza libre.
    """
    usadas = {fila.plaza - uno.serie for fila in choques}
    if uno.plazas == 1 and not uno.forzado:
        return None if usadas else 1 + uno.serie
    maximo = PLAZAS_FORZADAS if uno.forzado else uno.plazas
    libre = next((plaza for plaza in range(1, maximo + 1) if plaza not in usadas), None)
    if libre is None:
        return 0 if _pico(uno, choques) < maximo else None
    return libre + uno.serie


def _pico(uno: Ocupante, choques: Sequence[Row[Any]]) -> int:
    """Cuántas plazas llegan a estar cogidas a la vez durante el intervalo."""
    entradas = [uno.desde, *(fila.desde for fila in choques if fila.desde > uno.desde)]
    return int(max(sum(fila.desde <= cuando < fila.hasta for fila in choques) for cuando in entradas))
