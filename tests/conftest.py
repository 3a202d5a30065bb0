"""PostgreSQL real de usar y tirar, la aplicación y personas con nombre y rol."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest

# Cuánto tarda un ejemplo depende de la máquina, no de si está bien.
hypothesis.settings.register_profile("servet", deadline=None)
hypothesis.settings.load_profile("servet")
TRABAJADOR = os.environ.get("PYTEST_XDIST_WORKER", "unico")
# El proceso que reparte y sus trabajadores comparten clúster: el nombre lo pone el primero y lo heredan los demás.
CARRERA = os.environ.setdefault("SERVET_CARRERA", str(os.getpid()))
CLUSTER = Path(tempfile.gettempdir()) / f"pruebas-servet-{CARRERA}"

DATOS = CLUSTER.with_name(f"{CLUSTER.name}-datos")


def pytest_configure(config: pytest.Config) -> None:
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        return  # el proceso que reparte no ejecuta pruebas
    from app.config.postgres_embebido import arrancar

    servidor = arrancar(CLUSTER, rapido=True)
    base = f"pruebas_{TRABAJADOR}"
    with psycopg.connect(servidor.url("postgres", "servet_propietario"), autocommit=True) as conexion:
        conexion.execute(f"DROP DATABASE IF EXISTS {base} WITH (FORCE)")
        conexion.execute(f"CREATE DATABASE {base}")
    os.environ.update(
        SERVET_MODO="pruebas",
        DATABASE_URL=servidor.url(base, "servet_app"),
        SERVET_DATABASE_URL_PROPIETARIO=servidor.url(base, "servet_propietario"),
        SERVET_SECRETO="secreto-de-las-pruebas-con-mas-de-32-caracteres",
        SERVET_METRICAS_TOKEN="",
        SERVET_DATOS=str(DATOS),
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    import shutil

    from app.config.postgres_embebido import detener

    shutil.rmtree(DATOS, ignore_errors=True)
    if CLUSTER.exists():
        detener(CLUSTER)
        shutil.rmtree(CLUSTER, ignore_errors=True)


@pytest.fixture(scope="session")
def app():
    from app.api.services import instalacion_service
    from app.app import create_app

    instalacion_service.instalar()
    return create_app()


@pytest.fixture
def clinica(app):
    """Una organización recién creada, con dos sedes y una persona de cada rol."""
    from tests.factories import crear_clinica

    return crear_clinica(app)


@pytest.fixture
def vecina(app):
    """Otra organización, de la que nada debe verse ni tocarse."""
    from tests.factories import crear_clinica

    return crear_clinica(app, nombre="Vecina")


@pytest.fixture
def como(clinica) -> Callable:
    """``como("recepcion")``: un cliente HTTP con la identidad de esa persona de la clínica."""
    return clinica.como


@pytest.fixture
def propietario() -> Iterator[psycopg.Connection]:
    """Conexión del dueño del esquema, para mirar (o estropear) la base por debajo."""
    with psycopg.connect(os.environ["SERVET_DATABASE_URL_PROPIETARIO"], autocommit=True) as conexion:
        yield conexion


MARCO = ("BEGIN", "COMMIT", "SELECT fijar_organizacion")


class Sentencias(list):
    """Las órdenes SQL que fueron a la base mientras se escuchaba, en cuántos viajes, y cuántas filas tocaron.

    Sin lo que abre y cierra cada transacción, que va en los mismos viajes.
    """

    viajes = 0
    filas = 0

    def clear(self) -> None:
        super().clear()
        self.viajes = self.filas = 0


@pytest.fixture
def sentencias(app) -> Iterator[Sentencias]:
    """Apunta cada sentencia enviada; ``sentencias.clear()`` antes de lo que se quiere contar."""
    from sqlalchemy import event

    from app.config import pipeline
    from app.config.connections import get_engine

    vistas = Sentencias()

    def apuntar(_conexion, _cursor, sentencia, *_):
        vistas.append(" ".join(sentencia.split()))
        vistas.viajes += 1

    def apuntar_viaje(viaje):
        vistas.extend(" ".join(sql.split()) for sql, _ in viaje if not sql.startswith(MARCO))
        vistas.filas += sum(filas for sql, filas in viaje if not sql.startswith(MARCO))
        vistas.viajes += 1

    def sumar(_conexion, cursor, *_):
        vistas.filas += max(cursor.rowcount, 0)

    event.listen(get_engine(), "before_cursor_execute", apuntar)
    event.listen(get_engine(), "after_cursor_execute", sumar)
    pipeline.observers.append(apuntar_viaje)
    yield vistas
    pipeline.observers.remove(apuntar_viaje)
    event.remove(get_engine(), "before_cursor_execute", apuntar)
    event.remove(get_engine(), "after_cursor_execute", sumar)
