"""El contrato de las tareas."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from app.api.models.tarea import TipoTarea
from app.api.schemas.paciente_schema import PacienteLectura
from app.utils.schemas import Fecha, Instante, PageQuery, Schema, si_se_pide


class EstadoTarea(StrEnum):
    """Si ya se ha hecho."""

    PENDIENTE = "pendiente"
    HECHA = "hecha"


class IncluidoEnTarea(Schema):
    """Lo que se pidió con `incluir`; nulo lo que no existe o no se puede ver."""

    paciente: PacienteLectura | None = si_se_pide()


class TareaLectura(Schema):
    """Algo que una persona debe hacer fuera del sistema."""

    id: UUID
    tipo: TipoTarea
    estado: EstadoTarea
    texto: str
    paciente_id: UUID | None
    vence: date | None
    hecha_en: Instante | None
    creado_en: Instante
    version: int
    incluido: IncluidoEnTarea | None = si_se_pide()


class TareaFiltro(PageQuery):
    """Filtros de la lista de tareas."""

    estado: list[EstadoTarea] = Field(default=[], max_length=2, description="Sin él, las pendientes y las hechas")
    tipo: list[TipoTarea] = Field(default=[], max_length=10)
    paciente_id: UUID | None = None
    vence_hasta: Fecha | None = Field(default=None, description="Las que vencen ese día o antes")
