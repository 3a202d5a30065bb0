"""El catálogo de los códigos de error: lo que explica /errores y lo que cita la documentación."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass

from app.utils import mensajes
from app.utils.errors import DomainError

_QUE_HACER = {
    400: ("La petición no se entiende: corríjala antes de repetirla.", "Fix the request before sending it again."),
    401: ("Identifíquese, o renueve el token de acceso.", "Sign in, or renew the access token."),
    403: ("Pida a quien administra la clínica el permiso que falta.", "Ask an administrator for the permission."),
    404: ("No existe, o no está a su alcance.", "It does not exist, or it is out of your reach."),
    405: ("La cabecera `Allow` dice qué métodos admite.", "The `Allow` header lists the methods."),
    409: ("Choca con el estado actual: vuelva a leerlo y decida.", "It clashes with the current state: read it again."),
    412: ("Vuelva a leer el registro y repita el cambio con su `ETag`.", "Read it again and retry with its `ETag`."),
    413: ("Envíe menos datos de una vez.", "Send less data at once."),
    415: ("Envíe JSON en UTF-8 con su `Content-Type`.", "Send UTF-8 JSON with its `Content-Type`."),
    422: ("Corrija los datos: `errores` dice cuáles.", "Correct the data: `errores` says which."),
    428: ("Envíe en `If-Match` el `ETag` que leyó.", "Send in `If-Match` the `ETag` you read."),
    429: ("Espere lo que dice `Retry-After`.", "Wait as long as `Retry-After` says."),
    500: ("Si persiste, comunique el `id_peticion`.", "If it persists, report the `id_peticion`."),
    503: ("Reintente pasado lo que dice `Retry-After`.", "Retry after what `Retry-After` says."),
}


@dataclass(frozen=True, slots=True)
class Explicacion:
    """Lo que significa un código de error y qué puede hacer quien lo recibe."""

    codigo: str
    estado: int
    titulo: str
    significado: str
    que_hacer: str


def _clases(raiz: type[DomainError]) -> Iterator[type[DomainError]]:
    for clase in raiz.__subclasses__():
        yield clase
        yield from _clases(clase)


def codigo_de(clase: type[DomainError]) -> str | None:
    """El código de una clase de error; nada si cada instancia trae el suyo."""
    if "codigo" in vars(clase):
        return None
    return clase.__new__(clase).codigo


def explicar(clase: type[DomainError], idioma: str = "es") -> Explicacion:
    """La explicación de una clase de error, tomada de su docstring."""
    titulo, _, resto = inspect.cleandoc(clase.__doc__ or "").partition("\n")
    return _explicacion(codigo_de(clase) or "", clase.status, titulo, " ".join(resto.split()), idioma)


def _explicacion(codigo: str, estado: int, titulo: str, significado: str, idioma: str) -> Explicacion:
    ingles = idioma == "en"
    titulo = mensajes.titulo(codigo, titulo.rstrip("."), idioma)
    return Explicacion(codigo, estado, titulo, significado, _QUE_HACER.get(estado, ("", ""))[ingles])


def catalogo(idioma: str = "es") -> dict[str, Explicacion]:
    """Todos los códigos que la API puede devolver, por orden alfabético."""
    explicaciones = [explicar(clase, idioma) for clase in _clases(DomainError) if codigo_de(clase)]
    return {una.codigo: una for una in sorted(explicaciones, key=lambda una: una.codigo)}
