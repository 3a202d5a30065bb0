"""Clientes por HTTP: alta, reglas de la ficha, búsqueda y aislamiento."""

import pytest

from tests.factories import crear_cliente, crear_clinica, crear_paciente, datos_cliente


def test_alta_lectura_y_edicion(clinica, como):
    api = como("recepcion")
    respuesta = api.post("/clientes", datos_cliente(
        email="Ana.RUIZ@Ejemplo.test", descuento_pct="12.50", direccion={"calle": "Mayor", "cp": "28013"},
        preferencias={"marketing": {"email": False, "sms": True}}, sede_habitual_id=str(clinica.sede_id),
    ))  # fmt: skip
    assert respuesta.status_code == 201, respuesta.text
    ana = respuesta.json
    assert (ana["codigo"], ana["nombre_completo"], ana["estado"]) == ("CLI-000001", "Ana Ruiz Peña", "activo")
    assert (ana["email"], ana["descuento_pct"]) == ("ana.ruiz@ejemplo.test", "12.50")
    assert ana["telefonos"] == [{"numero": "+34612345678", "etiqueta": None, "principal": True}]
    assert respuesta.headers["Location"].endswith(f"/clientes/{ana['id']}")
    cambios = {"direccion": {"municipio": "Madrid", "cp": None}, "preferencias": {"marketing": {"sms": None}}}
    editada = api.patch(f"/clientes/{ana['id']}", cambios, version=ana["version"])
    assert editada.status_code == 200, editada.text
    assert {k: v for k, v in editada.json["direccion"].items() if v} == {"calle": "Mayor", "municipio": "Madrid"}
    assert editada.json["preferencias"] == {"marketing": {"email": False}}
    assert api.get(f"/clientes/{ana['id']}").json["version"] == ana["version"] + 1


VALIDOS = [
    ("ES", "12345678Z"), ("ES", "X1234567L"), ("ES", "A58818501"), ("MX", "GODE561231GR8"), ("CO", "213123432-1"),
    ("AR", "20-05536168-2"), ("CL", "76.086.428-5"), ("PE", "20512333797"),
]  # fmt: skip
INVALIDOS = [
    ("ES", "12345678A"), ("ES", "X1234567A"), ("ES", "A58818502"), ("MX", "GODE561331GR8"), ("CO", "213123432-2"),
    ("AR", "20-05536168-3"), ("CL", "76.086.428-4"), ("PE", "20512333798"),
]  # fmt: skip


@pytest.mark.parametrize(("pais", "valor"), VALIDOS)
def test_identificador_fiscal_valido(clinica, como, pais, valor):
    cliente = crear_cliente(clinica, identificador_fiscal=valor, pais_identificador=pais)
    assert (cliente["pais_identificador"], bool(cliente["tipo_identificador"])) == (pais, True)
    assert cliente["identificador_fiscal"] == valor.replace("-", "").replace(".", "")
    hallados = como("recepcion").get(f"/clientes?identificador_fiscal={valor}").json["datos"]
    assert [uno["id"] for uno in hallados] == [cliente["id"]]


@pytest.mark.parametrize(("pais", "valor"), INVALIDOS)
def test_identificador_fiscal_invalido(como, pais, valor):
    respuesta = como("recepcion").post("/clientes", datos_cliente(identificador_fiscal=valor, pais_identificador=pais))
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "IDENTIFICADOR_FISCAL_INVALIDO")
    assert respuesta.json["errores"][0]["campo"] == "/identificador_fiscal"
    assert valor not in respuesta.text


def test_el_identificador_fiscal_es_unico_y_el_error_no_revela_al_otro(clinica, como):
    crear_cliente(clinica, nombre="Secreta", identificador_fiscal="12345678Z")
    otra = como("recepcion").post("/clientes", datos_cliente(identificador_fiscal="12.345.678-z"))
    assert (otra.status_code, otra.json["codigo"]) == (409, "IDENTIFICADOR_FISCAL_DUPLICADO")
    assert "Secreta" not in otra.text
    assert "CLI-" not in otra.text


def test_al_editar_el_identificador_se_comprueba_con_lo_guardado(clinica, como):
    cliente = crear_cliente(clinica, identificador_fiscal="76.086.428-5", pais_identificador="CL")
    api, ruta = como("recepcion"), f"/clientes/{cliente['id']}"
    mal = api.patch(ruta, {"identificador_fiscal": "76.086.428-4"}, version=1)
    assert (mal.status_code, mal.json["codigo"]) == (422, "IDENTIFICADOR_FISCAL_INVALIDO")
    sin_el = api.patch(ruta, {"identificador_fiscal": None}, version=1)
    assert (sin_el.json["identificador_fiscal"], sin_el.json["pais_identificador"]) == (None, None)


PAISES = [
    ("ES", "612 34 56 78", "+34612345678"), ("MX", "55 1234 5678", "+525512345678"),
    ("CO", "300 123 4567", "+573001234567"), ("AR", "011 4321-5678", "+541143215678"),
    ("CL", "9 6123 4567", "+56961234567"), ("PE", "912 345 678", "+51912345678"),
]  # fmt: skip


@pytest.mark.parametrize(("pais", "escrito", "e164"), PAISES)
def test_un_telefono_sin_prefijo_es_del_pais_de_la_organizacion(app, pais, escrito, e164):
    clinica = crear_clinica(app, pais=pais)
    cliente = crear_cliente(clinica, telefonos=[{"numero": escrito}, {"numero": "+34 611 22 33 44"}])
    assert [uno["numero"] for uno in cliente["telefonos"]] == [e164, "+34611223344"]
    assert [uno["principal"] for uno in cliente["telefonos"]] == [True, False]
    hallados = clinica.como("recepcion").get("/clientes", query_string={"telefono": escrito}).json["datos"]
    assert [uno["id"] for uno in hallados] == [cliente["id"]]


@pytest.mark.parametrize(
    ("cambios", "codigo", "campo"),
    [
        ({"telefonos": []}, "CONTACTO_REQUERIDO", "/telefonos"),
        ({"telefonos": [{"numero": "123"}]}, "TELEFONO_INVALIDO", "/telefonos/0/numero"),
        ({"telefonos": [{"numero": "612345678", "principal": True}, {"numero": "612345679", "principal": True}]},
         "TELEFONO_PRINCIPAL_REPETIDO", "/telefonos"),
        ({"nombre": ...}, "NOMBRE_REQUERIDO", "/nombre"),
        ({"tipo": "empresa"}, "NOMBRE_REQUERIDO", "/razon_social"),
        ({"razon_social": "Ana SL"}, "CAMPO_NO_APLICABLE", "/razon_social"),
        ({"codigo_rega": "ES280790000123"}, "CAMPO_NO_APLICABLE", "/codigo_rega"),
        ({"email": "sin arroba"}, "CORREO_INVALIDO", "/email"),
        ({"descuento_pct": "100.01"}, "DATOS_INVALIDOS", "/descuento_pct"),
        ({"preferencias": {"marketing": {"paloma": True}}}, "DATOS_INVALIDOS", "/preferencias/marketing/paloma"),
    ],
)  # fmt: skip
def test_una_ficha_incoherente_dice_que_campo_falla(como, cambios, codigo, campo):
    respuesta = como("recepcion").post("/clientes", datos_cliente(**cambios))
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, codigo), respuesta.text
    assert respuesta.json["errores"][0]["campo"] == campo


def test_una_explotacion_lleva_razon_social_y_codigo_rega(clinica):
    cuerpo = {"tipo": "explotacion", "nombre": ..., "apellidos": ..., "razon_social": "Ganados Sur SL"}
    granja = crear_cliente(clinica, **cuerpo, codigo_rega="ES280790000123", regimen_fiscal="explotacion_agraria")
    assert (granja["nombre_completo"], granja["codigo_rega"]) == ("Ganados Sur SL", "ES280790000123")


@pytest.mark.parametrize(
    "cambios",
    [
        {"email": "ana@casa.test", "nombre": "Zoe", "telefonos": [{"numero": "+34699999999"}]},
        {"nombre": "Zoe", "apellidos": "Lara"},
        {"apellidos": "Ruis Peña", "telefonos": [{"numero": "+34699999999"}]},
    ],
)
def test_se_avisa_de_un_posible_duplicado_sin_impedir_el_alta(clinica, como, cambios):
    original = crear_cliente(clinica, email="ana@casa.test")
    otra = como("recepcion").post("/clientes", datos_cliente(**cambios))
    assert otra.status_code == 201
    avisos = [uno for uno in otra.json["avisos"] if uno["codigo"] == "CLIENTE_POSIBLE_DUPLICADO"]
    assert len(avisos) == 1
    assert original["codigo"] in avisos[0]["mensaje"]


def test_dos_desconocidos_no_se_avisan(clinica, como):
    crear_cliente(clinica, email="ana@casa.test")
    otra = como("recepcion").post(
        "/clientes", datos_cliente(nombre="Borja", apellidos="Sanz", telefonos=[{"numero": "+34699999999"}])
    )
    assert otra.json["avisos"] == []


def test_busqueda_filtros_y_paginas(clinica, como):
    for nombre, email in (("Óscar", None), ("Íñigo", None), ("Beatriz", "b@casa.test")):
        crear_cliente(clinica, nombre=nombre, apellidos="Salvatierra", email=email)
    api = como("recepcion")
    assert api.get("/clientes?q=inigo salvatiera").json["datos"][0]["nombre"] == "Íñigo"
    assert [uno["nombre"] for uno in api.get("/clientes?email=B@casa.test").json["datos"]] == ["Beatriz"]
    primera = api.get("/clientes?limite=2").json
    segunda = api.get(f"/clientes?limite=2&cursor={primera['siguiente']}").json
    assert [uno["nombre"] for uno in primera["datos"] + segunda["datos"]] == ["Beatriz", "Carmen", "Íñigo", "Óscar"]
    recientes = api.get("/clientes?orden=-creado_en&limite=1").json["datos"]
    assert [uno["nombre"] for uno in recientes] == ["Beatriz"]


def test_baja_y_reactivacion(clinica, como):
    ana = crear_cliente(clinica)
    admin, ruta = como("administrador"), f"/clientes/{ana['id']}"
    assert admin.delete(ruta, version=1).status_code == 204
    assert admin.get(ruta).json["estado"] == "inactivo"
    otra_vez = admin.delete(ruta, version=2)
    assert (otra_vez.status_code, otra_vez.json["codigo"]) == (409, "TRANSICION_INVALIDA")
    assert otra_vez.json["acciones_permitidas"] == ["anonimizacion", "fusion", "reactivacion"]
    assert [uno["id"] for uno in admin.get("/clientes?estado=inactivo").json["datos"]] == [ana["id"]]
    assert admin.post(f"{ruta}/reactivacion").json["estado"] == "activo"
    assert admin.post(f"{ruta}/reactivacion").status_code == 409


def test_el_estado_no_se_escribe_con_patch(clinica, como):
    ana = crear_cliente(clinica)
    respuesta = como("recepcion").patch(f"/clientes/{ana['id']}", {"estado": "inactivo"}, version=1)
    assert (respuesta.status_code, respuesta.json["errores"][0]["codigo"]) == (422, "CAMPO_DESCONOCIDO")


def test_lo_de_otra_organizacion_no_existe(clinica, vecina):
    ana = crear_cliente(clinica)
    ajena = vecina.como("recepcion")
    assert ajena.get(f"/clientes/{ana['id']}").status_code == 404
    assert ajena.get(f"/clientes/{ana['id']}/pacientes").status_code == 404
    assert ana["id"] not in ajena.get("/clientes").text
    assert ajena.post("/clientes", datos_cliente(sede_habitual_id=str(clinica.sede_id))).status_code == 404
    propia = crear_cliente(vecina)
    cambio = {"sede_habitual_id": str(clinica.sede_id)}
    assert ajena.patch(f"/clientes/{propia['id']}", cambio, version=1).status_code == 404
    assert ajena.get(f"/clientes?sede_id={clinica.sede_id}").status_code == 404


def test_los_pacientes_de_un_cliente(clinica, como):
    ana = crear_cliente(clinica)
    crear_paciente(clinica, nombre="Luna")
    crear_paciente(clinica, nombre="Nube", cliente_id=ana["id"])
    pacientes = como("auxiliar").get(f"/clientes/{ana['id']}/pacientes").json["datos"]
    assert [uno["nombre"] for uno in pacientes] == ["Nube"]
