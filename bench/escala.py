"""Si la lista y la búsqueda tardan lo mismo con millones de animales que con diez mil; y la búsqueda con 300.000."""

import os

from bench import fichas, tabla
from bench.ajustes import RESULTADOS, ErrorDeBanco, Rondas, Volumen, volumen
from bench.base import preparar
from bench.comparar import ensenar
from bench.medir import Ronda, instalar_wrk
from bench.pares import SERVET
from bench.procesos import en_marcha
from bench.tabla import mediana
from bench.trabajos import Banco

# Una conexión por proceso: se mide lo que tarda cada petición, no lo que espera en la cola.
RONDAS = Rondas(veces=3, segundos=8, conexiones=2, calentar=4)
TRABAJOS = ("detalle", "lista", "busqueda")


def medir_escala() -> int:
    """10.000 animales, 300.000 y los de GRANDE (tres millones si no se dice)."""
    instalar_wrk()
    texto_grande = os.environ.get("GRANDE") or "3000000"
    if not texto_grande.isdigit():
        raise ErrorDeBanco(f"GRANDE={texto_grande!r} no es un número")
    grande = int(texto_grande)
    volumenes = (Volumen(7_000, 10_000, 4_000), volumen(1), Volumen(grande * 2 // 3, grande, 4_000))
    filas = []
    for de in volumenes:
        medidas = _medir(de)
        for trabajo in TRABAJOS:
            suyas = medidas[trabajo]
            filas.append([
                f"{trabajo}, {de.pacientes:_} animales".replace("_", "."),
                *(f"{mediana(suyas, campo):.1f}" for campo in ("p50", "p99", "maximo")),
                *(f"{mediana(suyas, campo):.2f}" for campo in ("cpu", "cpu_base")),
            ])  # fmt: skip
    texto = (
        f"## Escala\n\n{tabla.maquina()}\n- Orden: `GRANDE={grande} make bench-escala`; {RONDAS.conexiones} conexiones\n\n"
        + tabla.markdown(("Trabajo", "p50 ms", "p99 ms", "máximo ms", "CPU ms", "CPU base ms"), filas)
    )
    tabla.guardar(RESULTADOS, "escala", texto)
    print(texto)
    return 0


def _medir(de: Volumen) -> dict[str, list[Ronda]]:
    base = preparar(de)
    fichas.olvidar()
    banco = Banco(base, RONDAS)
    medidas: dict[str, list[Ronda]] = {}
    with en_marcha([SERVET], base, fichas.clave_publica(base)) as (servet,):
        for trabajo in TRABAJOS:
            banco.ronda(servet, trabajo, RONDAS.calentar)
            medidas[trabajo] = [banco.ronda(servet, trabajo) for _ in range(RONDAS.veces)]
    ensenar({trabajo: {"servet": suyas} for trabajo, suyas in medidas.items()})
    return medidas
