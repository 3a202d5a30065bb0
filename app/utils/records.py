"""Los verbos que comparten todos los servicios: find, add, change, remove, fetch y rows."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import CompoundSelect, Executable, Row, Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm.attributes import flag_modified

from app.config.database import current_session
from app.utils.context import ahora, contexto
from app.utils.entities import Base
from app.utils.errors import NoEncontrado, VersionObsoleta
from app.utils.schemas import Partial
from app.utils.tenancy import SIN_ALCANCE

E = TypeVar("E", bound=Base)
AnySelect = Select[*tuple[Any, ...]]
AnyRow = Row[*tuple[Any, ...]]


def check_version(version: int) -> None:
    """Compara con If-Match, si vino. Errores: ``VersionObsoleta``."""
    if_match = contexto().if_match
    if if_match is not None and "*" not in if_match and str(version) not in if_match:
        raise VersionObsoleta


def columns(modelo: type[Base], *menos: str) -> list[Any]:
    """Las columnas de un modelo, para leerlas sin construir entidades."""
    return [getattr(modelo, columna.key) for columna in modelo.__table__.columns if columna.key not in menos]


def find(modelo: type[E], id: UUID, *, alcance: bool = True, compartida: bool = False) -> E:
    """La entidad con ese id, si existe y quien pide puede verla.

    La de la propia ruta se bloquea y se compara con If-Match: dos acciones a la vez se ponen en fila.
    ``compartida``: nadie puede cerrarla (fusión, fallecimiento) hasta que esta petición acabe.
    Con ``alcance=False`` no se aplican las reglas de objeto (comprobaciones internas).
    Errores: ``NoEncontrado``, ``VersionObsoleta``.
    """
    actual = contexto()
    propia = id == actual.recurso_id and actual.metodo not in ("GET", "HEAD", "")
    consulta = select(modelo).where(modelo.id == id)  # type: ignore[attr-defined]
    if propia:
        consulta = consulta.with_for_update(of=modelo)
    elif compartida:
        consulta = consulta.with_for_update(of=modelo, read=True, key_share=True)
    opciones = {} if alcance else SIN_ALCANCE
    entidad = current_session().execute(consulta, execution_options=opciones).scalar_one_or_none()
    if entidad is None:
        raise NoEncontrado
    if propia and hasattr(entidad, "version"):
        check_version(entidad.version)
    return entidad


def add(entidad: E) -> E:
    """Da de alta una entidad; las restricciones de la base se comprueban ya."""
    session = current_session()
    session.add(entidad)
    session.flush()
    return entidad


def change(entidad: E, cambios: Partial | dict[str, Any]) -> E:
    """Escribe los campos que vinieron y comprueba las restricciones."""
    valores = cambios if isinstance(cambios, dict) else cambios.cambios()
    for campo, valor in valores.items():
        if getattr(entidad, campo) != valor:
            setattr(entidad, campo, valor)
    current_session().flush()
    return entidad


def touch(entidad: E) -> E:
    """Sube la versión aunque no cambie ningún campo propio: ha cambiado algo que se lee con ella."""
    entidad.actualizado_en = ahora()  # type: ignore[attr-defined]
    # Con el reloj fijado la hora puede ser la misma, y sin cambio no habría versión nueva.
    flag_modified(entidad, "actualizado_en")
    current_session().flush()
    return entidad


def remove(entidad: E, motivo: str | None = None) -> None:
    """Baja lógica: la fila queda, marcada."""
    change(entidad, {"activo": False, "baja_en": ahora(), "baja_motivo": motivo})


def fetch(consulta: AnySelect, *, alcance: bool = True) -> AnyRow:
    """La única fila de una lectura. Errores: ``NoEncontrado``."""
    fila = current_session().execute(consulta, execution_options={} if alcance else SIN_ALCANCE).one_or_none()
    if fila is None:
        raise NoEncontrado
    return fila


def rows(consulta: AnySelect | CompoundSelect[Any], *, alcance: bool = True) -> Sequence[AnyRow]:
    """Todas las filas de una lectura que se sabe corta."""
    return current_session().execute(consulta, execution_options={} if alcance else SIN_ALCANCE).all()


def first(consulta: AnySelect, *, alcance: bool = True) -> AnyRow | None:
    """La primera fila de una lectura, o nada."""
    return current_session().execute(consulta, execution_options={} if alcance else SIN_ALCANCE).first()


def entities(consulta: Select[E], *, alcance: bool = True) -> Sequence[E]:
    """Las entidades de una consulta, para escribir en ellas."""
    return current_session().execute(consulta, execution_options={} if alcance else SIN_ALCANCE).scalars().all()


def execute(sentencia: Executable) -> Any:
    """Una sentencia de escritura en bloque; sólo donde la unidad de trabajo no llega."""
    return current_session().execute(sentencia, execution_options=SIN_ALCANCE)


def insert_if_free(modelo: type[Base], filas: list[dict[str, Any]], restriccion: str, devuelve: Any) -> Sequence[Any]:
    """Inserta las filas que no chocan con la restricción y devuelve cuáles entraron.

    ``ON CONFLICT … DO NOTHING`` espera a la otra transacción sin interbloquearse, al revés que una inserción simple.
    """
    sentencia = insert(modelo).on_conflict_do_nothing(constraint=restriccion).returning(devuelve)
    return current_session().execute(sentencia, filas, execution_options=SIN_ALCANCE).scalars().all()


def flush() -> None:
    """Envía lo pendiente a la base: las restricciones hablan ya."""
    current_session().flush()


def forget(entidad: Base) -> None:
    """Deja de seguir una entidad: lo que se le cambió no se escribe."""
    current_session().expunge(entidad)
