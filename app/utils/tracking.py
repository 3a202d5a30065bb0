"""Las entidades en las que se escribe: se siguen desde que se leen y, al mandarlas, va lo que cambió."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Column, Table, bindparam, insert, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from app.config.database import before_commit, current_transaction
from app.utils import audit
from app.utils.context import contexto
from app.utils.entities import Base
from app.utils.errors import ConflictoConcurrente, VersionObsoleta
from app.utils.statements import Rows, default_value, run

E = TypeVar("E", bound=Base)
Constructor = Callable[[], Any]
MAXIMO_JUNTAS = 50


@dataclass(slots=True)
class _Seguida:
    """Una entidad y cómo está en la base."""

    entidad: Base
    antes: dict[str, Any]
    bloqueada: bool  # nadie más puede cambiarla hasta el final: no hace falta comprobar que se escribió


def materialize(modelo: type[E], fila: Any, *, bloqueada: bool = False) -> E:
    """La entidad de una fila; si ya se seguía, la misma."""
    seguidas = _seguidas()
    seguida = seguidas.get((modelo, fila.id))
    if seguida is not None:
        seguida.bloqueada = seguida.bloqueada or bloqueada
        return seguida.entidad  # type: ignore[return-value]
    entidad: E = modelo.__mapper__.class_manager.new_instance()
    entidad.__dict__.update(fila._mapping)
    _seguir(entidad, bloqueada)
    return entidad


def insert_entity(entidad: Base) -> None:
    """Manda lo pendiente y el alta de una entidad, con los valores por defecto que le falten, y la sigue."""
    flush()
    modelo, datos = type(entidad), entidad.__dict__
    dichos = {campo: (None, valor) for campo, valor in datos.items() if campo != "_sa_instance_state"}
    for columna in _escribibles(modelo):
        if columna.key not in datos:
            datos[columna.key] = default_value(columna.default) if columna.default is not None else None
    run(_alta(modelo), dados={f"v_{columna.key}": datos[columna.key] for columna in _escribibles(modelo)})
    _seguir(entidad, bloqueada=True)
    audit.anotar_cambios("crear", entidad, dichos)


def insert_rows(modelo: type[Base], filas: list[dict[str, Any]], restriccion: str, devuelve: Any) -> list[Rows]:
    """Manda el alta de unas filas que se quedan fuera si chocan con la restricción."""
    salida = []
    for desde in range(0, len(filas), MAXIMO_JUNTAS):
        juntas = filas[desde : desde + MAXIMO_JUNTAS]
        datos = {
            f"v{n}_{columna.key}": fila[columna.key] if columna.key in fila else _por_defecto(columna)
            for n, fila in enumerate(juntas)
            for columna in _escribibles(modelo)
        }
        salida.append(run(_alta_si_cabe(modelo, len(juntas), restriccion, devuelve.key), dados=datos))
    return salida


def flush() -> None:
    """Manda lo que ha cambiado de las entidades que se siguen."""
    for seguida in list(_seguidas().values()):
        if seguida.antes != seguida.entidad.__dict__:
            _escribir(seguida, ())


def rewrite(entidad: Base, *campos: str) -> None:
    """Manda esos campos aunque no hayan cambiado, y con ellos la versión siguiente."""
    _escribir(_seguidas()[_clave(entidad)], campos)


def forget(entidad: Base) -> None:
    """Deja de seguir una entidad: lo que se le cambió no se escribe."""
    _seguidas().pop(_clave(entidad), None)


@contextmanager
def attempt() -> Iterator[None]:
    """Un intento: si se lanza algo, se deshace lo escrito dentro y las entidades vuelven a estar como antes."""
    flush()
    info = current_transaction().info
    seguidas = {clave: (una, una.antes) for clave, una in _seguidas().items()}
    asientos, comprobar = list(info.get("auditoria", ())), list(_por_comprobar())
    try:
        with current_transaction().savepoint():
            yield
            flush()
    except BaseException:
        info.update(auditoria=asientos, comprobar=comprobar, entidades={})
        for clave, (una, antes) in seguidas.items():
            una.entidad.__dict__.update(antes)
            una.antes = antes
            _seguidas()[clave] = una
        raise


@before_commit
def _terminar() -> None:
    flush()
    for respuesta in _por_comprobar():
        if respuesta.rowcount != 1:
            raise VersionObsoleta if contexto().if_match else ConflictoConcurrente
    audit.escribir()


def _seguidas() -> dict[Any, _Seguida]:
    seguidas: dict[Any, _Seguida] = current_transaction().info.setdefault("entidades", {})
    return seguidas


def _por_comprobar() -> list[Rows]:
    respuestas: list[Rows] = current_transaction().info.setdefault("comprobar", [])
    return respuestas


def _clave(entidad: Any) -> Any:
    return type(entidad), entidad.id


def _seguir(entidad: Base, bloqueada: bool) -> None:
    _seguidas()[_clave(entidad)] = _Seguida(entidad, dict(entidad.__dict__), bloqueada)


def _escribir(seguida: _Seguida, aunque: tuple[str, ...]) -> None:
    """Manda la edición de una entidad, y su asiento; la versión sube y nadie pisa la de otro."""
    entidad, antes, modelo = seguida.entidad, seguida.antes, type(seguida.entidad)
    ahora = entidad.__dict__
    cambian = {c.key for c in _escribibles(modelo) if c.key in aunque or ahora[c.key] != antes[c.key]}
    if not cambian:
        return
    cambios = {campo: (antes[campo], ahora[campo]) for campo in cambian}
    for columna in _escribibles(modelo):
        if columna.onupdate is not None and columna.key not in cambian:
            ahora[columna.key] = default_value(columna.onupdate)
            cambian.add(columna.key)
    datos = {f"de_{columna.key}": antes[columna.key] for columna in modelo.__table__.primary_key}
    if "version" in antes:
        datos["de_version"] = antes["version"]
        ahora["version"] = antes["version"] + 1
        cambian.add("version")
    datos |= {f"v_{campo}": ahora[campo] for campo in cambian}
    hecho = run(_edicion(modelo, frozenset(cambian)), dados=datos)
    if not seguida.bloqueada:
        _por_comprobar().append(hecho)
    seguida.antes = dict(ahora)
    audit.anotar_cambios("editar", entidad, cambios)


def _por_defecto(columna: Column[Any]) -> Any:
    return default_value(columna.default) if columna.default is not None else None


def _tabla(modelo: type[Base]) -> Table:
    tabla = modelo.__table__
    assert isinstance(tabla, Table)
    return tabla


@cache
def _escribibles(modelo: type[Base]) -> tuple[Column[Any], ...]:
    return tuple(columna for columna in _tabla(modelo).columns if columna.computed is None)


def _valores(modelo: type[Base], campos: Any = None, n: str = "") -> dict[str, Any]:
    return {
        columna.key: bindparam(f"v{n}_{columna.key}", type_=columna.type)
        for columna in _escribibles(modelo)
        if campos is None or columna.key in campos
    }


@cache
def _alta(modelo: type[Base]) -> Constructor:
    return cache(lambda: insert(_tabla(modelo)).values(_valores(modelo)))


@cache
def _alta_si_cabe(modelo: type[Base], cuantas: int, restriccion: str, devuelve: str) -> Constructor:
    filas = [_valores(modelo, n=str(n)) for n in range(cuantas)]
    alta = pg_insert(_tabla(modelo)).values(filas).on_conflict_do_nothing(constraint=restriccion)
    return cache(lambda: alta.returning(_tabla(modelo).c[devuelve]))


@cache
def _edicion(modelo: type[Base], campos: frozenset[str]) -> Constructor:
    tabla = _tabla(modelo)
    llaves = [*tabla.primary_key, *([tabla.c.version] if "version" in campos else [])]
    donde = [columna == bindparam(f"de_{columna.key}", type_=columna.type) for columna in llaves]
    return cache(lambda: update(tabla).where(*donde).values(_valores(modelo, campos)))
