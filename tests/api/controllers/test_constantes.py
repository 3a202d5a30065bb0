"""Constantes por HTTP: lo implausible se rechaza con su campo y lo plausible se guarda con su rango."""

import pytest

from tests.clinica import abrir
from tests.factories import crear_clinica, crear_paciente


@pytest.fixture(scope="module")
def clinica(app):
    return crear_clinica(app, nombre="Constantes")


@pytest.fixture(scope="module")
def perro(clinica):
    return abrir(clinica)


def tomar(clinica, consulta, como="veterinario", **medidas):
    return clinica.como(como).post(f"/consultas/{consulta['id']}/constantes", medidas)


PLAUSIBLES = [
    ("temperatura", "25.0", "45.0", "24.9", "45.1"), ("frecuencia_cardiaca", 10, 600, 9, 601),
    ("frecuencia_respiratoria", 2, 400, 1, 401), ("trc", "0", "10.0", "-0.1", "10.1"), ("pas", 20, 350, 19, 351),
    ("pad", 20, 350, 19, 351), ("pam", 20, 350, 19, 351), ("spo2", 0, 100, -1, 101), ("glucemia", 5, 1500, 4, 1501),
    ("deshidratacion_pct", "0", "15.0", "-0.1", "15.1"),
]  # fmt: skip


@pytest.mark.parametrize(("campo", "minimo", "maximo", "poco", "mucho"), PLAUSIBLES)
def test_fuera_de_lo_plausible_se_rechaza_con_su_campo(clinica, perro, campo, minimo, maximo, poco, mucho):
    for dentro in (minimo, maximo):
        assert tomar(clinica, perro, **{campo: dentro}).status_code == 201
    for fuera in (poco, mucho):
        respuesta = tomar(clinica, perro, **{campo: fuera})
        assert respuesta.status_code == 422
        assert [uno["campo"] for uno in respuesta.json["errores"]] == [f"/{campo}"]


@pytest.mark.parametrize(
    ("campo", "malo"),
    [("temperatura", 38.5), ("temperatura", "38.55"), ("frecuencia_cardiaca", "96"), ("mucosas", "azules"),
     ("dolor", {"escala": "Numérica", "puntos": 11, "maximo": 10})],
)  # fmt: skip
def test_la_forma_de_cada_medida(clinica, perro, campo, malo):
    respuesta = tomar(clinica, perro, **{campo: malo})
    assert respuesta.status_code == 422
    assert respuesta.json["errores"][0]["campo"].startswith(f"/{campo}")


def test_una_toma_vacia_no_es_una_toma(clinica, perro):
    assert tomar(clinica, perro).json["errores"][0]["codigo"] == "CONSTANTES_VACIAS"
    assert tomar(clinica, perro, tomadas_en="2026-11-23T09:00:00+01:00").status_code == 422


def test_ni_se_toma_en_el_futuro(clinica, perro):
    respuesta = tomar(clinica, perro, temperatura="38.5", tomadas_en="2026-11-23T10:00:01+01:00")
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "FECHA_FUTURA")


@pytest.mark.parametrize(
    ("especie", "raza", "marca"), [("perro", None, "alto"), ("gato", None, "alto"), ("conejo", None, "sin_referencia")]
)
def test_la_marca_es_la_de_la_especie_del_paciente(clinica, especie, raza, marca):
    paciente = crear_paciente(clinica, especie=especie, raza=raza)["id"]
    toma = tomar(clinica, abrir(clinica, paciente), "auxiliar", temperatura="39.5", mucosas="rosadas").json
    assert toma["referencias"]["temperatura"]["marca"] == marca
    assert toma["temperatura"] == "39.5"


def test_corregir_una_toma_la_vuelve_a_comparar(clinica, perro):
    toma = tomar(clinica, perro, temperatura="39.5", frecuencia_cardiaca=200).json
    auxiliar = clinica.como("auxiliar")
    cambios = {"temperatura": "38.5", "frecuencia_cardiaca": None}
    editada = auxiliar.patch(f"/constantes/{toma['id']}", cambios, version=1).json
    assert {uno: valor["marca"] for uno, valor in editada["referencias"].items()} == {"temperatura": "normal"}
    assert auxiliar.patch(f"/constantes/{toma['id']}", {"trc": "1.5"}, version=1).status_code == 412


def test_la_clinica_fija_sus_rangos_y_lo_ya_tomado_no_cambia(app):
    clinica = crear_clinica(app, nombre="Rangos")
    consulta = abrir(clinica)
    antes = tomar(clinica, consulta, pas=105).json
    assert antes["referencias"]["pas"]["marca"] == "sin_referencia"
    rangos = {"perro": {"pas": {"minimo": 110, "maximo": 160}}}
    organizacion = clinica.como("administrador").patch(
        "/organizacion", {"config": {"rangos_constantes": rangos}}, version="*"
    )
    assert organizacion.status_code == 200, organizacion.text
    despues = tomar(clinica, consulta, pas=105).json["referencias"]["pas"]
    assert despues == {"minimo": "110", "maximo": "160", "fuente": "clinica", "marca": "bajo"}
    leida = clinica.como("veterinario").get(f"/constantes/{antes['id']}").json
    assert leida["referencias"] == antes["referencias"]


@pytest.mark.parametrize(
    "rangos",
    [{"perro": {"temperatura": {"minimo": 1}}}, {"perro": {"pas": {"minimo": 10, "maximo": 5}}},
     {"perro": {"pas": {"minimo": -1}}}, {"perro": {"pas": 5}}],
)  # fmt: skip
def test_un_rango_mal_dicho_no_se_guarda(clinica, rangos):
    api = clinica.como("administrador")
    respuesta = api.patch("/organizacion", {"config": {"rangos_constantes": rangos}}, version="*")
    assert respuesta.status_code == 422, respuesta.text
    assert respuesta.json["errores"][0]["campo"].startswith("/config/rangos_constantes")


def test_se_listan_en_el_orden_en_que_se_tomaron(clinica):
    consulta = abrir(clinica)
    horas = ("09:30", "09:00", "09:45")
    for hora in horas:
        tomar(clinica, consulta, temperatura="38.5", tomadas_en=f"2026-11-23T{hora}:00+01:00")
    lista = clinica.como("veterinario").get(f"/consultas/{consulta['id']}/constantes").json["datos"]
    assert [una["tomadas_en"][11:16] for una in lista] == sorted(horas)
    entera = clinica.como("veterinario").get(f"/consultas/{consulta['id']}").json
    assert [una["id"] for una in entera["constantes"]] == [una["id"] for una in lista]


def test_el_peso_de_otro_paciente_no_entra_en_la_consulta(clinica, perro):
    otro = crear_paciente(clinica)["id"]
    peso = {"peso_kg": "4.0", "metodo": "bascula", "consulta_id": perro["id"]}
    assert clinica.como("auxiliar").post(f"/pacientes/{otro}/pesos", peso).status_code == 404
    suyo = clinica.como("auxiliar").post(f"/pacientes/{perro['paciente_id']}/pesos", peso)
    assert suyo.json["consulta_id"] == perro["id"]
