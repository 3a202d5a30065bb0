"""El contrato de las integraciones: programas con credencial propia."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.api.schemas.usuario_schema import Sedes
from app.config.permissions import AMBITOS
from app.utils.schemas import Instante, PageQuery, Partial, Schema


def _conocido(valor: Any) -> Any:
    if valor not in AMBITOS:
        raise PydanticCustomError("AMBITO_DESCONOCIDO", "No es uno de los ámbitos que se pueden conceder")
    return valor


Ambito = Annotated[str, AfterValidator(_conocido), WithJsonSchema({"type": "string", "enum": AMBITOS})]


class IntegracionCampos(Schema):
    """Lo que se puede escribir de una integración."""

    nombre: str = Field(min_length=1, max_length=120, examples=["Laboratorio externo"])
    ambitos: list[Ambito] = Field(min_length=1, max_length=60, examples=[["citas:leer", "pacientes:leer"]])
    sedes: Sedes = Field(default=[], description="Vacía: toda la organización")
    expira_en: Instante | None = Field(default=None, description="Desde cuándo su credencial deja de valer")


class IntegracionCrear(IntegracionCampos):
    """Alta de una integración."""


class IntegracionEditar(Partial, IntegracionCampos):
    """Cambios en una integración; el secreto cambia con su rotación."""


class IntegracionLectura(Schema):
    """Una integración, sin su secreto."""

    id: UUID
    cliente_id: str = Field(description="El identificador con el que accede")
    nombre: str
    ambitos: list[str]
    sedes: list[UUID]
    expira_en: Instante | None
    ultimo_uso_en: Instante | None
    activo: bool
    creado_en: Instante
    actualizado_en: Instante
    version: int


class IntegracionSecreto(IntegracionLectura):
    """La integración con su secreto, que no se vuelve a mostrar."""

    secreto: str


class IntegracionFiltro(PageQuery):
    """Filtros de la lista de integraciones."""

    activo: bool | None = None
