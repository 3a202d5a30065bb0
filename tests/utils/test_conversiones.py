"""Las conversiones de unidades de laboratorio, en los dos sentidos."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.utils.conversiones import CONVERSIONES, convertir
from app.utils.fisiologia import CalculoNoDisponible

CASOS = [
    ("creatinina", "124", "umol/L", "mg/dL", "1.40"),  # L2
    ("glucosa", "5.5", "mmol/L", "mg/dL", "99.09"),
    ("bun", "5", "mmol/L", "mg/dL", "14.00"),
    ("proteinas", "65", "g/L", "g/dL", "6.50"),
    ("albumina", "32", "g/L", "g/dL", "3.20"),
    ("calcio", "2.5", "mmol/L", "mg/dL", "10.02"),
    ("fosforo", "1.5", "mmol/L", "mg/dL", "4.65"),
    ("colesterol", "5", "mmol/L", "mg/dL", "193.35"),
    ("trigliceridos", "1", "mmol/L", "mg/dL", "88.57"),
    ("bilirrubina_total", "17.1", "umol/L", "mg/dL", "1.00"),
    ("bilirrubina_directa", "3.42", "umol/L", "mg/dL", "0.20"),
    ("glucosa", "100", "mg/dL", "mmol/L", "5.55"),
    ("creatinina", "1.4", "mg/dL", "umol/L", "123.76"),
    ("proteinas", "6.5", "g/dL", "g/L", "65.00"),
]


@pytest.mark.parametrize(("analito", "valor", "de", "a", "esperado"), CASOS)
def test_cada_factor(analito, valor, de, a, esperado):
    assert str(convertir(analito, Decimal(valor), de, a)) == esperado


@pytest.mark.parametrize("micro", ["u", "µ", "μ"])
def test_el_signo_micro_se_escribe_de_tres_maneras(micro):
    assert convertir("creatinina", Decimal(124), f"{micro}mol/L", "mg/dL") == Decimal("1.40")


@pytest.mark.parametrize(
    ("analito", "de", "a", "campo"),
    [("alt", "U/L", "ukat/L", "/analito"), ("glucosa", "mmol/L", "g/L", "/a"), ("glucosa", "mmol/L", "mmol/L", "/a")],
)
def test_lo_que_no_tiene_factor_no_se_convierte(analito, de, a, campo):
    with pytest.raises(CalculoNoDisponible) as error:
        convertir(analito, Decimal(1), de, a)
    assert error.value.extra["errores"][0]["campo"] == campo
    assert error.value.detail in {
        "De ese analito no consta el factor de conversión",
        "Entre esas unidades no consta el factor de conversión",
    }


@given(st.sampled_from(sorted(CONVERSIONES)), st.decimals("10", "10000", places=2))
def test_ida_y_vuelta_apenas_cambia(analito, valor):
    una = CONVERSIONES[analito]
    ida = convertir(analito, valor, una.convencional, una.internacional)
    vuelta = convertir(analito, ida, una.internacional, una.convencional)
    assert abs(vuelta - valor) <= Decimal("0.005") * una.multiplica / una.divide + Decimal("0.01")
