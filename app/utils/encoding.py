"""De filas y entidades a JSON: sólo los campos del esquema, instantes en la zona de quien pide."""

import types
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any, Union, get_args, get_origin
from zoneinfo import ZoneInfo

import msgspec
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from app.utils.context import zona_actual
from app.utils.schemas import OPCIONAL

_codificador = msgspec.json.Encoder()
_FALTA = object()
Proyector = Callable[[Any, ZoneInfo], Any]


def _valor(valor: Any, zona: ZoneInfo) -> Any:
    if isinstance(valor, datetime) and valor.tzinfo is not None and valor.utcoffset() == UTC.utcoffset(None):
        # Una fila que ya trae su propia zona (la de la sede) se respeta.
        return valor if isinstance(valor.tzinfo, ZoneInfo) and valor.tzinfo.key != "UTC" else valor.astimezone(zona)
    return valor


def esquema_anidado(anotacion: Any) -> tuple[type[BaseModel] | None, bool]:
    """El esquema que anida una anotación, y si es una lista de ellos."""
    origen = get_origin(anotacion)
    if origen in (Union, types.UnionType):
        for opcion in get_args(anotacion):
            encontrado = esquema_anidado(opcion)
            if encontrado[0]:
                return encontrado
        return None, False
    if origen is list:
        return esquema_anidado(get_args(anotacion)[0])[0], True
    if isinstance(anotacion, type) and issubclass(anotacion, BaseModel):
        return anotacion, False
    return None, False


def _es_opcional(campo: FieldInfo) -> bool:
    return isinstance(campo.json_schema_extra, dict) and OPCIONAL in campo.json_schema_extra


@cache
def proyector(esquema: type[BaseModel]) -> Proyector:
    """Función que deja de un objeto sólo los campos del esquema: una lista blanca."""
    campos: list[tuple[str, Proyector, bool, Any]] = []
    si_se_piden = {nombre for nombre, campo in esquema.model_fields.items() if _es_opcional(campo)}
    for nombre, campo in esquema.model_fields.items():
        anidado, lista = esquema_anidado(campo.annotation)
        defecto = _FALTA if campo.default is PydanticUndefined else campo.default
        campos.append((nombre, proyector(anidado) if anidado else _valor, lista and anidado is not None, defecto))

    def proyectar(objeto: Any, zona: ZoneInfo) -> Any:
        if objeto is None:
            return None
        es_dict = isinstance(objeto, dict)
        salida: dict[str, Any] = {}
        for nombre, convertir, lista, defecto in campos:
            valor = objeto.get(nombre, defecto) if es_dict else getattr(objeto, nombre, defecto)
            if valor is _FALTA:
                raise AttributeError(f"{esquema.__name__}.{nombre} no viene en {type(objeto).__name__}")
            if lista and valor is not None:
                salida[nombre] = [convertir(uno, zona) for uno in valor]
            elif valor is None:
                if nombre not in si_se_piden:
                    salida[nombre] = None
            else:
                salida[nombre] = convertir(valor, zona)
        return salida

    return proyectar


def presentar(objeto: Any, esquema: type[BaseModel]) -> dict[str, Any]:
    """Los campos del esquema, listos para codificar."""
    resultado: dict[str, Any] = proyector(esquema)(objeto, ZoneInfo(zona_actual()))
    return resultado


def codificar(valor: Any) -> bytes:
    """JSON en bytes; los decimales salen como cadena."""
    return _codificador.encode(valor)
