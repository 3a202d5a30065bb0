"""Lo que ve quien opera Servet: salud, métricas, cabeceras y registros."""

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.api.controllers.operacion_controller import operacion
from app.config.permissions import Acceso
from app.config.settings import get_settings
from app.utils.authentication import register_gate
from app.utils.edge import register_edge
from app.utils.problems import register_error_handlers
from app.utils.routing import require_permissions


def _aplicacion() -> Flask:
    """Sólo lo que opera, sin recursos ni base de datos."""
    aplicacion = Flask(__name__, static_folder=None)
    for registrar in (register_edge, register_gate, register_error_handlers):
        registrar(aplicacion)
    aplicacion.register_blueprint(operacion)

    def falla() -> None:
        raise ValueError("contrasena=secretísima")

    falla.permission = Acceso.PUBLICO  # type: ignore[attr-defined]
    aplicacion.add_url_rule("/falla", view_func=falla)
    require_permissions(aplicacion)
    return aplicacion


@pytest.fixture
def modo(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Permite cambiar los ajustes; al terminar se vuelven a leer."""
    monkeypatch.setenv("SERVET_MODO", "pruebas")
    monkeypatch.delenv("SERVET_METRICAS_TOKEN", raising=False)
    get_settings.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture
def cliente(modo: pytest.MonkeyPatch) -> FlaskClient:
    """Un cliente sin credencial."""
    return _aplicacion().test_client()


def test_la_raiz_lleva_a_la_documentacion(cliente: FlaskClient) -> None:
    respuesta = cliente.get("/")
    assert (respuesta.status_code, respuesta.headers["Location"]) == (302, "/documentacion")


def test_esta_viva_sin_base_de_datos(cliente: FlaskClient) -> None:
    assert cliente.get("/salud/viva").json == {"estado": "viva"}


def test_sin_base_no_esta_lista_y_no_cuenta_por_que(cliente: FlaskClient, modo: pytest.MonkeyPatch) -> None:
    def sin_base() -> None:
        raise ConnectionError("host=10.0.0.9 password=secreta")

    modo.setattr("app.api.controllers.operacion_controller.get_engine", sin_base)
    respuesta = cliente.get("/salud/lista")
    assert respuesta.status_code == 503
    assert respuesta.content_type == "application/problem+json"
    assert int(respuesta.headers["Retry-After"]) > 0
    assert respuesta.json["comprobaciones"]["base"] == {"estado": "mal"}
    assert "secreta" not in respuesta.text


@pytest.mark.parametrize(
    ("modo_servet", "token", "direccion", "cabecera", "estado"),
    [
        ("pruebas", "", "127.0.0.1", None, 200),
        ("demo", "", "::1", None, 200),
        ("demo", "", "192.0.2.7", None, 401),
        ("produccion", "", "127.0.0.1", None, 401),
        ("produccion", "", "127.0.0.1", "Bearer ", 401),
        ("produccion", "clave-metricas", "192.0.2.7", "Bearer clave-metricas", 200),
        ("produccion", "clave-metricas", "192.0.2.7", "bearer clave-metricas", 200),
        ("produccion", "clave-metricas", "127.0.0.1", "Bearer otra", 401),
        ("demo", "clave-metricas", "127.0.0.1", None, 401),
        ("demo", "clave-metricas", "127.0.0.1", "Basic clave-metricas", 401),
    ],
)
def test_las_metricas_piden_su_credencial(
    cliente: FlaskClient,
    modo: pytest.MonkeyPatch,
    modo_servet: str,
    token: str,
    direccion: str,
    cabecera: str | None,
    estado: int,
) -> None:
    modo.setenv("SERVET_MODO", modo_servet)
    modo.setenv("SERVET_METRICAS_TOKEN", token)
    get_settings.cache_clear()
    cabeceras = {"Authorization": cabecera} if cabecera else {}
    respuesta = cliente.get("/metrics", headers=cabeceras, environ_base={"REMOTE_ADDR": direccion})
    assert respuesta.status_code == estado
    assert ("WWW-Authenticate" in respuesta.headers) == (estado == 401)


def test_las_metricas_cuentan_por_plantilla_y_no_por_direccion(cliente: FlaskClient) -> None:
    cliente.get("/errores/CODIGO-INVENTADO")
    cliente.get("/direccion-inventada")
    cliente.open("/salud/viva", method="INVENTADO")
    texto = cliente.get("/metrics").text
    assert 'servet_http_peticiones_total{estado="404",metodo="GET",ruta="/errores/<codigo>"}' in texto
    assert "servet_http_duracion_segundos_bucket" in texto
    assert "servet_bd_conexiones_en_uso" in texto
    assert "servet_http_en_curso 1.0" in texto
    assert "INVENTAD" not in texto.upper()


@pytest.mark.parametrize("ruta", ["/salud/viva", "/no-existe", "/errores/X", "/metrics", "/falla"])
def test_toda_respuesta_lleva_las_cabeceras_de_seguridad(cliente: FlaskClient, ruta: str) -> None:
    cabeceras = cliente.get(ruta, headers={"X-Request-Id": "peticion-7"}).headers
    assert cabeceras["X-Content-Type-Options"] == "nosniff"
    assert cabeceras["X-Frame-Options"] == "DENY"
    assert cabeceras["Referrer-Policy"] == "no-referrer"
    assert cabeceras["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert cabeceras["Cache-Control"] == "no-store"
    assert cabeceras["X-Request-Id"] == "peticion-7"
    assert cabeceras["Vary"].startswith("Authorization, Accept-Language")
    assert cabeceras["Server"] == "servet"
    assert "Strict-Transport-Security" not in cabeceras


def test_en_produccion_se_exige_https_a_partir_de_entonces(modo: pytest.MonkeyPatch) -> None:
    modo.setenv("SERVET_MODO", "produccion")
    get_settings.cache_clear()
    cabeceras = _aplicacion().test_client().get("/salud/viva").headers
    assert "max-age=" in cabeceras["Strict-Transport-Security"]


def test_cada_peticion_deja_una_linea_sin_lo_que_viaja_en_la_consulta(
    cliente: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    cliente.get("/errores/NO_ENCONTRADO?token=abc123", headers={"X-Request-Id": "peticion-8"})
    linea = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert linea["evento"] == "peticion"
    assert (linea["metodo"], linea["ruta"], linea["estado"]) == ("GET", "/errores/<codigo>", 200)
    assert (linea["id_peticion"], linea["usuario"], linea["organizacion"]) == ("peticion-8", None, None)
    assert linea["ms"] >= 0
    assert "abc123" not in json.dumps(linea)


def test_las_comprobaciones_del_orquestador_no_llenan_los_registros(
    cliente: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    cliente.get("/salud/viva")
    assert capsys.readouterr().err == ""


def test_con_la_base_al_dia_esta_lista(app: Flask) -> None:
    respuesta = app.test_client().get("/salud/lista")
    assert respuesta.status_code == 200
    comprobaciones = respuesta.json["comprobaciones"]
    assert comprobaciones["base"] == {"estado": "bien"}
    assert comprobaciones["migraciones"]["estado"] == "bien"
    assert comprobaciones["cola"]["estado"] == "bien"


def test_con_el_esquema_en_otra_revision_no_esta_lista(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.config.migraciones.REVISION", "9999")
    respuesta = app.test_client().get("/salud/lista")
    assert respuesta.status_code == 503
    assert respuesta.json["comprobaciones"]["migraciones"]["esperada"] == "9999"


def test_las_claves_publicas_no_llevan_la_parte_privada(app: Flask) -> None:
    claves = app.test_client().get("/.well-known/jwks.json").json["keys"]
    assert claves
    assert all(clave["kty"] == "OKP" and clave["kid"] and "d" not in clave for clave in claves)
