"""El contrato de lo que le pasa a un paciente: se pierde, aparece, muere o resulta estar repetido."""

from uuid import UUID

from pydantic import Field

from app.api.models.paciente import EstadoPaciente
from app.utils.schemas import Aviso, Fecha, Query, Schema


class Fallecimiento(Schema):
    """Registro de la muerte."""

    fecha_fallecimiento: Fecha = Field(examples=["2026-11-20"])
    causa: str | None = Field(default=None, max_length=200, examples=["Insuficiencia renal"])
    eutanasia: bool = False
    destino_restos: str | None = Field(default=None, max_length=80, examples=["incineracion_individual"])


class Perdida(Schema):
    """Desde cuándo falta; sin fecha, hoy."""

    perdido_desde: Fecha | None = None


class FusionPaciente(Schema):
    """El paciente que queda."""

    con_id: UUID


class FusionConsulta(Query):
    """El paciente que quedaría."""

    con_id: UUID


class PacienteEnFusion(Schema):
    """Lo que distingue a uno de los dos repetidos."""

    id: UUID
    codigo: str
    nombre: str
    especie: str
    estado: EstadoPaciente
    microchip: str | None
    titulares: list[str]


class SeMueve(Schema):
    """Cuánto pasaría del origen al destino."""

    titularidades: int
    pesos: int
    alergias: int
    alertas: int
    citas: int
    lista_espera: int
    tareas: int
    adjuntos: int
    consultas: int
    problemas: int
    recetas: int
    administraciones: int
    sucesos_adversos: int


class VistaPreviaFusion(Schema):
    """Qué pasaría al fusionar, sin hacerlo."""

    origen: PacienteEnFusion
    destino: PacienteEnFusion
    se_mueve: SeMueve
    microchip: str | None = Field(description="El que tendría el paciente que queda")
    avisos: list[Aviso]
