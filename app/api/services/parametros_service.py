"""Leer el valor vigente de un parámetro, sin que nadie más sepa dónde se guarda."""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from app.api.models.organizacion import Organizacion
from app.api.models.sede import Sede
from app.config.parametros import valor
from app.utils.context import organizacion_id
from app.utils.records import fetch


def parametros(*nombres: str, sede_id: UUID | None = None) -> tuple[Any, ...]:
    """Los valores vigentes de varios parámetros, en una sola lectura."""
    consulta = select(Organizacion.config, Sede.config.label("config_sede")).where(Organizacion.id == organizacion_id())
    consulta = consulta.outerjoin(Sede, and_(Sede.organizacion_id == Organizacion.id, Sede.id == sede_id))
    fila = fetch(consulta)
    return tuple(valor(nombre, fila.config, fila.config_sede) for nombre in nombres)


def parametro(nombre: str, sede_id: UUID | None = None) -> Any:
    """El valor vigente de un parámetro."""
    return parametros(nombre, sede_id=sede_id)[0]
