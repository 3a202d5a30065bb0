"""Lo que Servet necesita del sistema operativo para gobernar sus procesos."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1


def ligar_al_padre(padre: int) -> None:
    """Hace que este proceso reciba SIGTERM cuando muera ``padre``, aunque sea de golpe (sólo Linux)."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != padre:  # murió antes de poder pedirlo
        os.kill(os.getpid(), signal.SIGTERM)


def instante_inicio(pid: int) -> str:
    """Cuándo empezó un proceso, para no confundirlo con otro de igual número; vacío si no existe."""
    if sys.platform == "linux":
        try:
            campos = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if campos[0] == "Z" else campos[19]
    orden = ["ps", "-o", "lstart=", "-p", str(pid)]
    return "_".join(subprocess.run(orden, capture_output=True, text=True, check=False).stdout.split())  # noqa: S603


def terminar_grupo(pid: int, inicio: str, plazo: float) -> None:
    """Termina un proceso que no es hijo nuestro y a su grupo: con SIGTERM y, pasado el plazo, con SIGKILL."""
    if not inicio or instante_inicio(pid) != inicio:
        return
    os.kill(pid, signal.SIGTERM)
    limite = time.monotonic() + plazo
    while instante_inicio(pid) == inicio and time.monotonic() < limite:
        time.sleep(0.02)
    if instante_inicio(pid) == inicio:
        matar_grupo(pid)


def matar_grupo(pid: int) -> None:
    """Mata lo que quede del grupo de procesos que encabezaba ``pid``."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
