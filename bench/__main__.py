"""``python -m bench [orden]``: véase ``bench/README.md``."""

import importlib
import sys

from app.config.postgres_embebido import PostgresNoDisponible
from bench.ajustes import COMPLETAS, CORTAS, ErrorDeBanco, Rondas, escala_pedida

SUELTAS = ("carrera", "escala", "memoria", "arranque", "aislamiento", "coste", "agenda", "hora")


def principal(argumentos: list[str]) -> int:
    """Ejecuta una orden. Devuelve el código de salida."""
    orden, *resto = argumentos or ["tabla"]
    try:
        return _ejecutar(orden, resto)
    except (ErrorDeBanco, PostgresNoDisponible) as error:
        print(f"No se puede medir: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _ejecutar(orden: str, resto: list[str]) -> int:
    from bench.comparar import comparar

    if orden == "tabla":
        return comparar(escala_pedida(1), COMPLETAS)
    if orden == "corto":
        return comparar(escala_pedida(0.05), CORTAS, orden="make bench-corto")
    if orden == "uno":
        # python -m bench uno servet[,hola…] detalle[,lista…] [segundos] [suelo]
        con_suelo = "suelo" in resto
        resto = [uno for uno in resto if uno != "suelo"]
        pares, trabajos = (lista.split(",") for lista in (resto + ["servet", "detalle"][len(resto) :])[:2])
        segundos = float(resto[2]) if len(resto) > 2 else 3
        rondas = Rondas(veces=3, segundos=segundos, conexiones=8, calentar=1)
        return comparar(escala_pedida(0.05), rondas, pares, trabajos, guardar=False, con_suelo=con_suelo)
    if orden in SUELTAS:
        modulo = importlib.import_module(f"bench.{orden}")
        return int(getattr(modulo, f"medir_{orden}")())
    raise ErrorDeBanco(f"No hay ninguna orden «{orden}»: tabla, corto, uno, {', '.join(SUELTAS)}")


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
