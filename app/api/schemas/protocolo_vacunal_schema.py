"""El contrato de los calendarios vacunales."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.models.protocolo_vacunal import ClaseProtocolo, EstadoDato, TipoProtocolo
from app.utils.schemas import Aviso, Instante, PageQuery, Partial, Schema

Codigo = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_]+$")]
Semanas = Annotated[int, Field(ge=0, le=520)]
Dias = Annotated[int, Field(ge=1, le=365)]
Meses = Annotated[int, Field(ge=1, le=120)]


class ProtocoloCampos(Schema):
    """Lo que se puede cambiar de un protocolo vacunal."""

    nombre: str = Field(min_length=1, max_length=120, examples=["Tos de las perreras"])
    especies: list[Codigo] = Field(min_length=1, max_length=40, examples=[["perro"]])
    clase: ClaseProtocolo = Field(examples=["no_esencial"])
    tipo: TipoProtocolo = Field(
        examples=["dosis"], description="`serie`: de cachorro, con fin por edad; `dosis`: un número fijo y refuerzos"
    )
    edad_min_semanas: Semanas = Field(examples=[8])
    intervalo_min_dias: Dias = 14
    intervalo_objetivo_dias: Dias = 28
    fin_serie_semanas: Semanas = 16
    refuerzo_1_semanas: Semanas = 26
    dosis_adulto: int = Field(default=2, ge=1, le=10)
    refuerzo_adulto_meses: Meses | None = Field(default=None, description="Vacío, el parámetro de la organización")
    dosis_iniciales: int = Field(default=1, ge=1, le=10)
    refuerzo_1_meses: Meses = 12
    periodo_meses: Meses | None = Field(
        default=None, examples=[12], description="Vacío, lo que diga la ficha técnica de lo que se puso"
    )
    caducidad_meses: Meses | None = Field(default=None, description="Vacío, la serie no caduca")
    fuente: str = Field(min_length=2, max_length=200, examples=["Ficha técnica del producto"])
    estado: EstadoDato = Field(default=EstadoDato.POR_REVISAR, examples=["verificado"])
    notas: str | None = Field(default=None, max_length=500)


class ProtocoloCrear(ProtocoloCampos):
    """Alta de un protocolo vacunal; el código no cambia después."""

    codigo: Codigo = Field(examples=["tos_perreras"])


class ProtocoloEditar(Partial, ProtocoloCampos):
    """Cambios en un protocolo: se recalculan las fechas que no se fijaron a mano."""


class ProtocoloLectura(Schema):
    """Un protocolo vacunal."""

    id: UUID
    codigo: str
    nombre: str
    especies: list[str]
    clase: str
    tipo: str
    edad_min_semanas: int
    intervalo_min_dias: int
    intervalo_objetivo_dias: int
    fin_serie_semanas: int
    refuerzo_1_semanas: int
    dosis_adulto: int
    refuerzo_adulto_meses: int | None
    dosis_iniciales: int
    refuerzo_1_meses: int
    periodo_meses: int | None
    caducidad_meses: int | None
    fuente: str
    estado: str
    notas: str | None
    activo: bool
    version: int
    creado_en: Instante
    actualizado_en: Instante
    avisos: list[Aviso] = []


class ProtocoloFiltro(PageQuery):
    """Filtros de la lista de protocolos vacunales."""

    especie: str | None = Field(default=None, max_length=40)
    codigo: str | None = Field(default=None, max_length=40)
    incluir_inactivos: bool = False
