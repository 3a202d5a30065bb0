"""El contrato de la disponibilidad."""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.utils.schemas import Fecha, Instante, Query, Schema


class DisponibilidadFiltro(Query):
    """Qué se quiere reservar, dónde y entre qué días, ambos incluidos."""

    tipo_cita_id: UUID
    sede_id: UUID
    desde: Fecha = Field(examples=["2026-12-01"])
    hasta: Fecha = Field(examples=["2026-12-07"], description="Como mucho, 31 días en total")
    profesional_id: list[UUID] = Field(default=[], max_length=50, description="Sólo con estos profesionales")
    paciente_id: UUID | None = Field(default=None, description="Descarta las horas en que ya tiene cita")


class Hueco(Schema):
    """Un inicio posible, con quién y con qué; se reserva enviando estos mismos valores a `POST /citas`."""

    inicio: Instante
    fin: Instante
    dia: date
    profesional_id: UUID | None
    profesional: str | None
    auxiliar_id: UUID | None
    recursos: list[UUID]


class DisponibilidadLectura(Schema):
    """Los huecos de una sede, por orden de inicio y de profesional."""

    tipo_cita_id: UUID
    sede_id: UUID
    zona_horaria: str = Field(examples=["Europe/Madrid"])
    duracion_min: int
    datos: list[Hueco]
    siguiente: str | None = None
