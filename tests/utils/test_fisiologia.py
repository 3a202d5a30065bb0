"""Energía, fluidos y superficie en seco: los casos K1–K9."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.utils.decimales import hacia_abajo, hacia_arriba, legible, potencia, redondear
from app.utils.fisiologia import CalculoNoDisponible, fluidos, mantenimiento, rer, superficie_corporal

K1 = {"2.0": 118, "4.5": 216, "10": 394, "25": 783, "40": 1113}
K2_K3 = [
    ("perro", "10", "742.3", "30.9"), ("perro", "25", "1475.8", "61.5"), ("perro", "2.5", "262.4", "10.9"),
    ("gato", "4", "226.3", "9.4"), ("gato", "5.5", "287.3", "12.0"),
]  # fmt: skip
# Especie, peso, deshidratación, pérdidas, horas y gotas -> mantenimiento, déficit, total, ritmo y goteo.
K4_K6 = {
    "K4": (("perro", "10", "8", "0", 24, 20), ("742.3", "800.0", "1542.3", "64.3", 21)),
    "K5": (("gato", "4", "7", "60", 24, 60), ("226.3", "280.0", "566.3", "23.6", 24)),
    "K6": (("perro", "25", "5", "300", 12, 20), ("737.9", "1250.0", "2287.9", "190.7", 64)),
}
K7_K8 = [
    ("perro", "1", "0.1010"), ("perro", "5", "0.2953"), ("perro", "10", "0.4688"), ("perro", "20", "0.7442"),
    ("perro", "30", "0.9751"), ("gato", "2.5", "0.1842"), ("gato", "4", "0.2520"), ("gato", "5", "0.2924"),
    ("conejo", "1", "0.1100"),
]  # fmt: skip


@pytest.mark.parametrize(("kg", "kcal"), K1.items())
def test_k1_energia_en_reposo(kg, kcal):
    assert rer(Decimal(kg)) == rer(Decimal(kg), "perro") == rer(Decimal(kg), "gato") == kcal


@pytest.mark.parametrize(("especie", "kg", "dia", "hora"), K2_K3)
def test_k2_y_k3_mantenimiento(especie, kg, dia, hora):
    plan = fluidos(especie, Decimal(kg), Decimal(0), Decimal(0), 24, 20)
    assert (str(plan.mantenimiento_ml_dia), str(plan.mantenimiento_ml_h)) == (dia, hora)
    assert redondear(mantenimiento(especie, Decimal(kg)), Decimal("0.1")) == Decimal(dia)


@pytest.mark.parametrize("caso", K4_K6)
def test_k4_a_k6_plan_de_fluidos(caso):
    (especie, kg, deshidratacion, perdidas, horas, gotas), esperado = K4_K6[caso]
    plan = fluidos(especie, Decimal(kg), Decimal(deshidratacion), Decimal(perdidas), horas, gotas)
    salida = (plan.mantenimiento_ml, plan.deficit_ml, plan.total_ml, plan.ritmo_ml_h)
    assert (*map(str, salida), plan.goteo_gotas_min) == esperado
    assert plan.perdidas_ml == Decimal(perdidas)


@pytest.mark.parametrize(("especie", "kg", "m2"), K7_K8)
def test_k7_y_k8_superficie_corporal(especie, kg, m2):
    assert str(redondear(superficie_corporal(especie, Decimal(kg)), Decimal("0.0001"))) == m2


@pytest.mark.parametrize("kg", ["0", "-1", "-0.001"])
def test_k9_sin_peso_no_se_calcula(kg):
    for calculo in (
        lambda: rer(Decimal(kg)),
        lambda: mantenimiento("perro", Decimal(kg)),
        lambda: superficie_corporal("perro", Decimal(kg)),
    ):
        with pytest.raises(CalculoNoDisponible, match=r"^El peso debe ser mayor que cero$") as error:
            calculo()
        assert error.value.extra["errores"][0]["campo"] == "/peso_kg"


@pytest.mark.parametrize("especie", ["huron", "serpiente", ""])
def test_k9_sin_formula_de_la_especie_no_se_calcula(especie):
    for calculo in (
        lambda: rer(Decimal(1), especie),
        lambda: fluidos(especie, Decimal(1), Decimal(0), Decimal(0), 24, 20),
    ):
        with pytest.raises(CalculoNoDisponible, match=r"^En esa especie no hay fórmula contrastada$"):
            calculo()
    with pytest.raises(CalculoNoDisponible, match=r"^De esa especie no consta la constante de superficie corporal$"):
        superficie_corporal(especie, Decimal(1))


def test_un_conejo_tiene_superficie_y_no_plan_de_fluidos():
    assert superficie_corporal("conejo", Decimal(2)) > 0
    with pytest.raises(CalculoNoDisponible):
        mantenimiento("conejo", Decimal(2))


@given(st.decimals("0.01", "2000", places=3))
def test_la_potencia_no_pasa_por_coma_flotante(kg):
    """Elevada a cuatro, la potencia de tres cuartos es el cubo: con 40 cifras, no con 16."""
    error = abs(potencia(kg, 3, 4) ** 4 / kg**3 - 1)
    assert error < Decimal("1e-25")


@given(st.decimals("0.5", "100", places=3), st.decimals("0.001", "5", places=3))
def test_mas_peso_mas_superficie_y_mas_energia(kg, mas):
    assert superficie_corporal("perro", kg + mas) > superficie_corporal("perro", kg)
    assert rer(kg + mas) >= rer(kg)


@pytest.mark.parametrize(
    ("valor", "cerca", "abajo", "arriba"),
    [
        ("1.25", "1.3", "1.2", "1.3"),
        ("-1.25", "-1.3", "-1.3", "-1.2"),
        ("1.2", "1.2", "1.2", "1.2"),
        ("1.24", "1.2", "1.2", "1.3"),
    ],
)
def test_los_redondeos(valor, cerca, abajo, arriba):
    paso = Decimal("0.1")
    assert str(redondear(Decimal(valor), paso)) == cerca
    assert (str(hacia_abajo(Decimal(valor), paso)), str(hacia_arriba(Decimal(valor), paso))) == (abajo, arriba)


@pytest.mark.parametrize(
    ("valor", "texto"),
    [("21.000", "21"), ("12.50", "12.5"), ("100", "100"), ("1E+2", "100"), ("0", "0"), ("0.010", "0.01")],
)
def test_legible_no_lleva_ceros_de_mas_ni_exponente(valor, texto):
    assert str(legible(Decimal(valor))) == texto
