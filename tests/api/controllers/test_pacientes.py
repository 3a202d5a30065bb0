"""Pacientes por HTTP: alta, lectura, edición y aislamiento."""

import pytest

from tests.factories import crear_paciente, datos_paciente


def test_alta_y_lectura_de_un_paciente(clinica, como):
    respuesta = como("recepcion").post(
        "/pacientes",
        datos_paciente(clinica, microchip="941 000 012 345 678", peso_inicial={"peso_kg": "17.300", "metodo": "bascula"}),
    )
    assert respuesta.status_code == 201, respuesta.text
    luna = respuesta.json
    assert luna["codigo"] == "PAC-000001"
    assert luna["edad"]["texto"] == "2 años y 6 meses"
    assert luna["peso_actual"]["peso_kg"] == "17.300"
    assert luna["microchip_detalle"] == {"tipo_prefijo": "fabricante", "prefijo": "941", "pais": None}
    assert {"MDR1_RAZA_RIESGO"} <= {aviso["codigo"] for aviso in luna["avisos"]}
    assert luna["titular"]["nombre"] == "Carmen Núñez Prado"
    leida = como("veterinario").get(f"/pacientes/{luna['id']}")
    assert leida.status_code == 200
    assert leida.headers["ETag"] == f'"{luna["version"]}"'
    assert como("veterinario").get(f"/pacientes/{luna['id']}", headers={"If-None-Match": leida.headers["ETag"]}).status_code == 304


def test_edicion_exige_la_version_leida(clinica, como):
    luna = crear_paciente(clinica)
    api = como("recepcion")
    assert api.patch(f"/pacientes/{luna['id']}", {"capa": "negro"}).status_code == 428
    editada = api.patch(f"/pacientes/{luna['id']}", {"capa": "negro"}, version=luna["version"])
    assert editada.status_code == 200, editada.text
    assert (editada.json["capa"], editada.json["version"]) == ("negro", luna["version"] + 1)
    vieja = api.patch(f"/pacientes/{luna['id']}", {"capa": "gris"}, version=luna["version"])
    assert (vieja.status_code, vieja.json["codigo"]) == (412, "VERSION_OBSOLETA")


@pytest.mark.parametrize("campo", ["organizacion_id", "id", "estado", "version"])
def test_no_se_asignan_campos_que_no_son_suyos(clinica, como, campo):
    respuesta = como("recepcion").post("/pacientes", datos_paciente(clinica, **{campo: "1"}))
    assert (respuesta.status_code, respuesta.json["errores"][0]["campo"]) == (422, f"/{campo}")


def test_otra_organizacion_no_existe(clinica, vecina):
    luna = crear_paciente(clinica)
    ajena = vecina.como("recepcion")
    assert ajena.get(f"/pacientes/{luna['id']}").status_code == 404
    assert ajena.get("/pacientes").json["datos"] == []
    cuerpo = datos_paciente(vecina, cliente_id=str(clinica.cliente_id))
    assert ajena.post("/pacientes", cuerpo).status_code == 404


def test_se_busca_con_una_errata_y_se_pagina(clinica, como):
    for nombre in ("Canela", "Tobías", "Ñoño", "Señor Guapo"):
        crear_paciente(clinica, nombre=nombre)
    api = como("recepcion")
    for escrito, esperado in (("canlea", "Canela"), ("tovias", "Tobías"), ("guapo", "Señor Guapo"), ("nuñez", "Canela")):
        nombres = [uno["nombre"] for uno in api.get(f"/pacientes?q={escrito}").json["datos"]]
        assert esperado in nombres, (escrito, nombres)
    primera = api.get("/pacientes?limite=3").json
    segunda = api.get(f"/pacientes?limite=3&cursor={primera['siguiente']}").json
    nombres = [uno["nombre"] for uno in primera["datos"] + segunda["datos"]]
    assert nombres == ["Canela", "Ñoño", "Señor Guapo", "Tobías"]
    assert segunda["siguiente"] is None
