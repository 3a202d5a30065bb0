"""El contrato de la cartilla: lo que el titular se lleva de su animal, por lista blanca."""

from datetime import date
from uuid import UUID

from app.api.schemas.paciente_schema import EdadLectura, ProximaVacuna
from app.utils.schemas import DecimalLeido, Instante, Schema


class PacienteDeCartilla(Schema):
    """De quién es la cartilla."""

    id: UUID
    codigo: str
    nombre: str
    especie: str
    raza: str | None
    raza_texto: str | None
    sexo: str
    esterilizado: str
    capa: str | None
    fecha_nacimiento: date | None
    edad: EdadLectura | None
    microchip: str | None
    fecha_microchip: date | None
    pasaporte_ue: str | None


class VacunaDeCartilla(Schema):
    """Una vacuna puesta."""

    id: UUID
    fecha: date
    producto: str
    fabricante: str | None
    antigenos: list[str]
    lote: str | None
    caducidad_lote: date | None
    via: str | None
    veterinario: str | None
    num_colegiado: str | None
    externa: bool
    fecha_proxima: date | None
    valida_ue_desde: date | None
    valida_ue_hasta: date | None


class DesparasitacionDeCartilla(Schema):
    """Una desparasitación."""

    id: UUID
    tipo: str
    fecha: date
    producto: str | None
    principios: list[str]
    fecha_proxima: date | None


class PesoDeCartilla(Schema):
    """Una pesada."""

    id: UUID
    peso_kg: DecimalLeido
    medido_en: Instante


class ProximaDesparasitacion(Schema):
    """La próxima de cada clase y de dónde sale."""

    tipo: str
    fecha: date
    mensaje: str


class Cartilla(Schema):
    """La cartilla de un animal: lo último, primero."""

    paciente: PacienteDeCartilla
    vacunas: list[VacunaDeCartilla]
    desparasitaciones: list[DesparasitacionDeCartilla]
    pesos: list[PesoDeCartilla]
    proximas_vacunas: list[ProximaVacuna]
    proximas_desparasitaciones: list[ProximaDesparasitacion]
