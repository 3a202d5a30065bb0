"""Hacer algo en otro hilo y comprobar, mientras espera a lo que una conexión tiene bloqueado, qué ha tocado ya."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from werkzeug.test import TestResponse

_ESPERAN = "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"


@contextmanager
def esperando_a(
    conexion: psycopg.Connection, bloqueo: str, datos: list, hacer: Callable
) -> Iterator[list[TestResponse]]:
    """Bloquea con esa sentencia, hace algo en otro hilo y entra cuando la espera; al salir la suelta y él acaba.

    Da la lista en la que quedará su respuesta. Falla si no llega a esperarla.
    """
    respuestas: list[TestResponse] = []
    hilo = threading.Thread(target=lambda: respuestas.append(hacer()))
    with conexion.transaction():
        conexion.execute(bloqueo, datos)
        hilo.start()
        limite = time.monotonic() + 20
        while conexion.execute(_ESPERAN).fetchone()[0] == 0:
            assert hilo.is_alive(), f"no esperó: {respuestas}"
            assert time.monotonic() < limite
            time.sleep(0.01)
        yield respuestas
    hilo.join(20)
