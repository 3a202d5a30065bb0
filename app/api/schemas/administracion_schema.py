"""El contrato de la administración directa: lo que se pone al animal en un acto clínico."""

from uuid import UUID

from pydantic import Field

from app.api.models.receta import ClaseReceta, FinalidadAntimicrobiana
from app.api.schemas.alerta_medicacion_schema import AlertaMedicacionLectura, JustificacionAntibioticoCampos
from app.api.schemas.linea_receta_schema import MAXIMO_ENVASES, Cantidad, Dosis, PorcentajeEnvase, TiempoEspera
from app.api.schemas.receta_schema import Justificacion
from app.config.demostracion import EJEMPLARES
from app.utils.medicacion import UnidadDosis, Via
from app.utils.schemas import Aviso, DecimalLeido, Fecha, Instante, PageQuery, PesoKg, Schema, si_se_pide


class AdministracionCrear(Schema):
    """Una aplicación del botiquín, con los datos que llevaría su receta."""

    paciente_id: UUID = Field(examples=[str(EJEMPLARES["pacientes"])])
    medicamento_id: UUID = Field(examples=[str(EJEMPLARES["medicamentos"])])
    cantidad: Cantidad = Field(description="En la unidad base del medicamento", examples=["0.42"])
    via: Via = Field(examples=["subcutanea"])
    lote: str = Field(min_length=1, max_length=40, examples=["L-2291"])
    caducidad_lote: Fecha = Field(examples=["2027-06-30"])
    indicacion: str = Field(min_length=3, max_length=500, examples=["Vómitos agudos"])
    dosis: Dosis | None = None
    unidad_dosis: UnidadDosis | None = Field(default=None, examples=["mg_kg"])
    peso_usado_kg: PesoKg | None = Field(default=None, description="Por defecto, la última pesada")
    en: Instante | None = Field(default=None, description="Por defecto, ahora")
    consulta_id: UUID | None = None
    sede_id: UUID | None = Field(default=None, description="Por defecto, la de la consulta o la de quien lo apunta")
    veterinario_id: UUID | None = Field(default=None, description="Responsable; por defecto, quien lo apunta")
    clase: ClaseReceta = ClaseReceta.ORDINARIA
    envases: int | None = Field(default=None, ge=1, le=MAXIMO_ENVASES, description="Los que se han empezado")
    porcentaje_envase: PorcentajeEnvase | None = None
    tiempo_espera: list[TiempoEspera] | None = Field(default=None, max_length=3)
    finalidad_antimicrobiana: FinalidadAntimicrobiana | None = None
    justificacion_categoria: JustificacionAntibioticoCampos | None = None
    justificaciones: list[Justificacion] = Field(default=[], max_length=40)
    advertencias: str | None = Field(default=None, max_length=2000)


class EsperaAplicada(TiempoEspera):
    """Un tiempo de espera que ya corre: desde cuándo se puede consumir."""

    apto_desde: str = Field(description="Fecha si se cuenta en días; instante si se cuenta en horas")


class AdministracionResumen(Schema):
    """Una administración en la lista: la trazabilidad del lote, sin contenido clínico."""

    id: UUID
    sede_id: UUID
    paciente_id: UUID
    paciente: str
    veterinario_id: UUID
    veterinario: str
    medicamento_id: UUID
    medicamento: str
    en: Instante
    cantidad: DecimalLeido
    unidad: str
    lote: str
    caducidad_lote: Fecha
    version: int


class AdministracionLectura(AdministracionResumen):
    """Una administración entera."""

    consulta_id: UUID | None
    clase: ClaseReceta
    indicacion: str
    via: str
    dosis: DecimalLeido | None
    unidad_dosis: str | None
    peso_usado_kg: DecimalLeido | None
    envases: int | None
    porcentaje_envase: DecimalLeido | None
    tiempo_espera: list[EsperaAplicada] | None
    finalidad_antimicrobiana: FinalidadAntimicrobiana | None
    justificacion_categoria: JustificacionAntibioticoCampos | None
    justificaciones: list[Justificacion]
    advertencias: str | None
    creado_en: Instante
    alertas_medicacion: list[AlertaMedicacionLectura] | None = si_se_pide()
    avisos: list[Aviso] = []


class AdministracionFiltro(PageQuery):
    """Filtros de la lista de administraciones; las fechas se incluyen."""

    paciente_id: UUID | None = None
    medicamento_id: UUID | None = None
    veterinario_id: UUID | None = None
    sede_id: UUID | None = None
    lote: str | None = Field(default=None, max_length=40)
    desde: Fecha | None = None
    hasta: Fecha | None = None
