"""La desparasitación: asientos que sólo se añaden y se anulan."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.entities import Base, DeOrganizacion, Entity, opcion, referencia, texto


class TipoDesparasitacion(StrEnum):
    """Contra qué."""

    INTERNA = "interna"
    EXTERNA = "externa"
    MIXTA = "mixta"


class Desparasitacion(DeOrganizacion, Entity, Base):
    """Toma o pipeta, con lo que llevaba y hasta cuándo protege."""

    __tablename__ = "desparasitaciones"
    __table_args__ = (
        referencia("paciente_id", "pacientes"),
        referencia("producto_id", "productos"),
        referencia("sede_id", "sedes"),
        CheckConstraint("producto_id IS NOT NULL OR cardinality(principios) > 0", name="con_que"),
        CheckConstraint("peso_kg > 0 AND duracion_dias > 0", name="positivos"),
        CheckConstraint("fecha_proxima > fecha", name="proxima"),
        CheckConstraint("(anulado_en IS NULL) = (anulacion_motivo IS NULL)", name="anulacion"),
        Index(None, "organizacion_id", "paciente_id", "fecha", "id"),
        Index(None, "organizacion_id", "sede_id", "fecha", "id"),
        Index(None, "organizacion_id", "fecha", "id"),
        Index(None, "organizacion_id", "tipo", "fecha", "id"),
    )

    paciente_id: Mapped[UUID]
    sede_id: Mapped[UUID | None]
    tipo: Mapped[TipoDesparasitacion] = mapped_column(opcion(TipoDesparasitacion, "tipo"))
    producto_id: Mapped[UUID | None]
    principios: Mapped[list[str]] = mapped_column(ARRAY(Text()), default=list)
    fecha: Mapped[date]
    peso_kg: Mapped[Decimal | None] = mapped_column(Numeric(7, 3))
    dosis: Mapped[str | None] = mapped_column(texto(80))
    lote: Mapped[str | None] = mapped_column(texto(40))
    duracion_dias: Mapped[int | None] = mapped_column(SmallInteger())
    fecha_proxima: Mapped[date | None]
    anulado_en: Mapped[datetime | None]
    anulado_por: Mapped[UUID | None]
    anulacion_motivo: Mapped[str | None] = mapped_column(texto(200))
