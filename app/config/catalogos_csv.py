"""Cómo se leen los CSV de los catálogos semilla."""

import csv
from pathlib import Path

VERSION_CATALOGOS = "1.2.0"
CARPETA = Path(__file__).resolve().parent / "catalogos"


def filas(fichero: str) -> list[dict[str, str]]:
    """Las filas de un catálogo, por nombre de columna."""
    with (CARPETA / fichero).open(encoding="utf-8", newline="") as origen:
        return list(csv.DictReader(origen))


def si_no(valor: str) -> bool:
    """«si», «no» o vacío, que es que no."""
    # Una errata en la semilla debe romper la carga, no leerse como «no».
    return {"si": True, "no": False, "": False}[valor]


def entero(valor: str) -> int | None:
    """Un entero, o nada si está vacío."""
    return int(valor) if valor else None
