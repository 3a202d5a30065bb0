"""El contrato del resumen: lo que recepción necesita al abrir la ficha, sin contenido clínico."""

from datetime import date
from uuid import UUID

from app.api.models.paciente import EstadoPaciente
from app.api.schemas.paciente_schema import EdadLectura, PesoActual, ProximaVacuna
from app.utils.schemas import Aviso, Instante, Schema


class AlertaResumen(Schema):
    """Una alerta vigente que salta en recepción."""

    id: UUID
    tipo: str
    nivel: str
    texto: str


class AlergiaResumen(Schema):
    """Una alergia, en una línea."""

    id: UUID
    agente_tipo: str
    agente_ref: str
    gravedad: str


class CitaResumen(Schema):
    """La próxima cita, en la hora de su sede."""

    id: UUID
    inicio: Instante
    estado: str
    sede: str
    tipo_cita: str


class TareaResumen(Schema):
    """Un recado pendiente sobre el paciente."""

    id: UUID
    tipo: str
    texto: str
    vence: date | None


class TitularContacto(Schema):
    """A quién llamar."""

    id: UUID
    nombre: str
    telefono: str | None
    email: str | None


class PacienteResumen(Schema):
    """Lo que se ve de un vistazo."""

    id: UUID
    codigo: str
    nombre: str
    linea: str
    especie: str
    raza: str | None
    sexo: str
    estado: EstadoPaciente
    microchip: str | None
    edad: EdadLectura | None
    peso_actual: PesoActual | None
    titular: TitularContacto | None
    alertas: list[AlertaResumen]
    alergias: list[AlergiaResumen]
    proxima_cita: CitaResumen | None
    proxima_vacuna: ProximaVacuna | None
    tareas: list[TareaResumen]
    avisos: list[Aviso]
