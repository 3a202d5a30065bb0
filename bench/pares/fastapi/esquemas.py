"""Los modelos de entrada y de salida."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

Texto = lambda maximo: Annotated[str, Field(max_length=maximo)]  # noqa: E731
Codigo = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9_]+$")]


class Entrada(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Edad(BaseModel):
    anios: int
    meses: int
    dias: int
    semanas: int
    texto: str
    precision: str


class PesoActual(BaseModel):
    peso_kg: Decimal
    medido_en: datetime
    metodo: str


class Chip(BaseModel):
    tipo_prefijo: str
    prefijo: str
    pais: str | None


class Resumen(BaseModel):
    id: UUID
    nombre: str


class Identificador(BaseModel):
    tipo: str
    valor: str


class Ppp(BaseModel):
    es_ppp: bool
    licencia: str | None = None
    licencia_caduca: date | None = None
    seguro: str | None = None
    seguro_caduca: date | None = None


class Seguro(BaseModel):
    compania: str
    poliza: str


class Aviso(BaseModel):
    codigo: str
    mensaje: str


class PacienteLectura(BaseModel):
    model_config = ConfigDict(from_attributes=True)

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
    edad: Edad | None
    capa: str | None
    senias: str | None
    microchip: str | None
    pasaporte_ue: str | None
    peso_actual: PesoActual | None
    estado: str
    fecha_fallecimiento: date | None
    version: int
    cliente_id: UUID | None
    titular: Resumen | None
    tamanio: str | None
    fecha_microchip: date | None
    microchip_lugar: str | None
    microchip_detalle: Chip | None
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
    creado_en: datetime
    actualizado_en: datetime
    avisos: list[Aviso]


class PaginaPacientes(BaseModel):
    datos: list[PacienteLectura]
    siguiente: str | None


class PacienteFiltro(Entrada):
    nombre: str | None = Field(None, min_length=1, max_length=60)
    q: str | None = Field(None, min_length=2, max_length=60)
    especie: list[Codigo] = Field([], max_length=20)
    limite: int = Field(25, ge=1, le=100)
    cursor: str | None = Field(None, max_length=1000)


class PacienteEditar(Entrada):
    """Sólo cambia lo que viene; nulo, donde se admite."""

    nombre: Annotated[str, Field(min_length=1, max_length=60)] = None
    especie: Codigo = None
    raza: Codigo | None = None
    raza_texto: Texto(120) | None = None
    sexo: Literal["macho", "hembra", "desconocido", "hermafrodita"] = None
    esterilizado: Literal["si", "no", "desconocido"] = None
    fecha_esterilizacion: date | None = None
    fecha_nacimiento: date | None = None
    precision_nacimiento: Literal["exacta", "mes", "anio", "estimada"] | None = None
    capa: Texto(80) | None = None
    tamanio: Texto(20) | None = None
    senias: Texto(500) | None = None
    microchip: Annotated[str, Field(pattern=r"^\d{15}$")] | None = None
    fecha_microchip: date | None = None
    microchip_lugar: Texto(60) | None = None
    verificado_lector: bool = None
    identificadores: Annotated[list[Identificador], Field(max_length=20)] = None
    destino: Literal["compania", "produccion", "trabajo", "zoologico"] = None
    apto_consumo: bool | None = None
    gestante_desde: date | None = None
    lactante_desde: date | None = None
    mdr1: Literal["no_testado", "normal", "portador", "afectado"] = None
    grupo_sanguineo: Texto(20) | None = None
    temperamento: Texto(120) | None = None
    ppp: Ppp | None = None
    seguro: Seguro | None = None


class CitaCrear(Entrada):
    sede_id: UUID
    tipo_cita_id: UUID
    cliente_id: UUID
    paciente_id: UUID
    profesional_id: UUID | None = None
    auxiliar_id: UUID | None = None
    recursos: list[UUID] = Field([], max_length=10)
    inicio: AwareDatetime
    fin: AwareDatetime | None = None
    prioridad: Literal["normal", "preferente", "urgente"] = "normal"
    motivo: Texto(500) | None = None
    notas_internas: Texto(2000) | None = None

    @model_validator(mode="after")
    def _fin_posterior(self):
        if self.fin and self.fin <= self.inicio:
            raise ValueError("El final debe ser posterior al inicio")
        return self


class Cambio(BaseModel):
    en: datetime
    por: UUID | None
    accion: str
    estado: str
    detalle: dict[str, Any]


class Cancelacion(BaseModel):
    en: datetime
    por: UUID | None
    motivo: str | None


class PacienteCita(Resumen):
    consulta_id: UUID | None


class CitaLectura(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    codigo: str
    sede_id: UUID
    sede: str
    tipo_cita_id: UUID
    tipo_cita: str
    instrucciones: str | None
    paciente_id: UUID
    paciente: str
    pacientes: list[PacienteCita]
    consulta_id: UUID | None
    profesional_id: UUID | None
    profesional: str | None
    inicio: datetime
    fin: datetime
    zona_horaria: str
    estado: str
    origen: str
    motivo: str | None
    version: int
    cliente_id: UUID
    cliente: str
    auxiliar_id: UUID | None
    recursos: list[UUID]
    color: str | None
    prioridad: str
    notas_internas: str | None
    forzada: bool
    motivo_forzado: str | None
    caduca_en: datetime | None
    llegada_en: datetime | None
    inicio_real: datetime | None
    fin_real: datetime | None
    cancelacion: Cancelacion | None
    historial_cambios: list[Cambio] | None = None
    creado_en: datetime
    actualizado_en: datetime
    avisos: list[Aviso] = []


class PaginaCitas(BaseModel):
    datos: list[CitaLectura]
    siguiente: str | None


class CitaFiltro(Entrada):
    fecha: date | None = None
    desde: date | None = None
    hasta: date | None = None
    sede_id: UUID | None = None
    profesional_id: UUID | None = None
    paciente_id: UUID | None = None
    limite: int = Field(25, ge=1, le=100)
    cursor: str | None = Field(None, max_length=1000)


class DisponibilidadFiltro(Entrada):
    tipo_cita_id: UUID
    sede_id: UUID
    desde: date
    hasta: date
    profesional_id: list[UUID] = Field([], max_length=50)


class Hueco(BaseModel):
    inicio: datetime
    fin: datetime
    dia: date
    profesional_id: UUID | None
    profesional: str | None
    auxiliar_id: UUID | None
    recursos: list[UUID]


class Disponibilidad(BaseModel):
    tipo_cita_id: UUID
    sede_id: UUID
    zona_horaria: str
    duracion_min: int
    datos: list[Hueco]
    siguiente: str | None = None
