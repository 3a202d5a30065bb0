"""Todo lo que no es 2xx sale de aquí, como application/problem+json."""

import logging
from typing import Any

import msgspec
import psycopg
from flask import Flask, Response, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from app.utils import mensajes
from app.utils.context import contexto
from app.utils.db_errors import de_base_de_datos
from app.utils.errors import (
    BadRequest,
    DemasiadasPeticiones,
    DemasiadoGrande,
    DomainError,
    ErrorInterno,
    FaltaIfMatch,
    MetodoNoPermitido,
    NoAutenticado,
    NoDisponible,
    NoEncontrado,
    PeticionMalFormada,
    SinPermiso,
    TipoNoAdmitido,
)

registro = logging.getLogger("servet.errores")

_POR_ESTADO: dict[int, type[DomainError]] = {
    400: PeticionMalFormada,
    401: NoAutenticado,
    403: SinPermiso,
    404: NoEncontrado,
    405: MetodoNoPermitido,
    413: DemasiadoGrande,
    415: TipoNoAdmitido,
    428: FaltaIfMatch,
    429: DemasiadasPeticiones,
    500: ErrorInterno,
    503: NoDisponible,
}


def problema(error: DomainError) -> Response:
    """La respuesta RFC 9457 de un error de dominio, en el idioma de quien pide."""
    idioma = contexto().idioma
    titulo = mensajes.titulo(error.codigo, error.titulo, idioma)
    cuerpo: dict[str, Any] = {
        "type": f"/errores/{error.codigo}",
        "title": titulo,
        "status": error.status,
        "codigo": error.codigo,
        # Los detalles se escriben en español: en otro idioma basta el título.
        "detail": error.detail if error.detail and idioma == "es" else titulo,
        "instance": request.path,
        "id_peticion": contexto().id_peticion,
        **{clave: valor for clave, valor in error.extra.items() if clave != "retry_after"},
    }
    if idioma != "es":
        for uno in cuerpo.get("errores", ()):
            uno["mensaje"] = mensajes.titulo(uno["codigo"], uno["mensaje"], idioma)
    respuesta = Response(msgspec.json.encode(cuerpo), error.status, content_type="application/problem+json")
    if error.status == 401:
        respuesta.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    if error.status in (429, 503):
        respuesta.headers["Retry-After"] = str(error.extra.get("retry_after", 2))
    return respuesta


def register_error_handlers(app: Flask) -> None:
    """Conecta cada familia de errores con su respuesta."""

    @app.errorhandler(DomainError)
    def _dominio(error: DomainError) -> Response:
        return problema(error)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        clase = _POR_ESTADO.get(error.code or 500, ErrorInterno if (error.code or 500) >= 500 else BadRequest)
        respuesta = problema(clase())
        for nombre, valor in error.get_headers():
            if nombre in ("Allow", "Location"):
                respuesta.headers[nombre] = valor
        if error.code and 300 <= error.code < 400:
            respuesta.status_code = error.code
        return respuesta

    @app.errorhandler(psycopg.Error)
    @app.errorhandler(DBAPIError)
    def _base(error: psycopg.Error | DBAPIError) -> Response:
        return problema(de_base_de_datos(error))

    @app.errorhandler(PoolTimeout)
    def _sin_hueco(_error: PoolTimeout) -> Response:
        return problema(NoDisponible())

    @app.errorhandler(Exception)
    def _imprevisto(_error: Exception) -> Response:
        registro.exception("error_interno")
        return problema(ErrorInterno())
