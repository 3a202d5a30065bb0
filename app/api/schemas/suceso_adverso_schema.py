"""El contrato de los sucesos adversos."""

from typing import Any
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.models.suceso_adverso import TipoSuceso
from app.utils.schemas import Fecha, Instante, PageQuery, Partial, Schema


class SucesoCampos(Schema):
    """Lo que se sabe del suceso y de su notificación."""

    tipo: TipoSuceso = Field(examples=["falta_eficacia"])
    descripcion: str = Field(min_length=3, max_length=4000, examples=["Sigue con pulgas a los diez días"])
    fecha: Fecha = Field(description="Cuándo se supo: desde ahí corre el plazo", examples=["2026-11-20"])
    lote: str | None = Field(default=None, max_length=40)
    producto_texto: str | None = Field(
        default=None, max_length=160, description="Si no está en el catálogo", examples=["Pipeta antipulgas"]
    )
    fecha_notificacion: Fecha | None = None
    referencia_notificacion: str | None = Field(default=None, max_length=120)


class SucesoCrear(SucesoCampos):
    """Un suceso nuevo, con un medicamento, una vacuna u otro producto."""

    medicamento_id: UUID | None = None
    producto_id: UUID | None = None
    vacunacion_id: UUID | None = Field(
        default=None, description="La dosis que lo causó: de ella salen el paciente, el producto y el lote"
    )
    paciente_id: UUID | None = None
    sede_id: UUID | None = Field(default=None, description="Por defecto, la de quien lo apunta")
    veterinario_id: UUID | None = Field(default=None, description="Por defecto, quien lo apunta")

    @model_validator(mode="after")
    def _de_que(self) -> Any:
        if not (self.medicamento_id or self.producto_id or self.vacunacion_id or self.producto_texto):
            texto = "Indique medicamento_id, producto_id, vacunacion_id o producto_texto"
            raise PydanticCustomError("PRODUCTO_SIN_DECIR", texto)
        return self


class SucesoEditar(Partial, SucesoCampos):
    """Lo que cambia de un suceso."""


class SucesoLectura(Schema):
    """Un suceso adverso; `fecha_limite`, sólo donde la ley pone plazo."""

    id: UUID
    sede_id: UUID
    paciente_id: UUID | None
    veterinario_id: UUID
    tipo: TipoSuceso
    medicamento_id: UUID | None
    producto_id: UUID | None
    vacunacion_id: UUID | None
    producto_texto: str | None
    lote: str | None
    descripcion: str
    fecha: Fecha
    fecha_limite: Fecha | None
    fecha_notificacion: Fecha | None
    referencia_notificacion: str | None
    activo: bool
    creado_en: Instante
    actualizado_en: Instante
    version: int


class SucesoFiltro(PageQuery):
    """Filtros de la lista de sucesos; las fechas se incluyen."""

    tipo: list[TipoSuceso] = Field(default=[], max_length=3)
    paciente_id: UUID | None = None
    medicamento_id: UUID | None = None
    sede_id: UUID | None = None
    desde: Fecha | None = None
    hasta: Fecha | None = None
    sin_notificar: bool = Field(default=False, description="Sólo los que aún no se han notificado")
