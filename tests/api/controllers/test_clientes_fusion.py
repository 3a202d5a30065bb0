"""Fusión de clientes: la vista previa dice lo que pasa, y dos fusiones opuestas no se estorban."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest

from tests.factories import cita_directa, crear_cliente, crear_paciente


def _organizar(clinica, orden: str, **valores):
    """Escribe por debajo lo que otros dominios escribirían."""
    import os

    import psycopg

    with psycopg.connect(os.environ["SERVET_DATABASE_URL_PROPIETARIO"], autocommit=True) as conexion:
        return conexion.execute(orden, {"org": clinica.id, **valores})


COTITULAR = """INSERT INTO titularidades
    (organizacion_id, id, paciente_id, cliente_id, rol, porcentaje, desde, version, creado_en, actualizado_en)
    VALUES (%(org)s, gen_random_uuid(), %(paciente)s, %(cliente)s, 'cotitular', 40, '2026-01-01', 1, now(), now())"""


@pytest.fixture
def pareja(clinica, como):
    """Un origen con de todo y un destino vacío."""
    origen = crear_cliente(clinica, notas_internas="vieja", bloqueo_morosidad=True)
    destino = crear_cliente(clinica, nombre="Ana María", email="ana@casa.test")
    crear_paciente(clinica, nombre="Nube", cliente_id=origen["id"])
    api = como("recepcion")
    api.post(
        f"/clientes/{origen['id']}/consentimientos-datos",
        {"finalidad": "comunicaciones_comerciales", "otorgado": True, "texto_version": "1"},
    )
    api.post(f"/clientes/{origen['id']}/autorizados", {"nombre": "Luis"})
    api.post(f"/clientes/{origen['id']}/autorizados", {"cliente_autorizado_id": destino["id"]})
    return origen["id"], destino["id"]


def test_la_vista_previa_dice_lo_que_la_fusion_hace(clinica, como, pareja):
    origen, destino = pareja
    api = como("recepcion")
    previa = api.get(f"/clientes/{origen}/fusion?con_id={destino}")
    assert previa.status_code == 200, previa.text
    assert previa.json["mueve"] == {
        "pacientes": 1, "citas": 0, "lista_espera": 0, "consentimientos_datos": 1, "autorizados": 2,
        "cuentas_portal": 0, "recetas": 0, "adjuntos": 0,
    }  # fmt: skip
    assert {"nombre", "email", "bloqueo_morosidad"} <= {uno["campo"] for uno in previa.json["diferencias"]}
    assert {"FUSION_IRREVERSIBLE", "MOROSIDAD_HEREDADA"} == {uno["codigo"] for uno in previa.json["avisos"]}
    assert api.get(f"/clientes/{origen}").json["estado"] == "activo"
    hecho = api.post(f"/clientes/{origen}/fusion", {"con_id": destino})
    assert hecho.status_code == 200, hecho.text
    assert (hecho.json["id"], hecho.json["estado"], hecho.json["fusionado_en_id"]) == (origen, "fusionado", destino)
    assert [uno["nombre"] for uno in api.get(f"/clientes/{destino}/pacientes").json["datos"]] == ["Nube"]
    assert api.get(f"/clientes/{origen}/pacientes").json["datos"] == []
    vigentes = api.get(f"/clientes/{destino}/consentimientos-datos").json
    assert len(vigentes["datos"]) == 1
    assert "email" in vigentes["canales_marketing"]
    # El que apuntaba al propio destino no puede moverse: queda revocado en el origen.
    assert [uno["nombre"] for uno in api.get(f"/clientes/{destino}/autorizados").json["datos"]] == ["Luis"]
    assert api.get(f"/clientes/{destino}").json["bloqueo_morosidad"] is True
    assert origen not in [uno["id"] for uno in api.get("/clientes").json["datos"]]


def test_si_los_dos_son_titulares_queda_una_sola_titularidad(clinica, como, pareja, propietario):
    origen, destino = pareja
    luna = crear_paciente(clinica, nombre="Luna", cliente_id=destino)
    _organizar(clinica, COTITULAR, paciente=luna["id"], cliente=origen)
    nube = como("recepcion").get(f"/clientes/{origen}/pacientes").json["datos"][0]
    assert nube["nombre"] in ("Luna", "Nube")
    nube_id = next(p["id"] for p in como("recepcion").get("/pacientes").json["datos"] if p["nombre"] == "Nube")
    _organizar(clinica, COTITULAR, paciente=nube_id, cliente=destino)
    assert como("recepcion").post(f"/clientes/{origen}/fusion", {"con_id": destino}).status_code == 200
    vigentes = propietario.execute(
        "SELECT paciente_id, cliente_id, rol FROM titularidades WHERE organizacion_id = %s AND hasta IS NULL",
        [clinica.id],
    ).fetchall()
    assert sorted(vigentes) == sorted([(UUID(uno), UUID(destino), "titular") for uno in (luna["id"], nube_id)])


def test_no_se_funde_consigo_ni_con_lo_ya_cerrado_ni_con_otra_organizacion(clinica, vecina, como, pareja):
    origen, destino = pareja
    api = como("recepcion")
    consigo = api.post(f"/clientes/{origen}/fusion", {"con_id": origen})
    assert (consigo.status_code, consigo.json["codigo"]) == (422, "FUSION_CONSIGO_MISMO")
    ajeno = str(vecina.cliente_id)
    assert api.post(f"/clientes/{origen}/fusion", {"con_id": ajeno}).status_code == 404
    assert api.get(f"/clientes/{origen}/fusion?con_id={ajeno}").status_code == 404
    assert api.post(f"/clientes/{origen}/fusion", {"con_id": destino}).status_code == 200
    otro = crear_cliente(clinica, nombre="Eva")["id"]
    for uno, con in ((origen, otro), (otro, origen)):
        respuesta = api.post(f"/clientes/{uno}/fusion", {"con_id": con})
        assert (respuesta.status_code, respuesta.json["codigo"]) == (409, "CLIENTE_CERRADO")
    assert api.patch(f"/clientes/{origen}", {"nombre": "Otra"}, version=2).status_code == 409


def test_la_cuenta_del_portal_pasa_al_destino_salvo_que_ya_tenga(clinica, como):
    destino = crear_cliente(clinica, email="ana@casa.test")["id"]
    admin, origen = como("administrador"), str(clinica.cliente_id)
    assert admin.post(f"/clientes/{destino}/invitacion-portal").status_code == 200
    respuesta = admin.post(f"/clientes/{origen}/fusion", {"con_id": destino})
    assert (respuesta.status_code, respuesta.json["codigo"]) == (409, "PORTAL_EN_AMBOS")
    tercero = crear_cliente(clinica, nombre="Eva")["id"]
    assert admin.post(f"/clientes/{origen}/fusion", {"con_id": tercero}).status_code == 200
    assert como("cliente").get(f"/clientes/{tercero}").status_code == 200
    assert como("cliente").get(f"/clientes/{origen}").status_code == 404


def test_las_citas_del_origen_pasan_al_destino(clinica, como):
    destino, origen = crear_cliente(clinica)["id"], str(clinica.cliente_id)
    cita = cita_directa(clinica, clinica.sede_id, datetime(2026, 12, 1, 10, tzinfo=UTC), "confirmada")
    api = como("recepcion")
    mueve = api.get(f"/clientes/{origen}/fusion?con_id={destino}").json["mueve"]
    assert (mueve["citas"], mueve["pacientes"], mueve["cuentas_portal"]) == (1, 1, 1)
    version = api.get(f"/citas/{cita}").json["version"]
    assert api.post(f"/clientes/{origen}/fusion", {"con_id": destino}).status_code == 200
    movidas = api.get(f"/clientes/{destino}/citas").json["datos"]
    assert [(uno["id"], uno["version"]) for uno in movidas] == [(str(cita), version + 1)]
    assert api.get(f"/clientes/{origen}/citas").json["datos"] == []


def test_dos_fusiones_opuestas_a_la_vez_acaban_en_una(clinica, como):
    api = como("administrador")
    for vuelta in range(4):
        a, b = (crear_cliente(clinica, nombre=f"{nombre}{vuelta}")["id"] for nombre in ("Alba", "Blas"))
        with ThreadPoolExecutor(2) as hilos:
            respuestas = list(
                hilos.map(lambda par: api.post(f"/clientes/{par[0]}/fusion", {"con_id": par[1]}), [(a, b), (b, a)])
            )
        assert sorted(uno.status_code for uno in respuestas) == [200, 409]
        assert {uno.json.get("codigo") for uno in respuestas if uno.status_code == 409} == {"CLIENTE_CERRADO"}
