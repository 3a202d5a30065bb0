"""Lo que va a la base, viaje a viaje, y una tabla en la que escribir."""

import pytest

from app.config import pipeline
from app.utils.context import Contexto, iniciar


@pytest.fixture
def viajes(app):
    """Lo que va a la base, viaje a viaje."""
    iniciar(Contexto())
    vistos: list[list[str]] = []

    def apuntar(viaje):
        vistos.append([sql for sql, _ in viaje])

    pipeline.observers.append(apuntar)
    yield vistos
    pipeline.observers.remove(apuntar)
    iniciar(Contexto())


@pytest.fixture
def tabla(propietario):
    propietario.execute("DROP TABLE IF EXISTS de_prueba")
    propietario.execute("CREATE TABLE de_prueba (n int PRIMARY KEY, texto text)")
    propietario.execute("GRANT ALL ON de_prueba TO servet_app")
    yield lambda: [fila[0] for fila in propietario.execute("SELECT n FROM de_prueba ORDER BY n")]
    propietario.execute("DROP TABLE de_prueba")
