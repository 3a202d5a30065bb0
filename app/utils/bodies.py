"""La puerta del cuerpo y de la consulta: de bytes a esquemas, o un error que nombra el campo."""

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, TypeVar, get_origin

from flask import request
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from werkzeug.datastructures import MultiDict
from werkzeug.formparser import MultiPartParser

from app.utils import mensajes
from app.utils.context import contexto
from app.utils.error_catalog import REGLAS_DE_FORMA
from app.utils.errors import DatosInvalidos, DemasiadoGrande, DomainError, PeticionMalFormada, TipoNoAdmitido
from app.utils.ficheros import Fichero

M = TypeVar("M", bound=BaseModel)
_UTF8 = ("utf-8", "utf8")
_TIPOS = ("application/json", "application/merge-patch+json")
# Sobre los bytes, y por exceso: sólo si casa se recorre el cuerpo. Son los caracteres de abajo, en UTF-8 o escapados.
_SOSPECHOSO = re.compile(
    rb"\x7f|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xa4\xa6-\xa9]|\xef\xbb\xbf"
    rb"|\\u(00(0[0-8bcef]|1[0-9a-f]|7f)|20(0[b-f]|2[89a-e]|6[0-46-9])|feff)",
    re.IGNORECASE,
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# Unen emojis y letras de algunas escrituras: solos no dicen nada.
_UNIDORES = re.compile("[\u200c\u200d]")
PROFUNDIDAD = 200
FORMULARIO = "multipart/form-data"
_PARTES, _TEXTO_DE_FORMULARIO = 30, 64 * 1024


class ReglaDeForma(DatosInvalidos):
    """Hay datos que corregir."""

    def __init__(self, codigo: str, **extra: Any) -> None:
        self._codigo = codigo
        super().__init__(**extra)

    @property
    def codigo(self) -> str:
        """El código de la regla que falló."""
        return self._codigo

    @property
    def titulo(self) -> str:
        """La frase que explica esa regla, la misma que en ``/errores``."""
        return REGLAS_DE_FORMA.get(self._codigo, super().titulo)


def invalidos(errores: Sequence[Mapping[str, Any]], prefijo: str = "") -> DomainError:
    """El 422 de una validación: qué campos y por qué, nunca el valor rechazado."""
    idioma = contexto().idioma
    lista = []
    regla = None
    for error in errores:
        codigo, mensaje = mensajes.de_validacion(error, idioma)
        campo = prefijo + "".join(f"/{str(parte).replace('~', '~0').replace('/', '~1')}" for parte in error["loc"])
        lista.append({"campo": campo or "/", "codigo": codigo, "mensaje": mensaje})
        if error["type"].isupper() or codigo == "INSTANTE_SIN_DESFASE":
            regla = regla or (codigo, mensaje)
    if regla and regla[0] != "DECIMAL_COMO_TEXTO":
        return ReglaDeForma(regla[0], detail=regla[1], errores=lista)
    return DatosInvalidos(errores=lista)


def _sin_control(valor: Any, ruta: tuple[Any, ...] = ()) -> None:
    """Rechaza caracteres de control, que PostgreSQL no admite o nadie ve."""
    if isinstance(valor, str):
        if _CONTROL.search(valor) or (_UNIDORES.search(valor) and not _UNIDORES.sub("", valor).strip()):
            raise invalidos([{"type": "CARACTER_DE_CONTROL", "loc": ruta, "msg": "Tiene caracteres no visibles"}])
    elif isinstance(valor, dict):
        for clave, uno in valor.items():
            _sin_control(clave, ruta)
            _sin_control(uno, (*ruta, clave))
    elif isinstance(valor, list):
        for n, uno in enumerate(valor):
            _sin_control(uno, (*ruta, n))


def read_body(esquema: type[M], limite: int) -> M:
    """El cuerpo JSON, validado. Errores: 400, 413, 415 y 422."""
    if (request.content_length or 0) > limite:
        raise DemasiadoGrande
    request.max_content_length = limite
    crudo = request.get_data()
    if not crudo and not any(campo.is_required() for campo in esquema.model_fields.values()):
        crudo = b"{}"
    elif request.mimetype not in _TIPOS or request.mimetype_params.get("charset", "utf-8").lower().replace(
        "_", "-"
    ) not in ("utf-8", "utf8"):
        raise TipoNoAdmitido
    try:
        leido = from_json(crudo, allow_inf_nan=False)
    except (ValueError, RecursionError):
        raise PeticionMalFormada("El cuerpo no es JSON válido") from None
    if _SOSPECHOSO.search(crudo):
        _sin_control(leido)
    try:
        return esquema.model_validate_json(crudo)
    except ValidationError as error:
        raise invalidos(error.errors(include_url=False, include_input=False)) from None


def read_form(esquema: type[M], limite: int) -> M:
    """El cuerpo ``multipart/form-data``, validado. Errores: 400, 413, 415 y 422."""
    if (request.content_length or 0) > limite:
        raise DemasiadoGrande
    request.max_content_length = limite
    # Entero y en memoria: la Idempotency-Key necesita su huella, y lo que se sube se comprueba entero.
    crudo = request.get_data()
    if request.mimetype != FORMULARIO:
        raise TipoNoAdmitido("El contenido debe ser multipart/form-data")
    datos = _unir(_partes(crudo), lists(esquema))
    _sin_control({clave: valor for clave, valor in datos.items() if not isinstance(valor, Fichero)})
    try:
        return esquema.model_validate(datos)
    except ValidationError as error:
        raise invalidos(error.errors(include_url=False, include_input=False)) from None


def _partes(crudo: bytes) -> MultiDict[str, str | Fichero]:
    frontera = request.mimetype_params.get("boundary", "").encode("ascii", "ignore")
    # En memoria: lo que se sube no toca el disco de esta máquina hasta que se sabe qué es.
    lector = MultiPartParser(
        lambda *_, **__: BytesIO(), max_form_memory_size=_TEXTO_DE_FORMULARIO, max_form_parts=_PARTES
    )
    try:
        textos, ficheros = lector.parse(BytesIO(crudo), frontera, len(crudo))
    except (ValueError, LookupError):
        raise PeticionMalFormada("El cuerpo no es multipart/form-data válido") from None
    partes: MultiDict[str, str | Fichero] = MultiDict(textos.items(multi=True))
    for campo, uno in ficheros.items(multi=True):
        partes.add(campo, Fichero(uno.filename or "", uno.mimetype, uno.read()))
    return partes


def _unir(partes: MultiDict[str, Any], listas: frozenset[str]) -> dict[str, Any]:
    """Cada campo con su valor; los de lista, con todos los suyos, y los demás, una sola vez."""
    datos: dict[str, Any] = {}
    for clave, valores in partes.lists():
        if clave not in listas and len(valores) > 1:
            raise invalidos([{"type": "PARAMETRO_REPETIDO", "loc": (clave,), "msg": "Sólo se admite una vez"}])
        datos[clave] = valores if clave in listas else valores[0]
    return datos


def lists(esquema: type[BaseModel] | None) -> frozenset[str]:
    """Los campos que se dan repitiéndolos."""
    campos = esquema.model_fields.items() if esquema else ()
    return frozenset(nombre for nombre, campo in campos if get_origin(campo.annotation) is list)


def refuse_body(limite: int) -> None:
    """Una acción sin datos admite un cuerpo vacío o ``{}``, y nada más."""
    if (request.content_length or 0) > limite:
        raise DemasiadoGrande
    request.max_content_length = limite
    crudo = request.get_data()
    if not crudo:
        return
    if request.mimetype not in _TIPOS:
        raise TipoNoAdmitido
    try:
        leido = from_json(crudo, allow_inf_nan=False)
    except (ValueError, RecursionError):
        raise PeticionMalFormada("El cuerpo no es JSON válido") from None
    if leido != {}:
        claves = list(leido) if isinstance(leido, dict) else [""]
        raise invalidos([{"type": "extra_forbidden", "loc": (clave,)} for clave in claves])


def read_query(esquema: type[M] | None, listas: frozenset[str], menos: frozenset[str] = frozenset()) -> M | None:
    """Los parámetros de consulta, validados, ``menos`` los que lee otro; sin esquema, ninguno se admite."""
    if esquema is None:
        if sobran := [clave for clave in request.args if clave not in menos]:
            raise invalidos([{"type": "extra_forbidden", "loc": (clave,)} for clave in sobran])
        return None
    suyos = [(clave, valor) for clave, valor in request.args.items(multi=True) if clave not in menos]
    datos = _unir(MultiDict(suyos), listas)
    _sin_control(datos)
    try:
        return esquema.model_validate(datos)
    except ValidationError as error:
        raise invalidos(error.errors(include_url=False, include_input=False)) from None
