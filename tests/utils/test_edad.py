"""Edad: casos del dominio, fronteras del texto y propiedades."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.utils.edad import Edad, edad, meses_cumplidos, sumar_meses
from tests.casos_edad import CASOS_EDAD

FECHAS = st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 12, 31))


@pytest.mark.parametrize(
    ("nacimiento", "referencia", "anios_meses_dias", "semanas", "texto"),
    CASOS_EDAD,
)
def test_casos_del_dominio(
    nacimiento: str, referencia: str, anios_meses_dias: tuple[int, int, int], semanas: int, texto: str
) -> None:
    calculada = edad(date.fromisoformat(nacimiento), date.fromisoformat(referencia), "exacta")
    assert calculada == Edad(*anios_meses_dias, semanas=semanas, texto=texto, precision="exacta")


@pytest.mark.parametrize(
    ("dias", "texto"),
    [
        (0, "0 días"),
        (1, "1 día"),
        (2, "2 días"),
        (13, "13 días"),
        (14, "2 semanas"),
        (111, "15 semanas"),
        (112, "3 meses"),
    ],
)
def test_el_texto_pasa_de_dias_a_semanas_y_a_meses(dias: int, texto: str) -> None:
    nacimiento = date(2026, 1, 10)
    assert edad(nacimiento, nacimiento + timedelta(days=dias), "exacta").texto == texto


@pytest.mark.parametrize(
    ("referencia", "texto"),
    [
        (date(2027, 1, 9), "11 meses"),
        (date(2027, 1, 10), "12 meses"),
        (date(2028, 1, 9), "23 meses"),
        (date(2028, 1, 10), "2 años"),
        (date(2028, 2, 10), "2 años y 1 mes"),
        (date(2028, 3, 10), "2 años y 2 meses"),
        (date(2029, 1, 9), "2 años y 11 meses"),
    ],
)
def test_el_texto_pasa_de_meses_a_anios(referencia: date, texto: str) -> None:
    assert edad(date(2026, 1, 10), referencia, "exacta").texto == texto


@pytest.mark.parametrize("precision", ["mes", "anio", "estimada"])
def test_la_edad_no_exacta_se_dice_aproximada(precision: str) -> None:
    calculada = edad(date(2020, 1, 1), date(2026, 11, 23), precision)
    assert (calculada.texto, calculada.precision) == ("~6 años y 10 meses", precision)


def test_no_hay_edad_antes_de_nacer() -> None:
    with pytest.raises(ValueError, match="posterior"):
        edad(date(2026, 11, 24), date(2026, 11, 23), "exacta")


@pytest.mark.parametrize(
    ("fecha", "meses", "resultado"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_sumar_meses_recorta_al_ultimo_dia(fecha: date, meses: int, resultado: date) -> None:
    assert sumar_meses(fecha, meses) == resultado


@given(fecha=FECHAS, meses=st.integers(min_value=-600, max_value=600))
def test_sumar_meses_cae_en_el_mes_pedido(fecha: date, meses: int) -> None:
    suma = sumar_meses(fecha, meses)
    assert (suma.year - fecha.year) * 12 + suma.month - fecha.month == meses
    assert suma.day == fecha.day or (suma.day < fecha.day and (suma + timedelta(days=1)).day == 1)


@given(nacimiento=FECHAS, dias=st.integers(min_value=0, max_value=20_000))
def test_los_meses_son_los_mayores_que_caben(nacimiento: date, dias: int) -> None:
    referencia = nacimiento + timedelta(days=dias)
    meses = meses_cumplidos(nacimiento, referencia)
    assert sumar_meses(nacimiento, meses) <= referencia < sumar_meses(nacimiento, meses + 1)


@given(nacimiento=FECHAS, dias=st.integers(min_value=0, max_value=20_000))
def test_los_meses_no_retroceden_con_el_tiempo(nacimiento: date, dias: int) -> None:
    referencia = nacimiento + timedelta(days=dias)
    assert 0 <= meses_cumplidos(nacimiento, referencia) <= meses_cumplidos(nacimiento, referencia + timedelta(days=1))


@given(nacimiento=FECHAS, dias=st.integers(min_value=0, max_value=20_000))
def test_anios_meses_y_dias_reconstruyen_la_referencia(nacimiento: date, dias: int) -> None:
    referencia = nacimiento + timedelta(days=dias)
    calculada = edad(nacimiento, referencia, "exacta")
    cumplidos = sumar_meses(nacimiento, calculada.anios * 12 + calculada.meses)
    assert cumplidos + timedelta(days=calculada.dias) == referencia
    assert 0 <= calculada.meses < 12
    assert 0 <= calculada.dias < 31
