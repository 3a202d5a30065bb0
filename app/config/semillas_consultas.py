"""Los catálogos semilla de las consultas: motivos, diagnósticos y rangos de las constantes. Nada toca la base."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from app.config.catalogos_csv import filas


@dataclass(frozen=True, slots=True)
class Termino:
    """Motivo o diagnóstico del sistema propio; los motivos no se agrupan.

    Fuente: dominio §5.10, redacción propia.
    """

    codigo: str
    nombre: str
    grupo: str | None


@dataclass(frozen=True, slots=True)
class RangoConstante:
    """Intervalo normal de una constante en una especie, límites incluidos; nada es «sin límite por ese lado».

    Unidades: las de la constante (°C, lpm, rpm, s).
    Fuente: dominio §2.6.
    """

    especie: str
    magnitud: str
    minimo: Decimal | None
    maximo: Decimal | None
    fuente: str
    estado: str


@cache
def motivos_consulta() -> tuple[Termino, ...]:
    """Motivos de consulta del sistema propio.

    Fuente: `catalogos/motivos_consulta.csv`.
    """
    return tuple(Termino(f["codigo"], f["nombre"], None) for f in filas("motivos_consulta.csv"))


@cache
def diagnosticos() -> tuple[Termino, ...]:
    """Diagnósticos del sistema propio.

    Fuente: `catalogos/diagnosticos.csv`.
    """
    return tuple(Termino(f["codigo"], f["nombre"], f["grupo"]) for f in filas("diagnosticos.csv"))


@cache
def rangos_constantes() -> tuple[RangoConstante, ...]:
    """Rangos normales de las constantes, por especie.

    Fuente: `catalogos/rangos_constantes.csv`.
    """
    return tuple(
        RangoConstante(
            especie=f["especie"],
            magnitud=f["magnitud"],
            minimo=Decimal(f["minimo"]) if f["minimo"] else None,
            maximo=Decimal(f["maximo"]) if f["maximo"] else None,
            fuente=f["fuente"],
            estado=f["estado"],
        )
        for f in filas("rangos_constantes.csv")
    )
