"""Dispensar una receta: por partes, dentro de plazo y dejando su rastro."""

import pytest

from tests.factories import crear_clinica
from tests.recetario import con_telefono, crear_medicamento, datos_receta, emitida, linea, paciente_pesado, recetar

DESPUES = "2026-12-24T00:30:00+01:00"
ULTIMO_DIA = "2026-12-23T23:30:00+01:00"


@pytest.fixture(scope="module")
def clinica(app):
    clinica = crear_clinica(app, nombre="Dispensaciones")
    con_telefono(clinica)
    return clinica


@pytest.fixture(scope="module")
def paciente(clinica):
    return paciente_pesado(clinica)


@pytest.fixture
def receta(clinica, paciente):
    una, otra = crear_medicamento(clinica), crear_medicamento(clinica, "Otro")
    cuerpo = datos_receta(paciente, linea(una), linea(otra, envases=1), sede_id=str(clinica.sede_id))
    return emitida(clinica, cuerpo)


def dispensar(clinica, receta, *lineas, **opciones):
    cuerpo = {"lineas": list(lineas)} if lineas else {}
    return clinica.como("veterinario").post(f"/recetas/{receta['id']}/dispensaciones", cuerpo, **opciones)


def de(receta, n, envases, **cambios):
    return {"linea_receta_id": receta["lineas"][n]["id"], "envases": envases, **cambios}


def leer(clinica, receta, **opciones):
    return clinica.como("veterinario").get(f"/recetas/{receta['id']}", **opciones).json


def test_por_partes_hasta_completarla(clinica, receta):
    primera = dispensar(clinica, receta, de(receta, 0, 2, lote="L-1", caducidad_lote="2027-01-01"))
    assert (primera.status_code, primera.json["estado_receta"]) == (201, "dispensada_parcial")
    assert [una["envases_dispensados"] for una in leer(clinica, receta)["lineas"]] == [2, 0]
    # Sin decir líneas, todo lo que queda.
    segunda = dispensar(clinica, receta)
    assert segunda.json["estado_receta"] == "dispensada"
    assert [una["envases"] for una in segunda.json["lineas"]] == [1, 1]
    lista = clinica.como("veterinario").get(f"/recetas/{receta['id']}/dispensaciones").json["datos"]
    assert sorted(sum(una["envases"] for una in fila["lineas"]) for fila in lista) == [2, 2]
    una = clinica.como("veterinario").get(f"/dispensaciones/{primera.json['id']}").json
    assert una["lineas"][0]["lote"] == "L-1"


def test_no_se_dispensa_mas_de_lo_recetado(clinica, receta):
    respuesta = dispensar(clinica, receta, de(receta, 0, 2), de(receta, 0, 2))
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "ENVASES_EXCEDIDOS")
    assert respuesta.json["errores"][0]["campo"] == "/lineas/1/envases"
    assert [una["envases_dispensados"] for una in leer(clinica, receta)["lineas"]] == [0, 0]


def test_una_receta_dispensada_no_se_dispensa_mas(clinica, receta):
    dispensar(clinica, receta)
    respuesta = dispensar(clinica, receta)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (409, "TRANSICION_INVALIDA")


def test_un_borrador_no_se_dispensa(clinica, paciente):
    borrador = recetar(clinica, datos_receta(paciente, linea(crear_medicamento(clinica)))).json
    assert dispensar(clinica, borrador).json["codigo"] == "TRANSICION_INVALIDA"


def test_el_ultimo_dia_se_dispensa_y_al_siguiente_ha_caducado(clinica, receta):
    assert dispensar(clinica, receta, de(receta, 0, 1), reloj=ULTIMO_DIA).status_code == 201
    respuesta = dispensar(clinica, receta, reloj=DESPUES)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "RECETA_CADUCADA")


def test_al_leerla_se_sabe_que_ha_caducado_sin_que_nadie_la_marque(clinica, receta, propietario):
    assert leer(clinica, receta, reloj=ULTIMO_DIA)["estado"] == "emitida"
    assert leer(clinica, receta, reloj=DESPUES)["estado"] == "caducada"
    guardado = propietario.execute("SELECT estado FROM recetas WHERE id = %s", [receta["id"]]).fetchone()
    assert guardado == ("emitida",)
    lista = clinica.como("veterinario").get("/recetas?estado=caducada&limite=100", reloj=DESPUES).json["datos"]
    assert receta["id"] in {una["id"] for una in lista}


def test_caduca_segun_el_reloj_de_su_sede(clinica, paciente):
    receta = emitida(clinica, datos_receta(paciente, linea(crear_medicamento(clinica)), sede_id=str(clinica.sede2_id)))
    # En Canarias todavía es el día anterior.
    assert leer(clinica, receta, reloj=DESPUES)["estado"] == "emitida"
    assert dispensar(clinica, receta, reloj=DESPUES).status_code == 201


def test_un_lote_caducado_no_se_entrega(clinica, receta):
    respuesta = dispensar(clinica, receta, de(receta, 0, 1, lote="L-1", caducidad_lote="2026-11-22"))
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "LOTE_CADUCADO")
    # El propio día de la caducidad todavía se usa.
    assert dispensar(clinica, receta, de(receta, 0, 1, caducidad_lote="2026-11-23")).status_code == 201


def test_lo_que_no_es_para_dispensar_no_se_dispensa(clinica, paciente):
    cuerpo = datos_receta(paciente, linea(crear_medicamento(clinica)), tipo_dispensacion="no_dispensacion")
    assert dispensar(clinica, emitida(clinica, cuerpo)).json["codigo"] == "RECETA_NO_DISPENSABLE"


def test_ceder_un_controlado_deja_su_asiento(clinica, paciente):
    ketamina = crear_medicamento(clinica, "Ketamina", control="psicotropo", unidad_base="ml")
    sede = str(clinica.sede_id)
    cuerpo = datos_receta(paciente, linea(ketamina, envases=2, dosis=..., unidad_dosis=...), sede_id=sede)
    receta = emitida(clinica, cuerpo)
    sin_existencias = dispensar(clinica, receta)
    assert sin_existencias.json["codigo"] == "SALDO_CONTROLADO_NEGATIVO"
    assert leer(clinica, receta)["estado"] == "emitida"
    entrada = {"medicamento_id": ketamina, "tipo": "entrada", "cantidad": "25", "sede_id": sede}
    clinica.como("veterinario").post("/registro-controlados", entrada)
    hecha = dispensar(clinica, receta)
    assert hecha.status_code == 201, hecha.text
    ultimo = clinica.como("veterinario").get(f"/registro-controlados?medicamento_id={ketamina}").json["datos"][0]
    assert (ultimo["tipo"], ultimo["variacion"], ultimo["saldo"]) == ("dispensacion", "-20.000", "5.000")
    assert (ultimo["dispensacion_id"], ultimo["num_documento"]) == (hecha.json["id"], receta["numero"])


def test_lo_que_entrega_una_farmacia_no_toca_el_libro_de_la_clinica(clinica, paciente):
    ketamina = crear_medicamento(clinica, "Ketamina", control="psicotropo", unidad_base="ml")
    receta = emitida(clinica, datos_receta(paciente, linea(ketamina, dosis=..., unidad_dosis=...)))
    cuerpo = {"origen": "farmacia", "establecimiento": "Farmacia Sol"}
    respuesta = clinica.como("veterinario").post(f"/recetas/{receta['id']}/dispensaciones", cuerpo)
    assert respuesta.status_code == 201, respuesta.text
    assert clinica.como("veterinario").get(f"/registro-controlados?medicamento_id={ketamina}").json["datos"] == []


def test_a_un_fallecido_no_se_le_cede_pero_lo_de_la_farmacia_consta(clinica):
    paciente = paciente_pesado(clinica)
    receta = emitida(clinica, datos_receta(paciente, linea(crear_medicamento(clinica))))
    muerte = {"fecha_fallecimiento": "2026-11-23", "eutanasia": False}
    assert clinica.como("veterinario").post(f"/pacientes/{paciente}/fallecimiento", muerte).status_code == 200
    assert dispensar(clinica, receta).json["codigo"] == "PACIENTE_FALLECIDO"
    ruta = f"/recetas/{receta['id']}/dispensaciones"
    assert clinica.como("veterinario").post(ruta, {"origen": "farmacia"}).status_code == 201


def test_anulada_no_se_dispensa_y_dispensada_no_se_anula(clinica, receta, paciente):
    veterinario = clinica.como("veterinario")
    dispensar(clinica, receta, de(receta, 0, 1))
    tarde = veterinario.post(f"/recetas/{receta['id']}/anulacion", {"motivo": "Error"})
    assert (tarde.status_code, tarde.json["codigo"]) == (409, "TRANSICION_INVALIDA")
    otra = emitida(clinica, datos_receta(paciente, linea(crear_medicamento(clinica))))
    anulada = veterinario.post(f"/recetas/{otra['id']}/anulacion", {"motivo": "Error de medicamento"})
    assert (anulada.status_code, anulada.json["estado"]) == (200, "anulada")
    assert anulada.json["numero"] == otra["numero"]
    assert dispensar(clinica, otra).json["codigo"] == "TRANSICION_INVALIDA"


def test_caducada_ya_no_se_anula(clinica, receta):
    ruta, motivo = f"/recetas/{receta['id']}/anulacion", {"motivo": "Error de medicamento"}
    tarde = clinica.como("veterinario").post(ruta, motivo, reloj=DESPUES)
    assert (tarde.status_code, tarde.json["codigo"]) == (409, "TRANSICION_INVALIDA")
    assert (tarde.json["estado_actual"], tarde.json["acciones_permitidas"]) == ("caducada", [])
    assert clinica.como("veterinario").post(ruta, motivo, reloj=ULTIMO_DIA).json["estado"] == "anulada"
