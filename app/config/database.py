"""La lectura o la transacción de cada petición: lo que se lee y se escribe junto."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg

from app.config.connections import get_pool
from app.config.pipeline import Pipeline, Reply

_actual: ContextVar["Transaction | None"] = ContextVar("transaccion", default=None)
# Lo que abre cada transacción (la organización en curso) y lo último que se hace antes de confirmarla.
_al_empezar: list[Callable[[], tuple[bytes, list[Any]]]] = []
_al_confirmar: list[Callable[[], None]] = []


def each_transaction(statement: Callable[[], tuple[bytes, list[Any]]]) -> Callable[[], tuple[bytes, list[Any]]]:
    """Declara la sentencia con la que empieza cada transacción, también la implícita de una lectura."""
    _al_empezar.append(statement)
    return statement


def before_commit(act: Callable[[], None]) -> Callable[[], None]:
    """Declara lo que se hace justo antes de confirmar."""
    _al_confirmar.append(act)
    return act


class Transaction:
    """Lo que se lee y se escribe junto. Las sentencias se acumulan y viajan cuando se mira un resultado.

    Si sólo se lee no hay BEGIN: cada viaje es su propia transacción, que empieza fijando la organización.
    """

    def __init__(self, *, reading: bool) -> None:
        self._reading = reading
        self._pipeline: Pipeline | None = None
        self._begun = False
        self.info: dict[str, Any] = {}

    def read(self, sql: bytes, params: Any = ()) -> Reply:
        """Una lectura; en quien sólo lee, no abre transacción."""
        tuberia = self._open()
        if not self._reading:
            self._begin(tuberia)
        elif not self._begun and not tuberia.waiting:
            self._start(tuberia)
        return tuberia.put(sql, params)

    def write(self, sql: bytes, params: Any = ()) -> Reply:
        """Una escritura; quien sólo leía abre aquí su transacción."""
        tuberia = self._open()
        self._begin(tuberia)
        return tuberia.put(sql, params)

    def sync(self) -> None:
        """Hace viajar lo acumulado: las restricciones hablan ya."""
        if self._pipeline is not None:
            self._pipeline.sync()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Un punto de guarda: lo que se lance dentro deshace lo escrito dentro, y sólo eso."""
        tuberia = self._open()
        self._begin(tuberia)
        guarda = tuberia.put(b"SAVEPOINT punto")
        try:
            yield
            if tuberia.waiting:
                tuberia.sync()
        except BaseException:
            tuberia.discard(since=guarda)
            if guarda.done and not tuberia.broken:
                tuberia.put(b"ROLLBACK TO SAVEPOINT punto")
                tuberia.put(b"RELEASE SAVEPOINT punto")
            raise
        tuberia.put(b"RELEASE SAVEPOINT punto")

    def commit(self) -> None:
        """Escribe lo pendiente y confirma."""
        for acto in _al_confirmar if self.info else ():  # de lo que sólo lee no hay nada pendiente
            acto()
        if self._begun and self._pipeline is not None:
            confirmada = self._pipeline.put(b"COMMIT")
            self._pipeline.sync()
            if confirmada.command != b"COMMIT":
                raise RuntimeError("La base deshizo lo que se iba a confirmar")
            self._begun = False
        self._close()

    def rollback(self) -> None:
        """Deshace y suelta la conexión; si se perdió, se tira con las demás."""
        self.info.clear()
        tuberia = self._pipeline
        if tuberia is not None:
            tuberia.discard()
            if self._begun and not tuberia.broken:
                try:
                    tuberia.put(b"ROLLBACK")
                    tuberia.sync()
                except psycopg.Error:
                    tuberia.close()
        self._close()

    def _open(self) -> Pipeline:
        if self._pipeline is None:
            self._pipeline = get_pool().take()
        return self._pipeline

    def _start(self, tuberia: Pipeline) -> None:
        for sentencia in _al_empezar:
            tuberia.put(*sentencia())

    def _begin(self, tuberia: Pipeline) -> None:
        if not self._begun:
            tuberia.sync()  # lo leído hasta aquí queda fuera
            tuberia.put(b"BEGIN")
            self._start(tuberia)
            self._begun = True

    def _close(self) -> None:
        tuberia, self._pipeline, self._begun = self._pipeline, None, False
        if tuberia is not None:
            get_pool().give(tuberia)


def current_transaction() -> Transaction:
    """La transacción (o la lectura) en curso."""
    actual = _actual.get()
    if actual is None:
        raise RuntimeError("No hay ninguna transacción abierta")
    return actual


@contextmanager
def transaction(*, reading: bool = False) -> Iterator[Transaction]:
    """Una transacción: confirma al salir, deshace si algo se lanza. Nadie más confirma.

    Con ``reading`` sólo se abre si al final se escribe algo.
    """
    actual = Transaction(reading=reading)
    token = _actual.set(actual)
    try:
        yield actual
        actual.commit()
    except BaseException:
        actual.rollback()
        raise
    finally:
        _actual.reset(token)
