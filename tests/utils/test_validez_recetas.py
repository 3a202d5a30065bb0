"""Hasta cuándo vale una receta: los casos resueltos del dominio y sus orillas."""

from datetime import date

import pytest

from app.utils.validez_recetas import Prescripcion, valida_hasta

CRONICO, PREVENTIVO = Prescripcion("cronico"), Prescripcion("preventivo")
CASOS = {
    "RX1": ("2026-11-23", Prescripcion(), "2026-12-23"),
    "RX2": ("2026-11-23", Prescripcion(antimicrobiana=True), "2026-11-28"),
    "RX3": ("2026-11-23", CRONICO, "2027-02-23"),
    "RX4": ("2026-11-23", PREVENTIVO, "2027-05-23"),
    "RX5": ("2026-11-23", Prescripcion(estupefaciente=True, controlada=True), "2026-12-03"),
    "RX6": ("2026-11-30", CRONICO, "2027-02-28"),
    "RX7": ("2026-01-31", Prescripcion(), "2026-02-28"),
    "RX8": ("2026-11-23", Prescripcion("cronico", antimicrobiana=True), "2026-11-28"),
    "bisiesto": ("2027-11-30", CRONICO, "2028-02-29"),
    "seguimiento": ("2026-11-23", Prescripcion("seguimiento"), "2026-12-23"),
    "cronico con psicotropo": ("2026-11-23", Prescripcion("cronico", controlada=True), "2026-12-23"),
    "cronico con formula": ("2026-11-23", Prescripcion("cronico", formula_magistral=True), "2026-12-23"),
    "preventivo en produccion": ("2026-11-23", Prescripcion("preventivo", produccion=True), "2026-12-23"),
    "preventivo con antimicrobiano": ("2026-11-23", Prescripcion("preventivo", antimicrobiana=True), "2026-11-28"),
    "los dos plazos cortos": (
        "2026-11-23",
        Prescripcion(antimicrobiana=True, estupefaciente=True, controlada=True),
        "2026-11-28",
    ),
}


@pytest.mark.parametrize(("emision", "prescripcion", "esperada"), CASOS.values(), ids=CASOS)
def test_plazo_de_una_receta(emision, prescripcion, esperada):
    assert valida_hasta(date.fromisoformat(emision), prescripcion) == date.fromisoformat(esperada)
