"""Una receta emitida no cambia: ni por la API ni con el rol de la aplicación en la base."""

import psycopg
import pytest

from tests.factories import crear_cliente, crear_clinica
from tests.recetario import (
    con_telefono,
    crear_medicamento,
    datos_administracion,
    datos_receta,
    emitida,
    linea,
    paciente_pesado,
    recetar,
)


@pytest.fixture(scope="module")
def clinica(app):
    clinica = crear_clinica(app, nombre="Inmutables")
    con_telefono(clinica)
    return clinica


@pytest.fixture(scope="module")
def receta(clinica):
    return emitida(clinica, datos_receta(paciente_pesado(clinica), linea(crear_medicamento(clinica))))


def test_la_api_no_deja_editarla(clinica, receta):
    respuesta = clinica.como("veterinario").patch(f"/recetas/{receta['id']}", {"indicacion": "Otra"}, version="*")
    assert (respuesta.status_code, respuesta.json["codigo"]) == (409, "RECETA_EMITIDA_INMUTABLE")


@pytest.mark.parametrize(
    "cambio",
    ["indicacion = 'otra'", "numero = 'X-1'", "valida_hasta = '2030-01-01'", "huella = repeat('0', 64)",
     "contenido = '{}'", "firma = '{}'", "sede_id = gen_random_uuid()", "estado = 'borrador'",
     "estado = 'caducada'", "cliente_id = gen_random_uuid()", "justificaciones = '[]'::jsonb || '[1]'"],
)  # fmt: skip
def test_la_base_no_deja_cambiar_una_emitida(propietario, receta, cambio):
    with pytest.raises(psycopg.errors.CheckViolation) as error:
        propietario.execute(f"UPDATE recetas SET {cambio} WHERE id = %s", [receta["id"]])
    assert error.value.diag.constraint_name == "recetas_emitida_inmutable"


@pytest.mark.parametrize(
    "orden",
    ["UPDATE lineas_receta SET duracion_dias = 90 WHERE receta_id = %s",
     "UPDATE lineas_receta SET envases_dispensados = -1 WHERE receta_id = %s",
     "DELETE FROM lineas_receta WHERE receta_id = %s",
     "INSERT INTO lineas_receta (organizacion_id, id, receta_id, orden, formula_magistral, sustituible,"
     " envases_dispensados) SELECT organizacion_id, gen_random_uuid(), id, 9, 'x', true, 0 FROM recetas WHERE id = %s"],
)  # fmt: skip
def test_la_base_no_deja_tocar_sus_lineas(propietario, receta, orden):
    with pytest.raises(psycopg.errors.CheckViolation):
        propietario.execute(orden, [receta["id"]])


def test_la_base_no_deja_dispensar_de_mas(propietario, receta):
    orden = "UPDATE lineas_receta SET envases_dispensados = envases + 1 WHERE receta_id = %s"
    with pytest.raises(psycopg.errors.CheckViolation) as error:
        propietario.execute(orden, [receta["id"]])
    assert error.value.diag.constraint_name == "lineas_receta_envases_ck"


def test_un_borrador_si_se_puede_cambiar(clinica, propietario):
    borrador = recetar(clinica, datos_receta(paciente_pesado(clinica), linea(crear_medicamento(clinica)))).json
    propietario.execute("UPDATE recetas SET indicacion = 'otra' WHERE id = %s", [borrador["id"]])
    propietario.execute("DELETE FROM lineas_receta WHERE receta_id = %s", [borrador["id"]])


def test_lo_administrado_tampoco_se_cambia(clinica, propietario):
    cuerpo = datos_administracion(paciente_pesado(clinica), crear_medicamento(clinica))
    hecha = clinica.como("veterinario").post("/administraciones", cuerpo, clave=True).json
    with pytest.raises(psycopg.errors.CheckViolation) as error:
        propietario.execute("UPDATE administraciones SET cantidad = 9 WHERE id = %s", [hecha["id"]])
    assert error.value.diag.constraint_name == "administraciones_inmutable"


def test_al_fundir_fichas_la_receta_sigue_a_su_animal_y_a_su_titular(clinica):
    uno, otro = paciente_pesado(clinica), paciente_pesado(clinica)
    receta = emitida(clinica, datos_receta(uno, linea(crear_medicamento(clinica))))
    cuerpo = datos_administracion(uno, crear_medicamento(clinica))
    hecha = clinica.como("veterinario").post("/administraciones", cuerpo, clave=True).json
    admin = clinica.como("administrador")
    assert admin.post(f"/pacientes/{uno}/fusion", {"con_id": otro}).status_code == 200
    veterinario = clinica.como("veterinario")
    movida = veterinario.get(f"/recetas/{receta['id']}").json
    assert (movida["paciente_id"], movida["huella"]) == (otro, receta["huella"])
    assert veterinario.get(f"/administraciones/{hecha['id']}").json["paciente_id"] == otro


def test_al_fundir_clientes_la_receta_cambia_de_titular(clinica):
    viejo, nuevo = crear_cliente(clinica)["id"], crear_cliente(clinica, telefonos=[{"numero": "+34600111222"}])["id"]
    paciente = paciente_pesado(clinica, cliente_id=viejo)
    receta = emitida(clinica, datos_receta(paciente, linea(crear_medicamento(clinica))))
    respuesta = clinica.como("administrador").post(f"/clientes/{viejo}/fusion", {"con_id": nuevo})
    assert respuesta.status_code == 200, respuesta.text
    assert clinica.como("veterinario").get(f"/recetas/{receta['id']}").json["cliente_id"] == nuevo
