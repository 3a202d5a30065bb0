"""El suelo: el mismo SQL que envía Servet, tal cual, repetido por pgbench sin ningún servidor delante."""

import json
import math
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import quantiles
from typing import Any

from app.config.postgres_binarios import directorio_binarios
from bench import fichas, muestras
from bench.ajustes import ErrorDeBanco
from bench.base import Base
from bench.captura import Capturador, Viajes
from bench.medir import Ronda
from bench.procesos import cpu_de
from bench.tabla import Medidas
from bench.trabajos import LECTURAS, Banco

NOMBRE = "pgbench (suelo)"
GUIONES = 16  # cada uno se prepara en cada conexión: con más, se mediría preparar
ESCRITURAS = 160
CLIENTES_ESCRITURA = 4
PREPARABLES = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
Texto = Callable[[str, list[Any]], str]


def suelo(banco: Banco, medidas: Medidas) -> None:
    """Añade a cada trabajo medido lo que tarda su SQL por sí solo."""
    captura = Capturador(banco.base, fichas.emitir(banco.base, banco.una))
    with tempfile.TemporaryDirectory() as temporal:
        carpeta = Path(temporal)
        carpeta.chmod(0o755)
        for trabajo in [uno for uno in medidas if uno in LECTURAS]:
            todas = LECTURAS[trabajo](banco.base, banco.una, captura.leer)
            rutas = todas[:: max(1, len(todas) // GUIONES)][:GUIONES]
            guiones = _guardar(carpeta, trabajo, (captura.pedir("GET", ruta) for ruta in rutas), captura)
            medidas[trabajo][NOMBRE] = [_lectura(banco, guiones, carpeta) for _ in range(banco.rondas.veces)]
        for trabajo, peticiones in (("reserva", _reservas), ("edicion", _ediciones)):
            if trabajo in medidas:
                escrituras = peticiones(banco, captura)
                medidas[trabajo][NOMBRE] = [_escritura(banco, carpeta, trabajo, escrituras, captura)]


def _guardar(carpeta: Path, trabajo: str, peticiones: Iterator[Viajes], captura: Capturador) -> list[Path]:
    guiones = []
    with captura.en_texto() as texto:
        for n, viajes in enumerate(peticiones):
            guion = carpeta / f"{trabajo}{n}.sql"
            guion.write_text(_guion(viajes, texto))
            guiones.append(guion)
    return guiones


def _guion(viajes: Viajes, texto: Texto) -> str:
    """Los mismos viajes, con lo que Servet envía junto en una tubería."""
    salida = []
    for viaje in viajes:
        lineas = [f"{_en_linea(texto(*una))};" for una in viaje]
        salida += ["\\startpipeline", *lineas, "\\endpipeline"]
    return "\n".join(salida) + "\n"


def _guiones_escritura(peticiones: list[Viajes], texto: Texto) -> list[str]:
    """Cada escritura se hace una sola vez, así que sus sentencias se preparan antes y se ejecutan con sus valores."""
    nombres: dict[str, str] = {}
    todas = []
    for n, viajes in enumerate(peticiones):
        salida = []
        for viaje in viajes:
            salida.append("\\startpipeline")
            for sentencia, valores in viaje:
                if not sentencia.lstrip().upper().startswith(PREPARABLES):
                    salida.append(f"{sentencia};")
                    continue
                nombre = nombres.setdefault(sentencia, f"s{len(nombres)}")
                huecos = ", ".join(f"${k}" for k in range(1, len(valores) + 1))
                # El código de la cita es el mismo en todas: al capturarlas se deshacen.
                datos = re.sub(r"'CIT-\d+'", f"'CIT-S{n:06d}'", _en_linea(texto(huecos, valores)))
                salida.append(f"EXECUTE {nombre}{f'({datos})' if datos else ''};")
            salida.append("\\endpipeline")
        todas.append("\n".join(salida) + "\n")
    antes = "".join(f"PREPARE {nombre} AS {_en_linea(sentencia)};\n" for sentencia, nombre in nombres.items())
    return [antes + "".join(todas[n::CLIENTES_ESCRITURA]) for n in range(CLIENTES_ESCRITURA)]


def _en_linea(texto: str) -> str:
    # «:null» sería una variable de pgbench.
    return " ".join(texto.split()).replace('":', '": ')


def _pgbench(base: Base, *opciones: str) -> list[str]:
    return [
        str(directorio_binarios() / "pgbench"), "-n", "-h", str(base.servidor.directorio_socket), "-U", "servet_app",
        *opciones, "servet",
    ]  # fmt: skip


def _lectura(banco: Banco, guiones: list[Path], carpeta: Path) -> Ronda:
    segundos = str(max(2, round(banco.rondas.segundos)))
    registro = carpeta / "registro"
    opciones = [
        "-M",
        "prepared",
        f"-c{banco.rondas.conexiones}",
        "-j2",
        "-T",
        segundos,
        "-l",
        f"--log-prefix={registro}",
    ]
    orden = _pgbench(banco.base, *opciones, *(f"--file={guion}" for guion in guiones))
    antes = cpu_de(banco.base.servidor.pid)
    final = subprocess.run(orden, env=_entorno(), capture_output=True, text=True, check=False)
    despues = cpu_de(banco.base.servidor.pid)
    tps = re.search(r"tps = ([\d.]+)", final.stdout)
    if final.returncode or not tps:
        raise ErrorDeBanco(f"pgbench ha fallado:\n{final.stderr[-1500:]}")
    tiempos = []
    for fichero in carpeta.glob("registro.*"):
        tiempos += [int(linea.split()[2]) / 1000 for linea in fichero.read_text().splitlines()]
        fichero.unlink()
    cortes = quantiles(tiempos, n=100)
    gastado = (despues - antes) / len(tiempos) * 1000
    return Ronda(float(tps[1]), cortes[49], cortes[89], cortes[98], max(tiempos), 0, gastado, len(tiempos), 0)


def _escritura(banco: Banco, carpeta: Path, trabajo: str, peticiones: list[Viajes], captura: Capturador) -> Ronda:
    """Cada transacción sólo se puede repetir una vez: se reparten entre unos clientes y se mira el total."""
    guiones = [carpeta / f"{trabajo}{n}.sql" for n in range(CLIENTES_ESCRITURA)]
    with captura.en_texto() as texto:
        for guion, contenido in zip(guiones, _guiones_escritura(peticiones, texto), strict=True):
            guion.write_text(contenido)
    antes, comienzo = cpu_de(banco.base.servidor.pid), time.monotonic()
    procesos = [
        subprocess.Popen(
            _pgbench(banco.base, "-M", "extended", "-c1", "-t1", f"--file={guion}"), env=_entorno(),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        ) for guion in guiones
    ]  # fmt: skip
    errores = [uno.communicate()[1] for uno in procesos]
    tardo, gastado = time.monotonic() - comienzo, cpu_de(banco.base.servidor.pid) - antes
    if any(uno.returncode for uno in procesos) or any("ERROR" in error for error in errores):
        raise ErrorDeBanco(f"pgbench ha fallado:\n{max(errores, key=len)[-1500:]}")
    n, media = len(peticiones), tardo / len(peticiones) * CLIENTES_ESCRITURA * 1000
    return Ronda(n / tardo, media, math.nan, math.nan, math.nan, 0, gastado / n * 1000, n, 0)


def _entorno() -> dict[str, str]:
    return {**os.environ, "PGOPTIONS": "-c timezone=UTC -c lock_timeout=8000", "PGCONNECT_TIMEOUT": "5"}


def _reservas(banco: Banco, captura: Capturador) -> list[Viajes]:
    cabeceras = {"Content-Type": "application/json"}
    return [
        captura.pedir("POST", "/api/v1/citas", deshacer=True, data=cuerpo,
                      headers={**cabeceras, "Idempotency-Key": f"suelo-{json.loads(cuerpo)['inicio']}-{n}"})
        for n, cuerpo in enumerate(banco.reservas.tomar(ESCRITURAS))
    ]  # fmt: skip


def _ediciones(banco: Banco, captura: Capturador) -> list[Viajes]:
    salida = []
    for n, linea in enumerate(muestras.ediciones(banco.base, banco.una, 50)[:ESCRITURAS]):
        id, version = linea.split()
        cambio, cabeceras = {"senias": f"suelo {time.time()} {n}"}, {"If-Match": f'"{version}"'}
        salida.append(captura.pedir("PATCH", f"/api/v1/pacientes/{id}", deshacer=True, json=cambio, headers=cabeceras))
    return salida
