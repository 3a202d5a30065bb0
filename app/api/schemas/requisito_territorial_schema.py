"""El contrato de lo que cada territorio exige de las vacunas."""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.api.models.protocolo_vacunal import EstadoDato
from app.api.schemas.protocolo_vacunal_schema import Codigo, Meses
from app.utils.schemas import Aviso, Fecha, Instante, PageQuery, Partial, Schema


class RequisitoCampos(Schema):
    """Lo que se puede cambiar de un requisito territorial."""

    obligatoria: bool = Field(examples=[True])
    edad_min_dias: int | None = Field(default=None, ge=0, le=3650, examples=[90])
    dosis_iniciales: int | None = Field(default=None, ge=1, le=10)
    periodicidad_meses: Meses | None = Field(
        default=None, examples=[12], description="Vacía, la de la ficha técnica de la vacuna"
    )
    vigente_desde: Fecha = Field(examples=["2026-01-01"])
    vigente_hasta: Fecha | None = None
    fuente: str = Field(min_length=2, max_length=200, examples=["Boletín oficial de la comunidad"])
    estado: EstadoDato = Field(default=EstadoDato.POR_REVISAR, examples=["verificado"])
    notas: str | None = Field(default=None, max_length=500)


class RequisitoCrear(RequisitoCampos):
    """Alta de un requisito territorial; de quién habla no cambia después."""

    territorio: str = Field(
        min_length=2, max_length=40, examples=["ES-AN"], description="El `territorio_sanitario` de las sedes"
    )
    especie: Codigo = Field(examples=["perro"])
    protocolo: Codigo = Field(default="rabia", examples=["rabia"])


class RequisitoEditar(Partial, RequisitoCampos):
    """Cambios en un requisito: se recalculan las fechas que no se fijaron a mano."""


class RequisitoLectura(Schema):
    """Lo que un territorio exige de una vacuna en una especie."""

    id: UUID
    territorio: str
    especie: str
    protocolo: str
    obligatoria: bool
    edad_min_dias: int | None
    dosis_iniciales: int | None
    periodicidad_meses: int | None
    vigente_desde: date
    vigente_hasta: date | None
    fuente: str
    estado: str
    notas: str | None
    activo: bool
    version: int
    creado_en: Instante
    actualizado_en: Instante
    avisos: list[Aviso] = []


class RequisitoFiltro(PageQuery):
    """Filtros de la lista de requisitos territoriales."""

    territorio: str | None = Field(default=None, max_length=40)
    especie: str | None = Field(default=None, max_length=40)
    protocolo: str | None = Field(default=None, max_length=40)
    vigente_en: Fecha | None = Field(default=None, description="Los que rigen ese día")
    incluir_inactivos: bool = False
