"""El contrato de los parámetros: qué valores admite cada uno y cómo se dice cuál está vigente."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, WithJsonSchema, create_model, model_validator
from pydantic_core import PydanticCustomError

from app.config.parametros import PARAMETROS, Ambito, Parametro
from app.config.permissions import Rol
from app.utils.constantes import CONFIGURABLES
from app.utils.schemas import Importe, Schema

_ROLES = tuple(rol.value for rol in Rol if rol is not Rol.INTEGRACION)


def _franja(valor: str) -> str:
    inicio, _, fin = valor.partition("-")
    if inicio >= fin:
        raise PydanticCustomError("FRANJA_INVERTIDA", "La franja debe acabar después de empezar")
    return valor


_Franja = Annotated[
    str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$", max_length=11), AfterValidator(_franja)
]


class _RangoClinica(Schema):
    """Un intervalo normal que fija la clínica, límites incluidos."""

    minimo: Annotated[int, Field(ge=0, le=1500)] | None = None
    maximo: Annotated[int, Field(ge=0, le=1500)] | None = None

    @model_validator(mode="after")
    def _en_orden(self) -> Any:
        if self.minimo is not None and self.maximo is not None and self.minimo > self.maximo:
            raise PydanticCustomError("RANGO_INVERTIDO", "El mínimo es mayor que el máximo")
        return self


# Especie -> magnitud -> intervalo. La temperatura y las frecuencias ya traen el suyo.
_Especie = Annotated[str, Field(pattern=r"^[a-z0-9_]+$", max_length=40)]
_Rangos = dict[_Especie, dict[Literal[CONFIGURABLES], _RangoClinica]]  # type: ignore[valid-type]


def _tipo(parametro: Parametro) -> Any:
    """El tipo que admite un parámetro, deducido de su valor de fábrica."""
    defecto = parametro.defecto
    if isinstance(defecto, bool):
        return bool
    if isinstance(defecto, int):
        return Annotated[int, Field(ge=parametro.minimo, le=parametro.maximo)]
    if isinstance(defecto, Decimal):
        return Importe
    if isinstance(defecto, dict):
        return _Rangos
    if isinstance(defecto, tuple):
        return Annotated[list[Literal[_ROLES]], Field(max_length=len(_ROLES))]  # type: ignore[valid-type]
    return Literal[parametro.opciones] if parametro.opciones else _Franja


def _validador(nombre: str, ambitos: set[Ambito]) -> tuple[Callable[[dict[str, Any]], dict[str, Any]], dict[str, Any]]:
    campos: dict[str, Any] = {
        clave: (_tipo(parametro) | None, Field(default=None))
        for clave, parametro in PARAMETROS.items()
        if parametro.ambito in ambitos
    }
    modelo = create_model(nombre, __base__=Schema, **campos)

    def validar(valor: dict[str, Any]) -> dict[str, Any]:
        # Un error de aquí dentro llega fuera con su campo: /config/granularidad_agenda_min.
        return modelo.model_validate(valor).model_dump(mode="json", exclude_unset=True)

    return validar, modelo.model_json_schema()


_de_organizacion, _esquema_organizacion = _validador("ConfigOrganizacion", set(Ambito))
_de_sede, _esquema_sede = _validador("ConfigSede", {Ambito.SEDE})

_EJEMPLO = {"granularidad_agenda_min": 10}
ConfigOrganizacion = Annotated[
    dict[str, Any], AfterValidator(_de_organizacion), WithJsonSchema({**_esquema_organizacion, "examples": [_EJEMPLO]})
]
ConfigSede = Annotated[
    dict[str, Any], AfterValidator(_de_sede), WithJsonSchema({**_esquema_sede, "examples": [_EJEMPLO]})
]


class ParametroLectura(Schema):
    """Un parámetro: lo que vale, lo que valdría de fábrica y dónde se puede fijar."""

    valor: Any
    defecto: Any
    ambito: str
    origen: str
