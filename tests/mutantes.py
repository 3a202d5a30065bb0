"""Qué parte de los mutantes notan las pruebas, módulo a módulo; falla si alguno baja del mínimo."""

import json
import sys
from pathlib import Path

MINIMO = 90
CARPETA = Path("mutants")
# Códigos de salida de un mutante que nadie notó: las pruebas pasaron, o no hay ninguna que lo alcance.
VIVOS = {0, 5, 33}


def contar(fichero: Path) -> tuple[int, int]:
    """Los que se notaron y todos."""
    salidas = json.loads(fichero.read_text("utf-8"))["exit_code_by_key"].values()
    return sum(salida is not None and salida not in VIVOS for salida in salidas), len(salidas)


def main() -> int:
    """Escribe la tabla y devuelve cuántos módulos no llegan."""
    flojos = notados = todos = 0
    for fichero in sorted(CARPETA.rglob("*.py.meta")):
        suyos, cuantos = contar(fichero)
        if cuantos:
            parte = 100 * suyos / cuantos
            flojos += parte < MINIMO
            notados, todos = notados + suyos, todos + cuantos
            print(f"{parte:6.1f} %  {suyos:4}/{cuantos:<4}  {fichero.relative_to(CARPETA).with_suffix('')}")
    if not todos:
        print("No hay resultados: primero, mutmut run")
        return 1
    print(f"{100 * notados / todos:6.1f} %  {notados:4}/{todos:<4}  en total (se pide un {MINIMO} % en cada módulo)")
    return flojos


if __name__ == "__main__":
    sys.exit(main())
