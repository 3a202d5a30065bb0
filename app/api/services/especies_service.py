"""Comprobar que unas especies están en el catálogo."""

from collections.abc import Iterable

from sqlalchemy import select

from app.api.models.catalogo import Especie
from app.api.services.pacientes_service import EspecieDesconocida
from app.utils.records import one_of, rows


def exigir_especies(codigos: Iterable[str], campo: str) -> None:
    """Que todas existan. Errores: ``EspecieDesconocida``."""
    pedidas = set(codigos)
    if pedidas and pedidas - set(rows(select(Especie.codigo).where(one_of(Especie.codigo, pedidas))).scalars()):
        raise EspecieDesconocida(campo=campo)
