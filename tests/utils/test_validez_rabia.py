"""La rabia para viajar por la Unión Europea: desde cuándo, hasta cuándo y con qué microchip."""

from datetime import date

import pytest

from app.utils.calendario_vacunal import Dosis, Protocolo, Requisito, ValidezUE, validez_ue

RABIA = Protocolo("rabia", "dosis", 12)
NACIO, CHIP = date(2024, 5, 2), date(2024, 7, 1)


def puestas(*fechas, **campos):
    return [Dosis(f"d{n}", date.fromisoformat(una), **campos) for n, una in enumerate(fechas)]


def vale(desde, hasta):
    return ValidezUE(date.fromisoformat(desde), date.fromisoformat(hasta))


def test_la_primera_vale_a_los_veintiun_dias_v19():
    assert validez_ue(RABIA, puestas("2026-11-23"), NACIO, CHIP) == {"d0": vale("2026-12-14", "2027-11-22")}


@pytest.mark.parametrize(("chip", "cuantas"), [(None, 0), ("2026-11-22", 1), ("2026-11-23", 1), ("2026-11-24", 0)])
def test_el_microchip_ha_de_ser_anterior_o_del_mismo_dia(chip, cuantas):
    cuando = date.fromisoformat(chip) if chip else None
    assert len(validez_ue(RABIA, puestas("2026-11-23"), NACIO, cuando)) == cuantas


@pytest.mark.parametrize(
    ("segunda", "desde"),
    [("2025-05-28", "2025-05-28"), ("2025-06-01", "2025-06-01"), ("2025-06-02", "2025-06-23")],
)
def test_un_refuerzo_a_tiempo_vale_desde_su_dia_y_uno_tardio_como_la_primera(segunda, desde):
    validez = validez_ue(RABIA, puestas("2024-08-01", segunda, validez_meses=36), NACIO, CHIP, None)
    assert validez["d0"] == vale("2024-08-22", "2025-07-31")
    tercera = validez_ue(RABIA, puestas("2024-06-01", segunda, validez_meses=36), date(2023, 1, 1), date(2023, 2, 1))
    assert str(tercera["d1"].desde) == desde


def test_la_que_se_puso_sin_chip_no_hace_continua_a_la_siguiente():
    validez = validez_ue(RABIA, puestas("2024-06-20", "2025-06-10", validez_meses=36), date(2024, 1, 1), CHIP)
    assert validez == {"d1": vale("2025-07-01", "2028-06-09")}


def test_la_que_no_cuenta_no_vale_para_viajar_y_no_corta_la_continuidad():
    cachorro = validez_ue(RABIA, puestas("2024-07-24"), NACIO, CHIP)
    assert cachorro == {}
    seguidas = puestas("2024-08-01", "2024-08-05", "2025-07-20", validez_meses=12)
    validez = validez_ue(RABIA, seguidas, NACIO, CHIP)
    assert set(validez) == {"d0", "d2"}
    assert validez["d2"] == vale("2025-07-20", "2026-07-19")


def test_el_territorio_acorta_la_validez_y_lo_fijado_a_mano_no_la_alarga():
    dos = puestas("2024-08-01", "2025-07-20", validez_meses=36)
    assert str(validez_ue(RABIA, dos, NACIO, CHIP)["d1"].hasta) == "2028-07-19"
    exige = Requisito(periodicidad_meses=12)
    assert str(validez_ue(RABIA, dos, NACIO, CHIP, exige)["d1"].hasta) == "2026-07-19"
    a_mano = [Dosis("d0", date(2026, 11, 23), proxima_manual=date(2030, 1, 1))]
    assert str(validez_ue(RABIA, a_mano, NACIO, CHIP)["d0"].hasta) == "2027-11-22"


def test_de_dos_del_mismo_dia_vale_siempre_la_misma():
    dos = [Dosis("b", date(2024, 8, 1)), Dosis("a", date(2024, 8, 1))]
    assert set(validez_ue(RABIA, dos, NACIO, CHIP)) == set(validez_ue(RABIA, dos[::-1], NACIO, CHIP)) == {"a"}


def test_da_igual_en_que_orden_se_lean():
    dos = puestas("2024-08-01", "2025-07-20", validez_meses=36)
    assert validez_ue(RABIA, dos[::-1], NACIO, CHIP) == validez_ue(RABIA, dos, NACIO, CHIP)
