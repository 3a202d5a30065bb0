"""El contrato de las reglas de alerta."""

from typing import Any
from uuid import UUID

from pydantic import Field

from app.api.models.medicamento import EstadoValidacion
from app.utils.alertas_medicacion import TipoRegla
from app.utils.medicacion import Gravedad
from app.utils.schemas import Instante, PageQuery, Partial, Schema


class ReglaCampos(Schema):
    """Lo que se puede cambiar de una regla."""

    gravedad: Gravedad = Field(examples=["aviso"])
    mensaje: str = Field(min_length=1, max_length=300, examples=["El tramadol está en revisión en esta clínica"])
    parametros: dict[str, Any] = Field(default={}, examples=[{"principios": ["tramadol"], "especies": ["gato"]}])
    activa: bool = True
    fuente: str | None = Field(default=None, max_length=40)
    estado_validacion: EstadoValidacion = EstadoValidacion.POR_REVISAR


class ReglaCrear(ReglaCampos):
    """Alta de una regla propia; ni el código ni el tipo cambian después."""

    codigo: str = Field(pattern=r"^AL\d{2}$", examples=["AL50"], description="Si ya lo usa otra, con otra variante")
    variante: int = Field(default=1, ge=1, le=99)
    tipo: TipoRegla = Field(examples=["contraindicacion"])


class ReglaEditar(Partial, ReglaCampos):
    """Cambios en una regla; ``parametros``, si viene, los sustituye todos."""


class ReglaLectura(Schema):
    """Una regla de alerta."""

    id: UUID
    codigo: str
    variante: int
    tipo: str
    gravedad: str
    mensaje: str
    parametros: dict[str, Any]
    activa: bool
    semilla: bool
    fuente: str | None
    estado_validacion: str
    activo: bool
    version: int
    creado_en: Instante
    actualizado_en: Instante


class ReglaFiltro(PageQuery):
    """Filtros de la lista de reglas de alerta."""

    codigo: str | None = Field(default=None, max_length=20, examples=["AL04"])
    tipo: TipoRegla | None = None
    gravedad: Gravedad | None = None
    incluir_inactivas: bool = False
