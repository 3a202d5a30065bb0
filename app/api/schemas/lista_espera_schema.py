"""El contrato de la lista de espera."""

from typing import Any
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.models.cita import Prioridad
from app.api.models.lista_espera import EstadoEspera
from app.api.schemas.incluido_schema import IncluidoEnAgenda, IncluidoEnAgendaPortal
from app.utils.schemas import Fecha, Hora, Instante, PageQuery, Partial, Schema, si_se_pide


class Ventana(Schema):
    """Fechas (incluidas) y, si se dice, franja local en que le viene bien."""

    desde: Fecha = Field(examples=["2027-01-15"])
    hasta: Fecha = Field(examples=["2027-01-20"])
    hora_inicio: Hora | None = Field(default=None, examples=["09:00"])
    hora_fin: Hora | None = Field(default=None, examples=["14:00"])

    @model_validator(mode="after")
    def _en_orden(self) -> Any:
        if self.hasta < self.desde:
            raise PydanticCustomError("VENTANA_INVALIDA", "La fecha final es anterior a la inicial")
        if (self.hora_inicio is None) != (self.hora_fin is None):
            raise PydanticCustomError("VENTANA_INVALIDA", "Indique las dos horas o ninguna")
        if self.hora_inicio and self.hora_fin and self.hora_fin <= self.hora_inicio:
            raise PydanticCustomError("VENTANA_INVALIDA", "La hora final debe ser posterior a la inicial")
        return self


class EsperaCampos(Schema):
    """Lo que se puede cambiar mientras se espera."""

    profesional_id: UUID | None = None
    ventanas: list[Ventana] = Field(default=[], max_length=20)
    prioridad: Prioridad = Prioridad.NORMAL


class EsperaCrear(EsperaCampos):
    """Apuntarse a la lista de espera; sin ventanas, le vale cualquier momento."""

    sede_id: UUID
    cliente_id: UUID
    paciente_id: UUID
    tipo_cita_id: UUID


class EsperaEditar(Partial, EsperaCampos):
    """Cambios mientras se espera."""


class OfertaCrear(Schema):
    """Hueco que se ofrece a mano."""

    profesional_id: UUID | None = None
    inicio: Instante = Field(examples=["2027-01-15T10:00:00+01:00"])
    recursos: list[UUID] = Field(default=[], max_length=10)


class Oferta(Schema):
    """El hueco ofrecido y hasta cuándo."""

    profesional_id: UUID | None
    inicio: Instante
    fin: Instante
    caduca_en: Instante


class VentanaLectura(Schema):
    """Una ventana guardada."""

    desde: str
    hasta: str
    hora_inicio: str | None
    hora_fin: str | None


class EsperaPortal(Schema):
    """Lo que el titular ve de su espera."""

    id: UUID
    sede_id: UUID
    paciente_id: UUID
    tipo_cita_id: UUID
    profesional_id: UUID | None
    ventanas: list[VentanaLectura]
    estado: EstadoEspera
    oferta: Oferta | None
    cita_id: UUID | None
    creado_en: Instante
    version: int
    incluido: IncluidoEnAgendaPortal | None = si_se_pide()


class EsperaLectura(EsperaPortal):
    """Una espera, para la clínica."""

    cliente_id: UUID
    cliente: str
    paciente: str
    tipo_cita: str
    prioridad: Prioridad
    incluido: IncluidoEnAgenda | None = si_se_pide()


class EsperaFiltro(PageQuery):
    """Filtros de la lista de espera."""

    sede_id: UUID | None = None
    estado: list[EstadoEspera] = Field(default=[], max_length=10)
    tipo_cita_id: UUID | None = None
    profesional_id: UUID | None = None
    cliente_id: UUID | None = None
    paciente_id: UUID | None = None
