"""Se mata lo que sea en plena faena: nada confirmado se pierde y todo vuelve solo."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from uuid import uuid4

import httpx
import psutil
import psycopg
import pytest

from app.config.postgres_embebido import PROPIETARIO, arrancar, detener
from tests.factories import RELOJ
from tests.servidor.conftest import RAIZ, levantar

BASE = datetime.fromisoformat("2027-03-01T00:00:00+01:00")


@pytest.fixture(scope="module")
def instalacion(tmp_path_factory):
    """Un PostgreSQL durable aparte (se le va a matar), con su clínica y su servidor."""
    carpeta = tmp_path_factory.mktemp("caidas")
    datos = carpeta / "pg"
    postgres = arrancar(datos)
    entorno = {
        "DATABASE_URL": postgres.url(),
        "SERVET_DATABASE_URL_PROPIETARIO": postgres.url(usuario=PROPIETARIO),
        "SERVET_CONEXIONES": "8",
    }
    salida = subprocess.run(
        [sys.executable, "-m", "tests.servidor.sembrar"], cwd=RAIZ, env={**os.environ, **entorno},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert salida.returncode == 0, salida.stderr[-3000:]
    clinica = json.loads(salida.stdout.strip().splitlines()[-1])
    servidor = levantar(carpeta / "servidor.log", **entorno)
    yield servidor, clinica, datos, entorno
    servidor.proceso.terminate()
    servidor.proceso.wait(20)
    detener(datos)


class Carga:
    """Hilos que reservan sin parar y apuntan qué se les confirmó y qué se les respondió."""

    def __init__(self, servidor, clinica, dia: int, hilos: int = 6) -> None:
        self.servidor, self.clinica, self.dia = servidor, clinica, dia
        self.confirmadas: set[str] = set()
        self.estados: list[int] = []
        self.seguir = True
        self.hilos = [threading.Thread(target=self._reservar, args=(n,)) for n in range(hilos)]

    def _reservar(self, hilo: int) -> None:
        with self.servidor.cliente(self.clinica["token"]) as http:
            turno = 0
            while self.seguir:
                inicio = BASE + timedelta(days=self.dia, minutes=30 * (turno * len(self.hilos) + hilo))
                cuerpo = {**self.clinica["datos"], "paciente_id": self.clinica["pacientes"][hilo],
                          "inicio": inicio.isoformat()}  # fmt: skip
                turno += 1
                try:
                    respuesta = http.post(
                        "/citas", json=cuerpo, headers={"Idempotency-Key": str(uuid4()), "X-Servet-Reloj": RELOJ}
                    )
                except httpx.TransportError:
                    time.sleep(0.05)
                    continue
                self.estados.append(respuesta.status_code)
                if respuesta.status_code == 201:
                    self.confirmadas.add(respuesta.json()["id"])
                elif respuesta.status_code == 503:
                    assert respuesta.headers["Retry-After"]
                    assert respuesta.headers["Content-Type"] == "application/problem+json"
                    time.sleep(0.05)

    def __enter__(self):
        for hilo in self.hilos:
            hilo.start()
        return self

    def __exit__(self, *_):
        self.seguir = False
        for hilo in self.hilos:
            hilo.join(60)

    def esperar(self, cuantas: int, segundos: float = 60) -> None:
        """Espera a que se confirmen otras tantas."""
        meta, limite = len(self.confirmadas) + cuantas, time.monotonic() + segundos
        while len(self.confirmadas) < meta:
            assert time.monotonic() < limite, f"Sólo {len(self.confirmadas)} de {meta}: {self.estados[-20:]}"
            time.sleep(0.05)


def guardadas(entorno) -> set[str]:
    with psycopg.connect(entorno["SERVET_DATABASE_URL_PROPIETARIO"]) as conexion:
        return {str(fila[0]) for fila in conexion.execute("SELECT id FROM citas")}


def test_matar_trabajadores_no_pierde_lo_confirmado(instalacion):
    servidor, clinica, _, entorno = instalacion
    with Carga(servidor, clinica, dia=0) as carga:
        for _ in range(2):
            carga.esperar(15)
            hijos = psutil.Process(servidor.proceso.pid).children()
            assert hijos
            os.kill(hijos[0].pid, signal.SIGKILL)
        carga.esperar(15)
    assert carga.confirmadas <= guardadas(entorno)
    assert 500 not in carga.estados


def test_matar_postgres_da_503_y_se_recupera_solo_sin_perder_nada(instalacion):
    servidor, clinica, datos, entorno = instalacion
    with Carga(servidor, clinica, dia=200) as carga:
        carga.esperar(20)
        os.kill(int((datos / "cluster" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        limite = time.monotonic() + 20
        while 503 not in carga.estados and time.monotonic() < limite:
            time.sleep(0.05)
        assert httpx.get(servidor.url + "/salud/lista", timeout=10).status_code == 503
        assert httpx.get(servidor.url + "/salud/viva", timeout=10).status_code == 200
        arrancar(datos)
        carga.esperar(20)
    assert 503 in carga.estados
    assert set(carga.estados) <= {201, 409, 503}
    assert carga.confirmadas <= guardadas(entorno)
    assert httpx.get(servidor.url + "/salud/lista", timeout=10).status_code == 200


def test_reiniciar_postgres_bajo_carga_y_seguir(instalacion):
    servidor, clinica, datos, entorno = instalacion
    with Carga(servidor, clinica, dia=400) as carga:
        carga.esperar(10)
        detener(datos)
        arrancar(datos)
        carga.esperar(10)
    assert set(carga.estados) <= {201, 409, 503}
    assert carga.confirmadas <= guardadas(entorno)
