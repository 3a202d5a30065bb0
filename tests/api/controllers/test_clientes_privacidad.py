"""Supresión, exportación e invitación al portal: los derechos de la persona y sus límites."""

import json
from datetime import UTC, datetime

import pytest

from tests.factories import cita_directa, crear_cliente, crear_paciente

MOTIVO = {"motivo": "Solicitud de supresión"}
PERSONALES = ("Carmen", "Prado", "+34600000001", "12345678Z", "Calle del Pez", "carmen@", "Prefiere")


@pytest.fixture
def carmen(clinica, como):
    """La titular de la clínica, con datos de todo tipo."""
    cambios = {
        "identificador_fiscal": "12345678Z", "direccion": {"calle": "Calle del Pez"},
        "notas_internas": "Prefiere tardes",
    }  # fmt: skip
    respuesta = como("recepcion").patch(f"/clientes/{clinica.cliente_id}", cambios, version=1)
    assert respuesta.status_code == 200, respuesta.text
    crear_paciente(clinica, nombre="Luna")
    como("recepcion").post(f"/clientes/{clinica.cliente_id}/autorizados", {"nombre": "Prado Hijo", "documento": "1Z"})
    return str(clinica.cliente_id)


def test_anonimizar_borra_lo_personal_y_conserva_la_historia(clinica, como, carmen, propietario):
    admin = como("administrador")
    antes = propietario.execute(
        "SELECT max(numero) FROM auditoria WHERE organizacion_id = %s", [clinica.id]
    ).fetchone()[0]
    hecho = admin.post(f"/clientes/{carmen}/anonimizacion", MOTIVO)
    assert hecho.status_code == 200, hecho.text
    assert (hecho.json["estado"], hecho.json["nombre"], hecho.json["telefonos"]) == ("anonimizado", "Anonimizado", [])
    for tabla in ("clientes", "autorizados", "usuarios", "titularidades", "buzon_salida"):
        filas = propietario.execute(
            f"SELECT row_to_json(t) FROM {tabla} t WHERE organizacion_id = %s", [clinica.id]
        ).fetchall()
        texto = json.dumps(filas, ensure_ascii=False, default=str)
        assert not [uno for uno in PERSONALES if uno in texto], tabla
    assert [uno["nombre"] for uno in admin.get(f"/clientes/{carmen}/pacientes").json["datos"]] == ["Luna"]
    asientos = propietario.execute(
        "SELECT accion, cambios::text, recurso FROM auditoria WHERE organizacion_id = %s AND numero > %s",
        [clinica.id, antes],
    ).fetchall()
    assert ("anonimizar", "clientes") in {(accion, recurso) for accion, _, recurso in asientos}
    assert not [uno for uno in PERSONALES for _, cambios, _ in asientos if uno in cambios]
    assert any('"email": ["***", null]' in cambios for _, cambios, recurso in asientos if recurso == "clientes")


def test_la_cuenta_del_portal_de_un_anonimizado_deja_de_valer(como, carmen):
    assert como("cliente").get("/pacientes").status_code == 200
    assert como("administrador").post(f"/clientes/{carmen}/anonimizacion", MOTIVO).status_code == 200
    assert como("cliente").get("/pacientes").status_code == 401


def test_anonimizado_es_terminal(clinica, como, carmen):
    admin, otro = como("administrador"), crear_cliente(clinica)["id"]
    assert admin.post(f"/clientes/{carmen}/anonimizacion", MOTIVO).status_code == 200
    for ruta, cuerpo in (("anonimizacion", MOTIVO), ("reactivacion", None), ("invitacion-portal", None),
                         ("fusion", {"con_id": otro}), ("autorizados", {"nombre": "Eva"})):  # fmt: skip
        assert admin.post(f"/clientes/{carmen}/{ruta}", cuerpo).status_code == 409, ruta
    assert admin.patch(f"/clientes/{carmen}", {"nombre": "Carmen"}, version=4).status_code == 409


def test_no_se_anonimiza_a_quien_tiene_citas_pendientes(clinica, como, carmen):
    cita_directa(clinica, clinica.sede_id, datetime(2026, 12, 1, 10, tzinfo=UTC), "confirmada")
    respuesta = como("administrador").post(f"/clientes/{carmen}/anonimizacion", MOTIVO)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (409, "CLIENTE_CON_PENDIENTES")


def test_lo_que_la_ley_manda_conservar_queda_cifrado_hasta_que_vence(clinica, como, carmen, propietario):
    cita_directa(clinica, clinica.sede_id, datetime(2026, 3, 10, 10, tzinfo=UTC), "finalizada")
    assert como("administrador").post(f"/clientes/{carmen}/anonimizacion", MOTIVO).status_code == 200
    leer = "SELECT contenido_cifrado, borrar_desde FROM datos_bloqueados WHERE organizacion_id = %s"
    (contenido, borrar_desde), *resto = propietario.execute(leer, [clinica.id]).fetchall()
    assert (str(borrar_desde), resto) == ("2031-03-10", [])
    assert b"Carmen" not in bytes(contenido)
    for ahora, quedan in (("2031-03-09T12:00:00+00:00", 1), ("2031-03-10T12:00:00+00:00", 0)):
        _borrar_vencidos(clinica, ahora)
        assert len(propietario.execute(leer, [clinica.id]).fetchall()) == quedan


def _borrar_vencidos(clinica, ahora: str) -> None:
    from app.api.services.privacidad_service import borrar_vencidos
    from app.config.database import transaction
    from app.utils.context import Contexto, iniciar

    iniciar(Contexto(organizacion_id=clinica.id, reloj=datetime.fromisoformat(ahora)))
    with transaction():
        borrar_vencidos()
    iniciar(Contexto())


def test_tambien_se_anonimizan_las_fichas_que_se_fundieron_en_ella(clinica, como, carmen, propietario):
    vieja = crear_cliente(clinica, nombre="Carmina", apellidos="Prado")["id"]
    admin = como("administrador")
    assert admin.post(f"/clientes/{vieja}/fusion", {"con_id": carmen}).status_code == 200
    assert admin.post(f"/clientes/{carmen}/anonimizacion", MOTIVO).status_code == 200
    ficha = admin.get(f"/clientes/{vieja}").json
    assert (ficha["estado"], ficha["nombre"], ficha["telefonos"]) == ("fusionado", "Anonimizado", [])


def test_la_exportacion_lleva_todo_y_queda_auditada(clinica, como, carmen, propietario):
    respuesta = como("administrador").post(f"/clientes/{carmen}/exportacion")
    assert respuesta.status_code == 200, respuesta.text
    datos = respuesta.json
    assert datos["cliente"]["identificador_fiscal"] == "12345678Z"
    assert [uno["nombre"] for uno in datos["pacientes"]] == ["Luna"]
    assert [uno["documento"] for uno in datos["autorizados"]] == ["1Z"]
    assert datos["notas_internas"] == [{"de": "cliente", "id": carmen, "texto": "Prefiere tardes", "revisar": True}]
    asiento = propietario.execute(
        "SELECT count(*) FROM auditoria WHERE organizacion_id = %s AND accion = 'exportar' AND recurso_id = %s",
        [clinica.id, carmen],
    ).fetchone()
    assert asiento == (1,)


def test_el_titular_exporta_lo_suyo_sin_notas_internas(clinica, como, carmen):
    respuesta = como("cliente").post(f"/clientes/{carmen}/exportacion")
    assert respuesta.status_code == 200, respuesta.text
    assert "Prefiere" not in respuesta.text
    assert "notas_internas" not in respuesta.text
    otro = crear_cliente(clinica)["id"]
    assert como("cliente").post(f"/clientes/{otro}/exportacion").status_code == 404
    assert como("recepcion").post(f"/clientes/{carmen}/exportacion").status_code == 403


def test_invitacion_al_portal(clinica, como, propietario):
    api = como("recepcion")
    ana = crear_cliente(clinica, email="ana@casa.test")["id"]
    primera = api.post(f"/clientes/{ana}/invitacion-portal")
    assert primera.status_code == 200, primera.text
    assert (primera.json["email"], primera.json["estado"]) == ("ana@casa.test", "invitado")
    segunda = api.post(f"/clientes/{ana}/invitacion-portal")
    assert segunda.json["usuario_id"] == primera.json["usuario_id"]
    enlaces = propietario.execute(
        "SELECT count(*) FILTER (WHERE usado_en IS NULL), count(*) FROM enlaces WHERE usuario_id = %s",
        [primera.json["usuario_id"]],
    ).fetchone()
    assert enlaces == (1, 2)
    casos = [
        (str(clinica.cliente_id), 409, "PORTAL_YA_ACTIVO"),
        (crear_cliente(clinica)["id"], 422, "CORREO_REQUERIDO"),
        (crear_cliente(clinica, email="ana@casa.test")["id"], 409, "EMAIL_DUPLICADO"),
    ]
    for cliente, estado, codigo in casos:
        respuesta = api.post(f"/clientes/{cliente}/invitacion-portal")
        assert (respuesta.status_code, respuesta.json["codigo"]) == (estado, codigo)


def test_nada_de_esto_alcanza_a_otra_organizacion(vecina, carmen):
    admin = vecina.como("administrador")
    for ruta, cuerpo in (("anonimizacion", MOTIVO), ("exportacion", None), ("invitacion-portal", None),
                         ("fusion", {"con_id": str(vecina.cliente_id)})):  # fmt: skip
        assert admin.post(f"/clientes/{carmen}/{ruta}", cuerpo).status_code == 404, ruta
