"""Las constantes vitales de una consulta: lo medido y cómo se interpretó entonces."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.entities import Base, DeOrganizacion, Entity, opcion, referencia


class Mucosas(StrEnum):
    """Color de las mucosas."""

    ROSADAS = "rosadas"
    PALIDAS = "palidas"
    CONGESTIVAS = "congestivas"
    CIANOTICAS = "cianoticas"
    ICTERICAS = "ictericas"
    SECAS = "secas"


class Constantes(DeOrganizacion, Entity, Base):
    """Una toma de constantes; ``referencias`` guarda el rango usado y la marca de cada una, que ya no cambian."""

    __tablename__ = "constantes"
    __table_args__ = (
        referencia("consulta_id", "consultas"),
        CheckConstraint("temperatura BETWEEN 25 AND 45", name="temperatura"),
        CheckConstraint("frecuencia_cardiaca BETWEEN 10 AND 600", name="frecuencia_cardiaca"),
        CheckConstraint("frecuencia_respiratoria BETWEEN 2 AND 400", name="frecuencia_respiratoria"),
        CheckConstraint("trc BETWEEN 0 AND 10", name="trc"),
        CheckConstraint("pas BETWEEN 20 AND 350", name="pas"),
        CheckConstraint("pad BETWEEN 20 AND 350", name="pad"),
        CheckConstraint("pam BETWEEN 20 AND 350", name="pam"),
        CheckConstraint("spo2 BETWEEN 0 AND 100", name="spo2"),
        CheckConstraint("glucemia BETWEEN 5 AND 1500", name="glucemia"),
        CheckConstraint("deshidratacion_pct BETWEEN 0 AND 15", name="deshidratacion"),
        Index(None, "organizacion_id", "consulta_id", "tomadas_en", "id"),
    )

    consulta_id: Mapped[UUID]
    tomadas_en: Mapped[datetime]
    temperatura: Mapped[Decimal | None] = mapped_column(Numeric(3, 1))
    frecuencia_cardiaca: Mapped[int | None] = mapped_column(SmallInteger())
    frecuencia_respiratoria: Mapped[int | None] = mapped_column(SmallInteger())
    trc: Mapped[Decimal | None] = mapped_column(Numeric(3, 1))
    pas: Mapped[int | None] = mapped_column(SmallInteger())
    pad: Mapped[int | None] = mapped_column(SmallInteger())
    pam: Mapped[int | None] = mapped_column(SmallInteger())
    spo2: Mapped[int | None] = mapped_column(SmallInteger())
    glucemia: Mapped[int | None] = mapped_column(SmallInteger())
    deshidratacion_pct: Mapped[Decimal | None] = mapped_column(Numeric(3, 1))
    mucosas: Mapped[Mucosas | None] = mapped_column(opcion(Mucosas, "mucosas"))
    dolor: Mapped[dict[str, Any] | None]
    referencias: Mapped[dict[str, Any]] = mapped_column(default=dict)
