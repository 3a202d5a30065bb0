"""El contrato de los recursos."""

from uuid import UUID

from pydantic import Field

from app.api.models.agenda import TipoRecurso
from app.utils.schemas import Aviso, Instante, PageQuery, Partial, Schema


class RecursoCampos(Schema):
    """Lo que se puede cambiar de un recurso."""

    codigo: str = Field(min_length=1, max_length=20, pattern=r"^[A-Za-z0-9_-]+$", examples=["C1"])
    nombre: str = Field(min_length=1, max_length=80, examples=["Consulta 1"])
    capacidad: int = Field(default=1, ge=1, le=200, description="Plazas que se pueden ocupar a la vez")


class RecursoCrear(RecursoCampos):
    """Alta de un recurso; ni su sede ni su tipo cambian después."""

    sede_id: UUID
    tipo: TipoRecurso = Field(examples=["sala_consulta"])


class RecursoEditar(Partial, RecursoCampos):
    """Cambios en un recurso."""


class RecursoLectura(Schema):
    """Un recurso."""

    id: UUID
    sede_id: UUID
    codigo: str
    nombre: str
    tipo: str
    capacidad: int
    activo: bool
    version: int
    creado_en: Instante
    actualizado_en: Instante
    avisos: list[Aviso] = []


class RecursoFiltro(PageQuery):
    """Filtros de la lista de recursos."""

    sede_id: UUID | None = None
    tipo: list[TipoRecurso] = Field(default=[], max_length=10)
    incluir_inactivos: bool = False
