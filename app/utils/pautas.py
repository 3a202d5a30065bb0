"""Qué pauta de un principio corresponde a lo que se quiere dar."""

from decimal import Decimal

from app.utils.decimales import entre, por
from app.utils.medicacion import Linea, Pauta, Principio, UnidadDosis

# Unidades de dosis comparables entre sí -> por cuánto hay que multiplicar para llevarlas a la misma.
_ESCALAS: dict[str, tuple[str, Decimal]] = {
    UnidadDosis.MG_KG: ("mg_kg", Decimal(1)),
    UnidadDosis.UG_KG: ("mg_kg", Decimal("0.001")),
    UnidadDosis.MG_M2: ("mg_m2", Decimal(1)),
    UnidadDosis.UG_M2: ("mg_m2", Decimal("0.001")),
    UnidadDosis.UI_KG: ("ui_kg", Decimal(1)),
    UnidadDosis.ML_KG: ("ml_kg", Decimal(1)),
}


def pauta_de(principio: Principio, especie: str, linea: Linea) -> Pauta | None:
    """La pauta de esa especie y vía a la que corresponde la dosis; nada si no hay ninguna comparable.

    De varias (el primer día y los siguientes), la que dice la indicación; si no, de las que duran lo bastante, la de
    menor máximo que admite la dosis. Si ninguna la admite, la de mayor máximo: lo que se pasa, se pasa de todas.
    """
    posibles = [una for una in principio.pautas if _vale(una, principio, especie, linea)]
    dichas = [una for una in posibles if una.indicacion is not None and una.indicacion == linea.indicacion]
    posibles = dichas or [una for una in posibles if _dura(una, linea)] or posibles
    if linea.dosis is None or not posibles:
        return posibles[0] if posibles else None
    pedida = en_escala(linea.dosis, linea.unidad_dosis)
    en_rango = [una for una in posibles if pedida <= _maximo(una)]
    if not en_rango:
        return max(posibles, key=_maximo)
    return min(en_rango, key=lambda una: (pedida < _minimo(una), _maximo(una)))


def _vale(pauta: Pauta, principio: Principio, especie: str, linea: Linea) -> bool:
    return (
        (pauta.especie, pauta.via) == (especie, linea.via)
        and pauta.concentracion in (None, principio.concentracion)
        and _ESCALAS[pauta.unidad_dosis][0] == _ESCALAS[linea.unidad_dosis][0]
    )


def _dura(pauta: Pauta, linea: Linea) -> bool:
    dias, maximo = linea.duracion_dias, pauta.duracion_max_dias
    return dias is None or maximo is None or dias <= maximo


def _minimo(pauta: Pauta) -> Decimal:
    return Decimal(0) if pauta.dosis_min is None else en_escala(pauta.dosis_min, pauta.unidad_dosis)


def _maximo(pauta: Pauta) -> Decimal:
    return Decimal("Infinity") if pauta.dosis_max is None else en_escala(pauta.dosis_max, pauta.unidad_dosis)


def en_escala(dosis: Decimal, unidad: str) -> Decimal:
    """La dosis en la unidad mayor de las suyas: mg, UI o mL."""
    return por(dosis, _ESCALAS[unidad][1])


def en_unidad(dosis: Decimal, de: str, a: str) -> Decimal:
    """La dosis en otra unidad comparable."""
    return entre(en_escala(dosis, de), _ESCALAS[a][1])
