"""Si la memoria crece: Servet solo, con todos los trabajos por turno durante una hora (``MINUTOS=60``)."""

import os
import time

from bench import tabla
from bench.ajustes import CORTAS, RESULTADOS, escala_pedida, volumen
from bench.memoria import de
from bench.procesos import en_marcha

MINUTOS = float(os.environ.get("MINUTOS") or 60)
ANOTAR_CADA = 12  # veces en toda la medida
RONDA_S = 10


def medir_hora() -> int:
    """Reparte el rato entre los trabajos y anota la memoria de los procesos de trabajo de vez en cuando."""
    from bench import fichas
    from bench.base import preparar, retirar_reservas
    from bench.comparar import elegir
    from bench.medir import instalar_wrk
    from bench.muestras import primer_dia_libre
    from bench.trabajos import TRABAJOS, Banco

    instalar_wrk()
    base = preparar(volumen(escala_pedida(0.05)))
    filas, peticiones, paso = [], 0, MINUTOS * 60 / ANOTAR_CADA
    with en_marcha(elegir(["servet"]), base, fichas.clave_publica(base)) as (uno,):
        filas.append(["0", *(f"{mib:.1f}" for mib in de(uno)), "0"])
        comienzo = time.monotonic()
        while len(filas) <= ANOTAR_CADA:
            # La agenda vuelve a estar igual de libre en cada vuelta: una hora de reservas no cabe en ella.
            retirar_reservas(base, primer_dia_libre(base))
            banco = Banco(base, CORTAS)
            for trabajo in TRABAJOS:
                peticiones += banco.ronda(uno, trabajo, RONDA_S, conexiones=16).peticiones
            pasado = time.monotonic() - comienzo
            if pasado >= paso * len(filas):
                filas.append([f"{pasado / 60:.0f}", *(f"{mib:.1f}" for mib in de(uno)), f"{peticiones:,}"])
                print(*filas[-1], flush=True)
    columnas = ("Minuto", "RSS por proceso", "PSS por proceso", "PSS de todo", "Peticiones hasta entonces")
    texto = (
        f"## Una hora de carga\n\n{tabla.maquina()}\n- Orden: `make bench-hora`; {MINUTOS:g} minutos, 16 conexiones,"
        f" los trabajos por turno\n\nMiB.\n\n{tabla.markdown(columnas, filas)}"
    )
    tabla.guardar(RESULTADOS, "hora", texto)
    print(texto)
    return 0
