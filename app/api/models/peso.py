"""El peso: asientos que sólo se añaden y se anulan."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, FromClause, Index, Numeric, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.api.models.paciente import Paciente
from app.utils.entities import Base, DeOrganizacion, Entity, opcion, referencia, texto


class MetodoPeso(StrEnum):
    """Cómo se obtuvo; sólo «bascula» vale para calcular dosis sin aviso."""

    BASCULA = "bascula"
    ESTIMADO = "estimado"
    REFERIDO_CLIENTE = "referido_cliente"


class Mcs(StrEnum):
    """Pérdida de masa muscular."""

    NORMAL = "normal"
    LEVE = "leve"
    MODERADA = "moderada"
    GRAVE = "grave"


class Peso(DeOrganizacion, Entity, Base):
    """Pesada en kg con tres decimales; la vigente es la última no anulada."""

    __tablename__ = "pesos"
    __table_args__ = (
        referencia("paciente_id", "pacientes"),
        referencia("consulta_id", "consultas"),
        CheckConstraint("peso_kg > 0", name="positivo"),
        CheckConstraint("bcs BETWEEN 1 AND 9", name="bcs"),
        CheckConstraint("(anulado_en IS NULL) = (anulacion_motivo IS NULL)", name="anulacion"),
        Index(None, "organizacion_id", "paciente_id", "medido_en", "id"),
        Index("pesos_consulta_ix", "organizacion_id", "consulta_id", postgresql_where=text("consulta_id IS NOT NULL")),
    )

    paciente_id: Mapped[UUID]
    consulta_id: Mapped[UUID | None]
    peso_kg: Mapped[Decimal] = mapped_column(Numeric(7, 3))
    medido_en: Mapped[datetime]
    metodo: Mapped[MetodoPeso] = mapped_column(opcion(MetodoPeso, "metodo"))
    bcs: Mapped[int | None]
    mcs: Mapped[Mcs | None] = mapped_column(opcion(Mcs, "mcs"))
    anulado_en: Mapped[datetime | None]
    anulado_por: Mapped[UUID | None]
    anulacion_motivo: Mapped[str | None] = mapped_column(texto(200))


def ultimo_peso() -> FromClause:
    """La pesada vigente de cada paciente, para unirla a la lectura que lo trae."""
    return (
        select(Peso.peso_kg, Peso.medido_en, Peso.metodo)
        .where(
            Peso.organizacion_id == Paciente.organizacion_id,
            Peso.paciente_id == Paciente.id,
            Peso.anulado_en.is_(None),
        )
        .order_by(Peso.medido_en.desc(), Peso.id.desc())
        .limit(1)
        .lateral("ultimo_peso")
    )
