"""El contrato de las vacunaciones y del plan vacunal."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.models.producto import ViaVacuna
from app.utils.schemas import (
    Aviso,
    Cifras,
    DecimalLeido,
    Fecha,
    Instante,
    PageQuery,
    Partial,
    PesoKg,
    Schema,
)

DosisMl = Annotated[Decimal, Cifras(3, 3, "1.000", gt=0)]


class VacunacionCrear(Schema):
    """Una vacuna puesta; la que puso otro centro (`externa`) admite lote, caducidad y veterinario desconocidos."""

    producto_id: UUID
    fecha: Fecha = Field(examples=["2026-01-20"])
    lote: str | None = Field(default=None, min_length=1, max_length=40, examples=["A123B"])
    caducidad_lote: Fecha | None = Field(default=None, examples=["2027-06-30"])
    dosis_ml: DosisMl | None = None
    via: ViaVacuna | None = Field(default=None, examples=["subcutanea"], description="Sin ella, la de la ficha técnica")
    sitio: str | None = Field(default=None, max_length=80, examples=["Hombro derecho"])
    peso_kg: PesoKg | None = None
    veterinario_id: UUID | None = Field(default=None, description="Responsable; sin él, quien la registra si lo es")
    orden_veterinario_id: UUID | None = Field(default=None, description="Quien la ordenó, si la registra un auxiliar")
    sede_id: UUID | None = None
    externa: bool = False


class VacunacionEditar(Partial):
    """La próxima fecha, fijada a mano y por qué; nula, vuelve la calculada."""

    fecha_proxima: Fecha | None = Field(default=None, examples=["2027-03-01"])
    motivo: str = Field(min_length=3, max_length=200, examples=["Viaja en febrero"])


class EnProtocoloPortal(Schema):
    """Lo que la dosis supone en un protocolo."""

    protocolo: str
    numero_en_serie: int | None
    fecha_proxima: date | None


class EnProtocolo(EnProtocoloPortal):
    """Lo que la dosis supone en un protocolo; sin número no cuenta, y dice por qué."""

    fase_siguiente: str | None
    descarte: str | None
    descarte_mensaje: str | None


class VacunacionPortal(Schema):
    """Lo que el titular ve de una vacuna: lista blanca."""

    id: UUID
    paciente_id: UUID
    producto_id: UUID
    producto: str
    fabricante: str | None
    antigenos: list[str]
    fecha: date
    lote: str | None
    via: str | None
    externa: bool
    veterinario: str | None
    protocolos: list[EnProtocoloPortal]
    fecha_proxima: date | None
    numero_en_serie: int | None
    valida_ue_desde: date | None
    valida_ue_hasta: date | None
    version: int


class VacunacionLectura(VacunacionPortal):
    """Una vacuna puesta."""

    protocolos: list[EnProtocolo]  # type: ignore[assignment]
    caducidad_lote: date | None
    dosis_ml: DecimalLeido | None
    sitio: str | None
    peso_kg: DecimalLeido | None
    veterinario_id: UUID | None
    orden_veterinario_id: UUID | None
    sede_id: UUID | None
    proxima_a_mano: bool
    proxima_motivo: str | None
    reaccion_adversa_id: UUID | None = Field(description="El suceso adverso que se apuntó por esta dosis")
    anulado_en: Instante | None
    anulacion_motivo: str | None
    creado_en: Instante
    creado_por: UUID | None
    avisos: list[Aviso] = []


class VacunacionFiltro(PageQuery):
    """Filtros de las vacunas de un paciente."""

    protocolo: str | None = Field(default=None, max_length=40)
    desde: Fecha | None = None
    hasta: Fecha | None = None
    incluir_anuladas: bool = False


class VacunacionSedeFiltro(VacunacionFiltro):
    """Filtros de las vacunas de la sede."""

    lote: str | None = Field(default=None, max_length=40, examples=["A123B"])
    producto_id: UUID | None = None
    sede_id: UUID | None = None
