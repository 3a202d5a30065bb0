"""Quién puede firmar un acto clínico: un veterinario con su número de colegiado."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from app.api.models.profesional import Categoria, Profesional
from app.api.models.usuario import Usuario
from app.utils.context import identidad
from app.utils.errors import BusinessRule
from app.utils.records import columns, rows


class ProfesionalSinColegiacion(BusinessRule):
    """Quien firma no tiene número de colegiado."""


class FirmanteNoAutorizado(BusinessRule):
    """Eso lo ha de firmar otra persona."""


def pedir_firmante(veterinario_id: UUID | None) -> Callable[[], Any]:
    """Pone en camino la ficha del veterinario que se dice o, si no se dice, la de quien pide; se exige al llamarlo.

    Errores: ``ProfesionalSinColegiacion``.
    """
    return pedir_veterinario(veterinario_id) if veterinario_id else pedir_mi_firma()


def pedir_mi_firma(veterinario_id: UUID | None = None) -> Callable[[], Any]:
    """Pone en camino la ficha de quien pide, que firma con ella; si se dice de quién ha de ser, la suya.

    Errores: ``FirmanteNoAutorizado``, ``ProfesionalSinColegiacion``.
    """
    fichas = rows(_fichas().where(Profesional.usuario_id == identidad().id))

    def esperar() -> Any:
        ficha = fichas.first()
        if veterinario_id is not None and (ficha is None or ficha.id != veterinario_id):
            raise FirmanteNoAutorizado
        return _colegiado(ficha)

    return esperar


def pedir_veterinario(id: UUID, campo: str = "/veterinario_id") -> Callable[[], Any]:
    """Pone en camino la ficha de un veterinario colegiado en activo. Errores: ``ProfesionalSinColegiacion``."""
    fichas = rows(_fichas().where(Profesional.id == id))
    return lambda: _colegiado(fichas.first(), campo)


def _fichas() -> Any:
    mismo = and_(Usuario.organizacion_id == Profesional.organizacion_id, Usuario.id == Profesional.usuario_id)
    campos = columns(Profesional, "documento_identidad")
    return select(*campos, Usuario.email).join(Usuario, mismo).where(Profesional.activo)


def _colegiado(ficha: Any, campo: str | None = None) -> Any:
    if ficha is None or ficha.categoria is not Categoria.VETERINARIO or not ficha.num_colegiado:
        raise ProfesionalSinColegiacion(campo=campo)
    return ficha
