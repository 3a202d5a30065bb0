"""El contrato de los diagnósticos y los problemas."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.models.diagnostico import Certeza
from app.utils.schemas import Aviso, Fecha, Instante, PageQuery, Partial, Schema

Codigo = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^\S+$")]


class Codificado(Schema):
    """Un término, con el código que lleva en un sistema registrado o en el propio."""

    texto: str = Field(min_length=1, max_length=500, examples=["Otitis externa"])
    sistema_codigo: Codigo | None = Field(default=None, description="`propio`, o uno de /sistemas-codificacion")
    codigo: Codigo | None = None
    version_sistema: Annotated[str, Field(min_length=1, max_length=40)] | None = Field(
        default=None, description="Con cuál se codificó; sin decirla, la que la clínica tiene registrada"
    )


class DiagnosticoCampos(Codificado):
    """Lo que se escribe de un diagnóstico."""

    certeza: Certeza = Field(examples=["presuntivo"])
    publicado: bool = Field(default=False, description="Si el titular lo verá al publicar la consulta")


class DiagnosticoCrear(DiagnosticoCampos):
    """Un diagnóstico nuevo; puede sustituir a otro de la misma consulta."""

    sustituye_a_id: UUID | None = None


class DiagnosticoEditar(Partial, DiagnosticoCampos):
    """Cambios en un diagnóstico."""


class DiagnosticoPortal(Schema):
    """Lo que el titular ve de un diagnóstico publicado."""

    id: UUID
    consulta_id: UUID
    certeza: str
    texto: str
    version: int


class DiagnosticoLectura(DiagnosticoPortal):
    """Un diagnóstico."""

    sistema_codigo: str | None
    codigo: str | None
    version_sistema: str | None
    publicado: bool
    sustituye_a_id: UUID | None
    creado_en: Instante
    creado_por: UUID | None
    avisos: list[Aviso] = []


class ProblemaCampos(Codificado):
    """Lo que se escribe de un problema."""

    fecha_inicio: Fecha = Field(examples=["2025-03-01"])
    fecha_fin: Fecha | None = Field(default=None, description="Cuando se da por resuelto")
    notas: str | None = Field(default=None, max_length=2000)


class ProblemaCrear(ProblemaCampos):
    """Un problema que el paciente arrastra, como una enfermedad crónica."""


class ProblemaEditar(Partial, ProblemaCampos):
    """Cambios en un problema; con ``fecha_fin``, resuelto."""


class ProblemaLectura(Schema):
    """Un problema: «activo» mientras no tiene fecha de fin."""

    id: UUID
    paciente_id: UUID
    texto: str
    estado: str
    sistema_codigo: str | None
    codigo: str | None
    version_sistema: str | None
    fecha_inicio: date
    fecha_fin: date | None
    notas: str | None
    activo: bool
    version: int
    creado_en: Instante
    creado_por: UUID | None
    avisos: list[Aviso] = []


class ProblemaFiltro(PageQuery):
    """Filtros de los problemas; sin pedir más, los que siguen abiertos y los resueltos."""

    solo_abiertos: bool = False
    incluir_bajas: bool = False
