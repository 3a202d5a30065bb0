"""La posología en palabras y las cantidades en letra."""

from decimal import Decimal

import pytest

from app.utils.en_letra import en_letra
from app.utils.posologia import posologia

FRASES = [
    (("1.5", "comprimido", "oral", 12, 7), "1,5 comprimidos por vía oral cada 12 horas durante 7 días"),
    (("1", "comprimido", "oral", 24, 10), "1 comprimido por vía oral cada 24 horas durante 10 días"),
    (("0.82", "ml", "oral", 24, 5), "0,82 mL por vía oral cada 24 horas durante 5 días"),
    (("2", "capsula", "oral", 48, 10), "2 cápsulas por vía oral cada 2 días durante 10 días"),
    (("2", "pulsacion", "intranasal", 1, 1), "2 pulsaciones en la nariz cada hora durante 1 día"),
    (("1.000", "pipeta", "topica", 720, 1), "1 pipeta sobre la piel una sola vez"),
    (("20", "gota", "otra", 8, 3), "20 gotas cada 8 horas durante 3 días"),
]


@pytest.mark.parametrize(("datos", "frase"), FRASES)
def test_lo_que_lee_el_titular(datos, frase):
    cantidad, *resto = datos
    assert posologia(Decimal(cantidad), *resto) == frase


def test_la_pauta_escrita_sustituye_al_intervalo():
    frase = posologia(None, None, "oral", 12, 7, "media pastilla por la mañana y una por la noche")
    assert frase == "por vía oral media pastilla por la mañana y una por la noche durante 7 días"


@pytest.mark.parametrize(
    ("numero", "palabras"),
    [(0, "cero"), (1, "uno"), (16, "dieciséis"), (30, "treinta"), (42, "cuarenta y dos"), (100, "cien"),
     (101, "ciento uno"), (530, "quinientos treinta"), (999, "novecientos noventa y nueve")],
)  # fmt: skip
def test_cantidades_en_letra(numero, palabras):
    assert en_letra(numero) == palabras


@pytest.mark.parametrize("numero", [-1, 1000])
def test_en_letra_no_llega_a_mas(numero):
    with pytest.raises(ValueError, match="de 0 a 999"):
        en_letra(numero)
