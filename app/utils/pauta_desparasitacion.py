"""Cuándo toca la próxima desparasitación: la pauta por defecto de perros y gatos, y la duración del producto."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.utils.edad import sumar_meses

CADA_DIAS = 14
MESES_DE_ADULTO = 6
MESES_ENTRE_ADULTOS = 3
# Especie -> desde qué semana y hasta qué semana se desparasita cada catorce días. Fuente: F32.
QUINCENAL = {"perro": (2, 12), "gato": (3, 9)}
TEXTOS = {
    "primera": "Sin ninguna puesta: la primera se da a las {semanas} semanas",
    "primera_ya": "Sin ninguna puesta y ya tiene la edad: se puede dar hoy",
    "quincenal": "Hasta las {semanas} semanas, cada 14 días",
    "mensual": "De las {semanas} semanas a los 6 meses, cada mes",
    "trimestral": "Desde los 6 meses, cada 3 meses",
    "duracion": "Según lo que dura el producto: {dias} días",
    "sin_pauta": "No hay pauta por defecto para esta especie: la decide el veterinario",
    "sin_duracion": "Para la externa hace falta saber cuántos días dura el producto",
}


@dataclass(frozen=True, slots=True)
class Toca:
    """La próxima fecha, si la hay, y qué regla la decidió."""

    fecha: date | None
    codigo: str
    mensaje: str


def tras(tipo: str, especie: str, nacimiento: date | None, fecha: date, duracion_dias: int | None) -> Toca:
    """La que sigue a una dada en ``fecha``; de la mixta, lo primero que venza."""
    partes = [interna(especie, nacimiento, fecha)] if tipo != "externa" else []
    if tipo != "interna":
        partes.append(externa(fecha, duracion_dias))
    con_fecha = [(una.fecha, n) for n, una in enumerate(partes) if una.fecha]
    return partes[min(con_fecha)[1]] if con_fecha else partes[0]


def interna(especie: str, nacimiento: date | None, fecha: date) -> Toca:
    """La pauta por defecto; sin fecha de nacimiento, la de un adulto."""
    if especie not in QUINCENAL:
        return _toca(None, "sin_pauta")
    semanas = QUINCENAL[especie][1]
    if nacimiento and fecha < nacimiento + timedelta(weeks=semanas):
        return _toca(fecha + timedelta(days=CADA_DIAS), "quincenal", semanas=semanas)
    if nacimiento and fecha < sumar_meses(nacimiento, MESES_DE_ADULTO):
        return _toca(sumar_meses(fecha, 1), "mensual", semanas=semanas)
    return _toca(sumar_meses(fecha, MESES_ENTRE_ADULTOS), "trimestral")


def externa(fecha: date, duracion_dias: int | None) -> Toca:
    """Cuando deja de hacer efecto."""
    if duracion_dias is None:
        return _toca(None, "sin_duracion")
    return _toca(fecha + timedelta(days=duracion_dias), "duracion", dias=duracion_dias)


def primera(especie: str, nacimiento: date | None, hoy: date) -> Toca:
    """La de quien aún no tiene ninguna interna."""
    if especie not in QUINCENAL:
        return _toca(None, "sin_pauta")
    semanas = QUINCENAL[especie][0]
    cumple = nacimiento + timedelta(weeks=semanas) if nacimiento else hoy
    return _toca(cumple, "primera", semanas=semanas) if cumple > hoy else _toca(hoy, "primera_ya")


def _toca(fecha: date | None, codigo: str, **datos: int) -> Toca:
    return Toca(fecha, codigo, TEXTOS[codigo].format(**datos))
