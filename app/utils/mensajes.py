"""Los textos que lee una persona: validación en español y títulos en inglés."""

import re
from collections.abc import Mapping
from typing import Any

from app.utils.mensajes_en import TITULOS_EN

_VALIDACION: dict[str, tuple[str, str]] = {
    "missing": ("Falta este dato", "This field is required"),
    "extra_forbidden": ("Este campo no existe", "Unknown field"),
    "string_type": ("Debe ser un texto", "Must be a string"),
    "string_too_short": ("Es demasiado corto (mínimo {min_length})", "Too short (minimum {min_length})"),
    "string_too_long": ("Es demasiado largo (máximo {max_length})", "Too long (maximum {max_length})"),
    "string_pattern_mismatch": ("No tiene la forma esperada", "Does not match the expected format"),
    "too_short": ("Faltan elementos (mínimo {min_length})", "Too few items (minimum {min_length})"),
    "too_long": ("Sobran elementos (máximo {max_length})", "Too many items (maximum {max_length})"),
    "list_type": ("Debe ser una lista", "Must be a list"),
    "dict_type": ("Debe ser un objeto", "Must be an object"),
    "model_type": ("Debe ser un objeto", "Must be an object"),
    "model_attributes_type": ("Debe ser un objeto", "Must be an object"),
    "int_type": ("Debe ser un número entero", "Must be an integer"),
    "int_parsing": ("Debe ser un número entero", "Must be an integer"),
    "int_from_float": ("Debe ser un número entero", "Must be an integer"),
    "bool_type": ("Debe ser verdadero o falso", "Must be true or false"),
    "bool_parsing": ("Debe ser verdadero o falso", "Must be true or false"),
    "greater_than_equal": ("Debe ser como mínimo {ge}", "Must be at least {ge}"),
    "greater_than": ("Debe ser mayor que {gt}", "Must be greater than {gt}"),
    "less_than_equal": ("Debe ser como máximo {le}", "Must be at most {le}"),
    "less_than": ("Debe ser menor que {lt}", "Must be less than {lt}"),
    "decimal_max_digits": ("Tiene demasiadas cifras", "Too many digits"),
    "decimal_max_places": ("Tiene demasiados decimales (máximo {decimal_places})", "Too many decimals"),
    "decimal_whole_digits": ("Es demasiado grande", "Too large"),
    "enum": ("No es una de las opciones: {expected}", "Not one of the options: {expected}"),
    "literal_error": ("No es una de las opciones: {expected}", "Not one of the options: {expected}"),
    "uuid_type": ("Debe ser un identificador", "Must be an identifier"),
    "uuid_parsing": ("Debe ser un identificador", "Must be an identifier"),
    "date_type": ("Debe ser una fecha AAAA-MM-DD", "Must be a date YYYY-MM-DD"),
    "date_parsing": ("Debe ser una fecha AAAA-MM-DD", "Must be a date YYYY-MM-DD"),
    "date_from_datetime_parsing": ("Debe ser una fecha AAAA-MM-DD", "Must be a date YYYY-MM-DD"),
    "datetime_type": ("Debe ser un instante con desfase", "Must be an instant with offset"),
    "datetime_parsing": ("Debe ser un instante con desfase", "Must be an instant with offset"),
    "datetime_from_date_parsing": ("Debe ser un instante con desfase", "Must be an instant with offset"),
    "time_type": ("Debe ser una hora HH:MM", "Must be a time HH:MM"),
    "time_parsing": ("Debe ser una hora HH:MM", "Must be a time HH:MM"),
    "timezone_aware": ("El instante necesita su desfase, p. ej. +01:00", "The instant needs an offset"),
    "is_instance_of": ("Debe ser un fichero", "Must be a file"),
    "none_required": ("Debe quedar vacío", "Must be empty"),
}

_CODIGOS = {
    "timezone_aware": "INSTANTE_SIN_DESFASE",
    "missing": "FALTA",
    "extra_forbidden": "CAMPO_DESCONOCIDO",
    "is_instance_of": "NO_ES_UN_FICHERO",
}


def titulo(codigo: str, titulo_es: str, idioma: str) -> str:
    """El título de un código de error en el idioma pedido."""
    return TITULOS_EN.get(codigo, titulo_es) if idioma == "en" else titulo_es


_DECIMAL = re.compile(r"Decimal\('(.*)'\)")


def _legibles(datos: Mapping[str, Any], idioma: str) -> dict[str, Any]:
    """Los datos de un error como se dicen: un límite decimal, con su cifra; las opciones, con «o» en español."""
    salida = {nombre: _DECIMAL.sub(r"\1", uno) if isinstance(uno, str) else uno for nombre, uno in datos.items()}
    if idioma != "en" and isinstance(salida.get("expected"), str):
        salida["expected"] = salida["expected"].replace("' or '", "' o '")
    return salida


def de_validacion(error: Mapping[str, Any], idioma: str) -> tuple[str, str]:
    """Código y mensaje de un error de validación, sin el valor rechazado."""
    tipo = error["type"]
    if tipo.isupper():  # regla nuestra: el tipo ya es el código y el mensaje ya es el texto
        return tipo, titulo(tipo, error["msg"], idioma)
    es, en = _VALIDACION.get(tipo, ("No es válido", "Not valid"))
    try:
        texto = (en if idioma == "en" else es).format(**_legibles(error.get("ctx", {}), idioma))
    except (KeyError, IndexError):
        texto = en if idioma == "en" else es
    return _CODIGOS.get(tipo, tipo.upper()), texto
