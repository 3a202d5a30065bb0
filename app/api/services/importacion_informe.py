"""El informe de una importación: qué fue de cada fila y por qué, en CSV, y sus totales."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from app.utils.errors import DomainError
from app.utils.mensajes import de_validacion

COLUMNAS = ("fila", "id_externo", "resultado", "campo", "motivo")
# Una hoja de cálculo ejecutaría como fórmula la celda que empieza así.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class Resultado(StrEnum):
    """Qué fue de una fila; un aviso acompaña a otro resultado."""

    CREAR = "crear"
    ACTUALIZAR = "actualizar"
    SIN_CAMBIOS = "sin_cambios"
    ERROR = "error"
    AVISO = "aviso"


class Linea(NamedTuple):
    """Una línea del informe; el titular único no tiene fila."""

    fila: int | None
    id_externo: str
    resultado: Resultado
    campo: str = ""
    motivo: str = ""


@dataclass(slots=True)
class Informe:
    """El informe abierto; cuenta filas, y no líneas, salvo en los avisos."""

    escritor: Any
    totales: Counter[Resultado] = field(default_factory=Counter)

    def anotar(self, lineas: Iterable[Linea]) -> None:
        """Escribe las líneas en el orden de las filas, con los avisos detrás, y las suma."""
        ordenadas = sorted(lineas, key=lambda linea: (linea.fila or 0, linea.resultado is Resultado.AVISO))
        erroneas = set()
        for linea in ordenadas:
            self.escritor.writerow([_segura(str(valor if valor is not None else "")) for valor in linea])
            if linea.fila is None:
                continue
            if linea.resultado is not Resultado.ERROR:
                self.totales[linea.resultado] += 1
            elif linea.fila not in erroneas:
                erroneas.add(linea.fila)
                self.totales[Resultado.ERROR] += 1

    @property
    def filas(self) -> int:
        """Cuántas filas se han mirado."""
        return sum(cuantas for resultado, cuantas in self.totales.items() if resultado is not Resultado.AVISO)


@contextmanager
def abrir_informe(ruta: Path) -> Iterator[Informe]:
    """Un informe nuevo, que sólo ocupa su sitio cuando está entero."""
    parcial = ruta.with_name(f"{ruta.name}.parcial")
    try:
        with parcial.open("w", encoding="utf-8", newline="") as destino:
            escritor = csv.writer(destino, lineterminator="\n")
            escritor.writerow(COLUMNAS)
            yield Informe(escritor)
        parcial.replace(ruta)
    finally:
        parcial.unlink(missing_ok=True)


def errores_de(fila: int | None, id_externo: str, error: DomainError | ValidationError) -> list[Linea]:
    """Una línea por cada cosa que corregir; nunca el valor rechazado."""
    if isinstance(error, ValidationError):
        leidos = [
            ("/".join(str(parte) for parte in uno["loc"]), de_validacion(dict(uno), "es")[1])
            for uno in error.errors(include_url=False, include_input=False)
        ]
    elif error.extra.get("errores"):
        leidos = [(str(uno["campo"]).removeprefix("/"), str(uno["mensaje"])) for uno in error.extra["errores"]]
    else:
        leidos = [("", error.detail or error.titulo)]
    return [Linea(fila, id_externo, Resultado.ERROR, campo, motivo) for campo, motivo in leidos]


def _segura(celda: str) -> str:
    return f"'{celda}" if celda.startswith(_FORMULA) else celda
