"""De filas y entidades a JSON: sólo los campos del esquema, instantes en la zona de quien pide."""

import types
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, Union, get_args, get_origin
from zoneinfo import ZoneInfo

import msgspec
from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from app.utils.context import zona_actual
from app.utils.schemas import OPCIONAL

_codificador = msgspec.json.Encoder()
Proyector = Callable[[Any, ZoneInfo], Any]


class Hechas(list[dict[str, Any]]):
    """Filas que salen como están: con los campos de su esquema, en su orden y sin otros, y los instantes en texto.

    Los campos se comprueban; lo que se ahorra es copiar una a una las miles de filas de una respuesta larga.
    """


def _valor(valor: Any, zona: ZoneInfo) -> Any:
    """Un instante, en la zona de quien pide; el que ya trae su propia zona (la de la sede) se respeta."""
    if not isinstance(valor, datetime):
        return valor
    suya = valor.tzinfo
    if suya is UTC:  # lo que la base devuelve: casi siempre
        return valor.astimezone(zona)
    if suya is None or (isinstance(suya, ZoneInfo) and suya.key != "UTC"):
        return valor
    return valor if valor.utcoffset() else valor.astimezone(zona)


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


def _puede_ser_instante(anotacion: Any) -> bool:
    """Si ahí cabe un instante, que hay que pasar a la zona de quien pide."""
    if isinstance(anotacion, type):
        return anotacion is AwareDatetime or issubclass(anotacion, datetime)
    return anotacion is Any or any(_puede_ser_instante(parte) for parte in get_args(anotacion))


def _lector(nombres: Sequence[str], de: Callable[..., Any]) -> Callable[[Any], tuple[Any, ...]]:
    """Lee todos esos campos de una vez; ``de`` dice si son claves o atributos. Falla si falta alguno."""
    if not nombres:
        return lambda _: ()
    leer = de(*nombres)
    return leer if len(nombres) > 1 else lambda objeto: (leer(objeto),)


def _de_lista(esquema: type[BaseModel]) -> Proyector:
    """Lo mismo, para una lista de ellos."""
    convertir, campos, simple = proyector(esquema), tuple(esquema.model_fields), _es_simple(esquema)

    def proyectar(filas: Any, zona: ZoneInfo) -> Any:
        if simple and isinstance(filas, Hechas) and all(map(campos.__eq__, map(tuple, filas))):
            return filas
        return [convertir(uno, zona) for uno in filas]

    return proyectar


def _de_uno(esquema: type[BaseModel]) -> Proyector:
    """El proyector de algo anidado: lo que ya tiene justo esos campos, y ninguno que convertir, sale como está."""
    convertir, campos = proyector(esquema), tuple(esquema.model_fields)
    if not _es_simple(esquema) or any(_puede_ser_instante(uno.annotation) for uno in esquema.model_fields.values()):
        return convertir

    def proyectar(objeto: Any, zona: ZoneInfo) -> Any:
        tipo: Any = type(objeto)
        suyos = tuple(objeto) if tipo is dict else _campos_de(tipo)
        return objeto if suyos == campos else convertir(objeto, zona)

    return proyectar


def _es_simple(esquema: type[BaseModel]) -> bool:
    """Si ninguno de sus campos anida otro esquema ni desaparece cuando falta."""
    return not any(esquema_anidado(uno.annotation)[0] or _es_opcional(uno) for uno in esquema.model_fields.values())


@cache
def _campos_de(tipo: Any) -> tuple[str, ...]:
    """Los campos de una dataclass, que se codifica con todos; de otra cosa, ninguno."""
    return tuple(uno.name for uno in fields(tipo)) if is_dataclass(tipo) else ()


@cache
def forma(esquema: type[BaseModel]) -> type[msgspec.Struct]:
    """Los campos de un esquema, listos para codificar: ocupa y cuesta la mitad que un diccionario."""
    return msgspec.defstruct(esquema.__name__, [(nombre, Any) for nombre in _en_orden(esquema)], gc=False)


def _en_orden(esquema: type[BaseModel]) -> list[str]:
    """Los campos, los que tienen valor por defecto detrás."""
    campos = esquema.model_fields
    return sorted(campos, key=lambda nombre: campos[nombre].default is not PydanticUndefined)


@cache
def proyector(esquema: type[BaseModel]) -> Proyector:
    """Función que deja de un objeto sólo los campos del esquema: una lista blanca."""
    campos, clase, nombres = esquema.model_fields, forma(esquema), _en_orden(esquema)
    fijos = [nombre for nombre in nombres if campos[nombre].default is PydanticUndefined]
    con_defecto = [(nombre, campos[nombre].default) for nombre in nombres[len(fijos) :]]
    si_se_piden = [n for n, nombre in enumerate(nombres) if _es_opcional(campos[nombre])]
    # Los demás salen tal cual: son la mayoría, y mirarlos uno a uno es lo que cuesta.
    especiales: list[tuple[int, Proyector]] = []
    for n, nombre in enumerate(nombres):
        anotacion = campos[nombre].annotation
        anidado, lista = esquema_anidado(anotacion)
        if anidado:
            especiales.append((n, _de_lista(anidado) if lista else _de_uno(anidado)))
        elif _puede_ser_instante(anotacion):
            especiales.append((n, _valor))
    por_clave, por_atributo = _lector(fijos, itemgetter), _lector(fijos, attrgetter)

    def proyectar(objeto: Any, zona: ZoneInfo) -> Any:
        if objeto is None:
            return None
        if isinstance(objeto, dict):
            valores = [*por_clave(objeto), *[objeto.get(nombre, defecto) for nombre, defecto in con_defecto]]
        else:
            valores = [*por_atributo(objeto), *[getattr(objeto, nombre, defecto) for nombre, defecto in con_defecto]]
        for n, convertir in especiales:
            if valores[n] is not None:
                valores[n] = convertir(valores[n], zona)
        for n in si_se_piden:
            if valores[n] is None:
                valores[n] = msgspec.UNSET  # así no se codifica
        return clase(*valores)

    return proyectar


def presentar(objeto: Any, esquema: type[BaseModel]) -> Any:
    """Los campos del esquema, listos para codificar: una ``forma``."""
    return proyector(esquema)(objeto, ZoneInfo(zona_actual()))


def codificar(valor: Any) -> bytes:
    """JSON en bytes; los decimales salen como cadena."""
    return _codificador.encode(valor)
