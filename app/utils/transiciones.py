"""Por qué pasos puede ir algo con estados: una tabla estado -> acción -> estado, y quien la aplica."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from app.utils.errors import TransicionInvalida

E = TypeVar("E", bound=StrEnum)


def siguiente(tabla: Mapping[E, Mapping[str, E]], estado: E, accion: str) -> E:
    """El estado al que lleva una acción (el nombre de su ruta), o cuáles caben. Errores: ``TransicionInvalida``."""
    posibles = tabla[estado]
    if accion not in posibles:
        raise TransicionInvalida(estado_actual=estado.value, acciones_permitidas=sorted(posibles))
    return posibles[accion]
