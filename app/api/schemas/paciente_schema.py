"""El contrato de los pacientes."""

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from app.api.models.paciente import Destino, EstadoPaciente, Esterilizado, Mdr1, Precision, Sexo, SinIdentificacion
from app.api.models.peso import MetodoPeso
from app.api.schemas.cliente_schema import ClienteLectura
from app.utils import microchip
from app.utils.schemas import Aviso, DecimalLeido, Fecha, Instante, PageQuery, Partial, PesoKg, Schema, si_se_pide


def _microchip(valor: Any) -> Any:
    if not isinstance(valor, str):
        return valor
    try:
        return microchip.validar(valor).codigo
    except microchip.MicrochipInvalido as error:
        raise PydanticCustomError(error.codigo, error.mensaje) from None


Microchip = Annotated[
    str,
    BeforeValidator(_microchip),
    WithJsonSchema({"type": "string", "maxLength": 40, "examples": ["941000012345678"]}),
]
# «Tal cual, en mayúsculas»: dos letras del Estado emisor y lo que siga.
Pasaporte = Annotated[
    str,
    Field(min_length=3, max_length=15, pattern=r"^[A-Za-z]{2}[A-Za-z0-9]+$", examples=["ES2801234567"]),
    AfterValidator(str.upper),
]
Codigo = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9_]+$")]


class Identificador(Schema):
    """Otra identificación del animal, además del microchip principal."""

    tipo: Literal[
        "microchip_secundario", "tatuaje", "anilla", "crotal", "pasaporte_ue", "cartilla", "registro_oficial",
        "libro_genealogico",
    ]  # fmt: skip
    valor: str = Field(min_length=1, max_length=40, examples=["ES-123456"])


class Ppp(Schema):
    """Datos de perro potencialmente peligroso (España)."""

    es_ppp: bool
    licencia: str | None = Field(default=None, max_length=40)
    licencia_caduca: Fecha | None = None
    seguro: str | None = Field(default=None, max_length=40)
    seguro_caduca: Fecha | None = None


class Seguro(Schema):
    """Seguro del animal."""

    compania: str = Field(min_length=1, max_length=80)
    poliza: str = Field(min_length=1, max_length=40)


class PesoInicial(Schema):
    """La pesada del alta."""

    peso_kg: PesoKg
    metodo: MetodoPeso = MetodoPeso.BASCULA
    medido_en: Instante | None = None


class PacienteCampos(Schema):
    """Lo que se puede escribir de un paciente."""

    nombre: str = Field(min_length=1, max_length=60, examples=["Luna"])
    especie: Codigo = Field(examples=["perro"])
    raza: Codigo | None = Field(default=None, examples=["border_collie"])
    raza_texto: str | None = Field(default=None, max_length=120)
    sexo: Sexo = Field(examples=["hembra"])
    esterilizado: Esterilizado = Field(examples=["si"])
    fecha_esterilizacion: Fecha | None = None
    fecha_nacimiento: Fecha | None = Field(default=None, examples=["2024-05-02"])
    precision_nacimiento: Precision | None = Field(default=None, examples=["exacta"])
    edad_estimada_meses: int | None = Field(default=None, ge=0, le=1200, description="Si no se sabe la fecha")
    fecha_estimacion: Fecha | None = Field(default=None, description="Cuándo se estimó la edad; sin ella, hoy")
    capa: str | None = Field(default=None, max_length=80, examples=["blanco y negro"])
    tamanio: str | None = Field(default=None, max_length=20)
    senias: str | None = Field(default=None, max_length=500)
    microchip: Microchip | None = None
    fecha_microchip: Fecha | None = None
    microchip_lugar: str | None = Field(default=None, max_length=60)
    verificado_lector: bool = False
    identificadores: list[Identificador] = Field(default=[], max_length=20)
    pasaporte_ue: Pasaporte | None = None
    motivo_sin_identificacion: SinIdentificacion | None = None
    destino: Destino = Destino.COMPANIA
    apto_consumo: bool | None = None
    gestante_desde: Fecha | None = None
    lactante_desde: Fecha | None = None
    mdr1: Mdr1 = Mdr1.NO_TESTADO
    grupo_sanguineo: str | None = Field(default=None, max_length=20)
    temperamento: str | None = Field(default=None, max_length=120)
    ppp: Ppp | None = None
    seguro: Seguro | None = None

    @model_validator(mode="after")
    def _una_sola_edad(self) -> Self:
        if self.edad_estimada_meses is None:
            if self.fecha_estimacion:
                raise PydanticCustomError("EDAD_INCOMPLETA", "Falta la edad que se estimó en esa fecha")
        elif self.fecha_nacimiento or self.precision_nacimiento:
            raise PydanticCustomError("EDAD_DUPLICADA", "Indique la fecha de nacimiento o la edad estimada, no ambas")
        return self


class PacienteNuevo(PacienteCampos):
    """Alta de un paciente de un cliente que ya se sabe."""

    peso_inicial: PesoInicial | None = None
    id_externo: str | None = Field(default=None, min_length=1, max_length=80)


class PacienteCrear(PacienteNuevo):
    """Alta de un paciente; ``cliente_id`` abre la titularidad."""

    cliente_id: UUID


class PacienteEditar(Partial, PacienteCampos):
    """Cambios en la ficha; el titular cambia con su propia acción."""


class EdadLectura(Schema):
    """La edad hoy, o al morir."""

    anios: int
    meses: int
    dias: int
    semanas: int
    texto: str
    precision: str


class PesoActual(Schema):
    """La última pesada no anulada."""

    peso_kg: DecimalLeido
    medido_en: Instante
    metodo: str


class MicrochipDetalle(Schema):
    """Lo que dice el prefijo del microchip."""

    tipo_prefijo: str
    prefijo: str
    pais: str | None


class TitularResumen(Schema):
    """El titular vigente, en una línea."""

    id: UUID
    nombre: str


class PacientePortal(Schema):
    """Lo que el titular ve de su animal: lista blanca."""

    id: UUID
    codigo: str
    nombre: str
    especie: str
    raza: str | None
    raza_texto: str | None
    sexo: str
    esterilizado: str
    fecha_esterilizacion: date | None
    fecha_nacimiento: date | None
    precision_nacimiento: str | None
    edad: EdadLectura | None
    capa: str | None
    senias: str | None
    microchip: str | None
    pasaporte_ue: str | None
    peso_actual: PesoActual | None
    estado: EstadoPaciente
    fecha_fallecimiento: date | None
    version: int


class ProximaVacuna(Schema):
    """La próxima dosis de un protocolo."""

    protocolo: str
    nombre: str
    fecha_proxima: date
    fase: str
    numero_en_serie: int
    estado: str


class IncluidoEnPaciente(Schema):
    """Lo que se pidió con `incluir`; nulo lo que no existe o no se puede ver."""

    cliente: ClienteLectura | None = si_se_pide()


class PacienteLectura(PacientePortal):
    """La ficha completa, para la clínica."""

    cliente_id: UUID | None
    titular: TitularResumen | None
    tamanio: str | None
    fecha_microchip: date | None
    microchip_lugar: str | None
    microchip_detalle: MicrochipDetalle | None
    verificado_lector: bool
    identificadores: list[Identificador]
    motivo_sin_identificacion: str | None
    destino: str
    apto_consumo: bool | None
    gestante: bool
    gestante_desde: date | None
    lactante: bool
    lactante_desde: date | None
    mdr1: str
    grupo_sanguineo: str | None
    temperamento: str | None
    ppp: Ppp | None
    seguro: Seguro | None
    perdido_desde: date | None
    causa_fallecimiento: str | None
    eutanasia: bool | None
    destino_restos: str | None
    fusionado_en_id: UUID | None
    id_externo: str | None
    creado_en: Instante
    actualizado_en: Instante
    avisos: list[Aviso] = []
    incluido: IncluidoEnPaciente | None = si_se_pide()


class PacienteFicha(PacienteLectura):
    """La ficha completa, con las vacunas que le tocan."""

    proximas_vacunas: list[ProximaVacuna]


class PacienteFiltro(PageQuery):
    """Filtros de la lista de pacientes."""

    q: str | None = Field(
        default=None, min_length=2, max_length=60,
        description="Nombre, titular, teléfono o microchip; tolera una errata", examples=["luna"],
    )  # fmt: skip
    microchip: str | None = Field(default=None, max_length=40)
    especie: list[str] = Field(default=[], max_length=20)
    raza: str | None = Field(default=None, max_length=60)
    cliente_id: UUID | None = None
    estado: list[EstadoPaciente] = Field(default=[], max_length=10)
    nombre: str | None = Field(default=None, min_length=1, max_length=60, description="Comienzo del nombre")
    nacido_desde: Fecha | None = None
    nacido_hasta: Fecha | None = None
    vacuna_vencida: bool | None = Field(default=None, description="Con alguna vacuna vencida; `false`, los demás")
