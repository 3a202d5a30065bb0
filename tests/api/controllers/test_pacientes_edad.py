"""La edad por HTTP: casos E1–E8, precisión, edad estimada y edad al morir."""

import pytest

from tests.casos_edad import CASOS_EDAD
from tests.factories import crear_paciente, datos_paciente


def _edad(clinica, paciente, reloj):
    return clinica.como("recepcion").get(f"/pacientes/{paciente['id']}", reloj=reloj).json["edad"]


@pytest.mark.parametrize(
    ("nacimiento", "hoy", "anios_meses_dias", "semanas", "texto"),
    CASOS_EDAD,
)
def test_casos_del_dominio(clinica, nacimiento, hoy, anios_meses_dias, semanas, texto):
    luna = crear_paciente(clinica, fecha_nacimiento=nacimiento)
    edad = _edad(clinica, luna, f"{hoy}T12:00:00+01:00")
    assert (edad["anios"], edad["meses"], edad["dias"]) == anios_meses_dias
    assert (edad["semanas"], edad["texto"], edad["precision"]) == (semanas, texto, "exacta")


@pytest.mark.parametrize(
    ("reloj", "texto"),
    [
        ("2026-11-22T23:59:59+01:00", "9 años y 11 meses"),
        ("2026-11-23T00:00:00+01:00", "10 años"),
        ("2026-11-22T23:30:00+00:00", "10 años"),
    ],
)
def test_hoy_es_la_fecha_civil_de_la_sede(clinica, reloj, texto):
    assert _edad(clinica, crear_paciente(clinica, fecha_nacimiento="2016-11-23"), reloj)["texto"] == texto


@pytest.mark.parametrize("precision", ["mes", "anio", "estimada"])
def test_lo_que_no_es_exacto_lleva_tilde(clinica, precision):
    luna = crear_paciente(clinica, precision_nacimiento=precision)
    assert (luna["edad"]["texto"], luna["edad"]["precision"]) == ("~2 años y 6 meses", precision)


@pytest.mark.parametrize(
    ("estimacion", "nacimiento", "texto"),
    [
        ({"edad_estimada_meses": 18}, "2025-05-23", "~18 meses"),
        ({"edad_estimada_meses": 6, "fecha_estimacion": "2026-08-31"}, "2026-02-28", "~8 meses"),
        ({"edad_estimada_meses": 0}, "2026-11-23", "~0 días"),
    ],
)
def test_la_edad_estimada_se_convierte_en_fecha(clinica, como, estimacion, nacimiento, texto):
    sin_fecha = {"fecha_nacimiento": ..., "precision_nacimiento": ...}
    luna = crear_paciente(clinica, **sin_fecha, **estimacion)
    assert (luna["fecha_nacimiento"], luna["precision_nacimiento"]) == (nacimiento, "estimada")
    assert luna["edad"]["texto"] == texto
    otra = crear_paciente(clinica, **sin_fecha)
    editada = como("recepcion").patch(f"/pacientes/{otra['id']}", estimacion, version=otra["version"]).json
    assert (otra["edad"], editada["edad"]["texto"]) == (None, texto)


@pytest.mark.parametrize(
    ("cambios", "codigo"),
    [
        ({"edad_estimada_meses": 3}, "EDAD_DUPLICADA"),
        ({"fecha_estimacion": "2026-01-01"}, "EDAD_INCOMPLETA"),
        ({"fecha_nacimiento": ..., "precision_nacimiento": "mes", "edad_estimada_meses": 3}, "EDAD_DUPLICADA"),
        ({"fecha_nacimiento": ..., "precision_nacimiento": "mes"}, "FECHAS_INCOHERENTES"),
        ({"fecha_nacimiento": ..., "precision_nacimiento": ..., "edad_estimada_meses": 3,
          "fecha_estimacion": "2026-11-24"}, "FECHA_FUTURA"),
        ({"fecha_nacimiento": "2026-11-24"}, "FECHA_FUTURA"),
        ({"fecha_esterilizacion": "2024-05-01"}, "FECHAS_INCOHERENTES"),
        ({"fecha_microchip": "2024-05-01"}, "FECHAS_INCOHERENTES"),
        ({"gestante_desde": "2026-11-24"}, "FECHA_FUTURA"),
    ],
)  # fmt: skip
def test_fechas_que_no_casan(clinica, como, cambios, codigo):
    respuesta = como("recepcion").post("/pacientes", datos_paciente(clinica, **cambios))
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, codigo)


def test_al_corregir_la_fecha_sin_decir_precision_pasa_a_exacta_y_al_quitarla_se_va(clinica, como):
    api = como("recepcion")
    luna = crear_paciente(clinica, precision_nacimiento="estimada")
    ruta = f"/pacientes/{luna['id']}"
    corregida = api.patch(ruta, {"fecha_nacimiento": "2024-06-01"}, version=luna["version"]).json
    assert (corregida["precision_nacimiento"], corregida["edad"]["texto"]) == ("exacta", "2 años y 5 meses")
    sin_fecha = api.patch(ruta, {"fecha_nacimiento": None}, version=corregida["version"]).json
    assert (sin_fecha["precision_nacimiento"], sin_fecha["edad"]) == (None, None)


def test_la_edad_de_quien_murio_no_crece(clinica, como):
    luna = crear_paciente(clinica)
    como("recepcion").post(f"/pacientes/{luna['id']}/fallecimiento", {"fecha_fallecimiento": "2026-11-02"})
    assert _edad(clinica, luna, "2030-01-01T12:00:00+01:00")["texto"] == "2 años y 6 meses"


def test_donde_aun_es_la_vispera_del_nacimiento_tiene_cero_dias(clinica):
    luna = crear_paciente(clinica, fecha_nacimiento="2026-11-23")
    assert _edad(clinica, luna, "2026-11-22T23:00:00+01:00")["texto"] == "0 días"


@pytest.mark.parametrize(("desde", "gestante"), [("2026-09-09", True), ("2026-09-08", False)])
def test_la_gestacion_caduca_a_los_75_dias(clinica, desde, gestante):
    luna = crear_paciente(clinica, gestante_desde=desde, lactante_desde=desde)
    assert (luna["gestante"], luna["lactante"], luna["gestante_desde"]) == (gestante, gestante, desde)
