"""El contrato de la organización."""

from uuid import UUID

from pydantic import Field

from app.api.schemas.parametro_schema import ConfigOrganizacion, ParametroLectura
from app.utils.schemas import Instante, Partial, Schema


class OrganizacionCampos(Schema):
    """Lo que se puede cambiar; código, país y moneda quedan fijados al darla de alta."""

    nombre: str = Field(min_length=1, max_length=120, examples=["Clínica Veterinaria El Retiro"])
    razon_social: str = Field(min_length=1, max_length=160, examples=["Veterinaria El Retiro, S. L."])
    identificador_fiscal: str = Field(min_length=1, max_length=30, examples=["B12345674"])
    idioma: str = Field(pattern=r"^[a-z]{2}-[A-Z]{2}$", max_length=5, examples=["es-ES"])
    config: ConfigOrganizacion


class OrganizacionEditar(Partial, OrganizacionCampos):
    """Cambios; en ``config``, un parámetro a null vuelve a su valor de fábrica."""


class OrganizacionPortal(Schema):
    """Lo que ve el titular."""

    nombre: str
    pais: str
    idioma: str
    version: int


class OrganizacionLectura(OrganizacionPortal):
    """La organización, con lo que ha fijado y lo que rige."""

    id: UUID
    codigo: str
    razon_social: str
    identificador_fiscal: str
    moneda: str
    config: dict[str, object]
    parametros: dict[str, ParametroLectura]
    creado_en: Instante
    actualizado_en: Instante
