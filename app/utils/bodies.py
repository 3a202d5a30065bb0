"""La puerta del cuerpo y de la consulta: de bytes a esquemas, o un error que nombra el campo."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from app.utils import mensajes
from app.utils.context import contexto
from app.utils.error_catalog import REGLAS_DE_FORMA
from app.utils.errors import DatosInvalidos, DemasiadoGrande, DomainError, PeticionMalFormada, TipoNoAdmitido

M = TypeVar("M", bound=BaseModel)
_UTF8 = ("utf-8", "utf8")
_TIPOS = ("application/json", "application/merge-patch+json")
# Sobre los bytes, y por exceso: sólo si casa se recorre el cuerpo. Son los caracteres de abajo, en UTF-8 o escapados.
_SOSPECHOSO = re.compile(
    rb"\x7f|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xa4]|\xef\xbb\xbf"
    rb"|\\u(00(0[0-8bcef]|1[0-9a-f]|7f)|20(0[b-f]|2[89a-e]|6[0-4])|feff)",
    re.IGNORECASE,
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
# Unen emojis y letras de algunas escrituras: solos no dicen nada.
_UNIDORES = re.compile("[\u200c\u200d]")
PROFUNDIDAD = 200


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
    datos: dict[str, Any] = {}
    for clave, valores in request.args.lists():
        if clave in menos:
            continue
        if clave in listas:
            datos[clave] = valores
        elif len(valores) > 1:
            raise invalidos([{"type": "PARAMETRO_REPETIDO", "loc": (clave,), "msg": "Sólo se admite una vez"}])
        else:
            datos[clave] = valores[0]
    _sin_control(datos)
    try:
        return esquema.model_validate(datos)
    except ValidationError as error:
        raise invalidos(error.errors(include_url=False, include_input=False)) from None
