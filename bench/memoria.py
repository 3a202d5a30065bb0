"""Cuánta memoria ocupa cada proceso: recién arrancado y después de un rato de carga sostenida."""

import os

from bench import tabla
from bench.ajustes import CORTAS, RESULTADOS, escala_pedida, volumen
from bench.procesos import Contendiente, descendientes, en_marcha, memoria

SEGUNDOS = float(os.environ.get("SEGUNDOS") or 10)  # de cada trabajo, por contendiente


def de(uno: Contendiente) -> tuple[float, float, float]:
    """MiB: RSS y PSS medios de un proceso de trabajo, y PSS de todo el árbol."""
    suyas = [memoria(pid) for pid in uno.trabajadores()]
    todo = sum(memoria(pid)[1] for pid in descendientes(uno.proceso.pid))
    return sum(rss for rss, _ in suyas) / len(suyas), sum(pss for _, pss in suyas) / len(suyas), todo


def cuadro(filas: dict[str, list[tuple[float, float, float]]]) -> str:
    """Dos momentos por contendiente: en reposo y tras la carga."""
    columnas = (
        "Contendiente",
        "RSS reposo",
        "PSS reposo",
        "todo reposo",
        "RSS tras carga",
        "PSS tras carga",
        "todo tras carga",
    )
    return "MiB por proceso de trabajo; «todo», el PSS de todos sus procesos.\n\n" + tabla.markdown(
        columnas, [[titulo, *(f"{uno:.0f}" for momento in dos for uno in momento)] for titulo, dos in filas.items()]
    )


def medir_memoria() -> int:
    """Todos los contendientes; todos los trabajos, sostenidos."""
    from bench import fichas
    from bench.base import preparar, retirar_reservas
    from bench.comparar import elegir
    from bench.medir import instalar_wrk
    from bench.muestras import primer_dia_libre
    from bench.trabajos import TRABAJOS, Banco

    instalar_wrk()
    base = preparar(volumen(escala_pedida(0.05)))
    retirar_reservas(base, primer_dia_libre(base))
    banco = Banco(base, CORTAS)
    with en_marcha([par for par in elegir([]) if par.nombre != "hola"], base, fichas.clave_publica(base)) as vivos:
        filas = {}
        for uno in vivos:
            banco.ronda(uno, "detalle", 1)
            filas[uno.par.titulo] = [de(uno)]
            for trabajo in TRABAJOS:
                banco.ronda(uno, trabajo, SEGUNDOS, conexiones=16)
            filas[uno.par.titulo].append(de(uno))
    texto = (
        f"## Memoria\n\n{tabla.maquina()}\n- Orden: `make bench-memoria`; {SEGUNDOS:g} s de cada trabajo con 16 conexiones\n\n"
        f"{cuadro(filas)}"
    )
    tabla.guardar(RESULTADOS, "memoria", texto)
    print(texto)
    return 0
