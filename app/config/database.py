"""La lectura o la transacción de cada petición: lo que se lee y se escribe junto."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg

from app.config.connections import get_pool
from app.config.pipeline import Pipeline, Reply

_actual: ContextVar["Transaction | None"] = ContextVar("transaccion", default=None)
# Lo que abre cada transacción (la organización en curso), lo que se hace antes de confirmarla y lo que va con COMMIT.
_al_empezar: list[Callable[[], tuple[bytes, list[Any]]]] = []
_al_confirmar: list[Callable[[], None]] = []
_con_commit: list[Callable[[], tuple[bytes, list[Any]] | None]] = []


def each_transaction(statement: Callable[[], tuple[bytes, list[Any]]]) -> Callable[[], tuple[bytes, list[Any]]]:
    """Declara la sentencia con la que empieza cada transacción, también la implícita de una lectura."""
    _al_empezar.append(statement)
    return statement


def before_commit(act: Callable[[], None]) -> Callable[[], None]:
    """Declara lo que se hace justo antes de confirmar."""
    _al_confirmar.append(act)
    return act


def with_commit(
    statement: Callable[[], tuple[bytes, list[Any]] | None],
) -> Callable[[], tuple[bytes, list[Any]] | None]:
    """Declara la sentencia, si la hay, con la que acaba cada transacción: la última antes de COMMIT."""
    _con_commit.append(statement)
    return statement


class Transaction:
    """Lo que se lee y se escribe junto. Las sentencias se acumulan y viajan cuando se mira un resultado.

    Si sólo se lee no hay BEGIN: cada viaje es su propia transacción, que empieza fijando la organización.
    """

    def __init__(self, *, reading: bool) -> None:
        self._reading = reading
        self._pipeline: Pipeline | None = None
        self._begun = False
        self._confirmed = False
        # Si lo próximo que se mire viaja ya con COMMIT detrás.
        self.finishing = False
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

    def finish(self) -> None:
        """Ya sólo falta leer lo que se responde: lo próximo que se mire viaja con COMMIT detrás, en la misma tubería.

        Si algo de lo que va delante falla, la base se salta el COMMIT. Lo que se comprueba aquí y no en la base se
        comprueba antes de confirmar, aunque cueste otro viaje.
        """
        for acto in _al_confirmar:
            acto()
        if self._begun and self._pipeline is not None:
            self.finishing = True
            self._pipeline.before_travelling = self._confirm_with_the_rest

    def commit(self) -> None:
        """Escribe lo pendiente y confirma."""
        self._stop_finishing()
        for acto in _al_confirmar if self.info else ():  # de lo que sólo lee no hay nada pendiente
            acto()
        self._put_commit()
        if self._begun:
            self.sync()
        self._close()

    def rollback(self) -> None:
        """Deshace y suelta la conexión; si se perdió, se tira con las demás."""
        self.info.clear()
        self._stop_finishing()
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

    def _confirm_with_the_rest(self) -> None:
        assert self._pipeline is not None
        self._stop_finishing()
        if not self._pipeline.checking:
            self._put_commit()

    def _stop_finishing(self) -> None:
        self.finishing = False
        if self._pipeline is not None:
            self._pipeline.before_travelling = None

    def _put_commit(self) -> None:
        for sentencia in _con_commit if self.info else ():
            if (dicha := sentencia()) is not None:
                self.write(*dicha)
        if not self._begun or self._pipeline is None:
            return
        confirmada = self._pipeline.put(b"COMMIT")

        def comprobar() -> None:
            if confirmada.command != b"COMMIT":
                raise RuntimeError("La base deshizo lo que se iba a confirmar")
            self._begun, self._confirmed = False, True

        confirmada.then(comprobar)

    def _begin(self, tuberia: Pipeline) -> None:
        if self._confirmed:
            raise RuntimeError("Ya se confirmó: esto iría en otra transacción")
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
