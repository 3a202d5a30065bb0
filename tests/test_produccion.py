"""En producción no se arranca a medias: secreto de ejemplo, rol sin freno o usuarios de demostración lo impiden."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.config.connections import crear_motor
from app.config.settings import SECRETO_DE_EJEMPLO, Modo, Settings, get_settings
from app.utils.produccion import ConfiguracionInsegura, comprobar_produccion
from tests.factories import Api

BUENO = "un-secreto-de-produccion-de-mas-de-32-caracteres"


def comprobar(url: str, secreto: str = BUENO) -> None:
    """La comprobación del arranque con esa conexión y ese secreto."""
    ajustes = get_settings().model_copy(
        update={"modo": Modo.PRODUCCION, "secreto": SecretStr(secreto), "database_url": url}
    )
    comprobar_produccion(ajustes, crear_motor(url))


@pytest.fixture
def sin_demostracion(app, propietario):
    """La base de las pruebas, asegurando que otra prueba no dejó en ella la demostración."""
    propietario.execute(
        "UPDATE organizaciones SET codigo = codigo || '-' || left(id::text, 8) WHERE codigo IN ('demo', 'vecina')"
    )


def test_con_todo_en_su_sitio_arranca(sin_demostracion):
    comprobar(os.environ["DATABASE_URL"])


@pytest.mark.parametrize("secreto", [SECRETO_DE_EJEMPLO, "corto", ""])
def test_el_secreto_de_ejemplo_o_corto_lo_impide(sin_demostracion, secreto):
    with pytest.raises(ConfiguracionInsegura, match="SERVET_SECRETO"):
        comprobar(os.environ["DATABASE_URL"], secreto)


def test_un_rol_que_se_salta_las_politicas_lo_impide(sin_demostracion):
    with pytest.raises(ConfiguracionInsegura, match="servet_app"):
        comprobar(os.environ["SERVET_DATABASE_URL_PROPIETARIO"])


def test_las_organizaciones_de_demostracion_lo_impiden(sin_demostracion, clinica, propietario):
    poner = "UPDATE organizaciones SET codigo = %s WHERE id = %s"
    propietario.execute(poner, ["demo", clinica.id])
    try:
        with pytest.raises(ConfiguracionInsegura, match="demostración"):
            comprobar(os.environ["DATABASE_URL"])
    finally:
        propietario.execute(poner, [clinica.codigo, clinica.id])


def test_el_servidor_no_llega_a_escuchar_y_dice_por_que():
    entorno = {**os.environ, "SERVET_MODO": "produccion", "SERVET_SECRETO": SECRETO_DE_EJEMPLO, "PORT": "0"}
    resultado = subprocess.run(
        [sys.executable, "-m", "app.servidor_web"], cwd=Path(__file__).parents[1], env=entorno,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert resultado.returncode != 0
    assert "SERVET_SECRETO" in resultado.stderr + resultado.stdout


def test_sin_decir_el_modo_es_produccion(monkeypatch):
    monkeypatch.delenv("SERVET_MODO")
    assert Settings().modo is Modo.PRODUCCION


def test_en_produccion_el_reloj_no_se_ajusta(app, clinica, monkeypatch):
    monkeypatch.setattr(get_settings(), "modo", Modo.PRODUCCION)
    con_reloj = Api(app, clinica.tokens["recepcion"])
    respuesta = con_reloj.get("/pacientes")
    assert (respuesta.status_code, respuesta.json["codigo"]) == (400, "PETICION_MAL_FORMADA")
    assert Api(app, clinica.tokens["recepcion"], reloj=None).get("/pacientes").status_code == 200
