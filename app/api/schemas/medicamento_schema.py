"""El contrato de los medicamentos."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.api.models.medicamento import UnidadBase, UnidadConcentracion
from app.api.schemas.principio_activo_schema import CodigoEspecie, Concentracion
from app.config.demostracion import EJEMPLARES
from app.utils.schemas import Cifras, DecimalLeido, Instante, PageQuery, Partial, Schema, decimal_de_texto
from app.utils.tiempos_espera import UnidadEspera


def _unidad_base(valor: Any) -> Any:
    return UnidadBase.ML if valor in ("mL", "ml") else valor


def _sin_repetir(valor: list["PrincipioDeMedicamento"]) -> list["PrincipioDeMedicamento"]:
    if len({uno.principio_id for uno in valor}) < len(valor):
        raise PydanticCustomError("PRINCIPIO_REPETIDO", "Un principio activo está repetido")
    return valor


Unidad = Annotated[UnidadBase, BeforeValidator(_unidad_base)]
Fraccion = Annotated[
    Decimal,
    BeforeValidator(decimal_de_texto),
    Field(gt=0, le=1, max_digits=4, decimal_places=3),
    WithJsonSchema({"type": "string", "pattern": r"^(1|0\.\d{1,3})$", "examples": ["0.5"]}),
]
Cantidad = Annotated[Decimal, Cifras(7, 3, "10", gt=0)]


class ProductoAnimal(StrEnum):
    """Lo que se consume de un animal tratado."""

    CARNE = "carne"
    LECHE = "leche"
    HUEVOS = "huevos"


class EsperaDeProducto(Schema):
    """Cuánto hay que esperar para consumir lo que da un animal tratado; cero, si no hay que esperar."""

    producto: ProductoAnimal
    valor: int = Field(ge=0, le=1000, examples=[28])
    unidad: UnidadEspera


class TiempoEspera(EsperaDeProducto):
    """El tiempo de espera de la ficha, en una especie."""

    especie: CodigoEspecie


class PrincipioDeMedicamento(Schema):
    """Cuánto lleva de un principio cada unidad base; el primero es por el que se expresa la dosis."""

    principio_id: UUID = Field(examples=[str(EJEMPLARES["principios-activos"])])
    concentracion: Concentracion
    unidad: UnidadConcentracion = UnidadConcentracion.MG


Principios = Annotated[list[PrincipioDeMedicamento], Field(min_length=1, max_length=10), AfterValidator(_sin_repetir)]


class MedicamentoCampos(Schema):
    """Lo que se puede cambiar de un medicamento."""

    nombre: str = Field(min_length=1, max_length=120, examples=["Amoxicilina y clavulánico 250 mg"])
    principios: Principios
    forma: str = Field(min_length=1, max_length=60, examples=["Comprimido"])
    unidad_base: Unidad = Field(examples=["comprimido"])
    fracciones: list[Fraccion] = Field(
        default=[Decimal(1)], min_length=1, max_length=10, examples=[["1", "0.5"]], description="En qué se puede partir"
    )
    unidades_envase: Cantidad = Field(examples=["10"])
    num_registro: str | None = Field(default=None, max_length=40)
    prescripcion: bool = True
    uso_exclusivo_veterinario: bool = False
    especies_autorizadas: list[CodigoEspecie] = Field(default=[], max_length=40, description="Vacía, no consta")
    tiempos_espera: list[TiempoEspera] = Field(default=[], max_length=60)
    dias_validez_abierto: int | None = Field(default=None, ge=1, le=3650)
    conservacion: str | None = Field(default=None, max_length=200)


class MedicamentoCrear(MedicamentoCampos):
    """Alta de un medicamento; sin ``producto_id``, no se almacena."""

    producto_id: UUID | None = None


class MedicamentoEditar(Partial, MedicamentoCampos):
    """Cambios en un medicamento; ``principios``, si viene, los sustituye todos."""


class PrincipioDeLectura(Schema):
    """Un principio de un medicamento, con su nombre."""

    principio_id: UUID
    codigo: str
    nombre_dci: str
    concentracion: DecimalLeido
    unidad: str
    categoria_ema: str | None
    control: str


class MedicamentoLectura(Schema):
    """Un medicamento."""

    id: UUID
    producto_id: UUID | None
    nombre: str
    principios: list[PrincipioDeLectura]
    forma: str
    unidad_base: str
    fracciones: list[DecimalLeido]
    unidades_envase: DecimalLeido
    num_registro: str | None
    prescripcion: bool
    uso_exclusivo_veterinario: bool
    especies_autorizadas: list[str]
    tiempos_espera: list[TiempoEspera]
    dias_validez_abierto: int | None
    conservacion: str | None
    activo: bool
    version: int
    creado_en: Instante
    actualizado_en: Instante


class MedicamentoFiltro(PageQuery):
    """Filtros de la lista de medicamentos."""

    q: str | None = Field(default=None, min_length=1, max_length=60, examples=["clavul"])
    principio: str | None = Field(default=None, max_length=60, description="Código de un principio activo")
    producto_id: UUID | None = None
    incluir_inactivos: bool = False
