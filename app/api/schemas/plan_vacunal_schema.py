"""El contrato del plan vacunal: qué toca, cuándo y por qué."""

from datetime import date
from uuid import UUID

from app.api.schemas.paciente_schema import ProximaVacuna
from app.utils.schemas import Schema


class Porque(Schema):
    """Un porqué: código para la máquina y frase para quien la lee."""

    codigo: str
    mensaje: str


class DosisDelPlan(Schema):
    """Una dosis que se miró; sin número no cuenta, y dice por qué."""

    vacunacion_id: UUID
    fecha: date
    producto: str
    lote: str | None
    externa: bool
    numero_en_serie: int | None
    no_cuenta: Porque | None


class RequisitoDelPlan(Schema):
    """Lo que exige el territorio donde se atiende al animal."""

    territorio: str
    obligatoria: bool
    obligatoria_desde: date | None
    periodicidad_meses: int | None
    fuente: str


class ProtocoloDelPlan(ProximaVacuna):
    """La próxima dosis de un protocolo, con la regla que la decidió y las dosis que miró."""

    clase: str
    regla: str
    explicacion: Porque
    dosis: list[DosisDelPlan]
    requisito: RequisitoDelPlan | None
    fuente: str


class PlanVacunal(Schema):
    """Lo que le toca a un paciente, de lo primero a lo último."""

    paciente_id: UUID
    datos: list[ProtocoloDelPlan]
