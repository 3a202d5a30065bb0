"""Hasta dónde manda un administrador limitado a unas sedes: lo de esas sedes, y nada de toda la organización."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from app.api.models.usuario import UsuarioSede
from app.config.permissions import Rol
from app.utils.context import identidad
from app.utils.errors import Forbidden, SinPermiso
from app.utils.records import rows


class FueraDeSusSedes(Forbidden):
    """Sólo puede gestionar lo de sus sedes."""


def exigir_propias(sedes: Iterable[UUID], campo: str | None = None) -> None:
    """Que todas sean de quien pide; ninguna significa toda la organización. Errores: ``FueraDeSusSedes``."""
    propias, pedidas = set(identidad().sedes), set(sedes)
    if not manda_en_todas() and (not pedidas or not pedidas <= propias):
        raise FueraDeSusSedes(campo=campo)


def manda_en_todas() -> bool:
    """Si no tiene sedes porque las tiene todas: a quien no administra, no tener ninguna no le da las demás."""
    quien = identidad()
    sin_limite = quien.tipo == "integracion" or bool(quien.roles & {Rol.ADMINISTRADOR, Rol.CLIENTE})
    return sin_limite and not quien.sedes


def exigir_de_las_suyas(usuario_id: UUID) -> None:
    """Que ese usuario sólo trabaje en sedes de quien pide. Errores: ``FueraDeSusSedes``."""
    if identidad().sedes:
        de_usuario = select(UsuarioSede.sede_id).where(UsuarioSede.usuario_id == usuario_id)
        exigir_propias(fila.sede_id for fila in rows(de_usuario))


def exigir_sin_limite() -> None:
    """Que quien pide administre toda la organización. Errores: ``SinPermiso``."""
    if identidad().sedes:
        raise SinPermiso("Sólo puede hacerlo quien administra toda la organización, y no unas sedes")
