"""El contrato de los sistemas de codificación."""

from uuid import UUID

from pydantic import Field

from app.utils.schemas import Aviso, Instante, PageQuery, Partial, Schema


class SistemaCampos(Schema):
    """Lo que se dice de un sistema que la clínica tiene derecho a usar."""

    nombre: str = Field(min_length=1, max_length=120, examples=["VeNom Coding Group"])
    version_sistema: str = Field(min_length=1, max_length=40, examples=["2026-04"])
    licencia: str = Field(min_length=1, max_length=300, examples=["Acuerdo de uso firmado por la clínica"])
    url: str | None = Field(default=None, max_length=300, pattern=r"^https?://\S+$")


class SistemaCrear(SistemaCampos):
    """Alta de un sistema; el código no cambia después. `propio` es el que trae Servet y no se registra."""

    codigo: str = Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_]+$", examples=["venom"])


class SistemaEditar(Partial, SistemaCampos):
    """Cambios en un sistema; lo ya codificado conserva la versión con la que se codificó."""


class SistemaLectura(Schema):
    """Un sistema de codificación registrado."""

    id: UUID
    codigo: str
    nombre: str
    version_sistema: str
    licencia: str
    url: str | None
    activo: bool
    version: int
    creado_en: Instante
    actualizado_en: Instante
    avisos: list[Aviso] = []


class SistemaFiltro(PageQuery):
    """Filtros de la lista de sistemas."""

    incluir_inactivos: bool = False
