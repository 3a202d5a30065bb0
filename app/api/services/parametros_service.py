"""Leer el valor vigente de un parámetro, sin que nadie más sepa dónde se guarda."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from app.api.models.organizacion import Organizacion
from app.api.models.sede import Sede
from app.config.parametros import valor
from app.utils.context import organizacion_id
from app.utils.records import Rows, rows


def parametros(*nombres: str, sede_id: UUID | None = None) -> tuple[Any, ...]:
    """Los valores vigentes de varios parámetros, en una sola lectura."""
    fila = _leer(sede_id)[0]
    return tuple(valor(nombre, fila.config, fila.config_sede) for nombre in nombres)


def parametro(nombre: str, sede_id: UUID | None = None) -> Any:
    """El valor vigente de un parámetro."""
    return pedir(nombre, sede_id)()


def pedir(nombre: str, sede_id: Any = None) -> Callable[[], Any]:
    """Pide el valor vigente de un parámetro; viaja ya, y se espera al llamarlo. ``sede_id``: puede ser subconsulta."""
    filas = _leer(sede_id)
    return lambda: valor(nombre, filas[0].config, filas[0].config_sede)


def pedir_si_rigen_las_espanolas() -> Callable[[], bool]:
    """Pide si rigen las reglas españolas; viaja ya, y se espera al llamarlo."""
    filas = rows(select(Organizacion.pais, Organizacion.config).where(Organizacion.id == organizacion_id()))
    return lambda: bool(filas[0].pais == "ES" and valor("validaciones_pais", filas[0].config) != "desactivadas")


def _leer(sede_id: Any) -> Rows:
    consulta = select(Organizacion.config, Sede.config.label("config_sede")).where(Organizacion.id == organizacion_id())
    return rows(consulta.outerjoin(Sede, and_(Sede.organizacion_id == Organizacion.id, Sede.id == sede_id)))
