"""De qué se compone un documento: un membrete, unos bloques y, si se puede verificar, su sello."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Pares = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Membrete:
    """Quién emite el documento; lo que falte no ocupa sitio."""

    nombre: str
    lineas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ficha:
    """Datos con su nombre, de tres en tres o, si alguno es largo, de dos en dos; los vacíos no se ponen."""

    titulo: str
    pares: Pares


@dataclass(frozen=True, slots=True)
class Tabla:
    """Filas bajo unas cabeceras que se repiten en cada página; ``anchos`` es la proporción de cada columna."""

    titulo: str
    cabeceras: tuple[str, ...]
    anchos: tuple[int, ...]
    filas: tuple[tuple[str, ...], ...]
    vacia: str = ""


@dataclass(frozen=True, slots=True)
class Parrafo:
    """Un texto con su título."""

    titulo: str
    texto: str


@dataclass(frozen=True, slots=True)
class Grafica:
    """La curva de peso. Unidades: kg."""

    titulo: str
    pesos: tuple[tuple[date, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Firma:
    """Quién responde del documento y el sitio para su firma y su sello."""

    lineas: tuple[str, ...]
    cuando: str


Bloque = Ficha | Tabla | Parrafo | Grafica | Firma


@dataclass(frozen=True, slots=True)
class Documento:
    """Un documento entero.

    ``de_quien`` sale en la cabecera de las demás páginas, ``qr`` es la dirección que lo verifica y ``marca`` lo cruza.
    """

    titulo: str
    numero: str
    de_quien: str
    fecha: date
    membrete: Membrete
    bloques: tuple[Bloque, ...]
    qr: str
    pie: str
    marca: str = ""
