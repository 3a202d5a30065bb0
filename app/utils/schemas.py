"""Las piezas del contrato: esquema base, PATCH, páginas y tipos con forma exacta."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf, WithJsonSchema
from pydantic_core import PydanticCustomError, core_schema

from app.utils.ficheros import Fichero

_FECHA = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANTE = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]\d{2}:\d{2})?", re.ASCII)
_HORA_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?", re.ASCII)
_HORA = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)
ANIO_MIN, ANIO_MAX = 1900, 2199


class Schema(BaseModel):
    """Base de todo lo que entra y sale: sin claves desconocidas ni conversiones laxas."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True, from_attributes=True)


class Partial(Schema):
    """PATCH: los mismos campos y reglas, ninguno obligatorio; null sólo donde el campo lo admite."""

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        for campo in cls.model_fields.values():
            campo.default = None
            campo.default_factory = None
        cls.model_rebuild(force=True)

    def cambios(self) -> dict[str, Any]:
        """Sólo lo que vino en la petición."""
        return {campo: getattr(self, campo) for campo in self.model_fields_set}


class Query(BaseModel):
    """Base de los parámetros de consulta: llegan como texto, las claves desconocidas se rechazan."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Form(Query):
    """Base de un cuerpo ``multipart/form-data``: los campos llegan como texto, y lo que se sube, como ``Subido``."""


Subido = Annotated[
    InstanceOf[Fichero],
    WithJsonSchema({"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"}),
]


def _rango(valor: date) -> None:
    if not ANIO_MIN <= valor.year <= ANIO_MAX:
        raise PydanticCustomError("date_parsing", "Fecha fuera de rango")


def _solo_fecha(valor: Any) -> Any:
    if isinstance(valor, datetime):
        raise PydanticCustomError("date_type", "Debe ser una fecha")
    if not isinstance(valor, date):
        if not isinstance(valor, str) or not _FECHA.fullmatch(valor):
            raise PydanticCustomError("date_type", "Debe ser una fecha")
        try:
            valor = date.fromisoformat(valor)
        except ValueError:
            raise PydanticCustomError("date_parsing", "Debe ser una fecha") from None
    _rango(valor)
    return valor


def _solo_instante(valor: Any) -> Any:
    if isinstance(valor, str) and _INSTANTE.fullmatch(valor):
        try:
            valor = datetime.fromisoformat(valor.upper())
        except ValueError:
            raise PydanticCustomError("datetime_parsing", "Debe ser un instante con desfase") from None
    if not isinstance(valor, datetime):
        raise PydanticCustomError("datetime_type", "Debe ser un instante con desfase")
    _rango(valor)
    return valor


def _solo_hora_local(valor: Any) -> Any:
    if isinstance(valor, str) and _HORA_LOCAL.fullmatch(valor):
        try:
            valor = datetime.fromisoformat(valor)
        except ValueError:
            raise PydanticCustomError("datetime_parsing", "Debe ser una hora local AAAA-MM-DDTHH:MM") from None
    if not isinstance(valor, datetime) or valor.tzinfo is not None:
        raise PydanticCustomError("datetime_type", "Debe ser una hora local AAAA-MM-DDTHH:MM")
    _rango(valor)
    return valor


def _solo_hora(valor: Any) -> Any:
    if isinstance(valor, str) and _HORA.fullmatch(valor):
        return time.fromisoformat(valor)
    raise PydanticCustomError("time_type", "Debe ser una hora HH:MM")


def decimal_de_texto(valor: Any) -> Any:
    """Dinero, pesos y cantidades viajan como cadena: un número JSON ya habría perdido cifras."""
    if isinstance(valor, Decimal):
        return valor
    if not isinstance(valor, str) or not _DECIMAL.fullmatch(valor):
        raise PydanticCustomError("DECIMAL_COMO_TEXTO", 'Debe ser un decimal entre comillas, p. ej. "12.400"')
    return Decimal(valor)


@dataclass(frozen=True, slots=True)
class Cifras:
    """Un decimal que viaja como cadena: cuántas cifras, y entre qué límites.

    Forma: ``PesoKg = Annotated[Decimal, Cifras(4, 3, "12.400", gt=0)]``: cuatro enteras, tres decimales y un ejemplo.
    """

    enteras: int
    decimales: int
    ejemplo: str
    gt: Decimal | int | None = None
    ge: Decimal | int | None = None
    le: Decimal | int | None = None
    con_signo: bool = False

    def __get_pydantic_core_schema__(self, _tipo: Any, _siguiente: Any) -> core_schema.CoreSchema:
        gt, ge, le = (None if uno is None else Decimal(uno) for uno in (self.gt, self.ge, self.le))
        return core_schema.no_info_before_validator_function(
            decimal_de_texto,
            core_schema.decimal_schema(
                max_digits=self.enteras + self.decimales,
                decimal_places=self.decimales,
                gt=gt,
                ge=ge,
                le=le,
            ),
        )

    def __get_pydantic_json_schema__(self, _esquema: Any, _siguiente: Any) -> dict[str, Any]:
        resto = r"(\.\d)?" if self.decimales == 1 else rf"(\.\d{{1,{self.decimales}}})?"
        patron = f"^{'-?' if self.con_signo else ''}" + rf"\d{{1,{self.enteras}}}{resto}$"
        return {"type": "string", "pattern": patron, "examples": [self.ejemplo]}


Fecha = Annotated[date, BeforeValidator(_solo_fecha), WithJsonSchema({"type": "string", "format": "date"})]
Instante = Annotated[
    AwareDatetime, BeforeValidator(_solo_instante), WithJsonSchema({"type": "string", "format": "date-time"})
]
HoraLocal = Annotated[
    datetime,
    BeforeValidator(_solo_hora_local),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$"}),
]
Hora = Annotated[
    time,
    BeforeValidator(_solo_hora),
    WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$", "examples": ["09:00"]}),
]
PesoKg = Annotated[Decimal, Cifras(4, 3, "12.400", gt=0)]
Porcentaje = Annotated[Decimal, Cifras(3, 2, "50.00", ge=0, le=100)]
Importe = Annotated[Decimal, Cifras(10, 2, "120.00", ge=0)]
DecimalLeido = Annotated[Decimal, WithJsonSchema({"type": "string"})]

T = TypeVar("T")


OPCIONAL = "x-si-se-pide"


def si_se_pide() -> Any:
    """Un campo de la respuesta que sólo sale cuando se ha pedido; mientras es nulo, no está."""
    return Field(default=None, json_schema_extra={OPCIONAL: True})


class PageQuery(Query):
    """Lo que toda lista admite."""

    limite: int = Field(default=25, ge=1, le=100, description="Cuántos por página")
    cursor: str | None = Field(default=None, max_length=1000, description="El `siguiente` de la página anterior")
    orden: str | None = Field(
        default=None, max_length=100, description="Campos separados por comas; `-` delante: descendente"
    )
    total: bool = Field(default=False, description="Añade `total`, si cuesta poco contarlo: hasta 10.000")


class Pagina(Schema, Generic[T]):
    """Una página de resultados y el cursor de la siguiente."""

    datos: list[T]
    siguiente: str | None
    total: int | None = si_se_pide()


class Motivo(Schema):
    """Por qué se hace."""

    motivo: str = Field(min_length=3, max_length=200, examples=["Error de registro"])


class Aviso(Schema):
    """Algo que conviene saber y no impide."""

    codigo: str
    mensaje: str
