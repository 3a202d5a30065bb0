"""El contrato de la comunicación de antibióticos."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.models.comunicacion_antibiotico import EstadoComunicacion
from app.api.models.receta import ClaseReceta, FinalidadAntimicrobiana, TipoDispensacion
from app.utils.schemas import Aviso, DecimalLeido, Fecha, Instante, PageQuery, Schema

MAXIMO_REMESA = 500


class ComunicacionLectura(Schema):
    """Lo que hay que comunicar de un antibiótico recetado o aplicado."""

    id: UUID
    estado: EstadoComunicacion
    sede_id: UUID
    veterinario_id: UUID
    linea_receta_id: UUID | None
    administracion_id: UUID | None
    fecha: Fecha
    num_receta: str | None
    prescriptor: str
    num_colegiado: str
    especie: str
    clase: ClaseReceta
    finalidad_antimicrobiana: FinalidadAntimicrobiana | None
    tipo_dispensacion: TipoDispensacion
    medicamento: str
    num_registro: str | None
    principios: list[str]
    forma: str | None
    formato: str | None
    envases: int | None
    porcentaje_envase: DecimalLeido | None
    exportada_en: Instante | None
    remesa_id: UUID | None
    acuse_en: Instante | None
    referencia: str | None
    error: str | None
    version: int


class ComunicacionExportada(ComunicacionLectura):
    """La misma, con el documento de identidad de quien prescribe: sólo sale aquí."""

    documento_identidad: str | None


class ComunicacionFiltro(PageQuery):
    """Filtros de la lista; las fechas son las de la prescripción o aplicación."""

    estado: list[EstadoComunicacion] = Field(default=[], max_length=5)
    sede_id: UUID | None = None
    veterinario_id: UUID | None = None
    remesa_id: UUID | None = None
    desde: Fecha | None = None
    hasta: Fecha | None = None
    atrasadas: bool = Field(default=False, description="Sólo las pendientes desde hace más de 15 días")


class Exportar(Schema):
    """Qué se lleva la remesa; sin nada, todo lo pendiente, hasta 500."""

    sede_id: UUID | None = None
    hasta: Fecha | None = Field(default=None, description="Prescritas o aplicadas hasta ese día")
    con_errores: bool = Field(default=False, description="Se lleva también las que la autoridad rechazó")
    maximo: int = Field(default=MAXIMO_REMESA, ge=1, le=MAXIMO_REMESA, examples=[100])


class Remesa(Schema):
    """Lo que se ha exportado de una vez; vacía, si no había nada pendiente."""

    remesa_id: UUID | None
    exportada_en: Instante
    datos: list[ComunicacionExportada]
    avisos: list[Aviso] = []


class AcuseUno(Schema):
    """Lo que la autoridad dijo de una comunicación."""

    id: UUID
    resultado: Literal["comunicada", "error"]
    referencia: str | None = Field(default=None, max_length=120, examples=["2026-000123"])
    error: str | None = Field(default=None, min_length=3, max_length=500)

    @model_validator(mode="after")
    def _con_motivo(self) -> Any:
        if (self.resultado == "error") != (self.error is not None):
            raise PydanticCustomError("ERROR_DE_ACUSE", "El texto del error va con el resultado «error», y sólo con él")
        return self


class Acuse(Schema):
    """Lo que la autoridad dijo de una remesa."""

    comunicaciones: list[AcuseUno] = Field(min_length=1, max_length=MAXIMO_REMESA)


class Acusadas(Schema):
    """Cómo quedan las comunicaciones de un acuse."""

    datos: list[ComunicacionLectura]
