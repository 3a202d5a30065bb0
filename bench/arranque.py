"""La segunda vez: de lanzar ``make run`` a su primera respuesta 200."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from statistics import median

from bench import tabla
from bench.ajustes import RAIZ, RESULTADOS, ErrorDeBanco
from bench.procesos import puerto_libre

VECES = 7
ESPERA = 180.0
PETICION = b"GET /salud/viva HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def medir_arranque() -> int:
    """Una primera vez, que prepara la base, y varias segundas veces."""
    with tempfile.TemporaryDirectory(prefix="servet-arranque-") as datos:
        os.chmod(datos, 0o711)
        primera = _una(datos)
        segundas = [_una(datos) for _ in range(VECES)]
    texto = (
        f"## Arranque\n\n{tabla.maquina()}\n- Orden: `make bench-arranque`; de lanzar `make run` a la primera respuesta 200\n\n"
        f"La primera vez (con las dependencias ya instaladas), {primera:.1f} s; la segunda, **{median(segundas):.2f} s** "
        f"(mediana de {VECES}; de {min(segundas):.2f} a {max(segundas):.2f})."
    )
    tabla.guardar(RESULTADOS, "arranque", texto)
    print(texto)
    return 0


def _una(datos: str) -> float:
    puerto = puerto_libre()
    entorno = {
        clave: valor for clave, valor in os.environ.items() if not clave.startswith(("SERVET_", "DATABASE_URL", "MAKE"))
    }
    entorno |= {"SERVET_DATOS": datos, "PORT": str(puerto)}
    comienzo = time.monotonic()
    proceso = subprocess.Popen(
        ["make", "run"], cwd=RAIZ, env=entorno, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        while not _responde(puerto):
            if proceso.poll() is not None or time.monotonic() - comienzo > ESPERA:
                raise ErrorDeBanco("«make run» no ha llegado a responder")
            time.sleep(0.002)
        return time.monotonic() - comienzo
    finally:
        os.killpg(proceso.pid, signal.SIGTERM)
        proceso.wait(60)


def _responde(puerto: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", puerto), timeout=5) as conexion:
            conexion.sendall(PETICION)
            return b" 200 " in conexion.recv(64)
    except OSError:
        return False
