"""La toma de una línea de receta: sale de la dosis, el peso y la presentación, como en el cálculo de dosis."""

import pytest

from tests.factories import crear_clinica, crear_medicamento, crear_paciente, preparar_medicacion
from tests.recetario import con_telefono, datos_receta, linea, paciente_pesado, recetar
from tests.utils.casos_dosis import CASOS, SIN_PRESENTACION


@pytest.fixture(scope="module")
def clinica(app):
    clinica = crear_clinica(app, nombre="Tomas")
    con_telefono(clinica)
    return clinica


@pytest.fixture(scope="module")
def principios(clinica):
    return preparar_medicacion(clinica)


@pytest.fixture(scope="module")
def cefalexina(clinica, principios):
    return crear_medicamento(clinica, {principios["cefalexina"]: "250"}, nombre="Cefalexina 250 mg")


def sin_toma(medicamento, **cambios):
    return linea(medicamento, **{"cantidad_por_toma": ..., **cambios})


def leida(respuesta):
    assert respuesta.status_code == 201, respuesta.text
    return respuesta.json["lineas"][0]


def test_con_dosis_intervalo_y_dias_se_emite_tal_cual(clinica, cefalexina):
    perro = paciente_pesado(clinica, "23.000")
    borrador = recetar(clinica, datos_receta(perro, sin_toma(cefalexina), finalidad_antimicrobiana="terapeutica"))
    una, caso = leida(borrador), CASOS["D3"]
    assert (una["cantidad_por_toma"], una["peso_usado_kg"]) == (f"{caso.cantidad}00", "23.000")
    assert (una["cantidad_total"], una["envases"], una["porcentaje_envase"]) == ("21.000", 3, "70.0")
    assert una["posologia"] == "1,5 comprimidos por vía oral cada 12 horas durante 7 días"
    emitida = clinica.como("veterinario").post(f"/recetas/{borrador.json['id']}/emision")
    assert emitida.status_code == 200, emitida.text
    documento = clinica.como("veterinario").get(
        f"/recetas/{borrador.json['id']}/documento", headers={"Accept": "application/json"}
    )
    assert "10 comprimidos" in documento.text


def test_lo_mismo_que_dice_el_calculo_de_dosis(clinica, cefalexina):
    perro = paciente_pesado(clinica, "23.000")
    pedido = {"paciente_id": perro, "medicamento_id": cefalexina, "dosis": "20", "unidad_dosis": "mg_kg", "via": "oral"}
    calculo = clinica.como("veterinario").post("/calculos/dosis", pedido).json
    una = leida(recetar(clinica, datos_receta(perro, sin_toma(cefalexina, dosis="20"))))
    assert float(una["cantidad_por_toma"]) == float(calculo["cantidad_por_toma"]) == 2


def test_lo_escrito_a_mano_se_respeta(clinica, cefalexina):
    perro = paciente_pesado(clinica, "23.000")
    una = leida(recetar(clinica, datos_receta(perro, linea(cefalexina, cantidad_por_toma="2"))))
    assert una["cantidad_por_toma"] == "2.000"
    una = leida(recetar(clinica, datos_receta(perro, sin_toma(cefalexina, peso_usado_kg="46"))))
    assert (una["cantidad_por_toma"], una["peso_usado_kg"]) == ("2.500", "46.000")


@pytest.mark.parametrize("falta", ["dosis", "unidad_dosis", "via"])
def test_si_falta_un_dato_no_se_inventa(clinica, cefalexina, falta):
    perro = paciente_pesado(clinica, "23.000")
    una = leida(recetar(clinica, datos_receta(perro, sin_toma(cefalexina, **{falta: ...}))))
    assert (una["cantidad_por_toma"], una["cantidad_total"]) == (None, None)


def test_sin_peso_no_se_calcula(clinica, cefalexina):
    aparte = [{"codigo": "AL14", "motivo": "No se deja subir a la báscula"}]
    cuerpo = datos_receta(crear_paciente(clinica)["id"], sin_toma(cefalexina), justificaciones=aparte)
    una = leida(recetar(clinica, cuerpo))
    assert (una["cantidad_por_toma"], una["peso_usado_kg"]) == (None, None)


def test_ninguna_fraccion_cabe(clinica, cefalexina):
    perro = paciente_pesado(clinica, "1.100")
    respuesta = recetar(clinica, datos_receta(perro, sin_toma(cefalexina, dosis=SIN_PRESENTACION.dosis)))
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "SIN_PRESENTACION_ADECUADA")
    assert respuesta.json["errores"][0]["campo"] == "/lineas/0/dosis"


def test_al_cambiar_las_lineas_se_calcula_de_nuevo(clinica, cefalexina):
    perro = paciente_pesado(clinica, "23.000")
    hecha = recetar(clinica, datos_receta(perro, linea(cefalexina, cantidad_por_toma="3"))).json
    cambios = {"lineas": [sin_toma(cefalexina)]}
    respuesta = clinica.como("veterinario").patch(f"/recetas/{hecha['id']}", cambios, version=hecha["version"])
    assert respuesta.status_code == 200, respuesta.text
    assert respuesta.json["lineas"][0]["cantidad_por_toma"] == "1.500"


def test_lo_que_no_se_mide_en_lo_mismo_se_deja_sin_calcular(clinica, cefalexina):
    perro = paciente_pesado(clinica, "23.000")
    una = leida(recetar(clinica, datos_receta(perro, sin_toma(cefalexina, unidad_dosis="ml_kg"))))
    assert una["cantidad_por_toma"] is None


def test_la_alerta_dice_la_linea_aunque_la_anterior_no_lleve_via(clinica, cefalexina, principios):
    gato = paciente_pesado(clinica, "4.200", especie="gato", raza=...)
    paracetamol = crear_medicamento(clinica, {principios["paracetamol"]: "50"}, nombre="Paracetamol")
    lineas = [linea(cefalexina, via=...), linea(paracetamol, dosis="10", cantidad_por_toma="1")]
    respuesta = recetar(clinica, datos_receta(gato, *lineas))
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "ALERTAS_MEDICACION")
    assert {una["linea"] for una in respuesta.json["alertas_medicacion"] if una["codigo"] == "AL01"} == {1}
