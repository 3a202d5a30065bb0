"""El cálculo de dosis por HTTP: los casos D1–D13, con datos sueltos y con un paciente y su medicamento."""

import pytest

from tests.factories import crear_clinica, crear_medicamento, crear_paciente, pesar, preparar_medicacion
from tests.utils.casos_dosis import CASOS, SIN_PRESENTACION


@pytest.fixture(scope="module")
def botica(app):
    """Una clínica con los principios y reglas de partida."""
    clinica = crear_clinica(app, nombre="Botica")
    clinica.principios = preparar_medicacion(clinica)
    return clinica


def cuerpo_de(caso) -> dict:
    minima, maxima = caso.rango
    presentacion = {"concentracion": caso.concentracion, "unidad_base": caso.unidad_base}
    if caso.fracciones:
        presentacion["fracciones"] = list(caso.fracciones)
    if "unidades_envase" in caso.mas:
        presentacion["unidades_envase"] = caso.mas["unidades_envase"]
    return {
        "especie": caso.especie,
        "peso_kg": caso.peso,
        "dosis": caso.dosis,
        "unidad_dosis": caso.unidad,
        "pauta": {"dosis_min": minima, "dosis_max": maxima},
        "presentacion": presentacion,
        **{campo: caso.mas[campo] for campo in ("intervalo_h", "duracion_dias") if campo in caso.mas},
    }


@pytest.mark.parametrize("nombre", CASOS)
def test_los_casos_resueltos_por_http(botica, nombre):
    caso = CASOS[nombre]
    respuesta = botica.como("veterinario").post("/calculos/dosis", cuerpo_de(caso))
    assert respuesta.status_code == 200, respuesta.text
    salida = respuesta.json
    assert (salida["cantidad_por_toma"], salida["dosis_efectiva"]) == (caso.cantidad, caso.efectiva)
    esperado = {campo: valor for campo, valor in caso.mas.items() if campo in salida}
    assert {campo: salida[campo] for campo in esperado} == esperado
    assert salida["aviso_clinico"].startswith("Herramienta de apoyo")


def test_d12_ninguna_fraccion_cabe_entre_la_minima_y_la_maxima(botica):
    respuesta = botica.como("veterinario").post("/calculos/dosis", cuerpo_de(SIN_PRESENTACION))
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "SIN_PRESENTACION_ADECUADA")


@pytest.fixture(scope="module")
def perro(botica):
    paciente = crear_paciente(botica, nombre="Thor", raza="labrador_retriever")["id"]
    pesar(botica, paciente, "23.000")
    return paciente


@pytest.fixture(scope="module")
def clavulanico(botica):
    return crear_medicamento(botica, {botica.principios["amoxicilina_clavulanico"]: "250"}, nombre="Amoxiclav 250")


def test_el_ejemplo_del_contrato_sale_exacto(botica, perro, clavulanico):
    cuerpo = {
        "paciente_id": perro, "medicamento_id": clavulanico, "dosis": "12.5", "unidad_dosis": "mg_kg",
        "intervalo_h": 12, "duracion_dias": 7, "via": "oral",
    }  # fmt: skip
    salida = botica.como("veterinario").post("/calculos/dosis", cuerpo).json
    esperado = {
        "peso_usado_kg": "23.000", "dosis_mg": "287.5", "cantidad_por_toma": "1.5", "unidad_base": "comprimido",
        "dosis_efectiva": "16.3043", "tomas_dia": 2, "cantidad_total": "21", "envases": 3, "porcentaje_envase": "70.0",
        "fuente": "F18",
    }  # fmt: skip
    assert {campo: salida[campo] for campo in esperado} == esperado
    pauta = {campo: salida["pauta"][campo] for campo in ("dosis_min", "dosis_max", "fuente")}
    assert pauta == {"dosis_min": "12.5", "dosis_max": "25", "fuente": "F18"}
    (alerta,) = salida["alertas_medicacion"]
    esperada = {"codigo": "AL16", "gravedad": "aviso", "categoria_ema": "C"}
    assert {campo: alerta[campo] for campo in esperada} == esperada
    assert alerta["mensaje"] == "Usar solo si no hay antibiótico D eficaz"


def test_d11_pedir_el_doble_del_maximo_avisa_y_no_se_corrige_solo(botica):
    gato = crear_paciente(botica, nombre="Misi", especie="gato", raza=...)["id"]
    pesar(botica, gato, "3.800")
    suspension = crear_medicamento(
        botica, {botica.principios["enrofloxacino"]: "25"}, forma="Suspensión", unidad_base="mL", fracciones=["1"]
    )
    cuerpo = {"paciente_id": gato, "medicamento_id": suspension, "dosis": "10", "via": "oral"}
    salida = botica.como("veterinario").post("/calculos/dosis", cuerpo).json
    assert (salida["dosis_mg"], salida["unidad_base"]) == ("38", "ml")
    por_codigo = {una["codigo"]: una for una in salida["alertas_medicacion"]}
    assert (por_codigo["AL12"]["razon"], por_codigo["AL12"]["gravedad"]) == ("2.00", "grave")
    assert por_codigo["AL12"]["limite"] == "5"
    assert por_codigo["AL16"]["categoria_ema"] == "B"


def test_sin_peso_no_hay_dosis(botica, clavulanico):
    sin_pesar = crear_paciente(botica, nombre="Nuevo")["id"]
    cuerpo = {"paciente_id": sin_pesar, "medicamento_id": clavulanico, "dosis": "12.5"}
    motivo = {"X-Motivo-Acceso": "Relevo"}
    respuesta = botica.como("veterinario").post("/calculos/dosis", cuerpo, headers=motivo)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "PESO_REQUERIDO")
    con_peso = botica.como("veterinario").post("/calculos/dosis", {**cuerpo, "peso_kg": "23"}, headers=motivo)
    assert con_peso.status_code == 200
    assert "AL14" not in {una["codigo"] for una in con_peso.json["alertas_medicacion"]}


def test_un_peso_que_no_es_de_bascula_avisa(botica, clavulanico):
    estimado = crear_paciente(botica, nombre="A ojo")["id"]
    pesar(botica, estimado, "23", metodo="estimado")
    cuerpo = {"paciente_id": estimado, "medicamento_id": clavulanico, "dosis": "12.5"}
    salida = botica.como("veterinario").post("/calculos/dosis", cuerpo).json
    assert ("AL14", "aviso") in {(una["codigo"], una["gravedad"]) for una in salida["alertas_medicacion"]}


def test_de_un_antiparasitario_por_bandas_no_se_calcula(botica, perro):
    pipeta = crear_medicamento(botica, {botica.principios["selamectina"]: "60"}, unidad_base="pipeta", fracciones=["1"])
    cuerpo = {"paciente_id": perro, "medicamento_id": pipeta, "dosis": "6", "via": "topica"}
    respuesta = botica.como("veterinario").post("/calculos/dosis", cuerpo)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "CALCULO_NO_DISPONIBLE")


@pytest.mark.parametrize(
    ("cambios", "codigo"),
    [
        ({"peso_kg": "0"}, "CALCULO_NO_DISPONIBLE"),
        ({"peso_kg": "-1"}, "CALCULO_NO_DISPONIBLE"),
        ({"unidad_dosis": "mg_m2", "especie": "huron"}, "CALCULO_NO_DISPONIBLE"),
        ({"unidad_dosis": "ui_kg"}, "CALCULO_NO_DISPONIBLE"),
        ({"presentacion": ...}, "PRESENTACION_REQUERIDA"),
        ({"especie": ...}, "ANIMAL_REQUERIDO"),
        ({"dosis": "0"}, "DATOS_INVALIDOS"),
        ({"dosis": 12.5}, "DATOS_INVALIDOS"),
    ],
)
def test_lo_que_no_se_puede_calcular(botica, cambios, codigo):
    cuerpo = {**cuerpo_de(CASOS["D1"]), **cambios}
    cuerpo = {campo: valor for campo, valor in cuerpo.items() if valor is not ...}
    respuesta = botica.como("veterinario").post("/calculos/dosis", cuerpo)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, codigo)


def test_calcular_solo_apunta_su_lectura(botica, perro, clavulanico, sentencias):
    cuerpo = {"paciente_id": perro, "medicamento_id": clavulanico, "dosis": "12.5"}
    motivo = {"X-Motivo-Acceso": "Relevo"}
    botica.como("auxiliar").post("/calculos/dosis", cuerpo, headers=motivo)
    sentencias.clear()
    assert botica.como("auxiliar").post("/calculos/dosis", cuerpo, headers=motivo).status_code == 200
    assert [una for una in sentencias if not una.startswith("SELECT")] == []


@pytest.mark.parametrize(("rol", "estado"), [("auxiliar", 200), ("recepcion", 403), ("cliente", 403)])
def test_quien_calcula_dosis(botica, rol, estado):
    assert botica.como(rol).post("/calculos/dosis", cuerpo_de(CASOS["D1"])).status_code == estado
