"""Lo que Schemathesis no puede saber del documento."""

from typing import Any

import schemathesis


@schemathesis.hook
def before_load_schema(_contexto: Any, documento: dict[str, Any]) -> None:
    """Sin ``campos``: pide una parte de la respuesta, y a una parte le falta lo que el esquema exige al todo.

    Que la parte es igual que en el todo lo prueba, ruta a ruta, ``tests/api/controllers/test_vista.py``.
    """
    for operaciones in documento["paths"].values():
        for operacion in operaciones.values():
            operacion["parameters"] = [uno for uno in operacion["parameters"] if uno.get("name") != "campos"]
