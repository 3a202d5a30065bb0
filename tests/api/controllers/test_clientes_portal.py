"""Clientes en el portal: lo que ve y cambia el titular, sus autorizados y sus consentimientos."""

import psycopg
import pytest

from tests.factories import Api, crear_cliente, crear_paciente

OCULTOS = {
    "notas_internas", "descuento_pct", "limite_credito", "bloqueo_morosidad", "estado", "regimen_fiscal",
    "fusionado_en_id", "id_externo", "baja_motivo",
}  # fmt: skip


def test_el_titular_solo_se_ve_a_si_mismo_y_sin_lo_interno(clinica, como):
    ana = crear_cliente(clinica)
    titular = como("cliente")
    propia = titular.get(f"/clientes/{clinica.cliente_id}").json
    assert propia["nombre_completo"] == "Carmen Núñez Prado"
    assert not OCULTOS & set(propia)
    assert [uno["id"] for uno in titular.get("/clientes").json["datos"]] == [str(clinica.cliente_id)]
    assert titular.get("/clientes?q=ana ruiz").json["datos"] == []
    for ruta in ("", "/pacientes", "/citas", "/autorizados", "/consentimientos-datos"):
        assert titular.get(f"/clientes/{ana['id']}{ruta}").status_code == 404


def test_el_titular_cambia_su_contacto_y_sus_preferencias(clinica, como):
    ruta = f"/clientes/{clinica.cliente_id}"
    cambios = {"telefonos": [{"numero": "611 22 33 44"}], "email": "NUEVO@casa.test", "idioma": "ca",
               "canal_preferido": "whatsapp", "direccion": {"cp": "08001"},
               "preferencias": {"marketing": {"sms": False}}}  # fmt: skip
    respuesta = como("cliente").patch(ruta, cambios, version=1)
    assert respuesta.status_code == 200, respuesta.text
    assert respuesta.json["telefonos"][0]["numero"] == "+34611223344"
    assert not OCULTOS & set(respuesta.json)
    assert como("recepcion").get(ruta).json["email"] == "nuevo@casa.test"


@pytest.mark.parametrize(
    "campo", ["nombre", "identificador_fiscal", "descuento_pct", "bloqueo_morosidad", "notas_internas"]
)
def test_el_titular_no_cambia_otra_cosa(clinica, como, campo):
    valor = {"descuento_pct": "50.00", "bloqueo_morosidad": False}.get(campo, "12345678Z")
    cuerpo = {"email": "otro@casa.test", campo: valor}
    respuesta = como("cliente").patch(f"/clientes/{clinica.cliente_id}", cuerpo, version=1)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "CAMPO_NO_EDITABLE")
    assert [uno["campo"] for uno in respuesta.json["errores"]] == [f"/{campo}"]
    assert como("recepcion").get(f"/clientes/{clinica.cliente_id}").json["version"] == 1


def test_las_notas_internas_las_escribe_tambien_el_auxiliar_y_no_las_ve_el_titular(clinica, como):
    ruta = f"/clientes/{clinica.cliente_id}"
    respuesta = como("auxiliar").patch(f"{ruta}/notas-internas", {"notas_internas": "Llamar de tarde"}, version=1)
    assert (respuesta.status_code, respuesta.json["notas_internas"]) == (200, "Llamar de tarde")
    assert como("auxiliar").patch(ruta, {"idioma": "en"}, version=2).status_code == 403
    assert como("cliente").patch(f"{ruta}/notas-internas", {"notas_internas": "x"}, version=2).status_code == 403
    assert "Llamar" not in como("cliente").get(ruta).text


def _autorizar(clinica, titular, **cambios):
    cuerpo = {"cliente_autorizado_id": str(clinica.cliente_id), "puede_ver_historial": True, **cambios}
    respuesta = clinica.como("recepcion").post(f"/clientes/{titular}/autorizados", cuerpo)
    assert respuesta.status_code == 201, respuesta.text
    return respuesta.json


@pytest.mark.parametrize(
    ("concedido", "visto"),
    [
        ({}, 200),
        ({"puede_ver_historial": False}, 404),
        ({"desde": "2026-11-01", "hasta": "2026-11-23"}, 200),
        ({"desde": "2026-11-01", "hasta": "2026-11-22"}, 404),
        ({"desde": "2026-11-24"}, 404),
    ],
)
def test_el_autorizado_ve_al_paciente_solo_con_permiso_y_en_fechas(clinica, como, concedido, visto):
    ana = crear_cliente(clinica)
    luna = crear_paciente(clinica, cliente_id=ana["id"])
    assert como("cliente").get(f"/pacientes/{luna['id']}").status_code == 404
    _autorizar(clinica, ana["id"], **concedido)
    assert como("cliente").get(f"/pacientes/{luna['id']}").status_code == visto
    assert como("cliente").get(f"/clientes/{ana['id']}").status_code == 404


def test_revocar_la_autorizacion_la_corta_en_el_acto(clinica, como):
    ana = crear_cliente(clinica)
    luna = crear_paciente(clinica, cliente_id=ana["id"])
    autorizado = _autorizar(clinica, ana["id"])
    assert autorizado["nombre"] == "Carmen Núñez Prado"
    assert como("cliente").get(f"/pacientes/{luna['id']}").status_code == 200
    assert como("recepcion").delete(f"/autorizados/{autorizado['id']}", version=1).status_code == 204
    assert como("cliente").get(f"/pacientes/{luna['id']}").status_code == 404
    assert como("recepcion").get(f"/clientes/{ana['id']}/autorizados").json["datos"] == []
    con_bajas = como("recepcion").get(f"/clientes/{ana['id']}/autorizados?incluir_bajas=true").json["datos"]
    assert [uno["activo"] for uno in con_bajas] == [False]
    tarde = como("recepcion").patch(f"/autorizados/{autorizado['id']}", {"puede_pedir_cita": True}, version=2)
    assert (tarde.status_code, tarde.json["codigo"]) == (409, "AUTORIZACION_REVOCADA")


def test_reglas_de_una_autorizacion(clinica, vecina, como):
    ana = crear_cliente(clinica)
    ruta, api = f"/clientes/{ana['id']}/autorizados", como("recepcion")
    casos = [
        ({"cliente_autorizado_id": ana["id"]}, 422, "AUTORIZADO_ES_TITULAR"),
        ({"puede_pedir_cita": True}, 422, "NOMBRE_REQUERIDO"),
        ({"nombre": "Luis", "desde": "2026-11-20", "hasta": "2026-11-19"}, 422, "FECHAS_INCOHERENTES"),
        ({"nombre": "Luis", "telefono": "12"}, 422, "DATOS_INVALIDOS"),
        ({"cliente_autorizado_id": str(vecina.cliente_id)}, 404, "NO_ENCONTRADO"),
    ]
    for cuerpo, estado, codigo in casos:
        respuesta = api.post(ruta, cuerpo)
        assert (respuesta.status_code, respuesta.json["codigo"]) == (estado, codigo), cuerpo
    creado = api.post(ruta, {"nombre": "Luis", "telefono": "611 22 33 44", "limite_importe": "150.00"}).json
    assert (creado["telefono"], creado["desde"]) == ("+34611223344", "2026-11-23")
    corregido = api.patch(f"/autorizados/{creado['id']}", {"hasta": "2026-12-31"}, version=1)
    assert corregido.json["hasta"] == "2026-12-31"
    assert vecina.como("recepcion").get(f"/autorizados/{creado['id']}").status_code == 404
    propio = como("recepcion").post(f"/clientes/{clinica.cliente_id}/autorizados", {"nombre": "Eva", "documento": "1Z"})
    visto = como("cliente").get(f"/autorizados/{propio.json['id']}").json
    assert visto["nombre"] == "Eva"
    assert not {"documento", "telefono", "cliente_autorizado_id"} & set(visto)
    assert como("cliente").post(f"/clientes/{clinica.cliente_id}/autorizados", {"nombre": "Yo"}).status_code == 403


def _consentir(api: Api, cliente_id, otorgado: bool, **campos):
    cuerpo = {"finalidad": "comunicaciones_comerciales", "otorgado": otorgado, "texto_version": "2026-01", **campos}
    respuesta = api.post(f"/clientes/{cliente_id}/consentimientos-datos", cuerpo)
    assert respuesta.status_code == 201, respuesta.text
    return respuesta.json


def test_vale_el_ultimo_consentimiento_de_cada_finalidad(clinica, como):
    ruta, titular = f"/clientes/{clinica.cliente_id}/consentimientos-datos", como("cliente")
    antes = titular.get(ruta).json
    assert {uno["finalidad"]: uno["otorgado"] for uno in antes["vigentes"]}["comunicaciones_comerciales"] is False
    assert antes["canales_marketing"] == []
    dado = _consentir(titular, clinica.cliente_id, True, canal="presencial")
    assert (dado["canal"], dado["base_legal"]) == ("portal", "consentimiento")
    assert titular.get(f"/consentimientos-datos/{dado['id']}").json["id"] == dado["id"]
    como("recepcion").patch(
        f"/clientes/{clinica.cliente_id}", {"preferencias": {"marketing": {"sms": False}}}, version=1
    )
    con = como("recepcion").get(ruta).json
    assert "email" in con["canales_marketing"]
    assert "sms" not in con["canales_marketing"]
    _consentir(titular, clinica.cliente_id, False)
    despues = titular.get(f"{ruta}?limite=1").json
    assert (despues["canales_marketing"], despues["datos"][0]["otorgado"]) == ([], False)
    siguiente = titular.get(f"{ruta}?limite=1&cursor={despues['siguiente']}").json
    assert [uno["id"] for uno in siguiente["datos"]] == [dado["id"]]


def test_el_titular_no_consiente_por_otro_ni_otra_organizacion(clinica, vecina, como):
    ana = crear_cliente(clinica)
    cuerpo = {"finalidad": "investigacion", "otorgado": True, "texto_version": "1"}
    assert como("cliente").post(f"/clientes/{ana['id']}/consentimientos-datos", cuerpo).status_code == 404
    assert vecina.como("recepcion").post(f"/clientes/{ana['id']}/consentimientos-datos", cuerpo).status_code == 404


@pytest.mark.parametrize(
    "orden", ["UPDATE consentimientos_datos SET otorgado = true", "DELETE FROM consentimientos_datos"]
)
def test_la_aplicacion_no_puede_cambiar_ni_borrar_un_consentimiento(clinica, como, propietario, orden):
    _consentir(como("recepcion"), clinica.cliente_id, False)
    propietario.execute("SET ROLE servet_app")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        propietario.execute(orden)
