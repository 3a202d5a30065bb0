"""Todo lo que no es 2xx sale de aquí, como application/problem+json."""

import logging
import re
from typing import Any

import msgspec
from flask import Flask, Response, request
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.utils import mensajes
from app.utils.context import contexto

registro = logging.getLogger("servet.errores")


class DomainError(Exception):
    """Algo que la clínica no permite; la clase da el código y su docstring el título."""

    status = 422

    def __init__(self, detail: str = "", *, campo: str | None = None, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra
        if campo:
            self.extra["errores"] = [{"campo": campo, "codigo": self.codigo, "mensaje": detail or self.titulo}]

    @property
    def codigo(self) -> str:
        """El nombre de la clase en MAYUSCULAS_CON_GUIONES."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(self).__name__).upper()

    @property
    def titulo(self) -> str:
        """La frase que explica el código."""
        return (type(self).__doc__ or self.codigo).strip().partition("\n")[0].rstrip(".")


class BadRequest(DomainError):
    """La petición está mal formada."""

    status = 400


class Unauthorized(DomainError):
    """Falta una credencial válida."""

    status = 401


class Forbidden(DomainError):
    """No tiene permiso para esto."""

    status = 403


class NotFound(DomainError):
    """No existe."""

    status = 404


class Conflict(DomainError):
    """Choca con el estado actual."""

    status = 409


class PreconditionFailed(DomainError):
    """La versión ya no es la actual."""

    status = 412


class BusinessRule(DomainError):
    """Lo impide una regla de la clínica."""

    status = 422


class TooManyRequests(DomainError):
    """Demasiadas peticiones."""

    status = 429


class PeticionMalFormada(BadRequest):
    """La petición está mal formada."""


class NoAutenticado(Unauthorized):
    """Falta una credencial válida."""


class SinPermiso(Forbidden):
    """No tiene permiso para esto."""


class NoEncontrado(NotFound):
    """No existe."""


class MetodoNoPermitido(DomainError):
    """Esta dirección no admite ese método."""

    status = 405


class VersionObsoleta(PreconditionFailed):
    """El registro ha cambiado desde que lo leyó."""


class DemasiadoGrande(DomainError):
    """El cuerpo es demasiado grande."""

    status = 413


class TipoNoAdmitido(DomainError):
    """El contenido debe ser JSON."""

    status = 415


class DatosInvalidos(BusinessRule):
    """Hay datos que corregir."""


class FaltaIfMatch(DomainError):
    """Falta la cabecera If-Match con la versión leída."""

    status = 428


class DemasiadasPeticiones(TooManyRequests):
    """Demasiadas peticiones; espere un momento."""


class ErrorInterno(DomainError):
    """Algo ha fallado por nuestra parte."""

    status = 500


class NoDisponible(DomainError):
    """El servicio no está disponible en este momento."""

    status = 503


class ReferenciaInvalida(Conflict):
    """Otro registro depende de este, o el referido no existe."""


class TransicionInvalida(Conflict):
    """No se puede hacer en el estado actual."""


class ConflictoConcurrente(Conflict):
    """Otra persona lo ha cambiado a la vez; vuelva a intentarlo."""


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

# Restricción de la base -> error de dominio; cada modelo añade las suyas al declararlas.
RESTRICCIONES: dict[str, type[DomainError]] = {}


def restriccion(nombre: str, error: type[DomainError]) -> str:
    """Asocia el nombre de una restricción con el error que la explica, y lo devuelve."""
    RESTRICCIONES[nombre] = error
    return nombre


def problema(error: DomainError) -> Response:
    """La respuesta RFC 9457 de un error de dominio, en el idioma de quien pide."""
    idioma = contexto().idioma
    cuerpo: dict[str, Any] = {
        "type": f"/errores/{error.codigo}",
        "title": mensajes.titulo(error.codigo, error.titulo, idioma),
        "status": error.status,
        "codigo": error.codigo,
        "detail": error.detail or mensajes.titulo(error.codigo, error.titulo, idioma),
        "instance": request.path,
        "id_peticion": contexto().id_peticion,
        **{clave: valor for clave, valor in error.extra.items() if clave != "retry_after"},
    }
    respuesta = Response(msgspec.json.encode(cuerpo), error.status, content_type="application/problem+json")
    if error.status == 401:
        respuesta.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    if error.status in (429, 503):
        respuesta.headers["Retry-After"] = str(error.extra.get("retry_after", 2))
    return respuesta


def de_base_de_datos(error: DBAPIError) -> DomainError:
    """El error de dominio que corresponde a un error del controlador."""
    original = error.orig
    estado = getattr(original, "sqlstate", None) or ""
    if error.connection_invalidated or estado[:2] in ("08", "57", "53") or (not estado and _sin_conexion(error)):
        return NoDisponible()
    nombre = getattr(getattr(original, "diag", None), "constraint_name", None)
    if nombre in RESTRICCIONES:
        return RESTRICCIONES[nombre]()
    if estado == "23503":
        return ReferenciaInvalida()
    if estado in ("40001", "40P01", "55P03"):
        return ConflictoConcurrente()
    if isinstance(error, IntegrityError):
        registro.error("restriccion_sin_traducir", extra={"restriccion": nombre, "sqlstate": estado})
        return Conflict()
    registro.exception("error_de_base_de_datos", extra={"sqlstate": estado})
    return ErrorInterno()


def _sin_conexion(error: DBAPIError) -> bool:
    """Si el fallo es no poder hablar con el servidor, y no algo que él respondió."""
    return isinstance(error, OperationalError)


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

    @app.errorhandler(DBAPIError)
    def _base(error: DBAPIError) -> Response:
        return problema(de_base_de_datos(error))

    @app.errorhandler(PoolTimeout)
    def _sin_hueco(_error: PoolTimeout) -> Response:
        return problema(NoDisponible())

    @app.errorhandler(StaleDataError)
    def _obsoleta(_error: StaleDataError) -> Response:
        return problema(VersionObsoleta() if contexto().if_match else ConflictoConcurrente())

    @app.errorhandler(Exception)
    def _imprevisto(_error: Exception) -> Response:
        registro.exception("error_interno")
        return problema(ErrorInterno())
