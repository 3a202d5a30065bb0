"""Cantidades en letra: lo que no se puede enmendar con un cero de más."""

# fmt: off
_HASTA_VEINTINUEVE = (
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
    "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno",
    "veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho",
    "veintinueve",
)
_DECENAS = ("treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
_CENTENAS = (
    "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos",
    "ochocientos", "novecientos",
)
# fmt: on
MAXIMO = 999


def en_letra(numero: int) -> str:
    """El número escrito con palabras, de 0 a 999. Errores: ``ValueError``."""
    if not 0 <= numero <= MAXIMO:
        raise ValueError("Sólo se escriben en letra números de 0 a 999")
    if numero < 30:
        return _HASTA_VEINTINUEVE[numero]
    if numero < 100:
        decenas, resto = divmod(numero, 10)
        return _DECENAS[decenas - 3] + (f" y {_HASTA_VEINTINUEVE[resto]}" if resto else "")
    if numero == 100:
        return "cien"
    centenas, resto = divmod(numero, 100)
    return _CENTENAS[centenas - 1] + (f" {en_letra(resto)}" if resto else "")
