"""De los errores de msgspec al 422 que nombra el campo."""

import re
from typing import Any, TypeVar

import msgspec

from bench.pares.litestar.problemas import Problema, invalidos

T = TypeVar("T")
_RUTA = re.compile(r" - at `\$(?P<ruta>[^`]*)`")
_DESCONOCIDO = re.compile(r"unknown field `(?P<campo>[^`]*)`")
_FALTA = re.compile(r"missing required field `(?P<campo>[^`]*)`")


def leer(descodificador: msgspec.json.Decoder[T], crudo: bytes) -> T:
    """El cuerpo validado. Errores: ``PETICION_MAL_FORMADA``, ``DATOS_INVALIDOS``."""
    try:
        return descodificador.decode(crudo)
    except msgspec.ValidationError as error:
        raise _traducir(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Problema("PETICION_MAL_FORMADA", "El cuerpo no es JSON válido") from None


def _traducir(texto: str) -> Problema:
    hallada = _RUTA.search(texto)
    ruta = re.sub(r"\[(\d+)\]", r"/\1", hallada["ruta"]).replace(".", "/") if hallada else ""
    if sobra := _DESCONOCIDO.search(texto):
        return invalidos((f"{ruta}/{sobra['campo']}", "CAMPO_DESCONOCIDO", "Este campo no existe"))
    if falta := _FALTA.search(texto):
        return invalidos((f"{ruta}/{falta['campo']}", "FALTA", "Falta este dato"))
    for seña, codigo, mensaje in _REGLAS:
        if hallado := re.search(seña, texto):
            return invalidos((ruta or "/", codigo, mensaje.format(*hallado.groups())))
    return invalidos((ruta or "/", "NO_VALIDO", "No es válido"))


_REGLAS: list[tuple[str, str, str]] = [
    (r"`str` of length <= (\d+)", "STRING_TOO_LONG", "Es demasiado largo (máximo {})"),
    (r"`str` of length >= (\d+)", "STRING_TOO_SHORT", "Es demasiado corto (mínimo {})"),
    (r"`str` matching regex", "STRING_PATTERN_MISMATCH", "No tiene la forma esperada"),
    (r"Invalid UUID|Expected `uuid", "UUID_PARSING", "Debe ser un identificador"),
    (r"Invalid RFC3339|Expected `datetime", "DATETIME_TYPE", "Debe ser un instante con desfase"),
    (r"Invalid date|Expected `date", "DATE_TYPE", "Debe ser una fecha AAAA-MM-DD"),
    (r"Invalid enum value", "ENUM", "No es una de las opciones"),
    (r"Expected `bool", "BOOL_TYPE", "Debe ser verdadero o falso"),
    (r"Expected `array", "LIST_TYPE", "Debe ser una lista"),
    (r"Expected `str", "STRING_TYPE", "Debe ser un texto"),
    (r"Expected `object", "MODEL_TYPE", "Debe ser un objeto"),
]


def sin_espacios(valores: dict[str, Any]) -> dict[str, Any]:
    """Los textos, sin espacios en los extremos."""
    return {clave: valor.strip() if isinstance(valor, str) else valor for clave, valor in valores.items()}
