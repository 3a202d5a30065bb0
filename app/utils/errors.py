"""Los errores del dominio y de la petición: qué no se puede, con su código y su estado."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any


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


@contextmanager
def dentro_de(prefijo: str, *, menos: str = "") -> Iterator[None]:
    """Lo que falle dentro señala sus campos bajo ``prefijo``, menos el que ya es del cuerpo entero."""
    try:
        yield
    except DomainError as error:
        for uno in error.extra.get("errores", ()):
            if uno["campo"] != menos:
                uno["campo"] = prefijo + uno["campo"]
        raise


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


def exigir_sin_anular(anulado_en: datetime | None) -> None:
    """Un asiento se anula una vez, y con él ya no cabe nada más. Errores: ``TransicionInvalida``."""
    if anulado_en is not None:
        raise TransicionInvalida(estado_actual="anulado", acciones_permitidas=[])


class ConflictoConcurrente(Conflict):
    """Otra persona lo ha cambiado a la vez; vuelva a intentarlo."""


# Restricción de la base -> error de dominio; cada modelo añade las suyas al declararlas.
RESTRICCIONES: dict[str, type[DomainError]] = {}


def restriccion(nombre: str, error: type[DomainError]) -> str:
    """Asocia el nombre de una restricción con el error que la explica, y lo devuelve."""
    RESTRICCIONES[nombre] = error
    return nombre
