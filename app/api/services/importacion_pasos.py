"""Lo que comparten las importaciones de clientes y de pacientes: la petición, los pasos y las claves ya vistas."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from app.api.schemas.importacion_schema import Mapa
from app.api.services.importacion_campos import Equivalencias
from app.utils.entities import Base
from app.utils.errors import Conflict
from app.utils.records import rows


class ClaveRepetida(Conflict):
    """Otra fila del fichero trae ya esa clave."""


@dataclass(frozen=True, slots=True)
class Importacion:
    """Qué se importa, con qué reglas, y si es un ensayo; ``vistas`` recuerda en qué fila salió cada clave."""

    fichero: Path
    mapa: Mapa
    equivalencias: Equivalencias | None
    huella: bytes
    ensayo: bool
    hoy: date
    sede_id: UUID | None = None
    vistas: dict[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leida:
    """Una fila que se entiende: sus campos, en la forma de la API."""

    fila: int
    id_externo: str
    campos: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Alta:
    """Una ficha nueva; ``filas`` son las que hay que escribir, en orden, y la primera lleva el código."""

    filas: Sequence[tuple[type[Base], dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Cambio:
    """Los campos de una ficha que difieren de lo escrito en el fichero, y cómo cambiarlos."""

    campos: list[str]
    hacer: Callable[[], object]


def como_json(campos: dict[str, Any]) -> str:
    """Los campos como llegarían por la API, para que los valide el mismo esquema y en el mismo modo."""
    return json.dumps(campos)


def exigir_unica(importacion: Importacion, campo: str, valor: str, fila: int) -> None:
    """Que ninguna fila anterior trae el mismo valor. Errores: ``ClaveRepetida``, que nombra la fila."""
    anterior = importacion.vistas.setdefault((campo, valor), fila)
    if anterior != fila:
        raise ClaveRepetida(f"Repite el valor de la fila {anterior}", campo=f"/{campo}")


def duenios_de_clave(
    columna: InstrumentedAttribute[Any], externo: InstrumentedAttribute[Any], valores: Iterable[str], *donde: Any
) -> dict[str, str | None]:
    """De unas claves, las que ya están en uso y por qué ``id_externo``."""
    buscados = sorted(set(valores))
    if not buscados:
        return {}
    usadas = rows(select(columna, externo).where(columna.in_(buscados), *donde))
    return {str(usada[0]): usada[1] for usada in usadas}
