"""El contrato de las citas."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.models.cita import EstadoCita, OrigenCita, Prioridad
from app.api.schemas.incluido_schema import IncluidoEnAgenda, IncluidoEnAgendaPortal
from app.api.schemas.paciente_schema import PacienteNuevo
from app.config.demostracion import EJEMPLARES
from app.utils.schemas import Aviso, Fecha, HoraLocal, Instante, PageQuery, Partial, Query, Schema, si_se_pide

MAXIMO_MINUTOS = 24 * 60
MAXIMO_ANIMALES = 10


class Intervalo(Schema):
    """Cuándo: un instante con desfase, o una hora local con su zona."""

    inicio: Instante | None = Field(default=None, examples=["2027-01-15T10:00:00+01:00"])
    hora_local: HoraLocal | None = Field(default=None, description="Alternativa a `inicio`: hora de pared")
    zona_horaria: str | None = Field(
        default=None, max_length=60, description="Zona de `hora_local`; la de la sede si falta"
    )
    desfase: str | None = Field(
        default=None, pattern=r"^[+-]\d{2}:\d{2}$", description="Cuál de las dos, si la hora local se repite"
    )
    fin: Instante | None = Field(default=None, description="Por defecto, `inicio` más la duración del tipo")

    @model_validator(mode="after")
    def _uno_de_los_dos(self) -> Any:
        if self.inicio and self.hora_local:
            raise PydanticCustomError("INICIO_DUPLICADO", "Indique inicio o hora_local, no ambos")
        return self


class CitaCrear(Intervalo):
    """Reserva de una cita; con ``origen`` «sin_cita» entra en la cola ahora mismo y no lleva hora."""

    sede_id: UUID
    tipo_cita_id: UUID
    cliente_id: UUID
    paciente_id: UUID | None = Field(
        default=None, description="Quién viene; si son varios, `pacientes`", examples=[str(EJEMPLARES["pacientes"])]
    )
    pacientes: list[UUID] = Field(
        default=[], max_length=MAXIMO_ANIMALES, description="Varios animales del mismo cliente, en una cita"
    )
    paciente_nuevo: PacienteNuevo | None = Field(
        default=None, description="Uno que aún no tiene ficha: nace con la cita y, desde el portal, espera validación"
    )
    profesional_id: UUID | None = None
    auxiliar_id: UUID | None = None
    recursos: list[UUID] = Field(default=[], max_length=10)
    origen: OrigenCita | None = Field(default=None, examples=["recepcion"])
    prioridad: Prioridad = Prioridad.NORMAL
    motivo: str | None = Field(default=None, max_length=500, examples=["Cojera de la mano derecha"])
    notas_internas: str | None = Field(default=None, max_length=2000)
    forzar: bool = Field(default=False, description="Salta el horario y, si el tipo lo admite, al profesional ocupado")
    motivo_forzado: str | None = Field(default=None, min_length=3, max_length=200)

    @model_validator(mode="after")
    def _con_paciente(self) -> Any:
        dichos = [self.paciente_id is not None, bool(self.pacientes), self.paciente_nuevo is not None]
        if sum(dichos) == 0:
            raise PydanticCustomError("PACIENTE_REQUERIDO", "Indique paciente_id, pacientes o paciente_nuevo")
        if sum(dichos) > 1:
            raise PydanticCustomError("PACIENTE_DUPLICADO", "Indique sólo uno: paciente_id, pacientes o paciente_nuevo")
        if len(set(self.pacientes)) < len(self.pacientes):
            raise PydanticCustomError("PACIENTE_REPETIDO", "Un paciente está repetido")
        return self

    @model_validator(mode="after")
    def _con_hora(self) -> Any:
        sin_cita = self.origen is OrigenCita.SIN_CITA
        if sin_cita and (self.inicio or self.hora_local or self.fin):
            raise PydanticCustomError("SIN_CITA_SIN_HORA", "Quien llega sin cita entra en la cola ahora: no lleva hora")
        if not sin_cita and not self.inicio and not self.hora_local:
            raise PydanticCustomError("INICIO_REQUERIDO", "Indique inicio u hora_local")
        if self.forzar and not self.motivo_forzado:
            raise PydanticCustomError("MOTIVO_FORZADO_REQUERIDO", "Forzar un solape exige decir por qué")
        return self


class CitaEditar(Partial):
    """Lo que se corrige sin mover la cita."""

    motivo: str | None = Field(default=None, max_length=500, examples=["Revisión de la cojera"])
    notas_internas: str | None = Field(default=None, max_length=2000)
    prioridad: Prioridad = Prioridad.NORMAL


class Reprogramacion(Intervalo):
    """El nuevo intervalo; lo que no se diga sigue como estaba."""

    profesional_id: UUID | None = None
    auxiliar_id: UUID | None = None
    recursos: list[UUID] | None = Field(default=None, max_length=10)
    motivo: str | None = Field(default=None, max_length=200)
    forzar: bool = False
    motivo_forzado: str | None = Field(default=None, min_length=3, max_length=200)

    @model_validator(mode="after")
    def _con_hora(self) -> Any:
        if not self.inicio and not self.hora_local:
            raise PydanticCustomError("INICIO_REQUERIDO", "Indique inicio u hora_local")
        if self.forzar and not self.motivo_forzado:
            raise PydanticCustomError("MOTIVO_FORZADO_REQUERIDO", "Forzar un solape exige decir por qué")
        return self


class Cancelacion(Schema):
    """Por qué se cancela; obligatorio si ya estaba en la sala."""

    motivo: str | None = Field(default=None, min_length=3, max_length=200, examples=["El cliente no puede venir"])


class Inicio(Schema):
    """Quién atiende, si no estaba decidido."""

    profesional_id: UUID | None = None


class CambioLectura(Schema):
    """Un paso de la historia de la cita."""

    en: Instante
    por: UUID | None
    accion: str
    estado: str
    detalle: dict[str, Any]


class CancelacionLectura(Schema):
    """Quién canceló, cuándo y por qué."""

    en: Instante
    por: UUID | None
    motivo: str | None


class PacienteCita(Schema):
    """Un animal de los que vienen."""

    id: UUID
    nombre: str
    consulta_id: UUID | None = Field(description="La consulta que se le abrió al empezar la cita")


class CitaPortal(Schema):
    """Lo que el titular ve de su cita: lista blanca."""

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
    consulta_id: UUID | None = Field(description="La del primer paciente; las de los demás, en `pacientes`")
    profesional_id: UUID | None
    profesional: str | None
    inicio: Instante
    fin: Instante
    zona_horaria: str
    estado: EstadoCita
    origen: OrigenCita
    motivo: str | None
    version: int
    incluido: IncluidoEnAgendaPortal | None = si_se_pide()


class CitaLectura(CitaPortal):
    """La cita completa, para la clínica."""

    cliente_id: UUID
    cliente: str
    auxiliar_id: UUID | None
    recursos: list[UUID]
    color: str | None
    prioridad: Prioridad
    notas_internas: str | None
    forzada: bool
    motivo_forzado: str | None
    caduca_en: Instante | None
    llegada_en: Instante | None
    inicio_real: Instante | None
    fin_real: Instante | None
    cancelacion: CancelacionLectura | None
    historial_cambios: list[CambioLectura] | None = None
    creado_en: Instante
    actualizado_en: Instante
    avisos: list[Aviso] = []
    incluido: IncluidoEnAgenda | None = si_se_pide()


class CitaFiltro(PageQuery):
    """Filtros de la lista de citas; las fechas son civiles y se incluyen."""

    fecha: Fecha | None = None
    desde: Fecha | None = None
    hasta: Fecha | None = None
    sede_id: UUID | None = None
    profesional_id: UUID | None = None
    paciente_id: UUID | None = None
    cliente_id: UUID | None = None
    estado: list[EstadoCita] = Field(default=[], max_length=10)


class ColaFiltro(Query):
    """De qué sede es la sala de espera."""

    sede_id: UUID


class PuestoCola(Schema):
    """Un puesto en la sala de espera."""

    posicion: int
    cita: CitaLectura
    espera_min: int


class Cola(Schema):
    """La sala de espera, en el orden en que toca."""

    fecha: date
    datos: list[PuestoCola]
    siguiente: str | None = None
