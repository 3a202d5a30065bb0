"""Qué parte de una respuesta se quiere: ``campos`` la recorta e ``incluir`` le añade las fichas relacionadas."""

from dataclasses import dataclass
from typing import Any

from flask import request
from msgspec import UNSET
from pydantic import BaseModel

from app.config.permissions import Alcance
from app.utils.bodies import invalidos
from app.utils.context import identidad
from app.utils.encoding import esquema_anidado, forma, presentar
from app.utils.errors import BusinessRule, SinPermiso
from app.utils.relations import RELACIONES

PARAMETROS = frozenset({"campos", "incluir"})
INCLUIDO = "incluido"


class CampoDesconocido(BusinessRule):
    """No hay ningún campo con ese nombre."""


class RelacionDesconocida(BusinessRule):
    """Eso no se puede incluir aquí."""


@dataclass(frozen=True, slots=True)
class Vista:
    """Lo que se quiere ver de un esquema; sin nada, todo lo suyo y nada más."""

    campos: frozenset[str] = frozenset()
    incluir: frozenset[str] = frozenset()


def elemento(esquema: type[BaseModel]) -> type[BaseModel]:
    """El esquema de lo que se lee: el de cada elemento si es una lista."""
    datos = esquema.model_fields.get("datos")
    anidado, lista = esquema_anidado(datos.annotation) if datos else (None, False)
    return anidado if lista and anidado else esquema


def relaciones(esquema: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """Lo que se puede incluir en un esquema: relación -> cómo se lee."""
    campo = elemento(esquema).model_fields.get(INCLUIDO)
    incluido = esquema_anidado(campo.annotation)[0] if campo else None
    if incluido is None:
        return {}
    salida = {nombre: esquema_anidado(uno.annotation)[0] for nombre, uno in incluido.model_fields.items()}
    if faltan := salida.keys() - RELACIONES.keys():
        raise RuntimeError(f"Nadie lee estas relaciones de {esquema.__name__}: {sorted(faltan)}")
    return {nombre: uno for nombre, uno in salida.items() if uno}


def read_view(esquema: type[BaseModel]) -> Vista:
    """Lo que pide la consulta. Errores: ``CampoDesconocido``, ``RelacionDesconocida``, ``SinPermiso``."""
    campos, incluir = _lista("campos"), _lista("incluir")
    if campos - elemento(esquema).model_fields.keys():
        raise CampoDesconocido(campo="/campos")
    if incluir:
        if incluir - relaciones(esquema).keys():
            raise RelacionDesconocida(campo="/incluir")
        if any(identidad().alcance(RELACIONES[nombre][0]) is Alcance.NADA for nombre in incluir):
            raise SinPermiso
    return Vista(campos, incluir)


def apply_view(cuerpo: Any, esquema: type[BaseModel], vista: Vista) -> None:
    """Añade a lo ya presentado lo que se pidió incluir y le quita lo que no se pidió."""
    suyo = elemento(esquema)
    if suyo is esquema:
        elementos = [cuerpo]
    else:  # las filas que venían hechas son diccionarios
        elementos = cuerpo.datos = [forma(suyo)(**uno) if isinstance(uno, dict) else uno for uno in cuerpo.datos]
    _incluir(elementos, esquema, vista.incluir)
    if vista.campos:
        sobran = set(suyo.model_fields) - vista.campos - ({INCLUIDO} if vista.incluir else set())
        for uno in elementos:
            for nombre in sobran:
                setattr(uno, nombre, UNSET)  # así no se codifica


def _lista(nombre: str) -> frozenset[str]:
    valores = request.args.getlist(nombre)
    if len(valores) > 1:
        raise invalidos([{"type": "PARAMETRO_REPETIDO", "loc": (nombre,), "msg": "Sólo se admite una vez"}])
    return frozenset(parte.strip() for parte in valores[0].split(",")) if valores else frozenset()


def _incluir(elementos: list[Any], esquema: type[BaseModel], nombres: frozenset[str]) -> None:
    """Una lectura por relación, sean cuantos sean los elementos; lo que quien pide no puede ver, nulo."""
    esquemas = relaciones(esquema) if nombres else {}
    for nombre in sorted(nombres):
        ids = {getattr(uno, f"{nombre}_id") for uno in elementos} - {None}
        fichas = {id: presentar(ficha, esquemas[nombre]) for id, ficha in RELACIONES[nombre][1](ids).items()}
        for uno in elementos:
            suya = fichas.get(getattr(uno, f"{nombre}_id"))
            setattr(uno, INCLUIDO, {**(getattr(uno, INCLUIDO) or {}), nombre: suya})
