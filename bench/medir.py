"""Medir una ronda: carga de verdad por HTTP y lo que gastaron mientras tanto el servidor y PostgreSQL."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench.ajustes import RAIZ, ErrorDeBanco
from bench.procesos import Contendiente, cpu_de

WRK = RAIZ / "bench" / "wrk"


@dataclass(frozen=True, slots=True)
class Ronda:
    """Lo medido en una ronda. Latencias en milisegundos; procesador, en milisegundos por petición."""

    por_segundo: float
    p50: float
    p90: float
    p99: float
    maximo: float
    cpu: float
    cpu_base: float
    peticiones: int
    fallos: int


def instalar_wrk() -> None:
    """Asegura que está la herramienta de carga; si se puede, la instala.

    Errores: ``ErrorDeBanco`` si falta y no se puede.
    """
    if shutil.which("wrk"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        entorno = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for orden in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "wrk"]):
            subprocess.run(orden, env=entorno, stdout=subprocess.DEVNULL, check=False)
        if shutil.which("wrk"):
            return
    raise ErrorDeBanco("Falta wrk, con el que se hace la carga: en Debian y Ubuntu, «apt-get install wrk»")


def carga(url: str, guion: str, fichero: Path, *argumentos: str, segundos: float, conexiones: int) -> dict[str, float]:
    """Una pasada de wrk: lo que dice su resumen."""
    # wrk sólo admite segundos enteros: lo que no llegue a uno se redondea hacia arriba.
    orden = ["wrk", "-t1", f"-c{conexiones}", f"-d{max(1, round(segundos))}s", "--timeout", "10s"]
    orden += ["-s", str(WRK / f"{guion}.lua"), url, "--", str(fichero), *argumentos]
    entorno = {**os.environ, "BENCH_WRK": str(WRK)}
    salida = subprocess.run(orden, env=entorno, capture_output=True, text=True, check=False)
    for linea in salida.stdout.splitlines():
        if linea.startswith("RESULTADO "):
            leido: dict[str, float] = json.loads(linea.removeprefix("RESULTADO "))
            return leido
    raise ErrorDeBanco(f"wrk ha fallado:\n{salida.stdout[-500:]}{salida.stderr[-1500:]}")


def ronda(
    uno: Contendiente, postgres: int, guion: str, fichero: Path, *argumentos: str, segundos: float, conexiones: int
) -> Ronda:
    """Una ronda contra un contendiente, con su procesador y el de PostgreSQL."""
    antes, antes_base = uno.cpu(), cpu_de(postgres)
    leido = carga(uno.url, guion, fichero, *argumentos, segundos=segundos, conexiones=conexiones)
    despues, despues_base = uno.cpu(), cpu_de(postgres)
    n = int(leido["peticiones"])
    if not n:
        raise ErrorDeBanco(f"{uno.par.titulo} no ha respondido a nada")
    return Ronda(
        por_segundo=n / leido["micros"] * 1e6,
        p50=leido["p50"],
        p90=leido["p90"],
        p99=leido["p99"],
        maximo=leido["max"],
        cpu=(despues - antes) / n * 1000,
        cpu_base=(despues_base - antes_base) / n * 1000,
        peticiones=n,
        fallos=int(leido["estados"] + leido["conexiones"]),
    )
