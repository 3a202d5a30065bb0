"""Cuánto se da y cuánto hace falta: la dosis por peso, ajustada a lo que se puede medir o partir."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from app.utils.decimales import UNO, entre, hacia_abajo, hacia_arriba, legible, por, redondear
from app.utils.errors import BusinessRule
from app.utils.fisiologia import CalculoNoDisponible, superficie_corporal
from app.utils.medicacion import Linea, Presentacion, UnidadDosis

DECIMA, CENTESIMA, MILESIMA, DIEZMILESIMA = Decimal("0.1"), Decimal("0.01"), Decimal("0.001"), Decimal("0.0001")
MARGEN_MINIMO = Decimal("0.9")
LIQUIDO = "ml"
HORAS_DIA = 24
# Unidad de dosis -> en qué se mide lo que se da, por cuánto hay que multiplicarla y si es por superficie.
_MEDIDAS: dict[str, tuple[str, Decimal, bool]] = {
    UnidadDosis.MG_KG: ("mg", UNO, False),
    UnidadDosis.UG_KG: ("mg", MILESIMA, False),
    UnidadDosis.MG_M2: ("mg", UNO, True),
    UnidadDosis.UG_M2: ("mg", MILESIMA, True),
    UnidadDosis.UI_KG: ("ui", UNO, False),
    UnidadDosis.ML_KG: (LIQUIDO, UNO, False),
}
# Unidad de una concentración -> en qué se mide y por cuánto hay que multiplicarla.
_CONCENTRACIONES: dict[str, tuple[str, Decimal]] = {"mg": ("mg", UNO), "ug": ("mg", MILESIMA), "ui": ("ui", UNO)}


class SinPresentacionAdecuada(BusinessRule):
    """Con esa presentación no se puede dar esa dosis."""


@dataclass(frozen=True, slots=True)
class Rango:
    """La dosis que se pide y entre cuáles debe quedar la que se dé, en la misma unidad; sin máxima, no hay techo."""

    dosis: Decimal
    minima: Decimal
    maxima: Decimal | None


@dataclass(frozen=True, slots=True)
class Toma:
    """Lo que se da cada vez, y la dosis que de verdad es; ``total`` es lo pedido, en ``unidad_total``."""

    cantidad: Decimal
    dosis_efectiva: Decimal
    total: Decimal
    unidad_total: str


@dataclass(frozen=True, slots=True)
class Consumo:
    """Lo que hace falta para todo el tratamiento; ``tomas_dia`` sólo consta si son enteras."""

    tomas_dia: int | None
    cantidad_total: Decimal
    envases: int
    porcentaje_envase: Decimal


def rango(dosis: Decimal, minima: Decimal | None, maxima: Decimal | None) -> Rango:
    """El rango de una pauta, abierto hasta la dosis pedida: salirse de la pauta es una alerta, no un redondeo.

    Sin pauta, la dosis pedida hace de mínima y de máxima.
    """
    if minima is None and maxima is None:
        return Rango(dosis, dosis, dosis)
    minima = dosis if minima is None else min(minima, dosis)
    return Rango(dosis, minima, None if maxima is None else max(maxima, dosis))


def por_superficie(unidad_dosis: str) -> bool:
    """Si la unidad es por m² y no por kg."""
    return _MEDIDAS[unidad_dosis][2]


def calcular(especie: str, peso_kg: Decimal, unidad_dosis: str, pedida: Rango, presentacion: Presentacion) -> Toma:
    """La cantidad de cada toma: nunca por encima de la dosis máxima.

    Unidades: ``peso_kg`` en kg; la dosis, en ``unidad_dosis``.
    Errores: ``SinPresentacionAdecuada``, ``CalculoNoDisponible``.
    """
    if peso_kg <= 0:
        raise CalculoNoDisponible("El peso debe ser mayor que cero", campo="/peso_kg")
    unidad, factor, de_superficie = _MEDIDAS[unidad_dosis]
    tamano = superficie_corporal(especie, peso_kg) if de_superficie else peso_kg
    contenido = _contenido(unidad, presentacion)
    # Cuántas unidades de la presentación hacen falta por cada unidad de dosis.
    por_dosis = entre(por(tamano, factor), contenido)
    minimo = por(pedida.minima, por_dosis)
    maximo = None if pedida.maxima is None else por(pedida.maxima, por_dosis)
    objetivo = por(pedida.dosis, por_dosis)
    if presentacion.unidad_base == LIQUIDO:
        cantidad = _liquido(objetivo, minimo, maximo)
    else:
        cantidad = _solido(objetivo, minimo, maximo, presentacion.fracciones)
    total = legible(redondear(por(pedida.dosis, tamano, factor), DIEZMILESIMA))
    return Toma(legible(cantidad), redondear(entre(cantidad, por_dosis), DIEZMILESIMA), total, unidad)


def consumo(cantidad: Decimal, intervalo_h: int, duracion_dias: int, unidades_envase: Decimal) -> Consumo:
    """Cuánto hace falta y cuántos envases lo cubren; lo que no es exacto se redondea hacia arriba."""
    horas = Decimal(HORAS_DIA * duracion_dias)
    total = hacia_arriba(entre(por(cantidad, horas), Decimal(intervalo_h)), MILESIMA)
    envases = int(hacia_arriba(entre(total, unidades_envase), UNO))
    parte = entre(por(total, Decimal(100)), por(Decimal(envases), unidades_envase))
    tomas, resto = divmod(HORAS_DIA, intervalo_h)
    return Consumo(None if resto else tomas, legible(total), envases, redondear(parte, DECIMA))


def con_su_dosis(linea: Linea, peso_kg: Decimal | None) -> Linea:
    """La línea con la dosis que supone su cantidad, si no la dice y se puede saber: callarla no esconde un exceso."""
    como = linea.presentacion
    if linea.dosis is not None or linea.cantidad is None or como is None or not peso_kg:
        return linea
    medida, factor = _CONCENTRACIONES[como.unidad]
    dosis = redondear(entre(por(linea.cantidad, como.concentracion, factor), peso_kg), DIEZMILESIMA)
    return replace(linea, dosis=dosis, unidad_dosis=UnidadDosis.UI_KG if medida == "ui" else UnidadDosis.MG_KG)


def _contenido(unidad: str, presentacion: Presentacion) -> Decimal:
    if unidad == LIQUIDO:
        if presentacion.unidad_base != LIQUIDO:
            raise CalculoNoDisponible("La dosis en mL es para presentaciones líquidas", campo="/unidad_dosis")
        return UNO
    medida, factor = _CONCENTRACIONES[presentacion.unidad]
    if medida != unidad:
        raise CalculoNoDisponible("La dosis y la concentración se miden en cosas distintas", campo="/unidad_dosis")
    return por(presentacion.concentracion, factor)


def _liquido(objetivo: Decimal, minimo: Decimal, maximo: Decimal | None) -> Decimal:
    paso = CENTESIMA if objetivo < 1 else DECIMA
    cantidad = redondear(objetivo, paso)
    if maximo is not None and cantidad > maximo:
        cantidad = hacia_abajo(objetivo, paso)
    if cantidad == 0 or cantidad < por(MARGEN_MINIMO, minimo):
        raise SinPresentacionAdecuada("El volumen es demasiado pequeño para medirlo")
    return cantidad


def _solido(objetivo: Decimal, minimo: Decimal, maximo: Decimal | None, fracciones: Iterable[Decimal]) -> Decimal:
    limites = (objetivo, minimo, objetivo if maximo is None else maximo)
    todas = {n for fraccion in fracciones for limite in limites for n in _alrededor(limite, fraccion)}
    caben = [una for una in todas if maximo is None or una <= maximo]
    posibles = [una for una in caben if una >= minimo] or [una for una in caben if una >= por(MARGEN_MINIMO, minimo)]
    if not posibles:
        raise SinPresentacionAdecuada("Ninguna fracción de esa presentación queda entre la dosis mínima y la máxima")
    return min(posibles, key=lambda una: (abs(una - objetivo), una))


def _alrededor(limite: Decimal, fraccion: Decimal) -> Iterator[Decimal]:
    """El múltiplo de la fracción que no pasa del límite y el siguiente: los demás quedan siempre más lejos."""
    ultimo = hacia_abajo(limite, fraccion)
    if ultimo > 0:
        yield ultimo
    yield ultimo + fraccion
