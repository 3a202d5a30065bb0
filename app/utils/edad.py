"""Edad de un animal en una fecha, en las unidades en que la dice la clínica."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

DIAS_EN_DIAS = 14
SEMANAS_EN_SEMANAS = 16
MESES_EN_MESES = 24


@dataclass(frozen=True)
class Edad:
    """Edad descompuesta: años, meses y días que sobran, y semanas totales."""

    anios: int
    meses: int
    dias: int
    semanas: int
    texto: str
    precision: str


def sumar_meses(fecha: date, meses: int) -> date:
    """Suma meses naturales, recortando al último día del mes."""
    anio, mes = divmod(fecha.year * 12 + fecha.month - 1 + meses, 12)
    return date(anio, mes + 1, min(fecha.day, monthrange(anio, mes + 1)[1]))


def meses_cumplidos(nacimiento: date, referencia: date) -> int:
    """Meses completos entre el nacimiento y la fecha de referencia.

    Errores: ``ValueError`` si el nacimiento es posterior a la referencia.
    """
    if nacimiento > referencia:
        raise ValueError("El nacimiento es posterior a la fecha de referencia")
    meses = (referencia.year - nacimiento.year) * 12 + referencia.month - nacimiento.month
    return meses if sumar_meses(nacimiento, meses) <= referencia else meses - 1


@lru_cache(10_000)
def edad(nacimiento: date, referencia: date, precision: str) -> Edad:
    """Edad en la fecha de referencia: hoy o, si murió, la del fallecimiento.

    Errores: ``ValueError`` si el nacimiento es posterior a la referencia.
    """
    meses = meses_cumplidos(nacimiento, referencia)
    dias_totales = (referencia - nacimiento).days
    texto = _texto(dias_totales, meses)
    return Edad(
        anios=meses // 12,
        meses=meses % 12,
        dias=(referencia - sumar_meses(nacimiento, meses)).days,
        semanas=dias_totales // 7,
        texto=texto if precision == "exacta" else f"~{texto}",
        precision=precision,
    )


def _texto(dias: int, meses: int) -> str:
    if dias < DIAS_EN_DIAS:
        return _contar(dias, "día", "días")
    if dias < SEMANAS_EN_SEMANAS * 7:
        return _contar(dias // 7, "semana", "semanas")
    if meses < MESES_EN_MESES:
        return _contar(meses, "mes", "meses")
    anios, resto = divmod(meses, 12)
    texto = _contar(anios, "año", "años")
    return f"{texto} y {_contar(resto, 'mes', 'meses')}" if resto else texto


def _contar(cuantos: int, uno: str, varios: str) -> str:
    return f"{cuantos} {uno if cuantos == 1 else varios}"
