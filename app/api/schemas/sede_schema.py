"""El contrato de las sedes."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.schemas.cliente_schema import Direccion
from app.api.schemas.parametro_schema import ConfigSede, ParametroLectura
from app.config.territorios import CODIGOS_TERRITORIO
from app.utils.correos import Correo
from app.utils.horas import zona_valida
from app.utils.schemas import Instante, PageQuery, Partial, Schema


def _zona(valor: str) -> str:
    if not zona_valida(valor):
        raise PydanticCustomError("ZONA_HORARIA_DESCONOCIDA", "La zona horaria no está en la base IANA")
    return valor


def _territorio(valor: str) -> str:
    if valor not in CODIGOS_TERRITORIO:
        raise PydanticCustomError("TERRITORIO_FISCAL_DESCONOCIDO", "El territorio fiscal no está en el catálogo")
    return valor


# Se guarda y se devuelve tal como se escribió: es para leerla, no para calcular.
HoraDeReloj = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", max_length=5)]


class FranjaApertura(Schema):
    """Horas de atención, en hora local de la sede."""

    hora_inicio: HoraDeReloj
    hora_fin: HoraDeReloj

    @model_validator(mode="after")
    def _en_orden(self) -> "FranjaApertura":
        if self.hora_inicio == self.hora_fin:
            raise PydanticCustomError("FRANJA_VACIA", "La franja debe durar algo")
        return self


Franjas = Annotated[list[FranjaApertura], Field(default=[], max_length=6)]


class Apertura(Schema):
    """Horario que se publica; el que rige la agenda son los horarios."""

    lunes: Franjas = Field(default=[], examples=[[{"hora_inicio": "09:00", "hora_fin": "14:00"}]])
    martes: Franjas
    miercoles: Franjas
    jueves: Franjas
    viernes: Franjas
    sabado: Franjas
    domingo: Franjas
    notas: str | None = Field(default=None, max_length=200)


class SedeCampos(Schema):
    """Lo que se puede escribir de una sede."""

    codigo: str = Field(pattern=r"^[A-Z0-9][A-Z0-9_-]*$", min_length=1, max_length=10, examples=["SEV"])
    nombre: str = Field(min_length=1, max_length=120, examples=["Centro Nervión"])
    direccion: Direccion | None = None
    telefono: str | None = Field(default=None, max_length=30, examples=["+34954123123"])
    email: Correo | None = None
    zona_horaria: Annotated[str, AfterValidator(_zona)] = Field(max_length=60, examples=["Europe/Madrid"])
    territorio_fiscal: Annotated[str, AfterValidator(_territorio)] = Field(max_length=20, examples=["ES-IVA"])
    territorio_sanitario: str | None = Field(default=None, max_length=40, examples=["ES-AN"])
    num_registro_centro: str | None = Field(default=None, max_length=40)
    apertura: Apertura | None = None
    config: ConfigSede = Field(default={})


class SedeCrear(SedeCampos):
    """Alta de una sede."""


class SedeEditar(Partial, SedeCampos):
    """Cambios; en ``config``, un parámetro a null vuelve al valor de la organización."""


class SedePortal(Schema):
    """Los datos públicos de una sede."""

    id: UUID
    codigo: str
    nombre: str
    direccion: dict[str, Any] | None
    telefono: str | None
    email: str | None
    zona_horaria: str
    apertura: dict[str, Any] | None
    version: int


class SedeLectura(SedePortal):
    """Una sede, con lo que fija ella y lo que rige en ella."""

    territorio_fiscal: str
    territorio_sanitario: str | None
    num_registro_centro: str | None
    config: dict[str, Any]
    parametros: dict[str, ParametroLectura]
    activo: bool
    baja_en: Instante | None
    creado_en: Instante
    actualizado_en: Instante


class SedeFiltro(PageQuery):
    """Filtros de la lista de sedes."""

    activo: bool = True
