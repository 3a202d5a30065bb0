"""Todas las tablas, reunidas para que las migraciones las vean."""

from app.api.models import (
    agenda,
    alerta,
    busqueda,
    buzon,
    catalogo,
    cita,
    cliente,
    dato_bloqueado,
    integracion,
    lista_espera,
    organizacion,
    paciente,
    peso,
    profesional,
    sede,
    tarea,
    titularidad,
    usuario,
)
from app.utils import audit, contadores, idempotency, intentos, tokens
from app.utils.entities import Base

metadata = Base.metadata
__all__ = [
    "agenda",
    "alerta",
    "audit",
    "busqueda",
    "buzon",
    "catalogo",
    "cita",
    "cliente",
    "contadores",
    "dato_bloqueado",
    "idempotency",
    "integracion",
    "intentos",
    "lista_espera",
    "metadata",
    "organizacion",
    "paciente",
    "peso",
    "profesional",
    "sede",
    "tarea",
    "titularidad",
    "tokens",
    "usuario",
]
