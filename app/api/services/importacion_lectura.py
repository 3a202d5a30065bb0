"""De un CSV ajeno a filas numeradas: codificación, separador, cabecera y límites."""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.api.schemas.importacion_schema import Mapa
from app.utils.errors import BusinessRule

MAXIMO_LINEA = 1024 * 1024
# Todo va en una transacción, que mientras confirma retiene la cadena de auditoría: más filas, por partes.
MAXIMO_FILAS = 20_000
SEPARADORES = ",;\t|"
_INVISIBLES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class FicheroIlegible(BusinessRule):
    """El fichero no se puede leer."""


@dataclass(frozen=True, slots=True)
class Fila:
    """Un registro del fichero; la cabecera es la fila 1, como en una hoja de cálculo.

    Forma: ``celdas`` va por campo nuestro; ``defecto`` dice por qué la fila no se puede leer.
    """

    numero: int
    celdas: dict[str, str]
    defecto: str = ""


def leer_filas(ruta: Path, mapa: Mapa) -> Iterator[Fila]:
    """Las filas de un CSV, una a una: un fichero enorme no ocupa memoria.

    Errores: ``FicheroIlegible``, que dice la línea.
    """
    with ruta.open("rb") as origen:
        lineas = _lineas(origen, mapa.codificacion)
        primera = next(lineas, "")
        separador: str = mapa.separador or max(list(SEPARADORES), key=primera.count)
        lector = csv.reader(_con_primera(primera, lineas), delimiter=separador, strict=True)
        numero = 0
        try:
            cabecera = [celda.strip() for celda in next(lector, [])]
            indices = _indices(cabecera, mapa)
            for numero, celdas in enumerate(lector, start=2):
                if numero - 1 > MAXIMO_FILAS:
                    raise FicheroIlegible(f"Tiene más de {MAXIMO_FILAS} filas: pártalo e impórtelo por partes")
                if celdas:
                    yield _fila(numero, celdas, len(cabecera), indices)
        except csv.Error as error:
            inicio = f"tras la fila {numero}" if numero else "en la cabecera"
            raise FicheroIlegible(
                f"No es un CSV bien formado: el fallo está {inicio}, hacia la línea {lector.line_num} "
                f"(¿comillas sin cerrar?): {error}"
            ) from None


def _con_primera(primera: str, resto: Iterator[str]) -> Iterator[str]:
    yield primera
    yield from resto


def _lineas(origen: BinaryIO, codificacion: str) -> Iterator[str]:
    numero = 0
    # Con tope: una línea de cien megas no debe llegar entera a la memoria.
    while cruda := origen.readline(MAXIMO_LINEA + 1):
        numero += 1
        if len(cruda) > MAXIMO_LINEA:
            raise FicheroIlegible(f"La línea {numero} es demasiado larga: no parece un CSV")
        if numero == 1:
            if cruda.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise FicheroIlegible("Está en UTF-16: guárdelo como CSV UTF-8")
            if cruda.startswith(codecs.BOM_UTF8):
                cruda, codificacion = cruda.removeprefix(codecs.BOM_UTF8), "utf-8"
        try:
            yield cruda.decode(codificacion)
        except UnicodeDecodeError:
            raise FicheroIlegible(
                f'La línea {numero} no está en {codificacion}: diga en el mapa su codificacion, p. ej. "cp1252"'
            ) from None


def _indices(cabecera: list[str], mapa: Mapa) -> dict[str, int]:
    """Dónde está cada campo nuestro. Errores: ``FicheroIlegible``, que nombra las columnas que faltan."""
    if faltan := sorted(set(mapa.columnas.values()) - set(cabecera)):
        hay = ", ".join(cabecera)[:300] or "ninguna"
        raise FicheroIlegible(f"Faltan columnas que pide el mapa: {', '.join(faltan)}. El fichero tiene: {hay}")
    if repetidas := sorted({una for una in mapa.columnas.values() if cabecera.count(una) > 1}):
        raise FicheroIlegible(f"Hay columnas repetidas: {', '.join(repetidas)}")
    return {campo: cabecera.index(columna) for campo, columna in mapa.columnas.items()}


def _fila(numero: int, celdas: list[str], ancho: int, indices: dict[str, int]) -> Fila:
    leidas = {campo: celdas[n].strip() for campo, n in indices.items() if n < len(celdas)}
    defecto = ""
    if len(celdas) != ancho:
        defecto = f"La fila tiene {len(celdas)} celdas y la cabecera {ancho}"
    elif any(_INVISIBLES.search(celda) for celda in leidas.values()):
        defecto = "Tiene caracteres no visibles: revise la codificación"
        leidas = {campo: _INVISIBLES.sub("\N{REPLACEMENT CHARACTER}", celda) for campo, celda in leidas.items()}
    return Fila(numero, leidas, defecto)
