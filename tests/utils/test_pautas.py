"""Qué pauta corresponde a lo que se quiere dar, y las dosis en otra unidad."""

from decimal import Decimal

import pytest

from app.utils.medicacion import Linea, Pauta, Principio
from app.utils.pautas import en_escala, en_unidad, pauta_de
from app.utils.reglas_paciente import normalizar


def pauta(minima: str | None, maxima: str | None, via: str = "oral", especie: str = "perro", **campos) -> Pauta:
    dosis = (Decimal(una) if una else None for una in (minima, maxima))
    return Pauta(especie, via, *dosis, **campos)


PRIMER_DIA = pauta("0.2", "0.2", indicacion="dia_1", duracion_max_dias=1)
DESPUES = pauta("0.1", "0.1", indicacion="mantenimiento")
POSOPERATORIO = pauta("3", "4", duracion_max_dias=7)
NORMAL = pauta("1", "2")
ANCHA = pauta("1", "4")
EN_MICROGRAMOS = pauta("900", "1500", unidad_dosis="ug_kg")
POR_SUPERFICIE = pauta("375", "375", unidad_dosis="ug_m2")
DE_OTRA_VIA = pauta("1", "2", "subcutanea")
DE_GATO = pauta("1", "2", especie="gato")
DE_LA_SUAVE = pauta("1", "2", concentracion=Decimal("0.3"))
SIN_TECHO = pauta("6", None)
SIN_DOSIS = pauta(None, None)
SOLO_MAXIMA = pauta(None, "5")


def elegida(*pautas: Pauta, dosis: str | None = None, concentracion: str | None = None, **campos) -> Pauta | None:
    suyo = Principio("x", "X", pautas=pautas, concentracion=Decimal(concentracion) if concentracion else None)
    return pauta_de(suyo, "perro", Linea(0, "x", (suyo,), "oral", Decimal(dosis) if dosis else None, **campos))


@pytest.mark.parametrize(
    ("pautas", "campos", "esperada"),
    [
        ((), {}, None),
        ((DE_OTRA_VIA, DE_GATO), {"dosis": "1"}, None),
        ((NORMAL,), {}, NORMAL),
        ((NORMAL, ANCHA), {}, NORMAL),
        ((PRIMER_DIA, DESPUES), {"dosis": "0.1"}, DESPUES),
        ((PRIMER_DIA, DESPUES), {"dosis": "0.2", "duracion_dias": 1}, PRIMER_DIA),
        ((PRIMER_DIA, DESPUES), {"dosis": "0.2", "duracion_dias": 2}, DESPUES),
        ((PRIMER_DIA, DESPUES), {"dosis": "0.2", "indicacion": "mantenimiento"}, DESPUES),
        ((PRIMER_DIA, DESPUES), {"dosis": "0.1", "indicacion": "dia_1", "duracion_dias": 5}, PRIMER_DIA),
        ((PRIMER_DIA, DESPUES), {"dosis": "0.2", "indicacion": "Dolor de espalda"}, PRIMER_DIA),
        ((DESPUES, PRIMER_DIA), {"dosis": "0.15"}, PRIMER_DIA),  # ninguna la admite entera: la que no se pasa
        ((DESPUES, PRIMER_DIA), {"dosis": "0.3"}, PRIMER_DIA),  # se pasa de todas: la de mayor máximo
        ((PRIMER_DIA, DESPUES), {"dosis": "0.3"}, PRIMER_DIA),
        ((ANCHA, NORMAL), {"dosis": "2"}, NORMAL),  # de las que la admiten, la más prudente
        ((NORMAL, POSOPERATORIO), {"dosis": "3"}, POSOPERATORIO),
        ((NORMAL, POSOPERATORIO), {"dosis": "0.5"}, NORMAL),
        ((POSOPERATORIO,), {"dosis": "3", "duracion_dias": 8}, POSOPERATORIO),
        ((EN_MICROGRAMOS,), {"dosis": "1"}, EN_MICROGRAMOS),
        ((EN_MICROGRAMOS, ANCHA), {"dosis": "1"}, EN_MICROGRAMOS),
        ((EN_MICROGRAMOS, ANCHA), {"dosis": "1.6"}, ANCHA),
        ((EN_MICROGRAMOS, SOLO_MAXIMA), {"dosis": "0.5"}, SOLO_MAXIMA),
        ((POR_SUPERFICIE,), {"dosis": "0.375"}, None),
        ((POR_SUPERFICIE,), {"dosis": "0.375", "unidad_dosis": "mg_m2"}, POR_SUPERFICIE),
        ((NORMAL,), {"dosis": "1", "unidad_dosis": "ui_kg"}, None),
        ((DE_LA_SUAVE,), {"dosis": "1", "concentracion": "0.3"}, DE_LA_SUAVE),
        ((DE_LA_SUAVE,), {"dosis": "1", "concentracion": "1.8"}, None),
        ((DE_LA_SUAVE,), {"dosis": "1"}, None),
        ((SIN_TECHO, NORMAL), {"dosis": "99"}, SIN_TECHO),
        ((SIN_TECHO, NORMAL), {"dosis": "1"}, NORMAL),
        ((SIN_DOSIS,), {"dosis": "1"}, SIN_DOSIS),
        ((SOLO_MAXIMA, SIN_TECHO), {"dosis": "5"}, SOLO_MAXIMA),
    ],
)
def test_que_pauta_corresponde(pautas, campos, esperada):
    assert elegida(*pautas, **campos) == esperada


@pytest.mark.parametrize(
    ("dosis", "de", "a", "esperada"),
    [
        ("5", "mg_kg", "mg_kg", "5"), ("5", "mg_kg", "ug_kg", "5000"), ("40", "ug_kg", "mg_kg", "0.04"),
        ("500", "ug_m2", "mg_m2", "0.5"), ("2", "ui_kg", "ui_kg", "2"), ("2", "ml_kg", "ml_kg", "2"),
    ],
)  # fmt: skip
def test_la_misma_dosis_en_otra_unidad(dosis, de, a, esperada):
    assert en_unidad(Decimal(dosis), de, a) == Decimal(esperada)
    assert en_escala(Decimal(dosis), de) == en_escala(Decimal(esperada), a)


@pytest.mark.parametrize(
    ("escrito", "codigo"),
    [
        ("Amoxicilina", "amoxicilina"), ("  Ácido  Clavulánico ", "acido_clavulanico"), ("AINE", "aine"),
        ("Lactona-macrocíclica", "lactona_macrociclica"), ("pimobendán", "pimobendan"), ("Zahorí ☠", "zahori"),
    ],
)  # fmt: skip
def test_lo_escrito_a_mano_se_lee_como_un_codigo(escrito, codigo):
    assert normalizar(escrito) == codigo
