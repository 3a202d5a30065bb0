"""El contrato del cálculo de dosis: con qué se da, cuánto se pide y qué sale."""

from decimal import Decimal
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.models.medicamento import UnidadBase, UnidadConcentracion
from app.api.schemas.alerta_medicacion_schema import AlertaMedicacionLectura
from app.api.schemas.calculo_schema import Calculo, DeQuien
from app.api.schemas.medicamento_schema import Cantidad, Fraccion, Unidad
from app.api.schemas.principio_activo_schema import Concentracion, Dosis
from app.config.demostracion import EJEMPLARES
from app.utils.medicacion import UnidadDosis, Via
from app.utils.schemas import DecimalLeido, Schema


class PautaDada(Schema):
    """Entre qué dosis, si no se toma la de la pauta del principio."""

    dosis_min: Dosis | None = None
    dosis_max: Dosis | None = None


class PresentacionDada(Schema):
    """Una presentación que no está entre los medicamentos."""

    concentracion: Concentracion
    unidad: UnidadConcentracion = UnidadConcentracion.MG
    unidad_base: Unidad = Field(default=UnidadBase.ML, examples=["comprimido"])
    fracciones: list[Fraccion] = Field(default=[Decimal(1)], min_length=1, max_length=10)
    unidades_envase: Cantidad | None = None


class DosisPedida(DeQuien):
    """Qué se quiere dar; sin medicamento, con qué presentación."""

    medicamento_id: UUID | None = Field(default=None, examples=[str(EJEMPLARES["medicamentos"])])
    presentacion: PresentacionDada | None = None
    dosis: Dosis
    unidad_dosis: UnidadDosis = UnidadDosis.MG_KG
    via: Via = Field(default=Via.ORAL, examples=["oral"])
    indicacion: str | None = Field(default=None, max_length=40, description="La de la pauta, si tiene varias")
    pauta: PautaDada | None = None
    intervalo_h: int | None = Field(default=None, ge=1, le=8760, examples=[12])
    duracion_dias: int | None = Field(default=None, ge=1, le=3650, examples=[7])

    @model_validator(mode="after")
    def _con_que(self) -> "DosisPedida":
        if (self.medicamento_id is None) == (self.presentacion is None):
            raise PydanticCustomError("PRESENTACION_REQUERIDA", "Diga el medicamento o la presentación, y sólo uno")
        return self


class PautaUsada(Schema):
    """La pauta con la que se ha calculado."""

    dosis_min: DecimalLeido | None
    dosis_max: DecimalLeido | None
    unidad_dosis: str
    indicacion: str | None
    fuente: str | None


class DosisLectura(Calculo):
    """La cantidad de cada toma y de todo el tratamiento."""

    peso_usado_kg: DecimalLeido
    superficie_m2: DecimalLeido | None = Field(description="Sólo si la dosis es por superficie")
    dosis_mg: DecimalLeido | None = Field(description="Lo que se pide en cada toma; nada si no se mide en mg")
    dosis_total: DecimalLeido
    unidad_total: str
    cantidad_por_toma: DecimalLeido
    unidad_base: str
    dosis_efectiva: DecimalLeido
    unidad_dosis: str
    pauta: PautaUsada | None
    tomas_dia: int | None = Field(description="Nada si no son enteras")
    cantidad_total: DecimalLeido | None
    envases: int | None
    porcentaje_envase: DecimalLeido | None
    alertas_medicacion: list[AlertaMedicacionLectura]
