"""Las sedes: quién puede usar cada una."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.api.models.sede import Sede
from app.config.permissions import Rol
from app.utils.context import identidad
from app.utils.errors import NoEncontrado
from app.utils.records import columns, fetch


def exigir_sede(sede_id: UUID) -> Any:
    """La sede, si está activa y quien pide trabaja en ella. Errores: ``NoEncontrado``."""
    if not sede_permitida(sede_id):
        raise NoEncontrado
    return fetch(select(*columns(Sede)).where(Sede.id == sede_id, Sede.activo))


def sede_permitida(sede_id: UUID) -> bool:
    """Si quien pide puede trabajar en esa sede: las suyas o, sin sedes asignadas, las que su rol permita."""
    quien = identidad()
    if quien.sedes:
        return sede_id in quien.sedes
    return quien.tipo == "integracion" or bool(quien.roles & {Rol.ADMINISTRADOR, Rol.CLIENTE})
