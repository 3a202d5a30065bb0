"""Cada consulta filtrada por organización y por lo que quien pide puede ver."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Date, Uuid, bindparam
from sqlalchemy.orm import LoaderCriteriaOption, with_loader_criteria

from app.config.database import each_transaction
from app.config.permissions import Alcance, Permiso, Rol
from app.utils.context import Identidad, contexto, hoy, identidad, organizacion_id
from app.utils.entities import DeOrganizacion


class SinOrganizacion(RuntimeError):
    """Se consulta una tabla de organización sin saber de cuál."""


@dataclass(frozen=True, slots=True, eq=False)
class Quien:
    """Quien pide, como lo ve una regla: de qué clase es, y sus datos, que se dan al ejecutar la consulta.

    De cada clase sólo hay uno: distinguir dos es mirar si son el mismo.
    """

    es_cliente: bool
    es_administrador: bool
    es_integracion: bool
    tiene_sedes: bool
    clientes_compartidos: bool
    ve_adjuntos_clinicos: bool
    organizacion_id = bindparam("organizacion_actual", type_=Uuid())
    cliente_id = bindparam("quien_cliente_id", type_=Uuid())
    sedes = bindparam("quien_sedes", type_=ARRAY(Uuid()))
    hoy = bindparam("quien_hoy", type_=Date())


Regla = Callable[[Quien], ColumnElement[bool] | None]
# Reglas de objeto (sus sedes, lo propio): modelo -> criterio según quién pide. None: sin límite.
_REGLAS: dict[type, Regla] = {}
_filtro_orm = True


def _organizacion() -> Any:
    actual = organizacion_id()
    if actual is None:
        raise SinOrganizacion
    return actual


_DATOS: dict[str, Callable[[], Any]] = {
    "organizacion_actual": _organizacion,
    "quien_cliente_id": lambda: identidad().cliente_id,
    "quien_sedes": lambda: list(identidad().sedes),
    "quien_hoy": hoy,
}


class _Criterio(LoaderCriteriaOption):
    """Una regla de objeto que vale también para un alias unido con JOIN, donde SQLAlchemy no la traduce."""

    _traverse_internals = LoaderCriteriaOption._traverse_internals

    def _resolve_where_criteria(self, ext_info: Any) -> ColumnElement[bool]:
        criterio = super()._resolve_where_criteria(ext_info)
        if ext_info.is_aliased_class:
            criterio = ext_info._adapter.traverse(criterio)
        return criterio


_DE_LA_ORGANIZACION = with_loader_criteria(
    DeOrganizacion,
    lambda modelo: modelo.organizacion_id == bindparam("organizacion_actual", type_=Uuid()),
    include_aliases=True,
)


@each_transaction
def fijar_organizacion() -> tuple[bytes, list[Any]]:
    """Lo primero de cada transacción; también sin organización: una conexión reutilizada no hereda la anterior."""
    actual = organizacion_id()
    return b"SELECT fijar_organizacion($1)", [str(actual) if actual else ""]


def restringir(modelo: type, regla: Regla) -> None:
    """Declara qué filas de un modelo puede ver quien pide."""
    _REGLAS[modelo] = regla


def desactivar_filtro_orm(desactivado: bool) -> None:
    """Sólo para la prueba que demuestra que las políticas de fila bastan por sí solas."""
    global _filtro_orm
    _filtro_orm = not desactivado


def contextual(nombre: str) -> Callable[[], Any] | None:
    """De dónde sale un dato que las reglas dejan para el momento de ejecutar la consulta."""
    return _DATOS.get(nombre)


def quien_pide(de: Identidad) -> Quien:
    """Cómo ven las reglas a una identidad."""
    return _el_unico(
        de.es_cliente, Rol.ADMINISTRADOR in de.roles, de.tipo == "integracion", bool(de.sedes), de.clientes_compartidos,
        de.alcance(Permiso.ADJUNTOS_CLINICOS) is not Alcance.NADA,
    )  # fmt: skip


_el_unico = cache(Quien)


def shape(alcance: bool) -> Quien | bool:
    """Lo que distingue a dos consultas iguales pedidas por personas distintas: las reglas, no sus datos."""
    de = contexto().identidad
    return quien_pide(de) if alcance and de is not None and _filtro_orm else _filtro_orm


def criteria(forma: Quien | bool) -> list[LoaderCriteriaOption]:
    """Los filtros de una consulta: su organización y, si la forma es la de alguien, lo que puede ver."""
    if isinstance(forma, Quien):
        return [_DE_LA_ORGANIZACION, *_reglas(forma)]
    return [_DE_LA_ORGANIZACION] if forma else []


@cache
def _reglas(quien: Quien) -> list[LoaderCriteriaOption]:
    criterios = [(modelo, regla(quien)) for modelo, regla in _REGLAS.items()]
    return [_Criterio(modelo, uno, include_aliases=True) for modelo, uno in criterios if uno is not None]
