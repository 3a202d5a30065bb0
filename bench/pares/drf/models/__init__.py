"""Las tablas de Servet que aquí se usan; las crea y cambia Servet, no Django."""

from bench.pares.drf.models.clinica import (
    Consulta,
    ProductoVacuna,
    ProtocoloVacunal,
    RequisitoTerritorial,
    Vacunacion,
)
from bench.pares.drf.models.gestion import (
    Autorizado,
    Cita,
    CitaCambio,
    CitaPaciente,
    CitaRecurso,
    Cliente,
    Especie,
    ExcepcionHorario,
    Horario,
    Ocupacion,
    Organizacion,
    Paciente,
    Peso,
    Profesional,
    Raza,
    Recurso,
    Sede,
    TipoCita,
    Titularidad,
)

__all__ = [
    "Autorizado", "Cita", "CitaCambio", "CitaPaciente", "CitaRecurso", "Cliente", "Consulta", "Especie",
    "ExcepcionHorario", "Horario", "Ocupacion", "Organizacion", "Paciente", "Peso", "ProductoVacuna", "Profesional",
    "ProtocoloVacunal", "Raza", "Recurso", "RequisitoTerritorial", "Sede", "TipoCita", "Titularidad", "Vacunacion",
]  # fmt: skip
