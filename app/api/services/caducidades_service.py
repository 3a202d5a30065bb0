"""Lo que vence solo: solicitudes sin confirmar y ofertas sin respuesta."""

from sqlalchemy import select

from app.api.models.cita import Cita, EstadoCita
from app.api.models.lista_espera import Espera, EstadoEspera
from app.api.services import citas_service, ofertas_service
from app.api.services.bloqueos_service import ocupantes
from app.api.services.ocupacion_service import por_turno
from app.utils.context import ahora
from app.utils.records import entities

LOTE = 100


def caducar() -> int:
    """Vence lo vencido de la organización en curso y devuelve cuántas cosas eran; por lotes."""
    solicitudes = entities(
        select(Cita)
        .where(Cita.estado == EstadoCita.SOLICITADA, Cita.caduca_en <= ahora())
        .order_by(Cita.id)
        .limit(LOTE)
        .with_for_update(skip_locked=True)
    )
    ofertas = entities(
        select(Espera)
        .where(Espera.estado == EstadoEspera.OFERTADA, Espera.oferta_caduca_en <= ahora())
        .order_by(Espera.oferta_caduca_en, Espera.id)
        .limit(LOTE)
        .with_for_update(skip_locked=True)
    )
    # El turno de todas, de una vez y antes de soltar el primer hueco: pedirlo una a una se interbloquearía.
    por_turno(list(ocupantes(solicitudes, ofertas)))
    for cita in solicitudes:
        citas_service.expirar(cita)
    for espera in ofertas:
        ofertas_service.cerrar([espera], EstadoEspera.CADUCADA)
    return len(solicitudes) + len(ofertas)
