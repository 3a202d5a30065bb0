"""El contrato de los tipos de cita."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.models.agenda import TipoRecurso
from app.utils.schemas import Aviso, DecimalLeido, Importe, Instante, PageQuery, Partial, Schema

CodigoEspecie = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_]+$")]


class TipoCitaCampos(Schema):
    """Lo que se puede cambiar de un tipo de cita."""

    nombre: str = Field(min_length=1, max_length=80, examples=["Consulta general"])
    duracion_min: int = Field(ge=1, le=1440, examples=[20], description="Múltiplo de la granularidad de la agenda")
    buffer_antes_min: int = Field(default=0, ge=0, le=240)
    buffer_despues_min: int = Field(default=0, ge=0, le=240, examples=[5])
    requiere_veterinario: bool = Field(default=False, examples=[True])
    requiere_auxiliar: bool = False
    sala_tipo: TipoRecurso | None = Field(default=None, examples=["sala_consulta"])
    equipo_tipo: TipoRecurso | None = None
    especies: list[CodigoEspecie] = Field(
        default=[], max_length=40, examples=[["perro", "gato"]], description="Vacía, todas"
    )
    reservable_portal: bool = False
    requiere_confirmacion: bool = False
    antelacion_min_h: int = Field(default=0, ge=0, le=8760)
    antelacion_max_dias: int = Field(default=365, ge=0, le=1095, examples=[90])
    precio_orientativo: Importe | None = None
    instrucciones: str | None = Field(default=None, max_length=1000, examples=["Ayuno de 8 horas"])
    permite_solape: bool = False
    color: str | None = Field(default=None, pattern=r"^#[0-9A-Fa-f]{6}$", examples=["#0F71B3"])


class TipoCitaCrear(TipoCitaCampos):
    """Alta de un tipo de cita; el código no cambia después."""

    codigo: str = Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_]+$", examples=["revision_cachorros"])


class TipoCitaEditar(Partial, TipoCitaCampos):
    """Cambios en un tipo de cita; las citas ya dadas conservan su duración."""


class TipoCitaPortal(Schema):
    """Lo que el titular ve de un tipo de cita que puede reservar: lista blanca."""

    id: UUID
    codigo: str
    nombre: str
    duracion_min: int
    especies: list[str]
    requiere_confirmacion: bool
    antelacion_min_h: int
    antelacion_max_dias: int
    precio_orientativo: DecimalLeido | None
    instrucciones: str | None
    version: int


class TipoCitaLectura(TipoCitaPortal):
    """Un tipo de cita."""

    buffer_antes_min: int
    buffer_despues_min: int
    requiere_veterinario: bool
    requiere_auxiliar: bool
    sala_tipo: str | None
    equipo_tipo: str | None
    reservable_portal: bool
    permite_solape: bool
    color: str | None
    activo: bool
    creado_en: Instante
    actualizado_en: Instante
    avisos: list[Aviso] = []


class TipoCitaFiltro(PageQuery):
    """Filtros de la lista de tipos de cita."""

    codigo: str | None = Field(default=None, max_length=40)
    reservable_portal: bool | None = None
    incluir_inactivos: bool = False
