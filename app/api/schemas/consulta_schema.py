"""El contrato de las consultas: lo que se escribe y por qué se filtran."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.models.consulta import EstadoConsulta, MetodoFirma, TipoConsulta
from app.utils.schemas import Fecha, Instante, PageQuery, Partial, Schema

Texto = Annotated[str, Field(min_length=1, max_length=20000)]


class ConsultaCampos(Schema):
    """Lo que se escribe mientras está abierta."""

    tipo: TipoConsulta = TipoConsulta.CONSULTA
    motivo: str = Field(min_length=1, max_length=500, examples=["Se rasca las orejas"])
    motivo_codigo: str | None = Field(default=None, max_length=10, examples=["M11"], description="Del catálogo propio")
    subjetivo: Texto | None = Field(default=None, examples=["Desde hace una semana sacude la cabeza."])
    objetivo: Texto | None = None
    valoracion: Texto | None = None
    plan: Texto | None = None
    recomendaciones_cliente: Texto | None = Field(default=None, description="Lo que leerá el titular")
    notas_clinicas_privadas: Texto | None = Field(default=None, description="Nunca llegan al portal")
    proxima_revision: Fecha | None = None


class ConsultaCrear(ConsultaCampos):
    """Abre una consulta; sin ``veterinario_id``, la lleva quien la abre."""

    sede_id: UUID
    veterinario_id: UUID | None = None
    cita_id: UUID | None = None
    inicio: Instante | None = None


class ConsultaEditar(Partial, ConsultaCampos):
    """Cambios mientras está abierta; un auxiliar, sólo ``subjetivo``."""

    veterinario_id: UUID


class Cierre(Schema):
    """Cómo se firma: con la sesión que se abrió con contraseña."""

    metodo_firma: MetodoFirma = Field(default=MetodoFirma.CONTRASENA, examples=["contrasena"])


class ConsultaFiltro(PageQuery):
    """Filtros de las consultas de un paciente."""

    estado: list[EstadoConsulta] = Field(default=[], max_length=3)
    desde: Fecha | None = None
    hasta: Fecha | None = None


class TrabajoFiltro(ConsultaFiltro):
    """Filtros de la lista de trabajo; sin ``sede_id``, las sedes de quien pide."""

    sede_id: UUID | None = None
    veterinario_id: UUID | None = None
