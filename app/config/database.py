"""La base: conexiones, y la lectura o la transacción de cada petición."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from threading import BoundedSemaphore
from typing import Any

import msgspec
import psycopg
from psycopg.types.json import set_json_loads
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.config.pipeline import Pipeline, Reply
from app.config.settings import get_settings

ROL_APLICACION = "servet_app"
ESPERA_CONEXION_S = 10
_CONEXION: dict[str, Any] = {"options": "-c timezone=UTC -c lock_timeout=8000", "connect_timeout": 5}
# Cada sentencia se prepara una vez y se planea una vez: volver a planear cuesta más que ejecutarla. Lo que no se puede
# planear sin saber el dato (un estado que tienen casi todos) se escribe en la propia sentencia.
_SIN_REPLANEAR = "SET plan_cache_mode = force_generic_plan"
_actual: ContextVar["Transaction | None"] = ContextVar("transaccion", default=None)
# Lo que abre cada transacción (la organización en curso) y lo último que se hace antes de confirmarla.
_al_empezar: list[Callable[[], tuple[bytes, list[Any]]]] = []
_al_confirmar: list[Callable[[], None]] = []
# Quien lleva la cuenta de las conexiones en uso: recibe 1 o -1.
en_uso: list[Callable[[int], None]] = []


def url_psycopg(url: str) -> str:
    """La misma dirección, dicha para el controlador psycopg 3."""
    for prefijo in ("postgresql://", "postgres://"):
        if url.startswith(prefijo):
            return "postgresql+psycopg://" + url.removeprefix(prefijo)
    return url


def crear_motor(url: str, **opciones: Any) -> Engine:
    """Motor con instantes en UTC y sentencias preparadas desde el primer uso."""
    return create_engine(url_psycopg(url), connect_args={"prepare_threshold": 0, **_CONEXION}, **opciones)


@cache
def get_engine() -> Engine:
    """El motor de lo que va suelto (credenciales, claves, intentos), con el rol que obedece las políticas de fila."""
    ajustes = get_settings()
    motor = crear_motor(
        ajustes.database_url,
        hide_parameters=True,
        pool_size=ajustes.conexiones,
        max_overflow=0,
        pool_timeout=ESPERA_CONEXION_S,
        pool_use_lifo=True,
    )

    @event.listens_for(motor, "connect")
    def _asumir_rol(conexion: Any, _registro: Any) -> None:
        # Aunque la dirección sea la del propietario, cada consulta corre sin sus privilegios.
        with conexion.cursor() as cursor:
            cursor.execute(f"SET ROLE {ROL_APLICACION}")
        conexion.commit()

    @event.listens_for(motor, "handle_error")
    def _reiniciar(error: Any) -> None:
        if error.is_disconnect:
            _pool().restart()

    return motor


def _conectar() -> Any:
    direccion = make_url(url_psycopg(get_settings().database_url)).set(drivername="postgresql")
    conexion = psycopg.connect(direccion.render_as_string(hide_password=False), autocommit=True, **_CONEXION)
    set_json_loads(msgspec.json.decode, conexion)
    conexion.execute(f"SET ROLE {ROL_APLICACION}")
    conexion.execute(_SIN_REPLANEAR)
    return conexion


class _Pool:
    """Las conexiones de las peticiones: sale la última que volvió, y nunca hay más en uso de las que se dicen."""

    def __init__(self) -> None:
        self._libres: deque[Pipeline] = deque()
        self._cupo = BoundedSemaphore(get_settings().conexiones)
        self._generacion = 0

    def take(self) -> Pipeline:
        """Una conexión lista. Errores: ``TimeoutError`` de SQLAlchemy si no queda ninguna en un rato."""
        if not self._cupo.acquire(timeout=ESPERA_CONEXION_S):
            raise PoolTimeout("No queda ninguna conexión libre")
        try:
            tuberia = self._libres.pop()
        except IndexError:
            try:
                tuberia = Pipeline(_conectar(), self._generacion)
            except BaseException:
                self._cupo.release()
                raise
        for contar in en_uso:
            contar(1)
        return tuberia

    def give(self, tuberia: Pipeline) -> None:
        """La devuelve; la que se perdió, o quedó a medias, se cierra. Si cayó una, cayeron todas."""
        tuberia.discard()
        if tuberia.broken:
            self.restart()
        if tuberia.broken or not tuberia.idle or tuberia.generation != self._generacion:
            tuberia.close()
        else:
            self._libres.append(tuberia)
        self._cupo.release()
        for contar in en_uso:
            contar(-1)

    def restart(self) -> None:
        """Cierra todas las abiertas, también las del motor; las que están en uso, cuando vuelvan."""
        self._generacion += 1
        get_engine().dispose()
        while self._libres:
            with suppress(IndexError):
                self._libres.pop().close()


@cache
def _pool() -> _Pool:
    return _Pool()


def dispose_connections() -> None:
    """Cierra las conexiones abiertas; las siguientes se abren cuando hagan falta."""
    _pool().restart()


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
        for acto in _al_confirmar:
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
            self._pipeline = _pool().take()
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
            _pool().give(tuberia)


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
