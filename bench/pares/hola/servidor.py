"""Lo mínimo que cuesta responder con Flask en el servidor de Servet: una ruta, sin base y sin nada alrededor."""

import multiprocessing
import os
import sys
from typing import Any

from flask import Flask, Response
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

aplicacion = Flask("hola", static_folder=None)


@aplicacion.get("/hola")
def hola() -> Response:
    """Un JSON corto."""
    return Response(b'{"hola":"mundo"}', content_type="application/json")


def cargar(*_: Any) -> Flask:
    """La aplicación ya hecha."""
    return aplicacion


if __name__ == "__main__":
    # Los mismos ajustes que app/servidor_web.py.
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork")
    Server(
        target="bench.pares.hola.servidor:aplicacion",
        address="127.0.0.1",
        port=int(os.environ["PORT"]),
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("BENCH_TRABAJADORES", "2")),
        blocking_threads=4,
        backlog=1024,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve(target_loader=cargar, wrap_loader=False)
