"""El buzón de salida: lo que hay que enviar, escrito en la misma transacción que lo causa."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.credenciales import reloj_real
from app.utils.entities import Base, DeOrganizacion, opcion, texto


class TipoEnvio(StrEnum):
    """Qué se envía."""

    RESTABLECIMIENTO = "restablecimiento"
    INVITACION = "invitacion"
    OFERTA_ESPERA = "oferta_espera"


class Envio(DeOrganizacion, Base):
    """Correo pendiente; lleva un secreto de un solo uso, así que el cuerpo se borra al enviarlo."""

    __tablename__ = "buzon_salida"
    __table_args__ = (
        Index("buzon_pendiente_ix", "organizacion_id", "creado_en", postgresql_where="enviado_en IS NULL"),
    )
    sin_auditoria = True

    tipo: Mapped[TipoEnvio] = mapped_column(opcion(TipoEnvio, "tipo"))
    destinatario: Mapped[str] = mapped_column(texto(254))
    asunto: Mapped[str] = mapped_column(texto(200))
    cuerpo_cifrado: Mapped[bytes | None]
    creado_en: Mapped[datetime] = mapped_column(default=reloj_real)
    intentar_desde: Mapped[datetime] = mapped_column(default=reloj_real)
    enviado_en: Mapped[datetime | None]
    intentos: Mapped[int] = mapped_column(default=0)
    ultimo_error: Mapped[str | None]
