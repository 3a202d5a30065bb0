"""La organización: qué se puede fijar, qué rige y qué ve cada cual."""

import pytest


def _editar(como, cambios):
    admin = como("administrador")
    version = admin.get("/organizacion").json["version"]
    return admin.patch("/organizacion", cambios, version=version)


def test_un_parametro_sin_fijar_vale_lo_de_fabrica(como):
    parametros = como("recepcion").get("/organizacion").json["parametros"]
    assert parametros["granularidad_agenda_min"] == {"valor": 5, "defecto": 5, "ambito": "sede", "origen": "fabrica"}
    assert parametros["limite_rectificacion_recepcion"]["valor"] == "300.00"
    assert parametros["exigir_doble_factor_roles"]["valor"] == ["administrador"]


def test_fijar_un_parametro_no_toca_los_demas_y_null_lo_devuelve_a_fabrica(como):
    assert _editar(como, {"config": {"granularidad_agenda_min": 10, "plazo_pago_dias": 15}}).status_code == 200
    respuesta = _editar(como, {"config": {"plazo_pago_dias": None}})
    assert respuesta.json["config"] == {"granularidad_agenda_min": 10}
    assert respuesta.json["parametros"]["granularidad_agenda_min"]["origen"] == "organizacion"
    assert respuesta.json["parametros"]["plazo_pago_dias"] == {
        "valor": 0, "defecto": 0, "ambito": "organizacion", "origen": "fabrica",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("parametro", "valor"),
    [
        ("granularidad_agenda_min", 1), ("granularidad_agenda_min", 60), ("buffers_compartidos", True),
        ("limite_rectificacion_recepcion", "0.00"), ("franja_envios", "08:30-22:00"),
        ("validaciones_pais", "desactivadas"), ("exigir_doble_factor_roles", []),
        ("exigir_doble_factor_roles", ["administrador", "veterinario"]),
    ],
)  # fmt: skip
def test_un_parametro_admite_valores_dentro_de_sus_limites(como, parametro, valor):
    assert _editar(como, {"config": {parametro: valor}}).json["parametros"][parametro]["valor"] == valor


@pytest.mark.parametrize(
    ("parametro", "valor"),
    [
        ("granularidad_agenda_min", 0), ("granularidad_agenda_min", 61), ("granularidad_agenda_min", "10"),
        ("granularidad_agenda_min", True), ("granularidad_agenda_min", 5.5), ("buffers_compartidos", 1),
        ("buffers_compartidos", "si"), ("limite_rectificacion_recepcion", 300),
        ("limite_rectificacion_recepcion", "-1.00"), ("limite_rectificacion_recepcion", "1.001"),
        ("franja_envios", "21:00-09:00"), ("franja_envios", "09:00"), ("franja_envios", "24:00-25:00"),
        ("validaciones_pais", "a veces"), ("exigir_doble_factor_roles", ["jefa"]),
        ("exigir_doble_factor_roles", ["integracion"]), ("exigir_doble_factor_roles", "administrador"),
        ("acceso_excepcional_dias", 0), ("no_existe", 1),
    ],
)  # fmt: skip
def test_un_parametro_desconocido_o_fuera_de_limites_se_rechaza_nombrandolo(como, parametro, valor):
    respuesta = _editar(como, {"config": {parametro: valor}})
    assert respuesta.status_code == 422
    assert respuesta.json["errores"][0]["campo"].startswith(f"/config/{parametro}")


def test_el_portal_solo_ve_los_datos_publicos(como):
    assert set(como("cliente").get("/organizacion").json) == {"nombre", "pais", "idioma", "version"}


def test_el_identificador_fiscal_se_comprueba_con_la_regla_del_pais(como):
    respuesta = _editar(como, {"identificador_fiscal": "B12345675"})
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "IDENTIFICADOR_FISCAL_INVALIDO")
    assert _editar(como, {"identificador_fiscal": "b-1234567-4"}).json["identificador_fiscal"] == "B12345674"


@pytest.mark.parametrize("campo", ["codigo", "pais", "moneda"])
def test_codigo_pais_y_moneda_no_cambian(como, campo):
    assert _editar(como, {campo: "XX"}).json["errores"][0]["codigo"] == "CAMPO_DESCONOCIDO"


def test_editar_exige_la_version_leida(como):
    admin = como("administrador")
    assert admin.patch("/organizacion", {"nombre": "Otra"}).status_code == 428
    assert admin.patch("/organizacion", {"nombre": "Otra"}, version=99).status_code == 412


def test_el_cambio_de_un_parametro_queda_en_la_auditoria(como):
    _editar(como, {"config": {"granularidad_agenda_min": 15}})
    asiento = como("administrador").get("/auditoria?recurso=organizaciones").json["datos"][0]
    assert asiento["cambios"] == {"config": [{}, {"granularidad_agenda_min": 15}]}
