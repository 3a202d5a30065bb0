"""El contrato de las recetas."""

from typing import Any
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.models.paciente import Destino
from app.api.models.receta import (
    ClaseReceta,
    EstadoReceta,
    FinalidadAntimicrobiana,
    TipoDispensacion,
    Tratamiento,
)
from app.api.schemas.alerta_medicacion_schema import AlertaMedicacionLectura, JustificacionAntibioticoCampos
from app.api.schemas.linea_receta_schema import LineaReceta, LineaRecetaLectura, LineaRecetaPortal
from app.config.demostracion import EJEMPLARES
from app.utils.schemas import Aviso, Fecha, Instante, PageQuery, Partial, Schema, si_se_pide

MAXIMO_LINEAS = 20


class GrupoAnimales(Schema):
    """Unos animales que se tratan juntos, sin ficha de cada uno."""

    especie: str = Field(max_length=40, examples=["ovino"])
    numero_animales: int = Field(ge=1, le=1_000_000, examples=[40])
    lote: str = Field(min_length=1, max_length=60, description="Lote, nave o identificación del grupo")
    rega: str | None = Field(default=None, max_length=20, description="Por defecto, el del titular")
    destino: Destino = Destino.PRODUCCION


class Justificacion(Schema):
    """Por qué se sigue adelante con una alerta grave; sin `linea`, vale para todas las de ese código."""

    codigo: str = Field(pattern=r"^AL\d{2}$", examples=["AL03"])
    motivo: str = Field(min_length=10, max_length=500, examples=["Prueba MDR1 negativa en diciembre de 2025"])
    linea: int | None = Field(default=None, ge=0, le=MAXIMO_LINEAS)


class RecetaCampos(Schema):
    """Lo que se escribe en un borrador; puede faltar hasta que se emite."""

    tipo_dispensacion: TipoDispensacion = Field(default=TipoDispensacion.DISPENSACION, examples=["dispensacion"])
    clase: ClaseReceta = ClaseReceta.ORDINARIA
    tratamiento: Tratamiento = Field(
        default=Tratamiento.GENERAL, description="Decide el plazo y si hace falta una consulta previa"
    )
    indicacion: str | None = Field(default=None, max_length=500, examples=["Pioderma superficial"])
    finalidad_antimicrobiana: FinalidadAntimicrobiana | None = None
    justificacion_categoria: JustificacionAntibioticoCampos | None = None
    justificaciones: list[Justificacion] = Field(default=[], max_length=40)
    advertencias: str | None = Field(default=None, max_length=2000, examples=["Dar con comida"])
    valida_hasta: Fecha | None = Field(
        default=None, description="Acorta el plazo legal; donde no lo hay, lo fija. Sin ella, el de la ley"
    )
    lineas: list[LineaReceta] = Field(default=[], max_length=MAXIMO_LINEAS)


class RecetaCrear(RecetaCampos):
    """Una receta en borrador, para un paciente o para un grupo."""

    paciente_id: UUID | None = Field(default=None, examples=[str(EJEMPLARES["pacientes"])])
    grupo: GrupoAnimales | None = Field(default=None, description="En lugar de `paciente_id`")
    cliente_id: UUID | None = Field(default=None, description="Por defecto, el titular del paciente")
    consulta_id: UUID | None = None
    sede_id: UUID | None = Field(default=None, description="Por defecto, la de la consulta o la de quien receta")
    veterinario_id: UUID | None = Field(default=None, description="Por defecto, quien la escribe")

    @model_validator(mode="after")
    def _para_quien(self) -> Any:
        if (self.paciente_id is None) == (self.grupo is None):
            raise PydanticCustomError("PACIENTE_O_GRUPO", "Indique paciente_id o grupo, uno solo")
        if self.grupo is not None and self.cliente_id is None:
            raise PydanticCustomError("CLIENTE_REQUERIDO", "Un grupo necesita su cliente_id")
        return self


class RecetaEditar(Partial, RecetaCampos):
    """Lo que cambia en un borrador; `lineas` se sustituyen enteras."""


class FirmaReceta(Schema):
    """Quién la firmó, con qué colegiación y cuándo."""

    veterinario: str
    num_colegiado: str
    firmado_en: Instante


class RecetaResumen(Schema):
    """Una receta en la lista de trabajo: sin contenido clínico."""

    id: UUID
    numero: str | None
    estado: EstadoReceta
    tipo_dispensacion: TipoDispensacion
    fecha_emision: Fecha | None
    valida_hasta: Fecha | None
    sede_id: UUID
    veterinario_id: UUID
    veterinario: str
    cliente_id: UUID
    cliente: str
    paciente_id: UUID | None
    paciente: str | None
    creado_en: Instante
    version: int


class RecetaPortal(Schema):
    """Lo que el titular ve de una receta emitida: lista blanca."""

    id: UUID
    numero: str
    estado: EstadoReceta
    fecha_emision: Fecha
    valida_hasta: Fecha | None
    sede_id: UUID
    veterinario: str
    paciente_id: UUID | None
    paciente: str | None
    indicacion: str | None
    advertencias: str | None
    lineas: list[LineaRecetaPortal]
    version: int


class RecetaLectura(RecetaResumen):
    """Una receta entera."""

    grupo: GrupoAnimales | None
    consulta_id: UUID | None
    clase: ClaseReceta
    tratamiento: Tratamiento
    indicacion: str | None
    finalidad_antimicrobiana: FinalidadAntimicrobiana | None
    justificacion_categoria: JustificacionAntibioticoCampos | None
    justificaciones: list[Justificacion]
    advertencias: str | None
    lineas: list[LineaRecetaLectura]
    emitida_en: Instante | None
    firma: FirmaReceta | None
    huella: str | None
    anulada_en: Instante | None
    anulacion_motivo: str | None
    actualizado_en: Instante
    alertas_medicacion: list[AlertaMedicacionLectura] | None = si_se_pide()
    avisos: list[Aviso] = []


class RecetaFiltro(PageQuery):
    """Filtros de la lista de recetas; las fechas son las de emisión, y se incluyen."""

    estado: list[EstadoReceta] = Field(default=[], max_length=10)
    paciente_id: UUID | None = None
    cliente_id: UUID | None = None
    veterinario_id: UUID | None = None
    sede_id: UUID | None = None
    desde: Fecha | None = None
    hasta: Fecha | None = None


class RecetaDePacienteFiltro(PageQuery):
    """Filtros de las recetas de un paciente."""

    estado: list[EstadoReceta] = Field(default=[], max_length=10)
