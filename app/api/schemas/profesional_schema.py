"""El contrato de los profesionales."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.models.profesional import Categoria
from app.utils.schemas import Instante, PageQuery, Partial, Schema

Especialidad = Annotated[str, Field(min_length=1, max_length=60)]


class ProfesionalCampos(Schema):
    """Lo que se puede escribir de un profesional."""

    nombre: str = Field(min_length=1, max_length=120, examples=["Lucía Romero Sanz"])
    categoria: Categoria = Field(examples=["veterinario"])
    num_colegiado: str | None = Field(
        default=None, min_length=1, max_length=20, pattern=r"^[A-Za-z0-9 ./-]+$", examples=["2801234"]
    )
    colegio: str | None = Field(default=None, max_length=80, examples=["Colegio de Veterinarios de Madrid"])
    especialidades: list[Especialidad] = Field(default=[], max_length=20, examples=[["cardiología"]])
    documento_identidad: str | None = Field(
        default=None, min_length=3, max_length=20, description="Se guarda cifrado; no vuelve a leerse entero"
    )
    color_agenda: str | None = Field(default=None, pattern=r"^#[0-9A-Fa-f]{6}$", max_length=7, examples=["#2E7D32"])
    agendable: bool = True


class ProfesionalCrear(ProfesionalCampos):
    """Alta de la ficha de un usuario que ya existe."""

    usuario_id: UUID


class ProfesionalEditar(Partial, ProfesionalCampos):
    """Cambios en la ficha; la persona no cambia."""


class ProfesionalPortal(Schema):
    """Lo que el titular ve de quien le puede atender."""

    id: UUID
    nombre: str
    version: int


class ProfesionalLectura(ProfesionalPortal):
    """Un profesional; ``documento_identidad``, tapado y sólo para quien administra."""

    usuario_id: UUID
    categoria: str
    num_colegiado: str | None
    colegio: str | None
    especialidades: list[str]
    documento_identidad: str | None
    color_agenda: str | None
    agendable: bool
    sedes: list[UUID]
    activo: bool
    creado_en: Instante
    actualizado_en: Instante


class ProfesionalFiltro(PageQuery):
    """Filtros de la lista de profesionales."""

    sede_id: UUID | None = None
    categoria: list[Categoria] = Field(default=[], max_length=len(Categoria))
    agendable: bool | None = None
