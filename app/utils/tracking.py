"""Las entidades en las que se escribe: se siguen desde que se leen y, al mandarlas, va lo que cambió."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Column, Table, bindparam, cast, column, insert, update, values
from sqlalchemy.dialects.postgresql import insert as pg_insert

from app.config.database import before_commit, current_transaction
from app.utils import audit
from app.utils.context import contexto
from app.utils.entities import Base
from app.utils.errors import ConflictoConcurrente, VersionObsoleta
from app.utils.statements import Rows, default_value, run

E = TypeVar("E", bound=Base)
T = TypeVar("T")
Constructor = Callable[[], Any]
MAXIMO_JUNTAS = 50  # filas por sentencia: cada número distinto es otra sentencia que preparar


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
        # El bloqueo sólo vale para lo que se leyó con él: si entretanto cambió, al escribir hay que notarlo.
        al_dia = getattr(fila, "version", None) == seguida.antes.get("version")
        seguida.bloqueada = seguida.bloqueada or (bloqueada and al_dia)
        return seguida.entidad  # type: ignore[return-value]
    entidad: E = modelo.__mapper__.class_manager.new_instance()
    entidad.__dict__.update(fila._asdict())
    _seguir(entidad, bloqueada)
    return entidad


def insert_entities(entidades: Sequence[Base]) -> None:
    """Manda lo pendiente y el alta de unas entidades del mismo modelo, con sus valores por defecto, y las sigue."""
    flush()
    for juntas in _por_lotes(entidades):
        modelo, dichos = type(juntas[0]), [dict(una.__dict__) for una in juntas]
        for una in juntas:
            for columna in _escribibles(modelo):
                una.__dict__.setdefault(columna.key, _por_defecto(columna))
        run(_alta(modelo, len(juntas)), dados=_datos(modelo, [una.__dict__ for una in juntas]))
        for una, suyos in zip(juntas, dichos, strict=True):
            _seguir(una, bloqueada=True)
            suyos.pop("_sa_instance_state")
            audit.anotar_cambios("crear", una, {campo: (None, valor) for campo, valor in suyos.items()})


def insert_rows(modelo: type[Base], filas: list[dict[str, Any]], restriccion: str, devuelve: Any) -> list[Rows]:
    """Manda el alta de unas filas que se quedan fuera si chocan con la restricción; una respuesta por lote."""
    enteras = [
        {c.key: fila[c.key] if c.key in fila else _por_defecto(c) for c in _escribibles(modelo)} for fila in filas
    ]
    return [
        run(_alta_si_cabe(modelo, len(juntas), restriccion, devuelve.key), dados=_datos(modelo, juntas))
        for juntas in _por_lotes(enteras)
    ]


def flush() -> None:
    """Manda lo que ha cambiado de las entidades que se siguen."""
    _mandar([(una, _distintos(una)) for una in _seguidas().values() if una.antes != una.entidad.__dict__])


def rewrite(entidades: Sequence[Base], campos: Iterable[str]) -> None:
    """Manda esos campos aunque no hayan cambiado, y con ellos la versión siguiente."""
    seguidas = [_seguidas()[_clave(una)] for una in entidades]
    _mandar([(una, _distintos(una) | set(campos)) for una in seguidas])


def forget(entidad: Base) -> None:
    """Deja de seguir una entidad: lo que se le cambió no se escribe."""
    _seguidas().pop(_clave(entidad), None)


@contextmanager
def attempt() -> Iterator[None]:
    """Un intento: si se lanza algo, se deshace lo escrito dentro y las entidades vuelven a estar como antes."""
    flush()
    info = current_transaction().info
    seguidas = {clave: (una, una.antes, una.bloqueada) for clave, una in _seguidas().items()}
    asientos, comprobar = list(info.get("auditoria", ())), list(_por_comprobar())
    try:
        with current_transaction().savepoint():
            yield
            flush()
    except BaseException:
        info.update(auditoria=asientos, comprobar=comprobar, entidades={})
        for clave, (una, antes, bloqueada) in seguidas.items():
            una.entidad.__dict__.update(antes)
            una.antes, una.bloqueada = antes, bloqueada  # lo bloqueado dentro se ha soltado
            _seguidas()[clave] = una
        raise


@before_commit
def _terminar() -> None:
    flush()
    for respuesta, cuantas in _por_comprobar():
        if respuesta.rowcount != cuantas:
            raise VersionObsoleta if contexto().if_match else ConflictoConcurrente


def _seguidas() -> dict[Any, _Seguida]:
    seguidas: dict[Any, _Seguida] = current_transaction().info.setdefault("entidades", {})
    return seguidas


def _por_comprobar() -> list[tuple[Rows, int]]:
    respuestas: list[tuple[Rows, int]] = current_transaction().info.setdefault("comprobar", [])
    return respuestas


def _clave(entidad: Any) -> Any:
    return type(entidad), entidad.id


def _seguir(entidad: Base, bloqueada: bool) -> None:
    _seguidas()[_clave(entidad)] = _Seguida(entidad, dict(entidad.__dict__), bloqueada)


def _mandar(cambios: Iterable[tuple[_Seguida, frozenset[str]]]) -> None:
    """Las que cambian en lo mismo, en una sola sentencia."""
    grupos: dict[Any, list[_Seguida]] = {}
    for seguida, cambian in cambios:
        if cambian:
            grupos.setdefault((type(seguida.entidad), cambian), []).append(seguida)
    for (modelo, cambian), grupo in grupos.items():
        for juntas in _por_lotes(grupo):
            _escribir(modelo, cambian, juntas)


def _distintos(seguida: _Seguida) -> frozenset[str]:
    ahora, antes = seguida.entidad.__dict__, seguida.antes
    return frozenset(c.key for c in _escribibles(type(seguida.entidad)) if ahora[c.key] != antes[c.key])


def _escribir(modelo: type[Base], cambian: frozenset[str], seguidas: Sequence[_Seguida]) -> None:
    """Manda la edición de unas entidades, y sus asientos; la versión sube y nadie pisa la de otro."""
    llaves = [columna.key for columna in _llaves(modelo)]
    cambios = [
        {campo: (una.antes[campo], una.entidad.__dict__[campo]) for campo in _distintos(una)} for una in seguidas
    ]
    for columna in _escribibles(modelo):
        if columna.onupdate is not None and columna.key not in cambian:
            valor = default_value(columna.onupdate)
            for una in seguidas:
                una.entidad.__dict__[columna.key] = valor
            cambian |= {columna.key}
    if "version" in llaves:
        for una in seguidas:
            una.entidad.__dict__["version"] = una.antes["version"] + 1
        cambian |= {"version"}
    datos = _datos(modelo, [una.entidad.__dict__ for una in seguidas], cambian)
    datos |= {f"de{n}_{campo}": una.antes[campo] for n, una in enumerate(seguidas) for campo in llaves}
    hecho = run(_edicion(modelo, cambian, len(seguidas)), dados=datos)
    if not all(una.bloqueada for una in seguidas):
        _por_comprobar().append((hecho, len(seguidas)))
    for una, suyos in zip(seguidas, cambios, strict=True):
        una.antes = dict(una.entidad.__dict__)
        audit.anotar_cambios("editar", una.entidad, suyos)


def _por_defecto(columna: Column[Any]) -> Any:
    return default_value(columna.default) if columna.default is not None else None


def _tabla(modelo: type[Base]) -> Table:
    tabla = modelo.__table__
    assert isinstance(tabla, Table)
    return tabla


@cache
def _escribibles(modelo: type[Base]) -> tuple[Column[Any], ...]:
    return tuple(columna for columna in _tabla(modelo).columns if columna.computed is None)


def _llaves(modelo: type[Base]) -> list[Column[Any]]:
    """Lo que identifica a una fila que se leyó: su clave y, si la lleva, su versión."""
    tabla = _tabla(modelo)
    return [*tabla.primary_key, *([tabla.c.version] if "version" in tabla.c else [])]


def _por_lotes(cosas: Sequence[T]) -> list[Sequence[T]]:
    return [cosas[desde : desde + MAXIMO_JUNTAS] for desde in range(0, len(cosas), MAXIMO_JUNTAS)]


def _datos(modelo: type[Base], filas: Sequence[dict[str, Any]], campos: Any = None) -> dict[str, Any]:
    nombres = [columna.key for columna in _escribibles(modelo) if campos is None or columna.key in campos]
    return {f"v{n}_{campo}": fila[campo] for n, fila in enumerate(filas) for campo in nombres}


def _valores(modelo: type[Base], n: int, campos: Any = None) -> dict[str, Any]:
    return {
        columna.key: bindparam(f"v{n}_{columna.key}", type_=columna.type)
        for columna in _escribibles(modelo)
        if campos is None or columna.key in campos
    }


@cache
def _alta(modelo: type[Base], cuantas: int) -> Constructor:
    return cache(lambda: insert(_tabla(modelo)).values([_valores(modelo, n) for n in range(cuantas)]))


@cache
def _alta_si_cabe(modelo: type[Base], cuantas: int, restriccion: str, devuelve: str) -> Constructor:
    filas = [_valores(modelo, n) for n in range(cuantas)]
    alta = pg_insert(_tabla(modelo)).values(filas).on_conflict_do_nothing(constraint=restriccion)
    return cache(lambda: alta.returning(_tabla(modelo).c[devuelve]))


@cache
def _edicion(modelo: type[Base], campos: frozenset[str], cuantas: int) -> Constructor:
    tabla, llaves = _tabla(modelo), _llaves(modelo)
    antes = [[bindparam(f"de{n}_{uno.key}", type_=uno.type) for uno in llaves] for n in range(cuantas)]
    despues = [_valores(modelo, n, campos) for n in range(cuantas)]
    if cuantas == 1:
        donde = [columna == dato for columna, dato in zip(llaves, antes[0], strict=True)]
        return cache(lambda: update(tabla).where(*donde).values(despues[0]))
    columnas: list[Any] = [column(f"de_{uno.key}", uno.type) for uno in llaves]
    columnas += [column(campo, tabla.c[campo].type) for campo in despues[0]]
    nuevas = values(*columnas, name="nuevas").data(
        [(*leida, *escrita.values()) for leida, escrita in zip(antes, despues, strict=True)]
    )
    return cache(
        lambda: (
            update(tabla)
            .where(*(uno == nuevas.c[f"de_{uno.key}"] for uno in llaves))
            .values({campo: cast(nuevas.c[campo], tabla.c[campo].type) for campo in despues[0]})
        )
    )
