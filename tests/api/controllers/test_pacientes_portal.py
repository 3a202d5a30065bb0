"""El titular en el portal: qué ve, qué puede dar de alta y qué no."""

from uuid import uuid4

import pytest

from tests.factories import crear_cliente, crear_paciente, datos_paciente

VISIBLES = {
    "id", "codigo", "nombre", "especie", "raza", "raza_texto", "sexo", "esterilizado", "fecha_esterilizacion",
    "fecha_nacimiento", "precision_nacimiento", "edad", "capa", "senias", "microchip", "pasaporte_ue", "peso_actual",
    "estado", "fecha_fallecimiento", "version",
}  # fmt: skip


def test_ve_exactamente_estos_campos_de_su_animal(clinica, como):
    luna = crear_paciente(clinica, temperamento="Muerde", seguro={"compania": "X", "poliza": "1"})
    como("veterinario").post(f"/pacientes/{luna['id']}/pesos", {"peso_kg": "17.3", "metodo": "bascula"})
    leido = como("cliente").get(f"/pacientes/{luna['id']}").json
    assert set(leido) == VISIBLES
    assert set(leido["peso_actual"]) == {"peso_kg", "medido_en", "metodo"}
    lista = como("cliente").get("/pacientes").json
    assert (set(lista), set(lista["datos"][0])) == ({"datos", "siguiente"}, VISIBLES)
    pesos = como("cliente").get(f"/pacientes/{luna['id']}/pesos").json["datos"]
    assert set(pesos[0]) == {"id", "paciente_id", "peso_kg", "medido_en", "metodo", "bcs", "version"}


def test_solo_ve_los_suyos_tambien_al_buscar_y_filtrar(clinica, como):
    ana = crear_cliente(clinica)["id"]
    suya, ajena = crear_paciente(clinica), crear_paciente(clinica, cliente_id=ana, microchip="941000012345678")
    api = como("cliente")
    for consulta in ("", "?q=luna", "?nombre=luna", "?especie=perro", f"?cliente_id={clinica.cliente_id}", "?q=nuñez"):
        assert [uno["id"] for uno in api.get(f"/pacientes{consulta}").json["datos"]] == [suya["id"]], consulta
    for consulta in ("?microchip=941000012345678", "?q=941000012345678", f"?cliente_id={ana}", "?q=ruiz"):
        assert api.get(f"/pacientes{consulta}").json["datos"] == [], consulta
    assert api.get(f"/pacientes/{ajena['id']}").status_code == 404


def test_el_cotitular_tambien_lo_ve(clinica, como):
    ana = crear_cliente(clinica)["id"]
    luna = crear_paciente(clinica, cliente_id=ana)
    como("recepcion").post(f"/pacientes/{luna['id']}/cotitulares", {"cliente_id": str(clinica.cliente_id)})
    assert como("cliente").get(f"/pacientes/{luna['id']}").json["nombre"] == "Luna"


def test_lo_que_da_de_alta_espera_a_la_clinica(clinica, como):
    peso = {"peso_kg": "17.3", "metodo": "bascula"}
    alta = como("cliente").post("/pacientes", datos_paciente(clinica, peso_inicial=peso))
    assert (alta.status_code, alta.json["estado"], set(alta.json)) == (201, "pendiente_validacion", VISIBLES)
    assert alta.json["peso_actual"]["metodo"] == "referido_cliente"
    completa = como("recepcion").get(f"/pacientes/{alta.json['id']}").json
    assert (completa["cliente_id"], completa["estado"]) == (str(clinica.cliente_id), "pendiente_validacion")


def test_no_da_de_alta_a_nombre_de_otro(clinica, vecina, como):
    for otro in (crear_cliente(clinica)["id"], str(vecina.cliente_id), str(uuid4())):
        respuesta = como("cliente").post("/pacientes", datos_paciente(clinica, cliente_id=otro))
        assert (respuesta.status_code, respuesta.json["codigo"]) == (404, "NO_ENCONTRADO")


@pytest.mark.parametrize(
    ("campo", "valor"),
    [("mdr1", "normal"), ("temperamento", "dócil"), ("verificado_lector", True), ("id_externo", "1")],
)
def test_hay_datos_que_solo_pone_la_clinica(clinica, como, campo, valor):
    respuesta = como("cliente").post("/pacientes", datos_paciente(clinica, **{campo: valor}))
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "DATO_DE_LA_CLINICA")
    assert respuesta.json["errores"][0]["campo"] == f"/{campo}"


@pytest.mark.parametrize(
    ("metodo", "ruta", "cuerpo"),
    [
        ("PATCH", "", {"capa": "negra"}),
        ("DELETE", "", None),
        ("POST", "/pesos", {"peso_kg": "10", "metodo": "bascula"}),
        ("POST", "/alergias", {"agente_tipo": "alimento", "agente_ref": "pollo", "gravedad": "leve"}),
        ("POST", "/perdida", {}),
        ("POST", "/fallecimiento", {"fecha_fallecimiento": "2026-11-20"}),
        ("POST", "/cambio-titular", {"cliente_id": str(uuid4())}),
        ("POST", "/fusion", {"con_id": str(uuid4())}),
        ("GET", "/resumen", None),
    ],
)
def test_de_su_animal_solo_lee(clinica, como, metodo, ruta, cuerpo):
    luna = crear_paciente(clinica)
    respuesta = como("cliente").pedir(metodo, f"/pacientes/{luna['id']}{ruta}", json=cuerpo, version=luna["version"])
    assert respuesta.status_code == 403
