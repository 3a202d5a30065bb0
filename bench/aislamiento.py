"""Aislamiento bajo carga: dos organizaciones mezcladas sobre las mismas conexiones, y ni una fila de la otra."""

import os
import random
import threading
import time
from collections import Counter
from typing import Any

import httpx
import psycopg

from bench import fichas, muestras, tabla
from bench.ajustes import RESULTADOS, Organizacion, escala_pedida, volumen
from bench.base import Base, preparar
from bench.comparar import elegir
from bench.procesos import Contendiente, en_marcha
from bench.trabajos import lector

HILOS = 8
SEGUNDOS = float(os.environ.get("SEGUNDOS") or 60)


def medir_aislamiento() -> int:
    """Un minuto contra Servet. Devuelve 1 si aparece una sola fila ajena o una ajena se deja leer."""
    base = preparar(volumen(escala_pedida(0.05)))
    organizaciones = (base.propia, base.vecina)
    suyos = {una.codigo: _ids(base, una) for una in organizaciones}
    cuenta: Counter[str] = Counter()
    with en_marcha(elegir(["servet"]), base, fichas.clave_publica(base)) as (servet,):
        casos = [caso for una in organizaciones for caso in _casos(base, servet, una, organizaciones)]
        limite = time.monotonic() + SEGUNDOS
        argumentos = (servet, casos, suyos, cuenta, limite)
        hilos = [threading.Thread(target=_pedir, args=(n, *argumentos)) for n in range(HILOS)]
        for hilo in hilos:
            hilo.start()
        for hilo in hilos:
            hilo.join()
    texto = (
        f"## Aislamiento bajo carga\n\n{tabla.maquina()}\n- Orden: `make bench-aislamiento`; {HILOS} clientes que alternan de "
        f"organización en cada petición, {SEGUNDOS:.0f} s\n\n| Peticiones | Filas leídas | Filas de la otra | Fichas ajenas pedidas | "
        f"Fichas ajenas servidas | Errores |\n|--:|--:|--:|--:|--:|--:|\n| {cuenta['peticiones']} | {cuenta['filas']} | "
        f"{cuenta['ajenas']} | {cuenta['pedidas']} | {cuenta['servidas']} | {cuenta['errores']} |"
    )
    tabla.guardar(RESULTADOS, "aislamiento", texto)
    print(texto)
    return 1 if cuenta["ajenas"] or cuenta["servidas"] or cuenta["errores"] else 0


def _ids(base: Base, una: Organizacion) -> set[str]:
    with psycopg.connect(base.url_propietario) as conexion:
        salida: set[str] = set()
        for tabla_ in ("pacientes", "citas", "profesionales", "clientes"):
            consulta = f"SELECT id::text FROM {tabla_} WHERE organizacion_id = %s"
            salida |= {fila[0] for fila in conexion.execute(consulta.encode(), [una.id])}
        return salida


def _casos(
    base: Base, servet: Contendiente, una: Organizacion, todas: tuple[Organizacion, ...]
) -> list[tuple[str, str, str, bool]]:
    """(organización, token, ruta, si es ajena): lecturas propias y, de vez en cuando, la ficha de la otra."""
    ficha = fichas.emitir(base, una)
    rutas: list[tuple[str, bool]] = []
    for muestra in (muestras.detalle, muestras.lista, muestras.busqueda, muestras.dia):
        rutas += [(ruta, False) for ruta in muestra(base, una, lector(servet, ficha))[:200]]
    for otra in todas:
        if otra is not una:
            rutas += [(ruta, True) for ruta in muestras.detalle(base, otra, lambda _: None)[:50]]
    return [(una.codigo, ficha, ruta, ajena) for ruta, ajena in rutas]


def _pedir(n: int, servet: Contendiente, casos: list[tuple[str, str, str, bool]], suyos: dict[str, set[str]],
           cuenta: Counter[str], limite: float) -> None:  # fmt: skip
    azar, mios = random.Random(n), Counter[str]()
    with httpx.Client(base_url=servet.url, timeout=30) as http:
        while time.monotonic() < limite:
            codigo, ficha, ruta, ajena = azar.choice(casos)
            respuesta = http.get(ruta, headers={"Authorization": f"Bearer {ficha}"})
            mios["peticiones"] += 1
            if ajena:
                mios["pedidas"] += 1
                mios["servidas"] += respuesta.status_code != 404
            elif respuesta.status_code != 200:
                mios["errores"] += 1
            else:
                leido = respuesta.json()
                for fila in leido.get("datos", [leido]):
                    mios["filas"] += 1
                    mios["ajenas"] += not _de_quien(fila) <= suyos[codigo]
    cuenta.update(mios)


def _de_quien(fila: dict[str, Any]) -> set[str]:
    """Los identificadores de la fila que dicen de qué organización es."""
    return {fila[campo] for campo in ("id", "paciente_id", "cliente_id", "profesional_id") if fila.get(campo)}
