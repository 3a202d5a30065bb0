"""El servidor de verdad, en otro proceso, con sus dos trabajadores, para carreras y caídas."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

RAIZ = Path(__file__).resolve().parents[2]


@dataclass
class Servidor:
    """Dirección del servidor, su proceso y el fichero con todo lo que escribió."""

    url: str
    proceso: subprocess.Popen
    registro: Path
    entorno: dict[str, str]

    def cliente(self, token: str | None = None) -> httpx.Client:
        cabeceras = {"Authorization": f"Bearer {token}"} if token else {}
        limites = httpx.Limits(max_connections=64, max_keepalive_connections=64)
        return httpx.Client(base_url=self.url + "/api/v1", headers=cabeceras, timeout=60, limits=limites)


def puerto_libre() -> int:
    with socket.socket() as toma:
        toma.bind(("127.0.0.1", 0))
        return toma.getsockname()[1]


def levantar(registro: Path, **entorno: str) -> Servidor:
    """Arranca el servidor y espera a que responda."""
    puerto = puerto_libre()
    completo = {**os.environ, "PORT": str(puerto), "SERVET_WORKERS": "2", "SERVET_HILOS": "4",
                "PROMETHEUS_MULTIPROC_DIR": str(registro.parent), **entorno}  # fmt: skip
    with registro.open("ab") as salida:
        proceso = subprocess.Popen(
            [sys.executable, "-m", "app.servidor_web"], cwd=RAIZ, env=completo, stdout=salida, stderr=salida
        )
    url = f"http://127.0.0.1:{puerto}"
    for _ in range(300):
        if proceso.poll() is not None:
            raise RuntimeError(registro.read_text()[-2000:])
        try:
            if httpx.get(url + "/salud/viva", timeout=1).status_code == 200:
                return Servidor(url, proceso, registro, completo)
        except httpx.TransportError:
            time.sleep(0.1)
    proceso.kill()
    raise RuntimeError("El servidor no arrancó: " + registro.read_text()[-2000:])


@pytest.fixture(scope="session")
def servidor(app, tmp_path_factory) -> Iterator[Servidor]:
    levantado = levantar(tmp_path_factory.mktemp("servidor") / "servidor.log")
    yield levantado
    levantado.proceso.terminate()
    try:
        levantado.proceso.wait(15)
    except subprocess.TimeoutExpired:
        levantado.proceso.kill()
        levantado.proceso.wait()
