"""El contrato de los productos: lo que la clínica usa, pone o vende."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.models.producto import TipoProducto, TipoVacuna, ViaVacuna
from app.utils.schemas import Aviso, Instante, PageQuery, Partial, Schema

Codigo = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_]+$")]


class FichaVacuna(Schema):
    """Ficha técnica de una vacuna: contra qué, en quién y qué protocolos cubre."""

    fabricante: str | None = Field(default=None, max_length=120, examples=["Laboratorios Ejemplo"])
    antigenos: list[Codigo] = Field(
        default=[], max_length=20, examples=[["moquillo", "adenovirus", "parvovirus"]], description="Del catálogo"
    )
    protocolos: list[Codigo] = Field(
        default=[], max_length=20, examples=[["perro_esencial"]], description="Los que una dosis cubre"
    )
    tipo_vacuna: TipoVacuna | None = Field(default=None, examples=["viva"])
    especies: list[Codigo] = Field(default=[], max_length=40, examples=[["perro"]], description="Vacía, todas")
    via: ViaVacuna | None = Field(default=None, examples=["subcutanea"])
    edad_min_semanas: int | None = Field(default=None, ge=0, le=520, examples=[6])
    validez_meses: int | None = Field(default=None, ge=1, le=120, examples=[36])


EJEMPLO = {
    "fabricante": "Laboratorios Ejemplo",
    "antigenos": ["moquillo", "adenovirus", "parvovirus"],
    "protocolos": ["perro_esencial"],
    "tipo_vacuna": "viva",
    "especies": ["perro"],
    "via": "subcutanea",
    "edad_min_semanas": 6,
    "validez_meses": 36,
}


class ProductoCampos(Schema):
    """Lo que se puede cambiar de un producto."""

    nombre: str = Field(min_length=1, max_length=120, examples=["Vacuna trivalente canina"])
    unidad_base: str = Field(min_length=1, max_length=20, examples=["dosis"])
    requiere_frio: bool = Field(default=False, examples=[True])
    vacuna: FichaVacuna | None = Field(default=None, examples=[EJEMPLO], description="Sólo si `tipo` es `vacuna`")


class ProductoCrear(ProductoCampos):
    """Alta de un producto; ni el código ni el tipo cambian después."""

    sku: str = Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9._/-]+$", examples=["VAC-TRI-01"])
    tipo: TipoProducto = Field(examples=["vacuna"])


class ProductoEditar(Partial, ProductoCampos):
    """Cambios en un producto; `vacuna` se da entera y sustituye a la que había."""


class VacunaLectura(Schema):
    """La ficha técnica de una vacuna."""

    fabricante: str | None
    antigenos: list[str]
    protocolos: list[str]
    tipo_vacuna: str | None
    especies: list[str]
    via: str | None
    edad_min_semanas: int | None
    validez_meses: int | None


class ProductoLectura(Schema):
    """Un producto."""

    id: UUID
    sku: str
    nombre: str
    tipo: str
    unidad_base: str
    requiere_frio: bool
    vacuna: VacunaLectura | None
    activo: bool
    version: int
    creado_en: Instante
    actualizado_en: Instante
    avisos: list[Aviso] = []


class ProductoFiltro(PageQuery):
    """Filtros de la lista de productos."""

    q: str | None = Field(default=None, min_length=2, max_length=60, description="Parte del nombre", examples=["tri"])
    sku: str | None = Field(default=None, max_length=40)
    tipo: list[TipoProducto] = Field(default=[], max_length=6)
    protocolo: str | None = Field(default=None, max_length=40, description="Vacunas que lo cubren")
    incluir_inactivos: bool = False
