"""La documentación que se sirve: el documento OpenAPI, su página sin internet y los códigos de error."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import ValidationError

from app.utils.error_catalog import catalogo
from app.utils.routing import ROUTES


@pytest.fixture
def cliente(app: Flask) -> FlaskClient:
    """Un cliente sin credencial."""
    return app.test_client()


def test_la_pagina_de_documentacion_no_sale_de_este_servidor(cliente: FlaskClient) -> None:
    respuesta = cliente.get("/documentacion")
    assert respuesta.content_type.startswith("text/html")
    direcciones = re.findall(r'(?:src|href)="([^"]+)"', respuesta.text)
    assert direcciones
    assert all(una.startswith("/") and not una.startswith("//") for una in direcciones)
    guiones = re.findall(r'<script src="([^"]+)"', respuesta.text)
    assert len(guiones) == 2
    for guion in guiones:
        with cliente.get(guion) as servido:
            assert servido.status_code == 200
            assert servido.content_type.startswith("text/javascript")
    politica = respuesta.headers["Content-Security-Policy"]
    assert "script-src 'self';" in politica
    assert "connect-src 'self';" in politica
    assert "default-src 'none'" in politica


@pytest.mark.parametrize(
    "fichero",
    ["../__init__.py", "../../plugins.py", "%2e%2e/__init__.py", "js/../../__init__.py", "js", "no-existe.js"],
)
def test_los_estaticos_no_salen_de_su_directorio(cliente: FlaskClient, fichero: str) -> None:
    assert cliente.get(f"/documentacion/estatico/{fichero}").status_code == 404


def test_el_documento_openapi_se_revalida_con_su_etag(cliente: FlaskClient) -> None:
    primera = cliente.get("/api/v1/openapi.json")
    assert primera.json["openapi"] == "3.1.1"
    segunda = cliente.get("/api/v1/openapi.json", headers={"If-None-Match": primera.headers["ETag"]})
    assert (segunda.status_code, segunda.data) == (304, b"")


def test_cada_codigo_de_error_tiene_su_explicacion(cliente: FlaskClient) -> None:
    assert {"NO_ENCONTRADO", "DATOS_INVALIDOS", "CURSOR_INVALIDO"} <= catalogo().keys()
    for codigo, explicacion in catalogo().items():
        respuesta = cliente.get(f"/errores/{codigo}")
        assert respuesta.status_code == 200
        assert respuesta.json["estado"] == explicacion.estado
        assert respuesta.json["titulo"]
        assert "\n" not in respuesta.json["titulo"]


def test_la_explicacion_se_lee_en_html_o_en_json(cliente: FlaskClient) -> None:
    navegador = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    html = cliente.get("/errores/NO_ENCONTRADO", headers=navegador)
    assert html.content_type.startswith("text/html")
    assert "NO_ENCONTRADO" in html.text
    assert cliente.get("/errores/NO_ENCONTRADO", headers={"Accept": "*/*"}).content_type == "application/json"
    lista = cliente.get("/errores").json["datos"]
    assert [uno["codigo"] for uno in lista] == sorted(catalogo())


def test_un_codigo_desconocido_no_existe(cliente: FlaskClient) -> None:
    respuesta = cliente.get("/errores/<script>", headers={"Accept": "text/html"})
    assert (respuesta.status_code, respuesta.content_type) == (404, "application/problem+json")


def test_el_documento_de_toda_la_api_es_valido_y_sus_ejemplos_tambien(app: Flask) -> None:
    documento = app.test_client().get("/api/v1/openapi.json").json
    OpenAPIV31SpecValidator(documento).validate()
    malos = []
    for ruta in ROUTES:
        if ruta.body is None or ruta.is_form:
            continue  # un formulario lleva un fichero, que no cabe en un ejemplo
        camino = re.sub(r"<(?:[^:>]*:)?(\w+)>", r"{\1}", ruta.rule)
        contenido = documento["paths"][camino][ruta.method.lower()]["requestBody"]["content"]["application/json"]
        try:
            ruta.body.model_validate_json(json.dumps(contenido["example"]))
        except ValidationError as error:
            malos.append((ruta.method, ruta.rule, str(error)))
    assert malos == []


def test_toda_ruta_de_la_aplicacion_esta_documentada(app: Flask) -> None:
    documento = app.test_client().get("/api/v1/openapi.json").json
    documentadas = {(m.upper(), camino) for camino, operaciones in documento["paths"].items() for m in operaciones}
    declaradas = {
        (metodo, re.sub(r"<(?:[^:>]*:)?(\w+)>", r"{\1}", regla.rule))
        for regla in app.url_map.iter_rules()
        if hasattr(app.view_functions[regla.endpoint], "route")
        for metodo in regla.methods - {"HEAD", "OPTIONS"}
    }
    assert documentadas == declaradas
