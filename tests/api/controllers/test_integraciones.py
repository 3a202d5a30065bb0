"""Integraciones: credencial propia, de un solo vistazo, rotable y limitada."""

from datetime import UTC, datetime, timedelta

import pytest

from app.utils.authentication import forget_identities
from tests.factories import Api, crear_paciente

pytestmark = pytest.mark.usefixtures("sin_intentos")
DATOS = {"nombre": "Laboratorio", "ambitos": ["pacientes:leer", "sedes:leer"]}


@pytest.fixture
def admin(clinica):
    return clinica.como("administrador")


@pytest.fixture
def laboratorio(admin):
    respuesta = admin.post("/integraciones", DATOS)
    assert respuesta.status_code == 201, respuesta.text
    return respuesta.json


def acceder(clinica, cliente_id, secreto):
    return clinica.anonimo.post("/autenticacion/acceso-integracion", {"cliente_id": cliente_id, "secreto": secreto})


def entrar(clinica, integracion):
    respuesta = acceder(clinica, integracion["cliente_id"], integracion["secreto"])
    assert respuesta.status_code == 200, respuesta.text
    return Api(clinica.flask, respuesta.json["token_acceso"])


def test_el_secreto_se_ve_una_vez_y_da_un_token_sin_renovacion(clinica, admin, laboratorio):
    assert "secreto" not in admin.get(f"/integraciones/{laboratorio['id']}").json
    assert "secreto" not in admin.get("/integraciones").json["datos"][0]
    respuesta = acceder(clinica, laboratorio["cliente_id"], laboratorio["secreto"])
    assert set(respuesta.json) == {"token_acceso", "tipo", "expira_en"}
    usada = admin.get(f"/integraciones/{laboratorio['id']}").json
    assert usada["ultimo_uso_en"] is not None
    assert usada["version"] == laboratorio["version"]


def test_puede_lo_de_sus_ambitos_y_nada_mas(clinica, laboratorio):
    crear_paciente(clinica)
    api = entrar(clinica, laboratorio)
    assert len(api.get("/pacientes").json["datos"]) == 1
    assert api.get("/clientes").status_code == 403
    assert api.get("/usuarios").status_code == 403
    assert api.post("/pacientes", {}).status_code == 403
    mio = api.get("/yo").json
    assert (mio["tipo"], mio["ambitos"], mio["email"]) == ("integracion", DATOS["ambitos"], None)
    assert "pacientes:leer" in {uno["permiso"] for uno in mio["permisos"]}
    assert api.patch("/yo", {"nombre": "Otra"}, version=1).status_code == 403
    assert api.post("/autenticacion/salida").status_code == 403


def test_el_secreto_no_se_guarda(clinica, admin, laboratorio, propietario):
    secreto = laboratorio["secreto"]
    for tabla in ("integraciones", "auditoria"):
        volcado = propietario.execute(
            f"SELECT string_agg(t::text, ' ') FROM {tabla} t WHERE organizacion_id = %s", [clinica.id]
        ).fetchone()[0]
        assert "Laboratorio" in volcado
        assert secreto not in volcado


def test_rotar_mata_el_secreto_y_los_tokens_de_antes_en_el_mismo_segundo(clinica, admin, laboratorio):
    api = entrar(clinica, laboratorio)
    rotada = admin.post(f"/integraciones/{laboratorio['id']}/rotacion").json
    assert rotada["secreto"] != laboratorio["secreto"]
    assert api.get("/yo").status_code == 401
    assert acceder(clinica, laboratorio["cliente_id"], laboratorio["secreto"]).status_code == 401
    assert entrar(clinica, rotada).get("/yo").status_code == 200


def test_la_baja_y_la_caducidad_cierran_el_paso(clinica, admin, laboratorio, propietario):
    api = entrar(clinica, laboratorio)
    propietario.execute(
        "UPDATE integraciones SET expira_en = now() - interval '1 s' WHERE organizacion_id = %s", [clinica.id]
    )
    forget_identities()
    assert api.get("/yo").status_code == 401
    assert acceder(clinica, laboratorio["cliente_id"], laboratorio["secreto"]).status_code == 401
    otra = admin.post("/integraciones", DATOS).json
    api = entrar(clinica, otra)
    assert admin.delete(f"/integraciones/{otra['id']}", version=otra["version"]).status_code == 204
    assert api.get("/yo").status_code == 401
    assert acceder(clinica, otra["cliente_id"], otra["secreto"]).status_code == 401
    assert admin.post(f"/integraciones/{otra['id']}/rotacion").json["codigo"] == "INTEGRACION_DE_BAJA"


def test_editar_ambitos_y_sedes(clinica, admin, laboratorio):
    cambios = {"ambitos": ["citas:leer"], "sedes": [str(clinica.sede_id)], "nombre": "Web"}
    editada = admin.patch(f"/integraciones/{laboratorio['id']}", cambios, version=laboratorio["version"])
    assert editada.status_code == 200, editada.text
    assert (editada.json["ambitos"], editada.json["sedes"]) == (["citas:leer"], [str(clinica.sede_id)])
    mio = entrar(clinica, laboratorio).get("/yo").json
    assert mio["sedes"] == [str(clinica.sede_id)]
    assert {uno["permiso"]: uno["alcance"] for uno in mio["permisos"]}["citas:leer"] == "sedes"


@pytest.mark.parametrize(
    ("cambios", "campo"),
    [
        ({"ambitos": ["todo"]}, "/ambitos/0"),
        ({"ambitos": ["usuarios:gestionar"]}, "/ambitos/0"),
        ({"ambitos": ["*"]}, "/ambitos/0"),
        ({"ambitos": []}, "/ambitos"),
        ({"expira_en": (datetime.now(UTC) - timedelta(days=1)).isoformat()}, "/expira_en"),
        ({"secreto": "el que yo diga"}, "/secreto"),
    ],
)
def test_altas_que_no_valen(admin, cambios, campo):
    respuesta = admin.post("/integraciones", {**DATOS, **cambios})
    assert (respuesta.status_code, respuesta.json["errores"][0]["campo"]) == (422, campo)


def test_una_sede_ajena_no_existe(admin, vecina):
    assert admin.post("/integraciones", {**DATOS, "sedes": [str(vecina.sede_id)]}).status_code == 404


@pytest.mark.parametrize(
    "forma", ["x", ".", "a.b", "{org}.", "{org}.x", "{org}.{cero}", "{vecina}.{id}", "{org}.{id}x", "{org}.{malo}"]
)
def test_una_credencial_inventada_es_401(clinica, vecina, laboratorio, forma):
    organizacion, id = laboratorio["cliente_id"].split(".")
    cliente_id = forma.format(org=organizacion, id=id, vecina=vecina.id.hex, cero="0" * 32, malo="z" * 32)
    respuesta = acceder(clinica, cliente_id, laboratorio["secreto"])
    assert (respuesta.status_code, respuesta.json["codigo"]) == (401, "CREDENCIALES_INVALIDAS")


def test_probar_secretos_se_frena_sin_importar_como_se_escriba_el_identificador(clinica, laboratorio):
    suyo = laboratorio["cliente_id"]
    for n in range(5):
        assert acceder(clinica, suyo.upper() if n % 2 else suyo, f"secreto-{n}").status_code == 401
    assert acceder(clinica, suyo, laboratorio["secreto"]).status_code == 429


def test_otra_organizacion_no_la_ve(vecina, laboratorio):
    ajena = vecina.como("administrador")
    assert ajena.get(f"/integraciones/{laboratorio['id']}").status_code == 404
    assert ajena.post(f"/integraciones/{laboratorio['id']}/rotacion").status_code == 404
    assert ajena.get("/integraciones").json["datos"] == []
