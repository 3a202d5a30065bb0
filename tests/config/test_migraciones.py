"""Las migraciones: dejan lo que dicen los modelos, y llegan desde la versión anterior con sus datos dentro."""

import os

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.api.models.esquema import metadata
from app.config.connections import crear_motor
from app.config.migraciones import CARPETA, REVISION, migrar

ORGANIZACION = "019abcde-0000-7000-8000-000000000001"


@pytest.fixture
def otra_base():
    """Una base vacía de usar y tirar; devuelve la dirección de su propietario."""
    url = os.environ["SERVET_DATABASE_URL_PROPIETARIO"]
    nombre = f"migraciones_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as conexion:
        conexion.execute(f"CREATE DATABASE {nombre}")
        yield url.replace(f"/{conexion.info.dbname}", f"/{nombre}")
        conexion.execute(f"DROP DATABASE {nombre} WITH (FORCE)")


def _configuracion(conexion) -> Config:
    config = Config()
    config.set_main_option("script_location", str(CARPETA))
    config.attributes["connection"] = conexion
    return config


def _subir_hasta(url, revision) -> None:
    motor = crear_motor(url)
    with motor.begin() as conexion:
        command.upgrade(_configuracion(conexion), revision)
    motor.dispose()


def test_la_ultima_revision_es_la_que_espera_la_aplicacion():
    config = Config()
    config.set_main_option("script_location", str(CARPETA))
    assert ScriptDirectory.from_config(config).get_current_head() == REVISION


def test_de_una_base_vacia_sale_lo_que_dicen_los_modelos(otra_base):
    migrar(otra_base)
    motor = crear_motor(otra_base)
    with motor.connect() as conexion:
        propias = {"alembic_version"}
        contexto = MigrationContext.configure(
            conexion, opts={"compare_type": True, "include_name": lambda nombre, tipo, _: nombre not in propias}
        )
        diferencias = compare_metadata(contexto, metadata)
    motor.dispose()
    assert diferencias == []


def test_migrar_dos_veces_no_cambia_nada(otra_base):
    migrar(otra_base)
    migrar(otra_base)
    with psycopg.connect(otra_base) as conexion:
        assert conexion.execute("SELECT version_num FROM alembic_version").fetchall() == [(REVISION,)]


def test_la_version_anterior_llega_con_sus_datos(otra_base):
    _subir_hasta(otra_base, "0001")
    with psycopg.connect(otra_base, autocommit=True) as conexion:
        conexion.execute(
            "INSERT INTO organizaciones (id, codigo, nombre, razon_social, pais, moneda, idioma, identificador_fiscal,"
            " config, version, creado_en, actualizado_en)"
            " VALUES (%s, 'antigua', 'Antigua', 'Antigua', 'ES', 'EUR', 'es', 'A58818501', '{}', 1, now(), now())",
            [ORGANIZACION],
        )
    migrar(otra_base)
    with psycopg.connect(otra_base) as conexion:
        assert conexion.execute("SELECT codigo FROM organizaciones").fetchall() == [("antigua",)]
        politica = "SELECT count(*) FROM pg_policies WHERE tablename = 'citas_pacientes'"
        assert conexion.execute(politica).fetchone() == (1,)
