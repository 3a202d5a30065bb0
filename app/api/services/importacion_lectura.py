"""De un CSV ajeno a filas numeradas, y del fichero de mapa a sus reglas: aquí no se toca la base."""

import codecs
import csv
import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from app.api.schemas.importacion_schema import Mapa
from app.config.semillas import CARPETA
from app.utils.errors import BusinessRule
from app.utils.mensajes import de_validacion

MAXIMO_LINEA = 1024 * 1024
# Todo va en una transacción, que mientras confirma retiene la cadena de auditoría: más filas, por partes.
MAXIMO_FILAS = 20_000
SEPARADORES = ",;\t|"
_INVISIBLES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class FicheroIlegible(BusinessRule):
    """El fichero no se puede leer."""


class MapaInvalido(BusinessRule):
    """El mapa de la importación no vale."""


@dataclass(frozen=True, slots=True)
class Fila:
    """Un registro del fichero; la cabecera es la fila 1, como en una hoja de cálculo.

    Forma: ``celdas`` va por campo nuestro; ``defecto`` dice por qué la fila no se puede leer.
    """

    numero: int
    celdas: dict[str, str]
    defecto: str = ""


def leer_mapa(ruta: Path) -> Mapa:
    """El mapa de un fichero TOML. Errores: ``MapaInvalido``."""
    try:
        return Mapa.model_validate(tomllib.loads(ruta.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MapaInvalido(f"{ruta.name} no es TOML válido: {error}") from None
    except ValidationError as error:
        fallo = error.errors(include_url=False, include_input=False)[0]
        donde = ".".join(str(parte) for parte in fallo["loc"])
        mensaje = de_validacion(dict(fallo), "es")[1]
        raise MapaInvalido(f"{ruta.name}: {f'{donde}: ' if donde else ''}{mensaje}") from None


def leer_equivalencias(mapa: Mapa, carpeta: Path) -> dict[tuple[str, str], str] | None:
    """Nombre ajeno de cada raza -> código nuestro, por especie; sin fichero declarado, nada.

    Errores: ``MapaInvalido``.
    """
    ruta = ruta_equivalencias(mapa, carpeta)
    if ruta is None:
        return None
    with ruta.open(encoding="utf-8-sig", newline="") as origen:
        filas = list(csv.reader(origen))
    if any(len(fila) != 3 for fila in filas):
        raise MapaInvalido(f"{ruta.name} debe tener tres columnas: especie, nombre ajeno y raza")
    return {(especie, nombre.casefold()): raza for especie, nombre, raza in filas[1:]}


def ruta_equivalencias(mapa: Mapa, carpeta: Path) -> Path | None:
    """El fichero de equivalencias: junto al mapa o, si no está, entre los catálogos. Errores: ``MapaInvalido``."""
    nombre = mapa.equivalencias.get("raza")
    if nombre is None:
        return None
    for ruta in (carpeta / nombre, CARPETA / nombre):
        if ruta.is_file():
            return ruta
    raise MapaInvalido(f"No se encuentra el fichero de equivalencias {nombre}")


def huella(ficheros: list[Path], *datos: str) -> bytes:
    """SHA-256 de unos ficheros y unos datos, en ese orden y sin que se confundan."""
    total = hashlib.sha256()
    for ruta in ficheros:
        with ruta.open("rb") as origen:
            total.update(hashlib.file_digest(origen, "sha256").digest())
    for dato in datos:
        total.update(hashlib.sha256(dato.encode()).digest())
    return total.digest()


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
