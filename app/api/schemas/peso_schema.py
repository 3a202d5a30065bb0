"""El contrato de los pesos."""

from uuid import UUID

from pydantic import Field

from app.api.models.peso import Mcs, MetodoPeso
from app.utils.schemas import Aviso, DecimalLeido, Instante, PageQuery, PesoKg, Schema


class PesoCrear(Schema):
    """Una pesada nueva; sin ``medido_en``, ahora."""

    peso_kg: PesoKg
    metodo: MetodoPeso = Field(examples=["bascula"])
    medido_en: Instante | None = None
    bcs: int | None = Field(default=None, ge=1, le=9, description="Condición corporal, escala 1–9")
    mcs: Mcs | None = None
    consulta_id: UUID | None = Field(default=None, description="La consulta abierta en la que se pesó")


class PesoPortal(Schema):
    """Lo que el titular ve de una pesada."""

    id: UUID
    paciente_id: UUID
    peso_kg: DecimalLeido
    medido_en: Instante
    metodo: str
    bcs: int | None
    version: int


class PesoLectura(PesoPortal):
    """Una pesada."""

    mcs: str | None
    consulta_id: UUID | None
    anulado_en: Instante | None
    anulacion_motivo: str | None
    creado_en: Instante
    creado_por: UUID | None
    avisos: list[Aviso] = []


class PesoFiltro(PageQuery):
    """Filtros de la lista de pesos."""

    incluir_anulados: bool = False
