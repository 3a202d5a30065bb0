"""Arrancar y parar contendientes, y leer de /proc lo que gastan."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from app.procesos import ligar_al_padre
from bench.ajustes import HILOS, RAIZ, TRABAJADORES, ErrorDeBanco
from bench.base import Base
from bench.pares import Par

TIC = os.sysconf("SC_CLK_TCK")
ESPERA = 60.0


@dataclass(slots=True)
class Contendiente:
    """Un servidor en marcha."""

    par: Par
    puerto: int
    proceso: subprocess.Popen[bytes]
    registro: Path

    @property
    def url(self) -> str:
        """Dirección base."""
        return f"http://127.0.0.1:{self.puerto}"

    def cpu(self) -> float:
        """Segundos de procesador de todo su árbol de procesos, los que ya acabaron incluidos."""
        return cpu_de(self.proceso.pid)

    def trabajadores(self) -> list[int]:
        """Los procesos que sirven: las hojas del árbol."""
        arbol = descendientes(self.proceso.pid)
        hojas = [pid for pid in arbol if not _hijos(pid) and "resource_tracker" not in _orden(pid)]
        return hojas or [self.proceso.pid]


@contextmanager
def en_marcha(pares: list[Par], base: Base, clave_publica: str) -> Iterator[list[Contendiente]]:
    """Todos los contendientes arrancados y respondiendo; al salir, parados."""
    vivos: list[Contendiente] = []
    try:
        vivos += [_lanzar(par, puerto_libre(), base, clave_publica) for par in pares]
        for uno in vivos:
            _esperar(uno)
        yield vivos
    finally:
        for uno in vivos:
            with suppress(ProcessLookupError):
                os.killpg(uno.proceso.pid, signal.SIGTERM)
        for uno in vivos:
            try:
                uno.proceso.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(uno.proceso.pid, signal.SIGKILL)
                uno.proceso.wait()


def puerto_libre() -> int:
    """Un puerto que nadie usa: los servidores escuchan con SO_REUSEPORT y compartirían el de otro sin protestar."""
    with socket.socket() as prueba:
        prueba.bind(("127.0.0.1", 0))
        return int(prueba.getsockname()[1])


def _lanzar(par: Par, puerto: int, base: Base, clave_publica: str) -> Contendiente:
    carpeta = base.carpeta / par.nombre
    carpeta.mkdir(exist_ok=True)
    entorno = base.entorno() | par.entorno | {"PORT": str(puerto), "SERVET_DATOS": str(carpeta)}
    if par.nombre == "servet":
        entorno |= {"SERVET_WORKERS": str(TRABAJADORES), "SERVET_HILOS": str(HILOS)}
    else:
        entorno |= {
            "BENCH_DATABASE_URL": base.url,
            "BENCH_CLAVE_PUBLICA": clave_publica,
            "BENCH_TRABAJADORES": str(TRABAJADORES),
        }
    entorno.pop("PROMETHEUS_MULTIPROC_DIR", None)
    entorno.pop("PYTHONDONTWRITEBYTECODE", None)
    orden = [parte.format(puerto=puerto, trabajadores=TRABAJADORES) for parte in par.orden]
    registro = carpeta / "registro.log"
    padre = os.getpid()
    with registro.open("wb") as salida:
        proceso = subprocess.Popen(
            orden, cwd=RAIZ, env=entorno, stdin=subprocess.DEVNULL, stdout=salida, stderr=salida,
            start_new_session=True, preexec_fn=lambda: ligar_al_padre(padre),
        )  # fmt: skip
    return Contendiente(par, puerto, proceso, registro)


def _esperar(uno: Contendiente) -> None:
    limite = time.monotonic() + ESPERA
    while not _responde(uno.puerto):
        if uno.proceso.poll() is not None or time.monotonic() > limite:
            final = uno.registro.read_text(errors="replace")[-2000:]
            raise ErrorDeBanco(f"{uno.par.titulo} no arranca:\n{final}")
        time.sleep(0.02)


def _responde(puerto: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", puerto), timeout=5) as conexion:
            conexion.sendall(b"GET /api/v1/nada HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return conexion.recv(16).startswith(b"HTTP/1.1 ")
    except OSError:
        return False


def _campos(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _orden(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    return ""


def _hijos(pid: int) -> list[int]:
    with suppress(OSError):
        textos = [tarea.read_text() for tarea in Path(f"/proc/{pid}/task").glob("*/children")]
        return [int(uno) for texto in textos for uno in texto.split()]
    return []


def descendientes(pid: int) -> list[int]:
    """El proceso y todos los que cuelgan de él."""
    salida, cola = [], [pid]
    while cola:
        uno = cola.pop()
        salida.append(uno)
        cola += _hijos(uno)
    return salida


def cpu_de(pid: int) -> float:
    """Segundos de procesador de un árbol de procesos; de los que ya acabaron lo sabe su padre."""
    total = 0
    for uno in descendientes(pid):
        with suppress(OSError):
            total += sum(int(campo) for campo in _campos(uno)[11:15])
    return total / TIC


def memoria(pid: int) -> tuple[float, float]:
    """MiB residentes (RSS) y proporcionales (PSS: lo compartido, repartido) de un proceso."""
    valores = {}
    for linea in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        nombre, _, resto = linea.partition(":")
        valores[nombre] = int(resto.split()[0]) / 1024
    return valores["Rss"], valores["Pss"]
