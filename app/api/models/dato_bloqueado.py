"""Lo que una supresión no puede borrar todavía: cifrado, sin ruta que lo lea y con fecha de borrado."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.context import ahora
from app.utils.entities import Base, DeOrganizacion, referencia


class DatoBloqueado(DeOrganizacion, Base):
    """Identidad de un cliente anonimizado que la ley manda conservar hasta ``borrar_desde``."""

    __tablename__ = "datos_bloqueados"
    __table_args__ = (
        referencia("cliente_id", "clientes"),
        Index(None, "organizacion_id", "borrar_desde"),
        Index(None, "organizacion_id", "cliente_id"),
    )
    sin_auditoria = True

    cliente_id: Mapped[UUID]
    contenido_cifrado: Mapped[bytes] = mapped_column(LargeBinary())
    borrar_desde: Mapped[date]
    bloqueado_en: Mapped[datetime] = mapped_column(default=ahora)
