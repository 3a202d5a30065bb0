"""El contrato de las alergias."""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.api.models.alerta import AgenteTipo, GravedadAlergia
from app.utils.schemas import Fecha, Instante, PageQuery, Partial, Schema


class AlergiaCampos(Schema):
    """Lo que se puede escribir de una alergia."""

    agente_tipo: AgenteTipo = Field(examples=["principio_activo"])
    agente_ref: str = Field(min_length=1, max_length=80, examples=["amoxicilina"])
    gravedad: GravedadAlergia = Field(examples=["grave"])
    reaccion: str | None = Field(default=None, max_length=500, examples=["Urticaria a los diez minutos"])
    confirmada: bool = False
    desde: Fecha | None = None


class AlergiaCrear(AlergiaCampos):
    """Alta de una alergia."""


class AlergiaEditar(Partial, AlergiaCampos):
    """Cambios en una alergia."""


class AlergiaPortal(Schema):
    """Lo que el titular ve de una alergia."""

    id: UUID
    paciente_id: UUID
    agente_tipo: str
    agente_ref: str
    gravedad: str
    reaccion: str | None
    confirmada: bool
    desde: date | None
    version: int


class AlergiaLectura(AlergiaPortal):
    """Una alergia."""

    activo: bool
    creado_en: Instante
    creado_por: UUID | None


class AlergiaFiltro(PageQuery):
    """Filtros de la lista de alergias."""

    incluir_bajas: bool = False
