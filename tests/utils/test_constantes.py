"""Las constantes vitales frente a su rango por especie: los límites son normales y sin rango no hay marca."""

from decimal import Decimal

import pytest

from app.config.semillas_consultas import rangos_constantes
from app.utils.constantes import PLAUSIBLES, Marca, Rango, interpretar, marcar, rangos_de

# especie, magnitud, valor, marca: la tabla del dominio §2.6, con cada límite y lo que hay a cada lado.
CASOS = [
    ("perro", "temperatura", "37.9", "bajo"), ("perro", "temperatura", "38.0", "normal"),
    ("perro", "temperatura", "39.4", "normal"), ("perro", "temperatura", "39.5", "alto"),
    ("gato", "temperatura", "39.2", "normal"), ("gato", "temperatura", "39.3", "alto"),
    ("gato", "temperatura", "37.9", "bajo"),
    ("perro", "frecuencia_cardiaca", 59, "bajo"), ("perro", "frecuencia_cardiaca", 60, "normal"),
    ("perro", "frecuencia_cardiaca", 160, "normal"), ("perro", "frecuencia_cardiaca", 161, "alto"),
    ("gato", "frecuencia_cardiaca", 119, "bajo"), ("gato", "frecuencia_cardiaca", 120, "normal"),
    ("gato", "frecuencia_cardiaca", 240, "normal"), ("gato", "frecuencia_cardiaca", 241, "alto"),
    ("perro", "frecuencia_respiratoria", 9, "bajo"), ("perro", "frecuencia_respiratoria", 10, "normal"),
    ("perro", "frecuencia_respiratoria", 30, "normal"), ("perro", "frecuencia_respiratoria", 31, "alto"),
    ("gato", "frecuencia_respiratoria", 23, "bajo"), ("gato", "frecuencia_respiratoria", 24, "normal"),
    ("gato", "frecuencia_respiratoria", 42, "normal"), ("gato", "frecuencia_respiratoria", 43, "alto"),
    ("perro", "trc", "0", "normal"), ("perro", "trc", "2.0", "normal"), ("perro", "trc", "2.1", "alto"),
    ("gato", "trc", "2.0", "normal"), ("gato", "trc", "2.5", "alto"),
    ("perro", "pas", 120, "sin_referencia"), ("gato", "spo2", 98, "sin_referencia"),
    ("perro", "glucemia", 100, "sin_referencia"), ("conejo", "temperatura", "39.0", "sin_referencia"),
]  # fmt: skip


def referencia(especie, magnitud, valor, clinica=None):
    rangos = rangos_de(especie, rangos_constantes(), clinica or {})
    return interpretar({magnitud: Decimal(valor) if isinstance(valor, str) else valor}, rangos)[magnitud]


@pytest.mark.parametrize(("especie", "magnitud", "valor", "marca"), CASOS)
def test_cada_valor_lleva_su_marca(especie, magnitud, valor, marca):
    assert referencia(especie, magnitud, valor)["marca"] == marca


def test_con_el_valor_va_el_rango_usado_y_su_fuente():
    assert referencia("perro", "temperatura", "38.5") == {
        "minimo": "38.0", "maximo": "39.4", "fuente": "F12", "marca": "normal",
    }  # fmt: skip
    assert referencia("gato", "trc", "1.0") == {"minimo": None, "maximo": "2", "fuente": "F12c", "marca": "normal"}
    assert referencia("conejo", "temperatura", "39.0")["fuente"] is None


@pytest.mark.parametrize(
    ("especie", "mucosas", "marca"),
    [("perro", "rosadas", "normal"), ("gato", "cianoticas", "anormal"), ("iguana", "rosadas", "sin_referencia")],
)
def test_el_color_de_las_mucosas_es_normal_o_no(especie, mucosas, marca):
    rangos = rangos_de(especie, rangos_constantes(), {})
    assert interpretar({"mucosas": mucosas}, rangos)["mucosas"]["marca"] == marca


def test_la_clinica_fija_los_que_no_vienen_y_sólo_en_su_especie():
    suyos = {"perro": {"pas": {"minimo": 110, "maximo": 160}, "spo2": {"minimo": 95}}}
    assert referencia("perro", "pas", 109, suyos)["marca"] == "bajo"
    assert referencia("perro", "pas", 160, suyos)["marca"] == "normal"
    assert referencia("perro", "spo2", 100, suyos) == {
        "minimo": "95", "maximo": None, "fuente": "clinica", "marca": "normal",
    }  # fmt: skip
    assert referencia("gato", "pas", 109, suyos)["marca"] == "sin_referencia"


def test_lo_que_no_se_mide_no_lleva_marca():
    assert interpretar({"temperatura": None, "dolor": {"puntos": 3}, "deshidratacion_pct": Decimal(8)}, {}) == {}


def test_sin_un_limite_por_ese_lado_todo_es_normal():
    assert marcar(Decimal(-1), Rango(None, Decimal(2), "F12c")) is Marca.NORMAL
    assert marcar(Decimal(99), Rango(Decimal(95), None, "clinica")) is Marca.NORMAL


def test_todo_rango_normal_es_plausible():
    for uno in rangos_constantes():
        minimo, maximo = PLAUSIBLES[uno.magnitud]
        assert minimo <= (uno.minimo or minimo) < (uno.maximo or maximo) <= maximo
