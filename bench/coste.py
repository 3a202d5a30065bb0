"""Cuánto cuesta lo que rodea a cada petición: token, permiso, políticas de fila, cabeceras, registro y métricas."""

from dataclasses import replace

from bench import fichas, tabla
from bench.ajustes import COMPLETAS, RESULTADOS, escala_pedida, volumen
from bench.base import preparar
from bench.comparar import ensenar, medir
from bench.medir import instalar_wrk
from bench.pares import HOLA, POR_NOMBRE, SERVET, Par
from bench.procesos import en_marcha
from bench.trabajos import Banco

DESNUDO = Par(
    "desnudo", "Servet, sólo la ficha", (".venv/bin/python", "-m", "bench.pares.desnudo.servidor"), instalar="",
    trabajos=("detalle",),
)  # fmt: skip


def medir_coste() -> int:
    """La ficha con todo, la ficha sin nada y el «hola»: la diferencia es lo transversal."""
    instalar_wrk()
    base = preparar(volumen(escala_pedida(0.05)))
    entorno = {
        "DATABASE_URL": base.url_propietario,
        "BENCH_ORGANIZACION": str(base.propia.id),
        "SERVET_MODO": "pruebas",
    }
    desnudo = replace(DESNUDO, entorno=entorno)
    POR_NOMBRE["desnudo"] = desnudo
    banco = Banco(base, replace(COMPLETAS, veces=5))
    with en_marcha([SERVET, HOLA, desnudo], base, fichas.clave_publica(base)) as vivos:
        medidas = medir(banco, vivos, ["hola", "detalle"])
    ensenar(medidas)
    de = {nombre: tabla.mediana(rondas, "cpu") for nombre, rondas in (medidas["detalle"] | medidas["hola"]).items()}
    base_ = {nombre: tabla.mediana(rondas, "cpu_base") for nombre, rondas in medidas["detalle"].items()}
    texto = (
        f"## Coste de lo transversal\n\n{tabla.maquina()}\n- Orden: `make bench-coste`\n\n"
        f"La ficha cuesta {de['servet']:.2f} ms de procesador con todo y {de['desnudo']:.2f} ms sin token, permiso, políticas "
        f"de fila, cabeceras, registro ni métricas: lo transversal son **{de['servet'] - de['desnudo']:.2f} ms** "
        f"({(de['servet'] / de['desnudo'] - 1) * 100:.0f} % más), y en PostgreSQL {base_['servet'] - base_['desnudo']:.2f} ms. "
        f"El «hola» cuesta {de['hola']:.2f} ms.\n\n{tabla.markdown(tabla.COLUMNAS, tabla.filas(medidas, 'detalle'))}"
    )
    tabla.guardar(RESULTADOS, "coste", texto)
    print(texto)
    return 0
