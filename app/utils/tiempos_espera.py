"""Desde cuándo se puede consumir lo que da un animal tratado."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class UnidadEspera(StrEnum):
    """En qué se cuenta un tiempo de espera."""

    DIAS = "dias"
    HORAS = "horas"


@dataclass(frozen=True, slots=True)
class Espera:
    """Lo que hay que esperar desde la última administración."""

    ultima: datetime
    valor: int
    unidad: UnidadEspera


def apto_desde(espera: Espera, zona: str) -> datetime:
    """El primer instante apto: en días, el que sigue al último día entero de espera; en horas, el exacto.

    Fuente: F1 35.8.
    """
    local = espera.ultima.astimezone(ZoneInfo(zona))
    if espera.unidad is UnidadEspera.HORAS:
        # Horas de verdad: entre medias puede cambiar la hora oficial.
        return (local.astimezone(UTC) + timedelta(hours=espera.valor)).astimezone(local.tzinfo)
    siguiente = local.date() + timedelta(days=espera.valor + 1)
    return datetime.combine(siguiente, time(0), local.tzinfo)


def mayor(esperas: Iterable[Espera], zona: str) -> datetime | None:
    """Con varios medicamentos vale el mayor; sin ninguno, no hay que esperar. Fuente: F1 35.8."""
    return max((apto_desde(una, zona) for una in esperas), default=None)
