"""Las conexiones a PostgreSQL: el motor de lo que va suelto y la reserva de las peticiones."""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from queue import Empty, SimpleQueue
from typing import Any

import msgspec
import psycopg
from psycopg.types.json import set_json_loads
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.config.pipeline import Pipeline
from app.config.settings import get_settings

ROL_APLICACION = "servet_app"
ESPERA_CONEXION_S = 10
_CONEXION: dict[str, Any] = {"options": "-c timezone=UTC -c lock_timeout=8000", "connect_timeout": 5}
# Cada sentencia se prepara una vez y se planea una vez: volver a planear cuesta más que ejecutarla. Lo que no se puede
# planear sin saber el dato (un estado que tienen casi todos) se escribe en la propia sentencia.
_SIN_REPLANEAR = "SET plan_cache_mode = force_generic_plan"
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
            get_pool().restart()

    return motor


def _conectar() -> Any:
    direccion = make_url(url_psycopg(get_settings().database_url)).set(drivername="postgresql")
    conexion = psycopg.connect(direccion.render_as_string(hide_password=False), autocommit=True, **_CONEXION)
    set_json_loads(msgspec.json.decode, conexion)
    conexion.execute(f"SET ROLE {ROL_APLICACION}")
    conexion.execute(_SIN_REPLANEAR)
    return conexion


class Pool:
    """Las conexiones de las peticiones: sale la última que volvió, y nunca hay más en uso de las que se dicen."""

    def __init__(self) -> None:
        self._libres: deque[Pipeline] = deque()
        self._cupo: SimpleQueue[None] = SimpleQueue()  # lo que queda de cupo; esperar aquí no gasta intérprete
        for _ in range(get_settings().conexiones):
            self._cupo.put(None)
        self._generacion = 0

    def take(self) -> Pipeline:
        """Una conexión lista. Errores: ``TimeoutError`` de SQLAlchemy si no queda ninguna en un rato."""
        try:
            self._cupo.get(timeout=ESPERA_CONEXION_S)
        except Empty:
            raise PoolTimeout("No queda ninguna conexión libre") from None
        try:
            tuberia = self._libres.pop()
        except IndexError:
            try:
                tuberia = Pipeline(_conectar(), self._generacion)
            except BaseException:
                self._cupo.put(None)
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
        self._cupo.put(None)
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
def get_pool() -> Pool:
    """La reserva de este proceso."""
    return Pool()


def dispose_connections() -> None:
    """Cierra las conexiones abiertas; las siguientes se abren cuando hagan falta."""
    get_pool().restart()
