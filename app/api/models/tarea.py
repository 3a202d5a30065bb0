"""Recados que el sistema deja a la recepción, como comunicar un cambio al registro oficial."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.entities import Base, DeOrganizacion, Entity, opcion, referencia, texto


class TipoTarea(StrEnum):
    """Qué hay que hacer."""

    COMUNICAR_REGISTRO = "comunicar_registro"
    COMUNICAR_PERDIDA = "comunicar_perdida"
    COMUNICAR_FALLECIMIENTO = "comunicar_fallecimiento"


class Tarea(DeOrganizacion, Entity, Base):
    """Algo pendiente que una persona debe hacer fuera del sistema."""

    __tablename__ = "tareas"
    __table_args__ = (
        referencia("paciente_id", "pacientes"),
        Index("tareas_pendientes_ix", "organizacion_id", "vence", "id", postgresql_where="hecha_en IS NULL"),
    )

    tipo: Mapped[TipoTarea] = mapped_column(opcion(TipoTarea, "tipo"))
    paciente_id: Mapped[UUID | None]
    texto: Mapped[str] = mapped_column(texto(300))
    vence: Mapped[date | None]
    hecha_en: Mapped[datetime | None]
