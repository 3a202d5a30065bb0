"""Código de microchip ISO 11784: validez, origen y avisos."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from app.utils.avisos import Aviso
from app.utils.paises import ALFA2_POR_NUMERICO

MAXIMO_INDIVIDUAL = 2**38 - 1  # el chip reserva 38 bits al número individual
COMPARTIDO = "900"
PRUEBAS = "999"

_SEPARADORES = re.compile(r"[\s.\-\u2010-\u2015\u2212]")
_QUINCE_DIGITOS = re.compile(r"[0-9]{15}")  # no `\d`, que admite cifras de otros alfabetos


class MicrochipInvalido(ValueError):
    """El texto no puede ser el código de un microchip ISO."""

    def __init__(self, codigo: str, mensaje: str) -> None:
        super().__init__(mensaje)
        self.codigo = codigo
        self.mensaje = mensaje


@dataclass(frozen=True)
class Microchip:
    """Código ISO de 15 dígitos, ya validado."""

    codigo: str

    @property
    def prefijo(self) -> str:
        """País o fabricante: los tres primeros dígitos."""
        return self.codigo[:3]

    @property
    def individual(self) -> int:
        """Número individual: los doce últimos dígitos."""
        return int(self.codigo[3:])


@dataclass(frozen=True)
class DetalleMicrochip:
    """Lo que el prefijo dice de quién emitió el código."""

    tipo_prefijo: Literal["pais", "fabricante_compartido", "fabricante"]
    prefijo: str
    pais: str | None


def normalizar(texto: str) -> str:
    """Quita los espacios, guiones y puntos con que se escribe a mano."""
    return _SEPARADORES.sub("", texto)


def validar(texto: str) -> Microchip:
    """Microchip escrito en el texto, con o sin separadores.

    Errores: ``MicrochipInvalido`` con el código de la regla incumplida.
    """
    microchip = Microchip(normalizar(texto))
    if not _QUINCE_DIGITOS.fullmatch(microchip.codigo):
        raise MicrochipInvalido("MICROCHIP_FORMATO", "El microchip debe tener 15 dígitos")
    if microchip.prefijo == "000":
        raise MicrochipInvalido("MICROCHIP_PREFIJO", "El prefijo 000 no pertenece a ningún país ni fabricante")
    if microchip.prefijo == PRUEBAS:
        raise MicrochipInvalido("MICROCHIP_PRUEBAS", "El prefijo 999 está reservado a transpondedores de prueba")
    if microchip.individual > MAXIMO_INDIVIDUAL:
        raise MicrochipInvalido("MICROCHIP_FUERA_DE_RANGO", f"El número individual pasa de {MAXIMO_INDIVIDUAL}")
    return microchip


def detalle(microchip: Microchip) -> DetalleMicrochip:
    """Tipo de prefijo y, si es de país, cuál."""
    return _del_prefijo(microchip.prefijo)


@cache
def _del_prefijo(prefijo: str) -> DetalleMicrochip:
    if prefijo < COMPARTIDO:
        return DetalleMicrochip("pais", prefijo, ALFA2_POR_NUMERICO.get(prefijo))
    return DetalleMicrochip("fabricante_compartido" if prefijo == COMPARTIDO else "fabricante", prefijo, None)


def avisos(microchip: Microchip) -> list[Aviso]:
    """Lo que hace sospechar de un código válido."""
    origen = detalle(microchip)
    resultado = []
    if origen.tipo_prefijo == "pais" and origen.pais is None:
        resultado.append(Aviso("MICROCHIP_PAIS_DESCONOCIDO", f"Ningún país conocido tiene el prefijo {origen.prefijo}"))
    if microchip.individual == 0:
        resultado.append(Aviso("MICROCHIP_NUMERO_CERO", "El número individual es cero: conviene volver a leerlo"))
    return resultado
