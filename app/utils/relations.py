"""Qué fichas se pueden pedir junto a otra con ``incluir``, y quién las lee."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from app.config.permissions import Permiso

Lector = Callable[[set[UUID]], Mapping[UUID, Any]]
# Relación -> qué permiso pide leerla y quién la lee. La de nombre «cliente» se busca por ``cliente_id``.
RELACIONES: dict[str, tuple[Permiso, Lector]] = {}


def relacion(nombre: str, permiso: Permiso) -> Callable[[Lector], Lector]:
    """Declara quién lee, de una vez, las fichas que se piden con ``incluir=nombre``."""

    def declarar(lector: Lector) -> Lector:
        RELACIONES[nombre] = (permiso, lector)
        return lector

    return declarar
