"""Clientes máquina: la credencial con la que otro programa usa la API."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.credenciales import reloj_real
from app.utils.entities import Archivable, Base, DeOrganizacion, Entity, referencia, texto


class Integracion(DeOrganizacion, Archivable, Entity, Base):
    """Programa con credencial propia, limitada a sus ámbitos y, si se dice, a sus sedes."""

    __tablename__ = "integraciones"

    nombre: Mapped[str] = mapped_column(texto(120))
    ambitos: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    secreto_huella: Mapped[bytes] = mapped_column(LargeBinary())
    expira_en: Mapped[datetime | None]
    ultimo_uso_en: Mapped[datetime | None]
    valida_desde: Mapped[datetime] = mapped_column(default=reloj_real)


class IntegracionSede(DeOrganizacion, Base):
    """Sede a la que se limita una integración."""

    __tablename__ = "integraciones_sedes"
    __table_args__ = (
        referencia("integracion_id", "integraciones"),
        referencia("sede_id", "sedes"),
        UniqueConstraint("organizacion_id", "integracion_id", "sede_id"),
    )
    sin_auditoria = True  # el cambio de sedes se anota entero en la integración

    integracion_id: Mapped[UUID]
    sede_id: Mapped[UUID]
