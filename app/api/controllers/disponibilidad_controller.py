"""Disponibilidad: los huecos que se pueden reservar."""

from typing import Any

from app.api.schemas.disponibilidad_schema import DisponibilidadFiltro, DisponibilidadLectura
from app.api.services import disponibilidad_service as disponibilidad
from app.api.services.disponibilidad_service import RangoExcesivo
from app.api.services.pacientes_service import FechasIncoherentes, PacienteFallecido
from app.api.services.reglas_reserva_service import EspecieNoAdmitida
from app.config.permissions import Permiso
from app.utils.routing import Resource

api = Resource("disponibilidad", tag="Agenda")


@api.get(
    "",
    permission=Permiso.DISPONIBILIDAD_LEER,
    output=DisponibilidadLectura,
    errors=(RangoExcesivo, FechasIncoherentes, EspecieNoAdmitida, PacienteFallecido),
)
def consultar(query: DisponibilidadFiltro) -> Any:
    """Busca huecos libres para un tipo de cita

    Cada hueco se puede reservar tal cual: profesional, auxiliar y recursos están libres, en horario y con sus
    márgenes. En el portal sólo se ofrecen los tipos que se reservan desde él.
    """
    return disponibilidad.consultar(query)
