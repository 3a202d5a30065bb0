"""Sucesos adversos: el plazo para notificar y lo que no puede decir un suceso."""

import pytest

from tests.factories import crear_clinica, crear_paciente
from tests.recetario import crear_medicamento
from tests.vacunas import crear_vacuna, puesta

RUTA = "/sucesos-adversos"


@pytest.fixture(scope="module")
def clinica(app):
    return crear_clinica(app, nombre="Farmacovigilancia")


@pytest.fixture
def apuntar(clinica):
    def apuntar(como="veterinario", **cambios):
        base = {
            "tipo": "falta_eficacia",
            "descripcion": "Sigue con pulgas",
            "fecha": "2026-11-20",
            "producto_texto": "X",
        }
        return clinica.como(como).post(RUTA, {clave: v for clave, v in {**base, **cambios}.items() if v is not ...})

    return apuntar


@pytest.mark.parametrize(
    ("tipo", "limite"), [("falta_eficacia", "2026-12-05"), ("sospecha", None), ("defecto_calidad", None)]
)
def test_la_falta_de_eficacia_se_notifica_en_quince_dias(apuntar, tipo, limite):
    assert apuntar(tipo=tipo).json["fecha_limite"] == limite


def test_al_corregir_el_tipo_o_la_fecha_el_plazo_se_vuelve_a_contar(clinica, apuntar):
    suceso = apuntar().json
    api, ruta = clinica.como("veterinario"), f"{RUTA}/{suceso['id']}"
    otra = api.patch(ruta, {"fecha": "2026-11-10"}, version=1).json
    assert otra["fecha_limite"] == "2026-11-25"
    assert api.patch(ruta, {"tipo": "sospecha"}, version=otra["version"]).json["fecha_limite"] is None


def test_notificarlo_lo_saca_de_lo_pendiente(clinica, apuntar):
    suceso, api = apuntar().json, clinica.como("veterinario")
    nota = {"fecha_notificacion": "2026-11-23", "referencia_notificacion": "AEMPS-1"}
    assert api.patch(f"{RUTA}/{suceso['id']}", nota, version=1).status_code == 200
    pendientes = api.get(f"{RUTA}?sin_notificar=true&limite=100").json["datos"]
    assert suceso["id"] not in {uno["id"] for uno in pendientes}


@pytest.mark.parametrize(
    ("cambios", "codigo"),
    [({"fecha": "2026-11-24"}, "FECHA_FUTURA"), ({"fecha_notificacion": "2026-11-19"}, "FECHAS_INCOHERENTES"),
     ({"fecha_notificacion": "2026-11-24"}, "FECHA_FUTURA"), ({"producto_texto": ...}, "PRODUCTO_SIN_DECIR")],
)  # fmt: skip
def test_lo_que_no_puede_decir_un_suceso(apuntar, cambios, codigo):
    respuesta = apuntar(**cambios)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, codigo)


def test_no_puede_quedarse_sin_producto(clinica, apuntar):
    suceso = apuntar().json
    respuesta = clinica.como("veterinario").patch(f"{RUTA}/{suceso['id']}", {"producto_texto": None}, version=1)
    assert respuesta.json["codigo"] == "SUCESO_SIN_PRODUCTO"
    con_ficha = apuntar(medicamento_id=crear_medicamento(clinica)).json
    sin_texto = clinica.como("veterinario").patch(f"{RUTA}/{con_ficha['id']}", {"producto_texto": None}, version=1)
    assert sin_texto.status_code == 200


def test_una_auxiliar_lo_apunta_a_nombre_de_su_veterinaria(clinica, apuntar):
    assert apuntar(como="auxiliar").json["codigo"] == "PROFESIONAL_SIN_COLEGIACION"
    hecho = apuntar(como="auxiliar", veterinario_id=str(clinica.profesionales["veterinario"]))
    assert hecho.status_code == 201, hecho.text


def test_darlo_de_baja_no_lo_borra(clinica, apuntar):
    suceso, api = apuntar().json, clinica.como("veterinario")
    assert api.delete(f"{RUTA}/{suceso['id']}", version=1).status_code == 204
    assert suceso["id"] not in {uno["id"] for uno in api.get(f"{RUTA}?limite=100").json["datos"]}
    assert api.get(f"{RUTA}/{suceso['id']}").json["activo"] is False


def test_el_de_una_vacuna_sabe_de_quien_es_y_ella_lo_dice(clinica, apuntar):
    paciente = crear_paciente(clinica)["id"]
    vacuna = puesta(clinica, paciente, crear_vacuna(clinica, "rabia"), "2026-11-19")
    veterinario, ruta = clinica.como("veterinario"), f"/vacunaciones/{vacuna['id']}"
    assert vacuna["reaccion_adversa_id"] is None
    suceso = apuntar(tipo="sospecha", producto_texto=..., vacunacion_id=vacuna["id"])
    assert suceso.status_code == 201, suceso.text
    datos = [suceso.json[campo] for campo in ("paciente_id", "producto_id", "lote")]
    assert datos == [paciente, vacuna["producto_id"], vacuna["lote"]]
    assert veterinario.get(ruta).json["reaccion_adversa_id"] == suceso.json["id"]
    lista = veterinario.get(f"/pacientes/{paciente}/vacunaciones").json["datos"]
    assert [una["reaccion_adversa_id"] for una in lista] == [suceso.json["id"]]
    assert "reaccion_adversa_id" not in clinica.como("cliente").get(ruta).json
    # Dado de baja, ya no consta.
    assert veterinario.delete(f"{RUTA}/{suceso.json['id']}", version=1).status_code == 204
    assert veterinario.get(ruta).json["reaccion_adversa_id"] is None


def test_la_vacuna_de_otro_paciente_no_existe(clinica, apuntar, vecina):
    suya = puesta(clinica, crear_paciente(clinica)["id"], crear_vacuna(clinica, "rabia"), "2026-11-19")["id"]
    assert apuntar(vacunacion_id=suya, paciente_id=crear_paciente(clinica)["id"]).status_code == 404
    ajena = puesta(vecina, crear_paciente(vecina)["id"], crear_vacuna(vecina, "rabia"), "2026-11-19")["id"]
    assert apuntar(vacunacion_id=ajena).status_code == 404
