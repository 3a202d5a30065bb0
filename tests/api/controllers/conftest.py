"""Lo que comparten las pruebas por HTTP."""

import pytest


@pytest.fixture
def sin_intentos(app, propietario) -> None:
    """Los fallos de otras pruebas, que vienen de la misma dirección, no cuentan en esta."""
    propietario.execute("TRUNCATE intentos_acceso")
