"""Comprobaciones de una línea frente a lo demás que el animal toma: interacciones, repeticiones y duplicidades."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from app.utils.medicacion import Hallazgo, Linea, Principio, Situacion, Tratamiento, Via
from app.utils.reglas_paciente import afectado, contraindicacion, es_de

Parametros = Mapping[str, Any]
LOCALES = frozenset({Via.TOPICA, Via.OFTALMICA, Via.OTICA, Via.INTRANASAL})


def interaccion(situacion: Situacion, linea: Linea, p: Parametros) -> Hallazgo | None:
    """Dos fármacos distintos que no van juntos, ni uno poco después del otro.

    ``uno`` y ``otro`` dicen cuáles; con ``sistemica``, no cuenta lo que sólo actúa donde se pone. La ventana es
    ``ventana_h`` o los días del parámetro ``ventana``; sin ninguna, sólo lo que aún se toma.
    """
    ventana = _ventana(situacion, p)
    for via, principios in _demas(situacion, linea, ventana):
        for suyo in linea.principios:
            for ajeno in principios:
                if suyo.codigo != ajeno.codigo and _chocan(p, (suyo, linea.via), (ajeno, via)):
                    return Hallazgo(ajeno.codigo)
    return None


def repeticion(situacion: Situacion, linea: Linea, p: Parametros) -> Hallazgo | None:
    """Un fármaco que se da una sola vez, y se da otra o más de un día."""
    hallazgo = contraindicacion(situacion, linea, p)
    if hallazgo is None:
        return None
    varios_dias = linea.duracion_dias is not None and linea.duracion_dias > 1
    otras = any(afectado(otra, p) for otra in situacion.lineas if otra.posicion != linea.posicion)
    antes = any(_mismo(uno, p) for uno in situacion.tratamientos)
    return hallazgo if varios_dias or otras or antes else None


def duplicidad(situacion: Situacion, linea: Linea, p: Parametros) -> Hallazgo | None:
    """El mismo principio, o uno del mismo grupo, ya en marcha o en otra línea."""
    for _, principios in _demas(situacion, linea, timedelta(0)):
        for suyo in linea.principios:
            for ajeno in principios:
                if suyo.codigos & ajeno.codigos or (suyo.grupo is not None and suyo.grupo == ajeno.grupo):
                    return Hallazgo(ajeno.codigo)
    return None


def _mismo(tratamiento: Tratamiento, p: Parametros) -> bool:
    return tratamiento.via in p["vias"] and any(es_de(uno, p) for uno in tratamiento.principios)


def _ventana(situacion: Situacion, p: Parametros) -> timedelta:
    if "ventana" in p:
        return timedelta(days=int(situacion.parametros[p["ventana"]]))
    return timedelta(hours=int(p.get("ventana_h", 0)))


def _demas(situacion: Situacion, linea: Linea, ventana: timedelta) -> Iterator[tuple[str, tuple[Principio, ...]]]:
    """Lo que se toma a la vez, o se ha dejado hace menos de la ventana: las otras líneas y los tratamientos."""
    for otra in situacion.lineas:
        if otra.posicion != linea.posicion:
            yield otra.via, otra.principios
    for uno in situacion.tratamientos:
        if uno.fin >= situacion.ahora or situacion.ahora - uno.fin < ventana:
            yield uno.via, uno.principios


def _chocan(p: Parametros, suyo: tuple[Principio, str], ajeno: tuple[Principio, str]) -> bool:
    uno, otro = p["uno"], p["otro"]
    return (_es(suyo, uno) and _es(ajeno, otro)) or (_es(suyo, otro) and _es(ajeno, uno))


def _es(cual: tuple[Principio, str], lado: Parametros) -> bool:
    principio, via = cual
    return es_de(principio, lado) and not (lado.get("sistemica") and via in LOCALES)
