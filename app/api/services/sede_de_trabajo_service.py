"""En qué sede se hace lo que se apunta: la que se dice o la primera de quien lo apunta."""

from uuid import UUID

from sqlalchemy import select

from app.api.models.sede import Sede
from app.api.services.limite_sedes_service import exigir_propias, manda_en_todas
from app.utils.context import identidad
from app.utils.records import find, first


def sede_de_trabajo(pedida: UUID | None) -> UUID | None:
    """La sede pedida, si es de las suyas, o su primera. Errores: ``NoEncontrado``, ``FueraDeSusSedes``."""
    if pedida:
        find(Sede, pedida)
        exigir_propias([pedida], "/sede_id")
        return pedida
    consulta = select(Sede.id).where(Sede.activo).order_by(Sede.creado_en, Sede.id).limit(1)
    if not manda_en_todas():
        consulta = consulta.where(Sede.id.in_(identidad().sedes))
    fila = first(consulta)
    return fila.id if fila else None
