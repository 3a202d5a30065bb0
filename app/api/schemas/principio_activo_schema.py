"""El contrato de los principios activos y sus pautas."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.models.medicamento import CategoriaEma, Control, EstadoValidacion
from app.utils.medicacion import UnidadDosis, Via
from app.utils.schemas import Cifras, Instante, PageQuery, Partial, Schema

Codigo = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9_]+$")]
CodigoEspecie = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_]+$")]
# Cuatro decimales, los de una dosis efectiva: así ninguna se muestra por encima de su máximo.
Dosis = Annotated[Decimal, Cifras(6, 4, "12.5", gt=0)]
Concentracion = Annotated[Decimal, Cifras(7, 5, "250", gt=0)]


class PautaCampos(Schema):
    """Pauta orientativa en una especie y una vía; sin dosis, sólo informa."""

    especie: CodigoEspecie = Field(examples=["perro"])
    via: Via = Field(examples=["oral"])
    dosis_min: Dosis | None = None
    dosis_max: Dosis | None = Field(default=None, description="Sin ella, la mínima no tiene techo")
    unidad_dosis: UnidadDosis = UnidadDosis.MG_KG
    indicacion: str | None = Field(default=None, max_length=40, pattern=r"^[a-z0-9_]+$", examples=["mantenimiento"])
    intervalo_h: int | None = Field(default=None, ge=1, le=8760, examples=[12])
    duracion_max_dias: int | None = Field(default=None, ge=1, le=3650)
    edad_min_dias: int | None = Field(default=None, ge=0, le=7300)
    peso_min_kg: Dosis | None = None
    concentracion: Concentracion | None = Field(
        default=None, description="Sólo vale para la presentación que tiene esta concentración"
    )
    por_banda: bool = Field(default=False, description="La dosis es un mínimo: se elige el envase por peso")
    nota: str | None = Field(default=None, max_length=200)
    fuente: str | None = Field(default=None, max_length=40, examples=["Ficha técnica del producto"])
    estado_validacion: EstadoValidacion = EstadoValidacion.POR_REVISAR

    @model_validator(mode="after")
    def _en_orden(self) -> "PautaCampos":
        if self.dosis_min is not None and self.dosis_max is not None and self.dosis_min > self.dosis_max:
            raise PydanticCustomError("PAUTA_INVERTIDA", "La dosis mínima no puede pasar de la máxima")
        return self


class PrincipioCampos(Schema):
    """Lo que se puede cambiar de un principio activo."""

    nombre_dci: str = Field(min_length=1, max_length=120, examples=["Tramadol"])
    grupo: Codigo | None = Field(default=None, max_length=40, examples=["opioide"])
    familia: Codigo | None = Field(default=None, max_length=40)
    componentes: list[Codigo] = Field(
        default=[], max_length=10, description="Códigos de los que se compone una combinación"
    )
    expresion: str | None = Field(default=None, max_length=120, description="En qué se expresa su dosis")
    categoria_ema: CategoriaEma | None = None
    control: Control = Control.NINGUNO
    pautas: list[PautaCampos] = Field(default=[], max_length=100)
    fuente: str | None = Field(default=None, max_length=40)
    estado_validacion: EstadoValidacion = EstadoValidacion.POR_REVISAR


class PrincipioCrear(PrincipioCampos):
    """Alta de un principio activo; el código no cambia después."""

    codigo: Codigo = Field(examples=["tramadol"])


class PrincipioEditar(Partial, PrincipioCampos):
    """Cambios en un principio activo; ``pautas``, si viene, las sustituye todas."""


class PautaLectura(Schema):
    """Una pauta orientativa."""

    especie: str
    via: str
    dosis_min: str | None
    dosis_max: str | None
    unidad_dosis: str
    indicacion: str | None
    intervalo_h: int | None
    duracion_max_dias: int | None
    edad_min_dias: int | None
    peso_min_kg: str | None
    concentracion: str | None
    por_banda: bool
    nota: str | None
    fuente: str | None
    estado_validacion: str


class PrincipioLectura(Schema):
    """Un principio activo."""

    id: UUID
    codigo: str
    nombre_dci: str
    grupo: str | None
    familia: str | None
    componentes: list[str]
    expresion: str | None
    categoria_ema: str | None
    control: str
    pautas: list[PautaLectura]
    fuente: str | None
    estado_validacion: str
    activo: bool
    version: int
    creado_en: Instante
    actualizado_en: Instante


class PrincipioFiltro(PageQuery):
    """Filtros de la lista de principios activos."""

    q: str | None = Field(default=None, min_length=1, max_length=60, examples=["amoxi"])
    grupo: str | None = Field(default=None, max_length=40)
    categoria_ema: CategoriaEma | None = None
    control: Control | None = None
    incluir_inactivos: bool = False
