"""El contrato de las alertas de medicación."""

from uuid import UUID

from pydantic import Field

from app.api.schemas.medicamento_schema import EsperaDeProducto
from app.api.schemas.principio_activo_schema import Dosis
from app.config.demostracion import EJEMPLARES
from app.utils.medicacion import UnidadDosis, Via
from app.utils.schemas import DecimalLeido, Fecha, Instante, Schema


class AlertaMedicacionLectura(Schema):
    """Una alerta: `bloqueo` no lo justifica nadie, `grave` un veterinario con su motivo, `aviso` no impide."""

    codigo: str
    gravedad: str
    mensaje: str
    justificable: bool
    linea: int | None = Field(description="Posición de la línea, desde 0; sin ella, es del animal")
    principio: str | None = Field(description="Código del principio activo con el que choca o del que habla")
    categoria_ema: str | None
    razon: DecimalLeido | None = Field(description="Cuántas veces el límite")
    limite: DecimalLeido | None
    unidad: str | None


class JustificacionAntibioticoCampos(Schema):
    """Por qué este antibiótico y no uno de menor categoría."""

    motivo: str | None = Field(default=None, max_length=500)
    prueba_sensibilidad: str | None = Field(default=None, max_length=200, description="Qué prueba, y su resultado")
    sin_prueba_motivo: str | None = Field(default=None, max_length=500, description="O por qué no se ha hecho")


class LineaAEvaluar(Schema):
    """Lo que se quiere dar: un medicamento o, si no lo hay, sus principios activos."""

    medicamento_id: UUID | None = None
    principios: list[UUID] = Field(default=[], max_length=10, examples=[[str(EJEMPLARES["principios-activos"])]])
    via: Via = Field(examples=["oral"])
    dosis: Dosis | None = Field(default=None, examples=["12.5"])
    unidad_dosis: UnidadDosis = UnidadDosis.MG_KG
    indicacion: str | None = Field(default=None, max_length=40, description="La de la pauta, si tiene varias")
    intervalo_h: int | None = Field(default=None, ge=1, le=8760, examples=[12])
    duracion_dias: int | None = Field(default=None, ge=1, le=3650, examples=[7])
    fuera_de_ficha: bool = False
    tiempo_espera: list[EsperaDeProducto] | None = Field(
        default=None, max_length=10, description="Sin decirlo, el de la ficha para su especie"
    )
    ultima_administracion: Instante | None = Field(
        default=None, description="Sin decirla, la que sale de la duración y el intervalo, empezando ahora"
    )
    caducidad_lote: Fecha | None = None


class EvaluacionPedida(Schema):
    """Qué se quiere dar y a quién."""

    paciente_id: UUID = Field(examples=[str(EJEMPLARES["pacientes"])])
    lineas: list[LineaAEvaluar] = Field(min_length=1, max_length=20)
    justificacion_categoria: JustificacionAntibioticoCampos | None = None
    sin_receta_id: UUID | None = Field(default=None, description="La receta que se edita: no cuenta como tratamiento")


class EsperaLectura(Schema):
    """Desde cuándo se puede consumir lo que da el animal; con varios medicamentos, lo más tarde."""

    producto: str
    apto_desde: Instante


class EvaluacionLectura(Schema):
    """Las alertas que saltarían; `impide` si con ellas no se podría seguir sin justificar."""

    impide: bool
    alertas_medicacion: list[AlertaMedicacionLectura]
    esperas: list[EsperaLectura] = Field(description="De lo que tiene tiempo de espera")
    aviso_clinico: str
