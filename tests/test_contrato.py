"""Lo que toda ruta cumple, comprobado sobre el mapa de direcciones: nadie se libra por olvido."""

from uuid import uuid4

import pytest

from app.config.permissions import Acceso, Permiso, Rol
from tests.factories import Api, crear_clinica
from tests.recursos import ROLES, RUTAS, Ejemplares, crear_ejemplares, nombre, pedir, permitidos, publica

TODAS = pytest.mark.parametrize("ruta", RUTAS, ids=nombre)
PRIVADAS = pytest.mark.parametrize("ruta", [ruta for ruta in RUTAS if not publica(ruta)], ids=nombre)
CON_ID = pytest.mark.parametrize("ruta", [ruta for ruta in RUTAS if "id" in ruta.path_args], ids=nombre)
CON_JSON = pytest.mark.parametrize("ruta", [r for r in RUTAS if r.body and not r.is_form], ids=nombre)
CON_FORMULARIO = pytest.mark.parametrize("ruta", [ruta for ruta in RUTAS if ruta.is_form], ids=nombre)
CON_CUERPO = pytest.mark.parametrize("ruta", [ruta for ruta in RUTAS if ruta.body], ids=nombre)
LISTAS = pytest.mark.parametrize(
    "ruta", [r for r in RUTAS if r.method == "GET" and r.query and "cursor" in r.query.model_fields], ids=nombre
)
ELEMENTOS = pytest.mark.parametrize(
    "ruta", [r for r in RUTAS if r.method == "GET" and r.output and "version" in r.output.model_fields], ids=nombre
)
CAMBIOS = pytest.mark.parametrize("ruta", [ruta for ruta in RUTAS if ruta.is_write], ids=nombre)


@pytest.fixture(scope="module")
def ejemplares(app) -> Ejemplares:
    return crear_ejemplares(crear_clinica(app, nombre="Contrato"))


@pytest.fixture(scope="module")
def ajenos(app) -> Ejemplares:
    return crear_ejemplares(crear_clinica(app, nombre="Ajena"))


def con_permiso(ejemplares: Ejemplares, ruta) -> Api:
    """El primero que puede; dice por qué lee, por si lo clínico no es de quien lo atiende."""
    api = ejemplares.clinica.como(permitidos(ruta)[0].value) if not publica(ruta) else ejemplares.clinica.anonimo
    api.cabeceras["X-Motivo-Acceso"] = "Prueba"
    return api


def es_problema(respuesta, estado: int, codigo: str | None = None) -> bool:
    assert respuesta.status_code == estado, respuesta.text[:500]
    assert respuesta.headers["Content-Type"] == "application/problem+json"
    cuerpo = respuesta.json
    assert cuerpo["status"] == estado
    assert cuerpo["type"] == f"/errores/{cuerpo['codigo']}"
    assert {"title", "detail", "instance", "id_peticion"} <= set(cuerpo)
    assert codigo is None or cuerpo["codigo"] == codigo, cuerpo
    return True


@TODAS
def test_declara_permiso_y_dice_que_hace(ruta):
    assert isinstance(ruta.permission, Permiso | Acceso)
    assert 5 < len(ruta.summary) <= 72


# Lo que es igual para todos, o sólo habla de uno mismo.
IGUAL_PARA_TODOS = ("/autenticacion/", "/catalogos/", "/disponibilidad", "/meta", "/yo")


@PRIVADAS
def test_lo_que_llega_al_portal_tiene_su_lista_blanca(ruta):
    if Rol.CLIENTE in permitidos(ruta) and ruta.output is not None:
        assert ruta.portal is not None or ruta.rule.removeprefix("/api/v1").startswith(IGUAL_PARA_TODOS)


@TODAS
def test_lo_que_se_crea_se_puede_leer_donde_dice_location(ruta):
    if ruta.status == 201 and ruta.output is not None and "id" in ruta.output.model_fields:
        elemento = ruta.rule.rstrip("/").rsplit("/", 1)[-1]
        assert any(otra.method == "GET" and otra.rule == f"/api/v1/{elemento}/<uuid:id>" for otra in RUTAS)


@PRIVADAS
def test_sin_credencial_es_401_aunque_todo_lo_demas_este_mal(app, ejemplares, ruta):
    direccion = ejemplares.direccion(ruta) + "?desconocido=1"
    respuesta = Api(app).pedir(ruta.method, direccion, data=b"{roto", content_type="text/plain")
    assert es_problema(respuesta, 401, "NO_AUTENTICADO")
    assert respuesta.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


@PRIVADAS
def test_sin_permiso_es_403_aunque_el_cuerpo_este_mal(ejemplares, ruta):
    for rol in set(ROLES) - set(permitidos(ruta)):
        respuesta = ejemplares.clinica.como(rol.value).pedir(ruta.method, ejemplares.direccion(ruta), data=b"{roto")
        assert es_problema(respuesta, 403, "SIN_PERMISO")


@CON_ID
def test_lo_de_otra_organizacion_no_existe(ejemplares, ajenos, ruta):
    api = con_permiso(ejemplares, ruta)
    ajeno = pedir(api, ruta, ajenos.direccion(ruta))
    inventado = pedir(api, ruta, ejemplares.direccion(ruta, uuid4()))
    assert es_problema(ajeno, 404, "NO_ENCONTRADO")
    assert es_problema(inventado, 404, "NO_ENCONTRADO")
    limpio = {clave: valor for clave, valor in ajeno.json.items() if clave not in ("id_peticion", "instance")}
    assert limpio == {clave: inventado.json[clave] for clave in limpio}


@TODAS
def test_un_parametro_desconocido_no_se_ignora(ejemplares, ruta):
    respuesta = pedir(con_permiso(ejemplares, ruta), ruta, ejemplares.direccion(ruta) + "?especei=gato")
    assert es_problema(respuesta, 422, "DATOS_INVALIDOS")
    assert ("/especei", "CAMPO_DESCONOCIDO") in {(uno["campo"], uno["codigo"]) for uno in respuesta.json["errores"]}


@LISTAS
def test_una_lista_viene_por_paginas_y_su_cursor_no_sirve_fuera(ejemplares, ajenos, ruta):
    obligatorios = (
        f"&sede_id={ejemplares.clinica.sede_id}"
        if ruta.query.model_fields.get("sede_id") and ruta.query.model_fields["sede_id"].is_required()
        else ""
    )
    api = con_permiso(ejemplares, ruta)
    respuesta = api.get(ejemplares.direccion(ruta) + f"?limite=1{obligatorios}")
    assert respuesta.status_code == 200, respuesta.text
    assert set(respuesta.json) >= {"datos", "siguiente"}
    assert len(respuesta.json["datos"]) <= 1
    if respuesta.json["siguiente"]:
        assert 'rel="next"' in respuesta.headers["Link"]
        fuera = con_permiso(ajenos, ruta).get(ajenos.direccion(ruta) + f"?cursor={respuesta.json['siguiente']}")
        assert es_problema(fuera, 422, "CURSOR_INVALIDO")
    for malo in ("?limite=0", "?limite=101", "?limite=x"):
        assert es_problema(api.get(ejemplares.direccion(ruta) + malo), 422)
    for malo in ("cursor=AAAA", "cursor=%00", "orden=inventado"):
        assert es_problema(api.get(ejemplares.direccion(ruta) + f"?{malo}"), 422)


@ELEMENTOS
def test_un_elemento_lleva_su_version_en_el_etag(ejemplares, ruta):
    api = con_permiso(ejemplares, ruta)
    respuesta = api.get(ejemplares.direccion(ruta))
    assert respuesta.status_code == 200, respuesta.text
    assert respuesta.headers["ETag"] == f'"{respuesta.json["version"]}"'
    sin_cambios = api.get(ejemplares.direccion(ruta), headers={"If-None-Match": respuesta.headers["ETag"]})
    assert (sin_cambios.status_code, sin_cambios.data) == (304, b"")


@CAMBIOS
def test_cambiar_exige_la_version_leida(ejemplares, ruta):
    api = con_permiso(ejemplares, ruta)
    cuerpo = {"json": {}} if ruta.body else {}
    assert es_problema(api.pedir(ruta.method, ejemplares.direccion(ruta), **cuerpo), 428, "FALTA_IF_MATCH")
    for vieja in ('"999999"', 'W/"1"', "basura", '"x", "y"', '""'):
        respuesta = api.pedir(ruta.method, ejemplares.direccion(ruta), headers={"If-Match": vieja}, **cuerpo)
        assert es_problema(respuesta, 412, "VERSION_OBSOLETA")


@CON_CUERPO
@pytest.mark.parametrize("campo", ["organizacion_id", "id", "version", "creado_por", "inventado"])
def test_no_se_asigna_lo_que_no_es_de_la_peticion(ejemplares, ruta, campo):
    if campo in ruta.body.model_fields:
        return
    respuesta = pedir(con_permiso(ejemplares, ruta), ruta, ejemplares.direccion(ruta), {campo: "1"})
    assert es_problema(respuesta, 422)
    assert (f"/{campo}", "CAMPO_DESCONOCIDO") in {(uno["campo"], uno["codigo"]) for uno in respuesta.json["errores"]}


@CON_CUERPO
def test_ningun_estado_se_escribe_a_mano(ejemplares, ruta):
    if ruta.method == "PATCH":
        respuesta = pedir(con_permiso(ejemplares, ruta), ruta, ejemplares.direccion(ruta), {"estado": "activo"})
        assert es_problema(respuesta, 422)


BYTES = {
    "vacio": (b"", {400, 415, 422}),
    "roto": (b'{"a": ', {400}),
    "anidado": (b"[" * 100_000, {400}),
    "anidado_objeto": (b'{"a":' * 1000 + b"1" + b"}" * 1000, {400}),
    "nan": (b'{"a": NaN}', {400}),
    "infinito": (b'{"a": -Infinity}', {400}),
    "utf8": (b'{"a": "\xff\xfe"}', {400}),
    "sustituto": (b'{"a": "\\ud800"}', {400}),
    "nulo": (b'{"a": "\\u0000"}', {422}),
    "bom": (b"\xef\xbb\xbf{}", {400}),
    "lista": (b"[]", {422}),
    "texto": (b'"hola"', {422}),
    "numero": (b"3", {422}),
    "null": (b"null", {422}),
    "enorme": (b'{"a": "' + b"x" * (1024 * 1024) + b'"}', {413}),
}


@CON_JSON
def test_los_bytes_malos_nunca_son_un_500(ejemplares, ruta):
    api, direccion = con_permiso(ejemplares, ruta), ejemplares.direccion(ruta)
    for caso, (crudo, estados) in BYTES.items():
        sin_datos = not any(campo.is_required() for campo in ruta.body.model_fields.values())
        if caso == "vacio" and sin_datos:
            continue
        respuesta = pedir(api, ruta, direccion, data=crudo, content_type="application/json")
        assert respuesta.status_code in estados, (caso, respuesta.status_code, respuesta.text[:300])
        assert es_problema(respuesta, respuesta.status_code)


@CON_CUERPO
def test_el_tipo_de_contenido_ha_de_ser_json(ejemplares, ruta):
    for tipo in (
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
    ):
        respuesta = pedir(
            con_permiso(ejemplares, ruta), ruta, ejemplares.direccion(ruta), data=b'{"a": 1}', content_type=tipo
        )
        assert es_problema(respuesta, 415, "TIPO_NO_ADMITIDO")


FORMULARIOS = {
    "vacio": (b"", "x"),
    "sin_frontera": (b"--x\r\n", None),
    "sin_acabar": (b'--x\r\nContent-Disposition: form-data; name="fichero"; filename="a.txt"\r\n\r\nhola', "x"),
    "sin_cabeceras": (b"--x\r\n\r\n\r\n--x--\r\n", "x"),
    "otra_frontera": (b'--y\r\nContent-Disposition: form-data; name="clase"\r\n\r\nclinico\r\n--y--\r\n', "x"),
    "mil_partes": (b'--x\r\nContent-Disposition: form-data; name="clase"\r\n\r\nc\r\n' * 1000 + b"--x--\r\n", "x"),
    "texto_enorme": (
        b'--x\r\nContent-Disposition: form-data; name="clase"\r\n\r\n' + b"c" * 100_000 + b"\r\n--x--\r\n",
        "x",
    ),
    "frontera_rara": (b"--\xc3\xb1--", "\u00f1"),
}


@CON_FORMULARIO
@pytest.mark.parametrize("caso", FORMULARIOS)
def test_un_formulario_mal_hecho_nunca_es_un_500(ejemplares, ruta, caso):
    crudo, frontera = FORMULARIOS[caso]
    tipo = "multipart/form-data" + (f"; boundary={frontera}" if frontera else "")
    respuesta = pedir(con_permiso(ejemplares, ruta), ruta, ejemplares.direccion(ruta), data=crudo, content_type=tipo)
    assert respuesta.status_code in (400, 413, 422), respuesta.text
    assert es_problema(respuesta, respuesta.status_code)


@CON_JSON
def test_el_tipo_equivocado_de_cada_campo_nombra_el_campo(ejemplares, ruta):
    api, direccion = con_permiso(ejemplares, ruta), ejemplares.direccion(ruta)
    secreto = {"valor-que-no-debe-volver": 1}
    for campo in ruta.body.model_fields:
        respuesta = pedir(api, ruta, direccion, {campo: [[secreto]]})
        assert es_problema(respuesta, 422)
        assert any(error["campo"].startswith(f"/{campo}") for error in respuesta.json["errores"]), respuesta.text
        assert "valor-que-no-debe-volver" not in respuesta.text.replace(f"/{campo}/0/0/valor-que-no-debe-volver", "")


@TODAS
def test_los_metodos_que_no_figuran_son_405(app, ejemplares, ruta):
    direccion = ejemplares.direccion(ruta)
    usados = {otra.method for otra in RUTAS if otra.rule == ruta.rule}
    for metodo in {"PUT", "TRACE", "PATCH", "DELETE", "POST"} - usados:
        respuesta = ejemplares.clinica.como("administrador").pedir(metodo, direccion)
        if respuesta.status_code == 404:
            continue  # la dirección fija coincide con otra regla con id
        assert es_problema(respuesta, 405, "METODO_NO_PERMITIDO")
        assert usados <= set(respuesta.headers["Allow"].replace(" ", "").split(","))


@TODAS
def test_toda_respuesta_lleva_cabeceras_de_seguridad_e_identificador(ejemplares, ruta):
    respuesta = pedir(
        con_permiso(ejemplares, ruta), ruta, ejemplares.direccion(ruta, uuid4()), headers={"X-Request-Id": "abc-1"}
    )
    assert respuesta.headers["X-Request-Id"] == "abc-1"
    assert respuesta.headers["X-Content-Type-Options"] == "nosniff"
    assert respuesta.headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in respuesta.headers["Content-Security-Policy"]
    assert respuesta.status_code < 500


def test_una_direccion_desconocida_es_un_problema_404(app):
    assert es_problema(Api(app).get("/no-existe"), 404, "NO_ENCONTRADO")
    assert es_problema(Api(app).get("/pacientes/1234"), 404, "NO_ENCONTRADO")
