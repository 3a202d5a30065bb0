"""Aritmética decimal de lo clínico: exacta hasta el final, y redondeada una sola vez, al mostrar."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

# De sobra para no equivocar un redondeo: un peso tiene 7 cifras y una dosis, 10.
CONTEXTO = Context(prec=50, rounding=ROUND_HALF_UP)
UNO = Decimal(1)


def por(*factores: Decimal) -> Decimal:
    """El producto."""
    total = UNO
    for factor in factores:
        total = CONTEXTO.multiply(total, factor)
    return total


def entre(dividendo: Decimal, divisor: Decimal) -> Decimal:
    """El cociente."""
    return CONTEXTO.divide(dividendo, divisor)


def potencia(base: Decimal, numerador: int, denominador: int) -> Decimal:
    """Una potencia fraccionaria, sin pasar por coma flotante."""
    return CONTEXTO.power(base, entre(Decimal(numerador), Decimal(denominador)))


def redondear(valor: Decimal, paso: Decimal) -> Decimal:
    """El múltiplo de ``paso`` más cercano; a medio camino, el que se aleja de cero."""
    return _multiplo(valor, paso, ROUND_HALF_UP)


def hacia_abajo(valor: Decimal, paso: Decimal) -> Decimal:
    """El mayor múltiplo de ``paso`` que no pasa del valor."""
    return _multiplo(valor, paso, ROUND_FLOOR)


def hacia_arriba(valor: Decimal, paso: Decimal) -> Decimal:
    """El menor múltiplo de ``paso`` que llega al valor."""
    return _multiplo(valor, paso, ROUND_CEILING)


def legible(valor: Decimal) -> Decimal:
    """El mismo valor sin ceros de más ni exponente: 21, 12.5."""
    corto = valor.normalize(CONTEXTO)
    return corto.quantize(UNO, context=CONTEXTO) if corto == corto.to_integral_value() else corto


def _multiplo(valor: Decimal, paso: Decimal, rounding: str) -> Decimal:
    veces = entre(valor, paso).to_integral_value(rounding)
    return por(veces, paso).quantize(paso, context=CONTEXTO)
