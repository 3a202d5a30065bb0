"""El contrato de lo que se receta: cada línea, con su posología y sus cantidades."""

from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.config.demostracion import EJEMPLARES
from app.utils.medicacion import UnidadDosis, Via
from app.utils.schemas import Cifras, DecimalLeido, PesoKg, Schema

MAXIMO_ENVASES = 999
Cantidad = Annotated[Decimal, Cifras(6, 3, "1.5", gt=0)]
Dosis = Annotated[Decimal, Cifras(6, 5, "12.5", gt=0)]
PorcentajeEnvase = Annotated[Decimal, Cifras(3, 1, "70.0", gt=0, le=100)]


class TiempoEspera(Schema):
    """Cuánto hay que esperar para consumir lo que da un animal tratado; cero, si no hay que esperar."""

    producto: Literal["carne", "leche", "huevos"]
    valor: int = Field(ge=0, le=2000, examples=[28])
    unidad: Literal["dias", "horas"]


class LineaReceta(Schema):
    """Un medicamento, o una fórmula magistral, y cómo se da; lo que no se diga de las cantidades se calcula."""

    medicamento_id: UUID | None = Field(
        default=None, description="O bien `formula_magistral`", examples=[str(EJEMPLARES["medicamentos"])]
    )
    formula_magistral: str | None = Field(default=None, min_length=3, max_length=1000)
    dosis: Dosis | None = None
    unidad_dosis: UnidadDosis | None = Field(default=None, examples=["mg_kg"])
    peso_usado_kg: PesoKg | None = Field(default=None, description="Por defecto, la última pesada")
    cantidad_por_toma: Cantidad | None = Field(
        default=None, description="En la unidad base del medicamento; por defecto, la que sale de la dosis y el peso"
    )
    unidad: str | None = Field(default=None, max_length=20, description="Sólo en una fórmula magistral")
    via: Via | None = Field(default=None, examples=["oral"])
    intervalo_h: int | None = Field(default=None, ge=1, le=8760, examples=[12])
    pauta_texto: str | None = Field(default=None, max_length=500, description="Si no cabe en «cada tantas horas»")
    duracion_dias: int | None = Field(default=None, ge=1, le=3650, examples=[7])
    cantidad_total: Cantidad | None = Field(default=None, examples=["21"])
    envases: int | None = Field(default=None, ge=1, le=MAXIMO_ENVASES, examples=[3])
    porcentaje_envase: PorcentajeEnvase | None = None
    tiempo_espera: list[TiempoEspera] | None = Field(
        default=None, max_length=3, description="Obligatorio en producción; `[]`, si no hay que esperar"
    )
    sustituible: bool = True

    @model_validator(mode="after")
    def _que_se_receta(self) -> Any:
        if (self.medicamento_id is None) == (self.formula_magistral is None):
            raise PydanticCustomError("MEDICAMENTO_O_FORMULA", "Indique medicamento_id o formula_magistral, uno solo")
        return self


class LineaRecetaPortal(Schema):
    """Lo que el titular ve de cada línea."""

    id: UUID
    medicamento_id: UUID | None
    medicamento: str
    cantidad_por_toma: DecimalLeido | None
    unidad: str | None
    via: str | None
    intervalo_h: int | None
    pauta_texto: str | None
    duracion_dias: int | None
    posologia: str
    cantidad_total: DecimalLeido | None
    envases: int | None
    envases_dispensados: int
    tiempo_espera: list[TiempoEspera] | None


class LineaRecetaLectura(LineaRecetaPortal):
    """Una línea de la receta."""

    formula_magistral: str | None
    dosis: DecimalLeido | None
    unidad_dosis: str | None
    peso_usado_kg: DecimalLeido | None
    porcentaje_envase: DecimalLeido | None
    sustituible: bool
