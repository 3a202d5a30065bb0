"""El contrato de las desparasitaciones y de la cartilla."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.models.desparasitacion import TipoDesparasitacion
from app.utils.schemas import Aviso, DecimalLeido, Fecha, Instante, PageQuery, PesoKg, Schema

Principio = Annotated[str, Field(min_length=1, max_length=80)]


class DesparasitacionCrear(Schema):
    """Una desparasitación; con el producto o, al menos, con qué principios."""

    tipo: TipoDesparasitacion = Field(examples=["interna"])
    fecha: Fecha = Field(examples=["2026-01-20"])
    producto_id: UUID | None = None
    principios: list[Principio] = Field(default=[], max_length=10, examples=[["praziquantel", "milbemicina"]])
    peso_kg: PesoKg | None = None
    dosis: str | None = Field(default=None, max_length=80, examples=["1 comprimido"])
    lote: str | None = Field(default=None, max_length=40)
    duracion_dias: int | None = Field(
        default=None, ge=1, le=730, description="Lo que dura el efecto; hace falta en las externas", examples=[30]
    )
    sede_id: UUID | None = None


class DesparasitacionPortal(Schema):
    """Lo que el titular ve de una desparasitación: lista blanca."""

    id: UUID
    paciente_id: UUID
    tipo: str
    fecha: date
    producto: str | None
    principios: list[str]
    fecha_proxima: date | None
    version: int


class DesparasitacionLectura(DesparasitacionPortal):
    """Una desparasitación."""

    producto_id: UUID | None
    sede_id: UUID | None
    peso_kg: DecimalLeido | None
    dosis: str | None
    lote: str | None
    duracion_dias: int | None
    anulado_en: Instante | None
    anulacion_motivo: str | None
    creado_en: Instante
    creado_por: UUID | None
    avisos: list[Aviso] = []


class DesparasitacionFiltro(PageQuery):
    """Filtros de las desparasitaciones de un paciente."""

    tipo: list[TipoDesparasitacion] = Field(default=[], max_length=3)
    desde: Fecha | None = None
    hasta: Fecha | None = None
    incluir_anuladas: bool = False


class DesparasitacionSedeFiltro(DesparasitacionFiltro):
    """Filtros de las desparasitaciones de la sede."""

    sede_id: UUID | None = None
