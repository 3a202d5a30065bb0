"""Pacientes por HTTP: alta, lectura, edición y aislamiento."""

import pytest

from tests.factories import crear_paciente, datos_paciente


def test_alta_y_lectura_de_un_paciente(clinica, como):
    respuesta = como("recepcion").post(
        "/pacientes",
        datos_paciente(
            clinica, microchip="941 000 012 345 678", peso_inicial={"peso_kg": "17.300", "metodo": "bascula"}
        ),
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
    assert (
        como("veterinario")
        .get(f"/pacientes/{luna['id']}", headers={"If-None-Match": leida.headers["ETag"]})
        .status_code
        == 304
    )


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
    for escrito, esperado in (
        ("canlea", "Canela"),
        ("tovias", "Tobías"),
        ("guapo", "Señor Guapo"),
        ("nuñez", "Canela"),
    ):
        nombres = [uno["nombre"] for uno in api.get(f"/pacientes?q={escrito}").json["datos"]]
        assert esperado in nombres, (escrito, nombres)
    primera = api.get("/pacientes?limite=3").json
    segunda = api.get(f"/pacientes?limite=3&cursor={primera['siguiente']}").json
    nombres = [uno["nombre"] for uno in primera["datos"] + segunda["datos"]]
    assert nombres == ["Canela", "Ñoño", "Señor Guapo", "Tobías"]
    assert segunda["siguiente"] is None


def test_los_objetos_se_guardan_con_sus_fechas_y_se_funden_al_editar(clinica, como):
    ppp = {"es_ppp": True, "licencia": "L-1", "licencia_caduca": "2027-05-01"}
    luna = crear_paciente(clinica, raza="rottweiler", ppp=ppp, seguro={"compania": "Uno", "poliza": "1"})
    assert luna["ppp"] == {**ppp, "seguro": None, "seguro_caduca": None}
    assert "PPP_POR_RAZA" not in {aviso["codigo"] for aviso in luna["avisos"]}
    cambio = {"ppp": {"es_ppp": True, "seguro_caduca": "2028-01-01", "licencia": None}, "seguro": None}
    editada = como("recepcion").patch(f"/pacientes/{luna['id']}", cambio, version=luna["version"])
    assert editada.status_code == 200, editada.text
    assert editada.json["ppp"] == {
        "es_ppp": True, "licencia": None, "licencia_caduca": "2027-05-01", "seguro": None, "seguro_caduca": "2028-01-01",
    }  # fmt: skip
    assert editada.json["seguro"] is None


def test_la_raza_es_de_su_especie_y_los_riesgos_de_la_raza_avisan(clinica, como):
    api = como("recepcion")
    for cambios, codigo in (
        ({"especie": "gato"}, "RAZA_DE_OTRA_ESPECIE"),
        ({"raza": "inventada"}, "RAZA_DE_OTRA_ESPECIE"),
        ({"especie": "dragon", "raza": ...}, "ESPECIE_DESCONOCIDA"),
    ):
        respuesta = api.post("/pacientes", datos_paciente(clinica, **cambios))
        assert (respuesta.status_code, respuesta.json["codigo"]) == (422, codigo)
    luna = crear_paciente(clinica)
    otra = api.patch(f"/pacientes/{luna['id']}", {"especie": "gato"}, version=luna["version"])
    assert otra.json["codigo"] == "RAZA_DE_OTRA_ESPECIE"
    assert "PPP_POR_RAZA" in {aviso["codigo"] for aviso in crear_paciente(clinica, raza="rottweiler")["avisos"]}
    sana = api.patch(f"/pacientes/{luna['id']}", {"mdr1": "normal"}, version=luna["version"]).json
    assert "MDR1_RAZA_RIESGO" not in {aviso["codigo"] for aviso in sana["avisos"]}


def test_una_fecha_ya_guardada_no_estorba_al_editar_otra_cosa(clinica, como):
    luna = crear_paciente(clinica, fecha_nacimiento="2026-11-23")
    editada = como("recepcion").patch(
        f"/pacientes/{luna['id']}", {"capa": "negra"}, version=luna["version"], reloj="2026-11-22T12:00:00+01:00"
    )
    assert (editada.status_code, editada.json["capa"]) == (200, "negra")


def test_filtros_de_la_lista(clinica, como):
    api = como("recepcion")
    luna = crear_paciente(clinica, microchip="941000012345678")
    gato = crear_paciente(clinica, nombre="Ñoño", especie="gato", raza=..., fecha_nacimiento="2020-01-01")
    api.post(f"/pacientes/{gato['id']}/perdida", {})
    for consulta, esperados in (
        ("especie=gato", [gato]),
        ("especie=gato&especie=perro", [luna, gato]),
        ("raza=border_collie", [luna]),
        ("estado=perdido", [gato]),
        ("estado=activo&estado=perdido", [luna, gato]),
        ("microchip=941 0000-12345678", [luna]),
        ("nombre=NO", [gato]),
        ("nacido_desde=2024-05-02", [luna]),
        ("nacido_hasta=2024-05-01", [gato]),
        ("nacido_desde=2020-01-01&nacido_hasta=2020-01-01", [gato]),
        (f"cliente_id={clinica.cliente_id}", [luna, gato]),
        ("orden=-creado_en,nombre", [gato, luna]),
    ):
        leidos = [uno["id"] for uno in api.get(f"/pacientes?{consulta}").json["datos"]]
        assert sorted(leidos) == sorted(uno["id"] for uno in esperados), consulta
    assert api.get("/pacientes?especei=gato").status_code == 422
    assert api.get("/pacientes?orden=microchip").json["codigo"] == "ORDEN_DESCONOCIDO"
