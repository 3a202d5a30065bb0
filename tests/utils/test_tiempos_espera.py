"""Desde cuándo se puede consumir lo que da un animal tratado: W1, W2 y el mayor de varios."""

from datetime import datetime

import pytest

from app.utils.tiempos_espera import Espera, UnidadEspera, apto_desde, mayor

MADRID = "Europe/Madrid"
DIAS, HORAS = UnidadEspera.DIAS, UnidadEspera.HORAS


def espera(ultima: str, valor: int, unidad: UnidadEspera) -> Espera:
    return Espera(datetime.fromisoformat(ultima), valor, unidad)


@pytest.mark.parametrize(
    ("ultima", "valor", "unidad", "desde"),
    [
        ("2026-11-23T10:00:00+01:00", 28, DIAS, "2026-12-22T00:00:00+01:00"),  # W1
        ("2026-11-23T07:30:00+01:00", 72, HORAS, "2026-11-26T07:30:00+01:00"),  # W2
        ("2026-11-23T23:30:00+00:00", 1, DIAS, "2026-11-26T00:00:00+01:00"),  # en Madrid ya era el 24
        ("2026-11-23T10:00:00+01:00", 0, HORAS, "2026-11-23T10:00:00+01:00"),
        ("2027-03-27T12:00:00+01:00", 1, DIAS, "2027-03-29T00:00:00+02:00"),  # cambia la hora: días civiles
        ("2027-03-27T12:00:00+01:00", 24, HORAS, "2027-03-28T13:00:00+02:00"),  # y horas de verdad
    ],
)
def test_cuando_se_puede_consumir(ultima, valor, unidad, desde):
    assert apto_desde(espera(ultima, valor, unidad), MADRID) == datetime.fromisoformat(desde)


def test_la_hora_sale_en_la_de_la_sede():
    assert apto_desde(espera("2026-11-23T10:00:00+00:00", 2, HORAS), MADRID).isoformat() == "2026-11-23T13:00:00+01:00"


def test_con_varios_medicamentos_vale_el_mayor():
    carne = espera("2026-11-23T10:00:00+01:00", 28, DIAS)
    otra = espera("2026-11-20T10:00:00+01:00", 35, DIAS)
    assert mayor([carne, otra], MADRID) == apto_desde(otra, MADRID)
    assert mayor([otra, carne], MADRID) == apto_desde(otra, MADRID)
    assert mayor([], MADRID) is None
