"""Los verbos que comparten todos los servicios: find, add, change, remove, fetch y rows."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import CompoundSelect, Executable, Select, bindparam, select

from app.config.database import current_transaction
from app.utils.context import ahora, contexto
from app.utils.entities import Base
from app.utils.errors import NoEncontrado, VersionObsoleta
from app.utils.schemas import Partial
from app.utils.statements import AnyRow, Rows, dato, one_of, run
from app.utils.tracking import attempt, flush, forget, insert_entities, insert_rows, materialize, rewrite

__all__ = [
    "AnyRow", "Reread", "Rows", "add", "add_all", "ask", "ask_all", "attempt", "change", "change_all", "check_version",
    "columns", "dato", "entities", "execute", "fetch", "find", "first", "flush", "forget", "insert_if_free",
    "insert_or_fail", "one_of", "remove", "rows", "touch",
]  # fmt: skip
E = TypeVar("E", bound=Base)
AnySelect = Select[*tuple[Any, ...]]
# Una consulta o, para las que son siempre la misma, la función que la construye: así sólo se compila una vez.
AnyQuery = AnySelect | CompoundSelect[Any] | Callable[[], AnySelect]


class Reread:
    """Lo que queda por leer, acabado ya de escribir, para responder.

    Quien recibe la respuesta de un servicio decide: si era lo último, viaja con COMMIT; si no, se lee sin más.
    """

    __slots__ = ("_args", "_read")

    def __init__(self, read: Callable[..., Any], *args: Any) -> None:
        self._read, self._args = read, args

    def now(self) -> Any:
        """Lo lee, y se sigue escribiendo."""
        return self._read(*self._args)

    def last(self) -> Any:
        """Lo lee y confirma, en el mismo viaje: detrás no se escribe nada. Ha de leerse de una vez."""
        current_transaction().finish()
        return self._read(*self._args)


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
    return ask(modelo, id, alcance=alcance, compartida=compartida)()


def ask(modelo: type[E], id: UUID, *, alcance: bool = True, compartida: bool = False) -> Callable[[], E]:
    """Lo mismo que ``find``, en dos tiempos: se pide ya y se espera al llamarlo; lo pedido entre medias va con ella."""
    actual = contexto()
    propia = id == actual.recurso_id and actual.metodo not in ("GET", "HEAD", "")
    pedida = run(_por_id(modelo, propia, compartida), alcance=alcance, dados={"id": id})

    def esperar() -> E:
        fila = pedida.first()
        if fila is None:
            raise NoEncontrado
        entidad = materialize(modelo, fila, bloqueada=propia)
        if propia and hasattr(entidad, "version"):
            check_version(entidad.version)
        return entidad

    return esperar


@cache
def _por_id(modelo: type[Base], propia: bool, compartida: bool) -> Callable[[], AnySelect]:
    consulta = select(*columns(modelo)).where(modelo.id == bindparam("id"))  # type: ignore[attr-defined]
    if propia:
        consulta = consulta.with_for_update(of=modelo)
    elif compartida:
        consulta = consulta.with_for_update(of=modelo, read=True, key_share=True)
    return cache(lambda: consulta)


def add(entidad: E) -> E:
    """Da de alta una entidad; las restricciones hablan cuando se mira algo después, o al confirmar."""
    insert_entities([entidad])
    return entidad


def add_all(entidades: Iterable[E]) -> list[E]:
    """Da de alta unas entidades del mismo modelo con una sola sentencia."""
    todas = list(entidades)
    insert_entities(todas)
    return todas


def change(entidad: E, cambios: Partial | dict[str, Any]) -> E:
    """Escribe los campos que vinieron."""
    valores = cambios if isinstance(cambios, dict) else cambios.cambios()
    for campo, valor in valores.items():
        if getattr(entidad, campo) != valor:
            setattr(entidad, campo, valor)
    flush()
    return entidad


def change_all(entidades: Iterable[E], cambios: Callable[[E], dict[str, Any]]) -> None:
    """Escribe en cada una lo que diga ``cambios``, siempre los mismos campos, y sube la versión de todas.

    Las que cambian en lo mismo van en una sola sentencia.
    """
    todas, campos = list(entidades), set[str]()
    for entidad in todas:
        for campo, valor in cambios(entidad).items():
            campos.add(campo)
            if getattr(entidad, campo) != valor:
                setattr(entidad, campo, valor)
    rewrite(todas, campos)


def touch(entidad: E) -> E:
    """Sube la versión aunque no cambie ningún campo propio: ha cambiado algo que se lee con ella."""
    entidad.actualizado_en = ahora()  # type: ignore[attr-defined]
    rewrite([entidad], ["actualizado_en"])
    return entidad


def remove(entidad: E, motivo: str | None = None) -> None:
    """Baja lógica: la fila queda, marcada."""
    change(entidad, {"activo": False, "baja_en": ahora(), "baja_motivo": motivo})


def fetch(consulta: AnyQuery, *donde: Any, alcance: bool = True, **datos: Any) -> AnyRow:
    """La única fila de una lectura, con las condiciones que se le añaden. Errores: ``NoEncontrado``.

    Si es lo último y viaja con COMMIT, quien la exige es la base: sin ella no se confirma.
    """
    filas = run(consulta, *donde, alcance=alcance, dados=datos, una=current_transaction().finishing)
    if not filas:
        raise NoEncontrado
    if len(filas) > 1:
        raise RuntimeError("Se esperaba una sola fila")
    return filas[0]


def rows(consulta: AnyQuery, *donde: Any, alcance: bool = True, **datos: Any) -> Rows:
    """Todas las filas de una lectura que se sabe corta; se esperan al mirarlas, y varias viajan juntas.

    ``datos``: los que la consulta deja por dar, con ``dato("nombre")``.
    """
    return run(consulta, *donde, alcance=alcance, dados=datos)


def first(consulta: AnyQuery, *donde: Any, alcance: bool = True, **datos: Any) -> AnyRow | None:
    """La primera fila de una lectura, o nada."""
    return rows(consulta, *donde, alcance=alcance, **datos).first()


def entities(consulta: Select[E], *, alcance: bool = True) -> Sequence[E]:
    """Las entidades de una consulta, para escribir en ellas."""
    return ask_all(consulta, alcance=alcance)()


def ask_all(consulta: Select[E], *, alcance: bool = True) -> Callable[[], Sequence[E]]:
    """Lo mismo que ``entities``, en dos tiempos, como ``ask``."""
    modelo: type[E] = consulta.column_descriptions[0]["entity"]
    bloqueada = consulta._for_update_arg is not None and not consulta._for_update_arg.read
    pedidas = run(consulta, alcance=alcance)
    return lambda: [materialize(modelo, fila, bloqueada=bloqueada) for fila in pedidas]


def execute(sentencia: Executable | Callable[[], Executable], **datos: Any) -> Rows:
    """Una sentencia de escritura en bloque; sólo donde seguir entidades no llega."""
    return run(sentencia, alcance=False, dados=datos)


def insert_if_free(modelo: type[Base], filas: list[dict[str, Any]], restriccion: str, devuelve: Any) -> list[Any]:
    """Inserta las filas que no chocan con la restricción y devuelve cuáles entraron.

    ``ON CONFLICT … DO NOTHING`` espera a la otra transacción sin interbloquearse, al revés que una inserción simple.
    """
    return [fila[0] for hecha in insert_rows(modelo, filas, restriccion, devuelve) for fila in hecha]


def insert_or_fail(
    modelo: type[Base], filas: list[dict[str, Any]], restriccion: str, devuelve: Any, error: Callable[[], Exception]
) -> None:
    """Inserta todas o lanza ``error()``, en cuanto se sepa: con lo siguiente que se lea o, si no, al confirmar."""
    hechas = insert_rows(modelo, filas, restriccion, devuelve)

    def comprobar(_: Rows) -> None:
        if sum(len(una) for una in hechas) < len(filas):
            raise error()

    if hechas:
        hechas[-1].then(comprobar)
