"""El proceso web: granian sirviendo la aplicación, cargada una vez antes de dividirse en trabajadores."""

import gc
import multiprocessing
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from app.config.connections import dispose_connections
from app.procesos import ligar_al_padre

OBJETIVO = "app.app:app"
COLA = 1024
SEGUNDOS_GRACIA = 10


def _aplicacion() -> Any:
    from app.app import app

    return app


def _preparar_metricas() -> None:
    """Los trabajadores suman sus métricas en ficheros compartidos, vacíos en cada arranque."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        carpeta = Path(os.environ.get("SERVET_DATOS", ".servet")) / "metricas"
        shutil.rmtree(carpeta, ignore_errors=True)
        carpeta.mkdir(parents=True)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(carpeta)


def servir() -> None:
    """Sirve hasta recibir SIGTERM o SIGINT; el puerto, los procesos y los hilos vienen del entorno."""
    principal = os.getpid()
    _preparar_metricas()
    if sys.platform == "linux":
        # Dividirse después de importar: una sola importación, memoria compartida y relevos inmediatos.
        multiprocessing.set_start_method("fork")
        gc.disable()  # nada de lo que crea una importación es basura: recorrerlo sólo retrasa el arranque
        _aplicacion()
        dispose_connections()  # una conexión abierta al cargar no se puede heredar: la usarían todos a la vez
        gc.freeze()
        # Cada petición crea y suelta miles de objetos sin ciclos: buscarlos cada setecientos no recoge nada y cuesta.
        gc.set_threshold(20_000, 20, 50)
        gc.enable()

    def cargar() -> Any:
        if os.getpid() != principal:
            ligar_al_padre(principal)
        return _aplicacion()

    Server(
        target=OBJETIVO,
        address=os.environ.get("SERVET_HOST", "127.0.0.1"),
        port=int(os.environ.get("PORT", "8000")),
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("SERVET_WORKERS", "2")),
        blocking_threads=int(os.environ.get("SERVET_HILOS", "4")),
        backlog=COLA,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=SEGUNDOS_GRACIA,
    ).serve(target_loader=cargar if sys.platform == "linux" else _aplicacion, wrap_loader=False)


if __name__ == "__main__":
    servir()
