"""Fusión de dos fichas del mismo animal."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.factories import crear_cliente, crear_paciente, preparar_agenda


def _fusionar(api, origen, destino):
    return api.post(f"/pacientes/{origen['id']}/fusion", {"con_id": destino["id"]})


@pytest.fixture
def ana(clinica):
    return crear_cliente(clinica)["id"]


def test_lo_del_origen_pasa_al_destino(clinica, como, ana, propietario):
    vet = como("veterinario")
    origen = crear_paciente(
        clinica, cliente_id=ana, nombre="Lunita", microchip="941000012345678", verificado_lector=True
    )
    destino = crear_paciente(clinica)
    ruta = f"/pacientes/{origen['id']}"
    vet.post(f"{ruta}/pesos", {"peso_kg": "17.3", "metodo": "bascula"})
    vet.post(f"{ruta}/alergias", {"agente_tipo": "alimento", "agente_ref": "pollo", "gravedad": "leve"})
    vet.post(f"{ruta}/alertas", {"tipo": "manejo", "texto": "Muerde"})
    vista = como("recepcion").get(f"{ruta}/fusion?con_id={destino['id']}")
    assert vista.status_code == 200, vista.text
    assert vista.json["se_mueve"] == {
        "titularidades": 1, "pesos": 1, "alergias": 1, "alertas": 1, "citas": 0, "lista_espera": 0, "tareas": 0,
        "consultas": 0, "problemas": 0, "recetas": 0, "administraciones": 0, "sucesos_adversos": 0, "adjuntos": 0,
    }  # fmt: skip
    assert (vista.json["origen"]["titulares"], vista.json["destino"]["titulares"]) == (
        ["Ana Ruiz Peña"], ["Carmen Núñez Prado"],
    )  # fmt: skip
    assert (vista.json["microchip"], [uno["codigo"] for uno in vista.json["avisos"]]) == (
        "941000012345678", ["TITULARES_DISTINTOS"],
    )  # fmt: skip
    assert vet.get(ruta).json["estado"] == "activo"
    hecha = _fusionar(como("recepcion"), origen, destino)
    assert hecha.status_code == 200, hecha.text
    assert (hecha.json["estado"], hecha.json["fusionado_en_id"], hecha.json["titular"]) == (
        "fusionado", destino["id"], None,
    )  # fmt: skip
    queda = vet.get(f"/pacientes/{destino['id']}").json
    assert (queda["microchip"], queda["verificado_lector"], queda["peso_actual"]["peso_kg"]) == (
        "941000012345678", True, "17.300",
    )  # fmt: skip
    assert queda["titular"]["nombre"] == "Carmen Núñez Prado"
    for lista in ("pesos", "alergias", "alertas"):
        assert len(vet.get(f"/pacientes/{destino['id']}/{lista}").json["datos"]) == 1
        assert vet.get(f"{ruta}/{lista}").json["datos"] == []
    titulares = vet.get(f"/pacientes/{destino['id']}/titularidades?vigentes=true").json["datos"]
    assert {(fila["cliente_id"], fila["rol"]) for fila in titulares} == {
        (ana, "cotitular"), (str(clinica.cliente_id), "titular"),
    }  # fmt: skip
    asiento = propietario.execute(
        "SELECT cambios #> '{movidas,1,pesos}' FROM auditoria WHERE recurso_id = %s AND accion = 'fusionar'",
        [origen["id"]],
    ).fetchone()
    assert asiento == (1,)


def test_un_titular_comun_no_se_duplica_y_el_fusionado_sale_de_las_listas(clinica, como):
    origen, destino = crear_paciente(clinica), crear_paciente(clinica)
    assert _fusionar(como("recepcion"), origen, destino).json["avisos"] is not None
    vigentes = como("recepcion").get(f"/pacientes/{destino['id']}/titularidades?vigentes=true").json["datos"]
    assert [fila["rol"] for fila in vigentes] == ["titular"]
    assert [uno["id"] for uno in como("recepcion").get("/pacientes").json["datos"]] == [destino["id"]]
    assert [uno["id"] for uno in como("recepcion").get("/pacientes?q=luna").json["datos"]] == [destino["id"]]
    assert como("cliente").get(f"/pacientes/{origen['id']}").status_code == 404
    assert len(como("recepcion").get("/pacientes?estado=fusionado").json["datos"]) == 1


def test_las_citas_y_su_hueco_pasan_al_destino(clinica, como):
    agenda = preparar_agenda(clinica, pacientes=2)
    origen, destino = ({"id": uno} for uno in agenda.pacientes)
    cita = agenda.reservar().json
    assert _fusionar(como("recepcion"), origen, destino).status_code == 200
    movida = como("recepcion").get(f"/citas/{cita['id']}").json
    assert (movida["paciente_id"], movida["version"]) == (destino["id"], cita["version"] + 1)
    doble = agenda.reservar(
        paciente_id=destino["id"], profesional_id=str(clinica.profesionales["veterinario2"]), recursos=[agenda.salas[1]]
    )
    assert (doble.status_code, doble.json["conflictos"][0]["tipo"]) == (409, "paciente")


def test_no_se_fusionan_si_tienen_citas_a_la_misma_hora(clinica, como):
    agenda = preparar_agenda(clinica, pacientes=2)
    origen, destino = ({"id": uno} for uno in agenda.pacientes)
    assert agenda.reservar().status_code == 201
    otra = {"profesional_id": str(clinica.profesionales["veterinario2"]), "recursos": [agenda.salas[1]]}
    assert agenda.reservar(paciente_id=destino["id"], **otra).status_code == 201
    choque = _fusionar(como("recepcion"), origen, destino)
    assert (choque.status_code, choque.json["codigo"]) == (409, "CITA_SOLAPADA")
    assert como("recepcion").get(f"/pacientes/{origen['id']}").json["estado"] == "activo"


def _esperar(api, agenda, paciente, **cambios):
    respuesta = api.post("/lista-espera", {
        "sede_id": str(agenda.clinica.sede_id), "tipo_cita_id": agenda.tipos["consulta_general"],
        "cliente_id": str(agenda.clinica.cliente_id), "paciente_id": paciente, **cambios,
    })  # fmt: skip
    assert respuesta.status_code == 201, respuesta.text
    return respuesta.json


@pytest.mark.parametrize("ofertada", ["origen", "destino"])
def test_si_los_dos_esperaban_lo_mismo_queda_una_y_no_se_pierde_la_oferta(clinica, como, ofertada):
    agenda = preparar_agenda(clinica, pacientes=2)
    api, (origen, destino) = como("recepcion"), agenda.pacientes
    esperas = {"origen": _esperar(api, agenda, origen)["id"], "destino": _esperar(api, agenda, destino)["id"]}
    otra = _esperar(api, agenda, origen, tipo_cita_id=agenda.tipos["vacunacion"])["id"]
    oferta = {"inicio": "2027-01-15T10:00:00+01:00", "profesional_id": str(clinica.profesionales["veterinario"])}
    assert api.post(f"/lista-espera/{esperas[ofertada]}/oferta", oferta).status_code == 200
    assert _fusionar(api, {"id": origen}, {"id": destino}).status_code == 200
    leidas = {cual: api.get(f"/lista-espera/{id}").json for cual, id in esperas.items()}
    sobra = "destino" if ofertada == "origen" else "origen"
    assert (leidas[ofertada]["estado"], leidas[sobra]["estado"]) == ("ofertada", "baja")
    assert {leidas[ofertada]["paciente_id"], api.get(f"/lista-espera/{otra}").json["paciente_id"]} == {destino}


def test_dos_chips_distintos_avisan_y_ninguno_se_pierde(clinica, como):
    origen = crear_paciente(clinica, microchip="941000012345678")
    destino = crear_paciente(clinica, microchip="941000012345679")
    hecha = _fusionar(como("recepcion"), origen, destino)
    assert "MICROCHIP_DISTINTO" in {aviso["codigo"] for aviso in hecha.json["avisos"]}
    queda = como("recepcion").get(f"/pacientes/{destino['id']}").json
    assert queda["microchip"] == "941000012345679"
    assert queda["identificadores"] == [{"tipo": "microchip_secundario", "valor": "941000012345678"}]


def test_lo_que_no_se_puede_fusionar(clinica, como, vecina):
    api, luna = como("recepcion"), crear_paciente(clinica)
    gato = crear_paciente(clinica, especie="gato", raza=...)
    assert _fusionar(api, luna, gato).json["codigo"] == "ESPECIES_DISTINTAS"
    assert _fusionar(api, luna, luna).json["codigo"] == "MISMO_PACIENTE"
    assert _fusionar(api, luna, crear_paciente(vecina)).status_code == 404
    muerto = crear_paciente(clinica)
    api.post(f"/pacientes/{muerto['id']}/fallecimiento", {"fecha_fallecimiento": "2026-11-20"})
    for origen, destino in ((luna, muerto), (muerto, luna)):
        negada = _fusionar(api, origen, destino)
        assert (negada.status_code, negada.json["codigo"]) == (409, "ESTADO_VITAL_DISTINTO")
    otra = crear_paciente(clinica)
    assert _fusionar(api, luna, otra).status_code == 200
    assert _fusionar(api, luna, otra).json["codigo"] == "TRANSICION_INVALIDA"
    assert _fusionar(api, otra, luna).json["codigo"] == "PACIENTE_NO_ACTIVO"
    assert _fusionar(como("auxiliar"), otra, luna).status_code == 403


def test_lo_fusionado_no_se_toca_y_la_cadena_apunta_al_que_queda(clinica, como):
    api = como("veterinario")
    primero, segundo, tercero = (crear_paciente(clinica) for _ in range(3))
    assert _fusionar(api, primero, segundo).status_code == 200
    assert _fusionar(api, segundo, tercero).status_code == 200
    leido = api.get(f"/pacientes/{primero['id']}").json
    assert leido["fusionado_en_id"] == tercero["id"]
    edicion = api.patch(f"/pacientes/{primero['id']}", {"capa": "negra"}, version=leido["version"])
    assert (edicion.status_code, edicion.json["codigo"]) == (409, "PACIENTE_NO_ACTIVO")
    for lista, cuerpo in (
        ("alertas", {"tipo": "manejo", "texto": "Muerde"}),
        ("alergias", {"agente_tipo": "alimento", "agente_ref": "pollo", "gravedad": "leve"}),
        ("pesos", {"peso_kg": "10", "metodo": "bascula"}),
    ):
        assert api.post(f"/pacientes/{primero['id']}/{lista}", cuerpo).status_code == 409


def test_si_alguien_tiene_a_uno_de_los_ya_fundidos_no_se_le_espera(clinica, como, propietario):
    """Quien fusiona tiene ya a los dos: esperar a otra ficha, fuera de orden, se interbloquearía con quien los espera."""
    primero, segundo, tercero = (crear_paciente(clinica) for _ in range(3))
    assert _fusionar(como("veterinario"), primero, segundo).status_code == 200
    with propietario.transaction():
        propietario.execute("SELECT 1 FROM pacientes WHERE id = %s FOR UPDATE", [primero["id"]])
        ocupado = _fusionar(como("veterinario"), segundo, tercero)
        assert (ocupado.status_code, ocupado.json["codigo"]) == (409, "CONFLICTO_CONCURRENTE")
    assert _fusionar(como("veterinario"), segundo, tercero).status_code == 200


@pytest.mark.lento
def test_dos_fusiones_cruzadas_a_la_vez_no_se_interbloquean(clinica, como):
    for _ in range(5):
        uno, otro = crear_paciente(clinica), crear_paciente(clinica)
        with ThreadPoolExecutor(2) as hilos:
            codigos = list(
                hilos.map(lambda par: _fusionar(como("recepcion"), *par).status_code, [(uno, otro), (otro, uno)])
            )
        assert sorted(codigos) == [200, 409]
