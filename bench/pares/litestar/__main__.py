"""Arranca el servidor: granian con uvloop, un proceso por trabajador."""

import os

from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server


def servir() -> None:
    """Sirve hasta recibir SIGTERM o SIGINT."""
    Server(
        target="bench.pares.litestar.app:app",
        address="127.0.0.1",
        port=int(os.environ["PORT"]),
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        loop=Loops.uvloop,
        workers=int(os.environ.get("BENCH_TRABAJADORES", "2")),
        backlog=1024,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    servir()
