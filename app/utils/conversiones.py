"""Pasar un resultado de laboratorio de una unidad a otra."""

from dataclasses import dataclass
from decimal import Decimal

from app.utils.decimales import entre, por, redondear
from app.utils.fisiologia import CalculoNoDisponible

CENTESIMA = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Conversion:
    """Unidad convencional = unidad internacional × ``multiplica`` ÷ ``divide``."""

    convencional: str
    internacional: str
    multiplica: Decimal = Decimal(1)
    divide: Decimal = Decimal(1)


# Masa molar; dominio §3.11.
CONVERSIONES: dict[str, Conversion] = {
    "glucosa": Conversion("mg/dL", "mmol/L", multiplica=Decimal("18.016")),
    "creatinina": Conversion("mg/dL", "umol/L", divide=Decimal("88.4")),
    "bun": Conversion("mg/dL", "mmol/L", multiplica=Decimal("2.8")),
    "proteinas": Conversion("g/dL", "g/L", divide=Decimal(10)),
    "albumina": Conversion("g/dL", "g/L", divide=Decimal(10)),
    "calcio": Conversion("mg/dL", "mmol/L", multiplica=Decimal("4.008")),
    "fosforo": Conversion("mg/dL", "mmol/L", multiplica=Decimal("3.097")),
    "colesterol": Conversion("mg/dL", "mmol/L", multiplica=Decimal("38.67")),
    "trigliceridos": Conversion("mg/dL", "mmol/L", multiplica=Decimal("88.57")),
    "bilirrubina_total": Conversion("mg/dL", "umol/L", divide=Decimal("17.1")),
    "bilirrubina_directa": Conversion("mg/dL", "umol/L", divide=Decimal("17.1")),
}


def convertir(analito: str, valor: Decimal, de: str, a: str) -> Decimal:
    """El valor en la otra unidad, con dos decimales. Errores: ``CalculoNoDisponible``."""
    conversion = CONVERSIONES.get(analito)
    if conversion is None:
        raise CalculoNoDisponible("De ese analito no consta el factor de conversión", campo="/analito")
    sentido = (_unidad(de), _unidad(a))
    if sentido == (conversion.internacional, conversion.convencional):
        return redondear(entre(por(valor, conversion.multiplica), conversion.divide), CENTESIMA)
    if sentido == (conversion.convencional, conversion.internacional):
        return redondear(entre(por(valor, conversion.divide), conversion.multiplica), CENTESIMA)
    raise CalculoNoDisponible("Entre esas unidades no consta el factor de conversión", campo="/a")


def _unidad(texto: str) -> str:
    """«µ» se escribe de tres maneras; aquí, «u»."""
    return texto.replace("µ", "u").replace("μ", "u")
