"""El contrato de las alertas."""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.api.models.alerta import LugarAlerta, NivelAlerta, TipoAlerta
from app.utils.schemas import Fecha, Instante, PageQuery, Partial, Schema


class AlertaCampos(Schema):
    """Lo que se puede escribir de una alerta."""

    tipo: TipoAlerta = Field(examples=["manejo"])
    texto: str = Field(min_length=1, max_length=500, examples=["Muerde: poner bozal antes de bajarlo del transportín"])
    nivel: NivelAlerta = NivelAlerta.AVISO
    vigente_hasta: Fecha | None = Field(default=None, description="Último día en que salta; sin fecha, siempre")
    visible_en: list[LugarAlerta] = Field(default=[], max_length=10, description="Dónde salta; vacía, en todas partes")


class AlertaCrear(AlertaCampos):
    """Alta de una alerta."""


class AlertaEditar(Partial, AlertaCampos):
    """Cambios en una alerta."""


class AlertaLectura(Schema):
    """Una alerta."""

    id: UUID
    paciente_id: UUID
    tipo: str
    texto: str
    nivel: str
    vigente_hasta: date | None
    visible_en: list[str]
    activo: bool
    creado_en: Instante
    creado_por: UUID | None
    version: int


class AlertaFiltro(PageQuery):
    """Filtros de la lista de alertas."""

    visible_en: LugarAlerta | None = Field(default=None, description="Sólo las que saltan ahí")
    incluir_caducadas: bool = False
    incluir_bajas: bool = False
