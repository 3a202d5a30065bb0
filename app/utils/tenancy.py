"""Cada consulta filtrada por organización y por lo que quien pide puede ver; cada alta, estampada."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, event, text
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, Session, with_loader_criteria

from app.config.database import ServetSession
from app.utils.context import Identidad, contexto, organizacion_id
from app.utils.entities import DeOrganizacion

SIN_ALCANCE: dict[str, Any] = {"alcance": False}
_FIJAR = text("SELECT fijar_organizacion(:organizacion)")

# Reglas de objeto (sus sedes, lo propio): modelo -> criterio según la identidad. None: sin límite.
_REGLAS: dict[type, Callable[[Identidad], ColumnElement[bool] | None]] = {}
_filtro_orm = True
MAXIMO_GUARDADAS = 5_000
_reglas_guardadas: dict[UUID, tuple[Identidad, list[LoaderCriteriaOption]]] = {}


class SinOrganizacion(RuntimeError):
    """Se consulta una tabla de organización sin saber de cuál."""


class _Criterio(LoaderCriteriaOption):
    """Una regla de objeto que vale también para un alias unido con JOIN, donde SQLAlchemy no la traduce."""

    _traverse_internals = LoaderCriteriaOption._traverse_internals

    def _resolve_where_criteria(self, ext_info: Any) -> ColumnElement[bool]:
        criterio = super()._resolve_where_criteria(ext_info)
        if ext_info.is_aliased_class:
            criterio = ext_info._adapter.traverse(criterio)
        return criterio


def restringir(modelo: type, regla: Callable[[Identidad], ColumnElement[bool] | None]) -> None:
    """Declara qué filas de un modelo puede ver cada identidad."""
    _REGLAS[modelo] = regla


def desactivar_filtro_orm(desactivado: bool) -> None:
    """Sólo para la prueba que demuestra que las políticas de fila bastan por sí solas."""
    global _filtro_orm
    _filtro_orm = not desactivado


@event.listens_for(ServetSession, "after_begin")
def _fijar_organizacion(_session: Session, transaccion: Any, conexion: Any) -> None:
    if transaccion.nested:
        return  # un punto de guarda sigue en la misma organización
    # Siempre, también sin organización: una conexión reutilizada no hereda la anterior.
    actual = organizacion_id()
    conexion.execute(_FIJAR, {"organizacion": str(actual) if actual else ""})


@event.listens_for(ServetSession, "do_orm_execute")
def _filtrar(estado: ORMExecuteState) -> None:
    if not _filtro_orm or not (estado.is_select or estado.is_update or estado.is_delete):
        return
    if estado.is_column_load or estado.is_relationship_load:
        return
    organizacion = organizacion_id()
    if organizacion is None:
        if any(issubclass(mapper.class_, DeOrganizacion) for mapper in estado.all_mappers):
            raise SinOrganizacion
        return
    opciones = [
        with_loader_criteria(
            DeOrganizacion, lambda modelo: modelo.organizacion_id == organizacion, include_aliases=True
        )
    ]
    quien = contexto().identidad
    if quien is not None and estado.execution_options.get("alcance", True):
        opciones += _reglas_de(quien)
    estado.statement = estado.statement.options(*opciones)


def _reglas_de(quien: Identidad) -> list[LoaderCriteriaOption]:
    """Las reglas de objeto de una identidad; las de la clínica se construyen una vez por identidad leída."""
    if quien.es_cliente:
        return _construir(quien)  # las del portal dependen de la fecha de hoy
    guardada = _reglas_guardadas.get(quien.id)
    if guardada is None or guardada[0] is not quien:
        if len(_reglas_guardadas) >= MAXIMO_GUARDADAS:
            _reglas_guardadas.clear()
        guardada = _reglas_guardadas[quien.id] = (quien, _construir(quien))
    return guardada[1]


def _construir(quien: Identidad) -> list[LoaderCriteriaOption]:
    criterios = [(modelo, regla(quien)) for modelo, regla in _REGLAS.items()]
    return [_Criterio(modelo, uno, include_aliases=True) for modelo, uno in criterios if uno is not None]
