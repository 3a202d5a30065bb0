"""Las sedes: su ficha, sus parámetros y cuándo se pueden cerrar."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.factories import cita_directa

SEDE = {
    "codigo": "SEV", "nombre": "Centro Nervión", "zona_horaria": "Europe/Madrid", "territorio_fiscal": "ES-IVA",
    "telefono": "954 22 33 44", "email": "Hola@Nervion.TEST", "config": {"granularidad_agenda_min": 10},
    "direccion": {"calle": "Luis de Morales", "numero": "3", "municipio": "Sevilla"},
    "apertura": {"lunes": [{"hora_inicio": "09:00", "hora_fin": "14:00"}]},
}  # fmt: skip


@pytest.fixture
def admin(como):
    return como("administrador")


def test_el_alta_normaliza_telefono_y_correo(admin):
    sede = admin.post("/sedes", SEDE)
    assert sede.status_code == 201, sede.text
    assert sede.json["telefono"] == "+34954223344"
    assert sede.json["email"] == "hola@nervion.test"
    assert sede.json["apertura"]["lunes"] == [{"hora_inicio": "09:00", "hora_fin": "14:00"}]


def test_la_sede_manda_sobre_la_organizacion_y_esta_sobre_la_fabrica(admin):
    version = admin.get("/organizacion").json["version"]
    config = {"granularidad_agenda_min": 20, "caducidad_solicitud_h": 48}
    admin.patch("/organizacion", {"config": config}, version=version)
    rigen = admin.post("/sedes", SEDE).json["parametros"]
    assert {nombre: (rigen[nombre]["valor"], rigen[nombre]["origen"]) for nombre in config} == {
        "granularidad_agenda_min": (10, "sede"),
        "caducidad_solicitud_h": (48, "organizacion"),
    }
    assert rigen["tolerancia_no_presentado_min"]["origen"] == "fabrica"
    assert "plazo_pago_dias" not in rigen


def test_una_sede_solo_fija_parametros_de_sede(admin):
    respuesta = admin.post("/sedes", {**SEDE, "config": {"plazo_pago_dias": 30}})
    assert (respuesta.status_code, respuesta.json["errores"][0]["campo"]) == (422, "/config/plazo_pago_dias")


def test_un_parametro_a_null_vuelve_al_de_la_organizacion(admin):
    sede = admin.post("/sedes", SEDE).json
    cambios = {"config": {"granularidad_agenda_min": None, "caducidad_solicitud_h": 12}}
    editada = admin.patch(f"/sedes/{sede['id']}", cambios, version=sede["version"])
    assert editada.json["config"] == {"caducidad_solicitud_h": 12}
    assert editada.json["parametros"]["granularidad_agenda_min"]["origen"] == "fabrica"


@pytest.mark.parametrize(
    ("campo", "valor", "codigo"),
    [
        ("zona_horaria", "Europa/Madrid", "ZONA_HORARIA_DESCONOCIDA"),
        ("zona_horaria", "localtime", "ZONA_HORARIA_DESCONOCIDA"),
        ("territorio_fiscal", "ES-XXX", "TERRITORIO_FISCAL_DESCONOCIDO"),
        ("telefono", "123", "TELEFONO_INVALIDO"),
        ("email", "hola@@nervion", "CORREO_INVALIDO"),
        ("codigo", "sev", "DATOS_INVALIDOS"),
        ("codigo", "DEMASIADO-LARGO", "DATOS_INVALIDOS"),
    ],
)
def test_un_dato_imposible_se_rechaza(admin, campo, valor, codigo):
    respuesta = admin.post("/sedes", {**SEDE, campo: valor})
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, codigo)
    assert respuesta.json["errores"][0]["campo"] == f"/{campo}"


def test_dos_sedes_no_comparten_codigo(admin):
    admin.post("/sedes", SEDE)
    respuesta = admin.post("/sedes", SEDE)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (409, "SEDE_DUPLICADA")


def test_el_portal_ve_solo_los_datos_publicos_de_las_sedes_abiertas(admin, como, clinica):
    cerrada = admin.post("/sedes", SEDE).json
    admin.delete(f"/sedes/{cerrada['id']}", version=cerrada["version"])
    portal = como("cliente")
    publicas = portal.get("/sedes").json["datos"]
    assert [sede["codigo"] for sede in publicas] == ["LPA", "MAD"]
    assert set(publicas[0]) == {
        "id", "codigo", "nombre", "direccion", "telefono", "email", "zona_horaria", "apertura", "version",
    }  # fmt: skip
    assert portal.get(f"/sedes/{cerrada['id']}").status_code == 404
    assert portal.get("/sedes?activo=false").json["datos"] == []


def test_una_sede_de_baja_se_sigue_leyendo_pero_no_se_toca(admin):
    sede = admin.post("/sedes", SEDE).json
    assert admin.delete(f"/sedes/{sede['id']}", version=sede["version"]).status_code == 204
    leida = admin.get(f"/sedes/{sede['id']}").json
    assert leida["activo"] is False
    respuesta = admin.patch(f"/sedes/{sede['id']}", {"nombre": "Otra"}, version=leida["version"])
    assert (respuesta.status_code, respuesta.json["codigo"]) == (409, "SEDE_DE_BAJA")
    assert sede["id"] in [una["id"] for una in admin.get("/sedes?activo=false").json["datos"]]


@pytest.mark.parametrize(
    ("estado", "dias", "esperado"),
    [
        ("confirmada", 1, 409), ("solicitada", 1, 409), ("en_consulta", -1, 409),
        ("confirmada", -1, 204), ("no_presentado", 1, 204), ("finalizada", -1, 204),
    ],
)  # fmt: skip
def test_una_sede_con_citas_por_delante_no_se_cierra(admin, clinica, estado, dias, esperado):
    sede = admin.post("/sedes", SEDE).json
    inicio = datetime(2026, 11, 23, 11, tzinfo=UTC) + timedelta(days=dias)
    cita_directa(clinica, UUID(sede["id"]), inicio, estado)
    respuesta = admin.delete(f"/sedes/{sede['id']}", version=sede["version"])
    assert respuesta.status_code == esperado
    if esperado == 409:
        assert respuesta.json["codigo"] == "SEDE_CON_CITAS"


def test_la_ultima_sede_no_se_cierra(admin, clinica):
    for sede_id, esperado in ((clinica.sede2_id, 204), (clinica.sede_id, 409)):
        version = admin.get(f"/sedes/{sede_id}").json["version"]
        respuesta = admin.delete(f"/sedes/{sede_id}", version=version)
        assert respuesta.status_code == esperado
    assert respuesta.json["codigo"] == "ULTIMA_SEDE"
