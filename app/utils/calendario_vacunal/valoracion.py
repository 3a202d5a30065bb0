"""Qué dosis cuentan y cuáles no: reglas 1 y 2 del calendario."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from app.utils.calendario_vacunal.textos import DESCARTES
from app.utils.calendario_vacunal.tipos import Dosis, DosisValorada, Motivo, Protocolo
from app.utils.edad import sumar_meses


def valorar(
    protocolo: Protocolo, dosis: Iterable[Dosis], nacimiento: date | None, hoy: date
) -> tuple[DosisValorada, ...]:
    """Las dosis, de la primera a la última, con su número en la serie en curso o por qué no cuentan."""
    salida: list[DosisValorada] = []
    serie: list[int] = []  # dónde están, en la salida, las que cuentan de la serie en curso
    for una in sorted(dosis, key=lambda una: (una.fecha, str(una.id))):
        ultima = salida[serie[-1]].dosis.fecha if serie else None
        descarte = _descarte(protocolo, una, nacimiento, ultima)
        if descarte:
            salida.append(DosisValorada(una, None, descarte))
            continue
        if ultima and _caducada(protocolo, ultima, una.fecha):
            _reiniciar(salida, serie, protocolo)
        serie.append(len(salida))
        salida.append(DosisValorada(una, len(serie), None))
    if serie and _caducada(protocolo, salida[serie[-1]].dosis.fecha, hoy):
        _reiniciar(salida, serie, protocolo)
    return tuple(salida)


def _descarte(protocolo: Protocolo, una: Dosis, nacimiento: date | None, ultima: date | None) -> Motivo | None:
    """Por qué no cuenta una dosis por sí misma (regla 1)."""
    if una.anulada:
        return _motivo("anulada")
    if nacimiento and una.fecha < nacimiento + timedelta(weeks=protocolo.edad_min_semanas):
        semanas = (una.fecha - nacimiento).days // 7
        return _motivo("edad_insuficiente", semanas=semanas, edad_min=protocolo.edad_min_semanas)
    if ultima and una.fecha < ultima + timedelta(days=protocolo.intervalo_min_dias):
        dias = (una.fecha - ultima).days
        return _motivo("intervalo_corto", dias=dias, intervalo_min=protocolo.intervalo_min_dias)
    return None


def _motivo(codigo: str, **datos: Any) -> Motivo:
    return Motivo(codigo, DESCARTES[codigo], datos)


def _caducada(protocolo: Protocolo, desde: date, hasta: date) -> bool:
    """Si entre dos fechas ha pasado demasiado para seguir la misma serie (regla 2)."""
    meses = protocolo.caducidad_meses
    return meses is not None and hasta > sumar_meses(desde, meses)


def _reiniciar(salida: list[DosisValorada], serie: list[int], protocolo: Protocolo) -> None:
    descarte = _motivo("serie_caducada", meses=protocolo.caducidad_meses)
    for donde in serie:
        salida[donde] = DosisValorada(salida[donde].dosis, None, descarte)
    serie.clear()
