"""Qué ha de llevar una receta para poder emitirse, por país y con la fecha desde la que rige cada regla."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

SIEMPRE = "siempre"
ANTIMICROBIANA = "antimicrobiana"
PRODUCCION = "produccion"
CON_MEDICAMENTO = "con_medicamento"
SIN_EXAMEN_PREVIO = "sin_examen_previo"


@dataclass(frozen=True, slots=True)
class Requisito:
    """Un dato que no puede faltar: dónde está y cuándo se pide.

    Forma: ``lineas/*/via`` es la vía de cada línea; con ``|``, basta uno de los campos.
    """

    campo: str
    mensaje: str
    cuando: str = SIEMPRE


@dataclass(frozen=True, slots=True)
class ReglasReceta:
    """Lo que pide un país desde una fecha; ``plazos`` si sus plazos de validez son los de ``validez_recetas``.

    ``estupefacientes_meses``: lo que puede durar un tratamiento con ellos, solos y para un animal.
    """

    pais: str | None
    vigente_desde: date
    fuente: str
    requisitos: tuple[Requisito, ...]
    plazos: bool = False
    estupefacientes_meses: int | None = None


_POSOLOGIA = (
    Requisito("lineas/*/cantidad_por_toma|pauta_texto", "Falta cuánto se da cada vez"),
    Requisito("lineas/*/intervalo_h|pauta_texto", "Falta cada cuánto se da"),
    Requisito("lineas/*/via", "Falta por dónde se da"),
    Requisito("lineas/*/duracion_dias", "Falta cuántos días"),
)
_COMUNES = (
    Requisito("titular/nombre", "Falta el nombre del titular"),
    Requisito("animal/especie", "Falta la especie"),
    Requisito("animal/nombre|identificacion", "Falta qué animal o grupo es"),
    Requisito("fecha_emision", "Falta la fecha"),
    Requisito("veterinario/nombre", "Falta quién receta"),
    Requisito("veterinario/num_colegiado", "Falta el número de colegiado de quien receta"),
    Requisito("lineas", "Falta qué se receta"),
    Requisito("lineas/*/medicamento", "Falta el medicamento"),
    Requisito("lineas/*/principios", "El medicamento no dice sus principios activos", CON_MEDICAMENTO),
    *_POSOLOGIA,
    Requisito("lineas/*/cantidad_total|envases", "Falta la cantidad"),
)
_ESPANOLES = (
    *_COMUNES,
    Requisito("consulta_id", "Falta el examen clínico previo: la consulta", SIN_EXAMEN_PREVIO),
    Requisito("tipo_dispensacion", "Falta el tipo de dispensación"),
    Requisito("clase", "Falta si es ordinaria o excepcional"),
    Requisito("indicacion", "Falta la indicación"),
    Requisito("titular/telefono", "Falta el teléfono del titular"),
    Requisito("animal/identificacion", "Falta la identificación del animal o del grupo"),
    Requisito("animal/numero_animales", "Falta cuántos animales son"),
    Requisito("animal/rega", "Falta el código REGA de la explotación", PRODUCCION),
    Requisito("veterinario/telefono", "Falta el teléfono profesional: póngalo en la ficha de la sede"),
    Requisito("veterinario/email", "Falta el correo de quien receta"),
    Requisito("finalidad_antimicrobiana", "Falta si es terapéutico, metafiláctico o profiláctico", ANTIMICROBIANA),
    Requisito("lineas/*/forma", "El medicamento no dice su forma", CON_MEDICAMENTO),
    Requisito("lineas/*/formato", "El medicamento no dice su formato", CON_MEDICAMENTO),
    Requisito("lineas/*/envases", "Falta cuántos envases"),
    Requisito("lineas/*/porcentaje_envase", "Falta qué porcentaje del envase se usará", CON_MEDICAMENTO),
    Requisito("lineas/*/tiempo_espera", "Falta el tiempo de espera, aunque sea cero", PRODUCCION),
    Requisito("valida_hasta", "Falta el plazo de validez"),
)
# De la más nueva a la más antigua de cada país; sin país, las que valen donde no hay otras.
REGLAS: tuple[ReglasReceta, ...] = (
    ReglasReceta("ES", date(1900, 1, 1), "F1 anexo III; F2 13 y 16", _ESPANOLES, True, 1),
    ReglasReceta(None, date(1900, 1, 1), "Mínimo común", _COMUNES),
)


def vigentes(pais: str, fecha: date, reglas: Iterable[ReglasReceta] = REGLAS) -> ReglasReceta:
    """Las que rigen en un país ese día o, si no tiene propias, las comunes."""
    posibles = [una for una in reglas if una.pais in (pais, None) and una.vigente_desde <= fecha]
    return max(posibles, key=lambda una: (una.pais is not None, una.vigente_desde))


def que_falta(reglas: ReglasReceta, contenido: Mapping[str, Any], condiciones: frozenset[str]) -> list[tuple[str, str]]:
    """Los datos que faltan en el contenido de una receta: dónde va cada uno y qué decir.

    ``condiciones``: las que se cumplen en toda la receta, además de «siempre».
    """
    salida: dict[str, str] = {}
    for requisito in reglas.requisitos:
        if requisito.cuando in {SIEMPRE, CON_MEDICAMENTO} or requisito.cuando in condiciones:
            for campo in _vacios(requisito, contenido):
                salida.setdefault(campo, requisito.mensaje)
    return list(salida.items())


def _vacios(requisito: Requisito, contenido: Mapping[str, Any]) -> Iterator[str]:
    tramos = requisito.campo.split("/")
    if tramos[:2] == ["lineas", "*"]:
        for n, linea in enumerate(contenido["lineas"]):
            if requisito.cuando != CON_MEDICAMENTO or linea["medicamento_id"]:
                yield from _falta(linea, tramos[2], f"/lineas/{n}")
    elif len(tramos) == 2:
        yield from _falta(contenido[tramos[0]], tramos[1], f"/{tramos[0]}")
    else:
        yield from _falta(contenido, tramos[0], "")


def _falta(donde: Mapping[str, Any], campos: str, prefijo: str) -> Iterator[str]:
    nombres = campos.split("|")
    # Una lista vacía es un dato en el tiempo de espera (ninguno), pero no en lo demás.
    if not any(donde.get(uno) or (uno == "tiempo_espera" and donde.get(uno) is not None) for uno in nombres):
        yield f"{prefijo}/{nombres[0]}"
