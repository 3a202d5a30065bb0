"""Lo que rodea a Flask en cada petición: su contexto, sus cabeceras, su línea en el registro y sus métricas."""

from collections.abc import Iterable
from time import perf_counter
from typing import Any

import uuid_utils
from flask import Flask

from app.utils.context import Contexto, iniciar
from app.utils.headers import security_headers
from app.utils.logs import log_request
from app.utils.metrics import begin_request, end_request, measure_request


def register_edge(app: Flask) -> None:
    """Rodea la aplicación por fuera, y no con los ganchos de Flask: también a lo que Flask no llegue a atender.

    El contexto es nuevo en cada petición: nada pasa de una a la siguiente en el mismo hilo.
    """
    dentro, completar = app.wsgi_app, security_headers()

    def alrededor(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        inicio = perf_counter()
        actual = iniciar(
            Contexto(
                id_peticion=_id_peticion(environ.get("HTTP_X_REQUEST_ID", "")),
                metodo=environ["REQUEST_METHOD"],
                ip=environ.get("REMOTE_ADDR"),
            )
        )

        def empezar(estado: str, cabeceras: list[tuple[str, str]], *resto: Any) -> Any:
            codigo, segundos = int(estado[:3]), perf_counter() - inicio
            log_request(actual, codigo, segundos)
            measure_request(actual, codigo, segundos)
            return start_response(estado, completar(cabeceras, actual.id_peticion), *resto)

        begin_request()
        try:
            return dentro(environ, empezar)
        finally:
            end_request()

    app.wsgi_app = alrededor  # type: ignore[method-assign]


def _id_peticion(dado: str) -> str:
    if 0 < len(dado) <= 100 and all((c.isalnum() and c.isascii()) or c in "-_." for c in dado):
        return dado
    return str(uuid_utils.uuid7())
