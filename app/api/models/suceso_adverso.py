"""Farmacovigilancia: sospechas, faltas de eficacia y defectos, con su plazo para notificar."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.entities import Archivable, Base, DeOrganizacion, Entity, opcion, referencia, texto


class TipoSuceso(StrEnum):
    """Qué se notifica."""

    SOSPECHA = "sospecha"
    FALTA_EFICACIA = "falta_eficacia"
    DEFECTO_CALIDAD = "defecto_calidad"


class SucesoAdverso(DeOrganizacion, Archivable, Entity, Base):
    """Suceso con un medicamento o una vacuna; ``fecha_limite`` sólo donde la ley pone plazo."""

    __tablename__ = "sucesos_adversos"
    __table_args__ = (
        referencia("sede_id", "sedes"),
        referencia("paciente_id", "pacientes"),
        referencia("medicamento_id", "medicamentos"),
        referencia("producto_id", "productos"),
        referencia("vacunacion_id", "vacunaciones"),
        referencia("veterinario_id", "profesionales"),
        CheckConstraint("num_nonnulls(medicamento_id, producto_id, producto_texto) >= 1", name="de_que"),
        CheckConstraint("(tipo = 'falta_eficacia') = (fecha_limite IS NOT NULL)", name="plazo"),
        CheckConstraint("fecha_notificacion >= fecha", name="notificacion"),
        Index(None, "organizacion_id", "fecha", "id"),
        Index(None, "organizacion_id", "paciente_id", "fecha"),
        Index(None, "organizacion_id", "vacunacion_id", postgresql_where=text("vacunacion_id IS NOT NULL")),
    )

    sede_id: Mapped[UUID]
    paciente_id: Mapped[UUID | None]
    veterinario_id: Mapped[UUID]
    tipo: Mapped[TipoSuceso] = mapped_column(opcion(TipoSuceso, "tipo"))
    medicamento_id: Mapped[UUID | None]
    producto_id: Mapped[UUID | None]
    vacunacion_id: Mapped[UUID | None]
    producto_texto: Mapped[str | None] = mapped_column(texto(160))
    lote: Mapped[str | None] = mapped_column(texto(40))
    descripcion: Mapped[str] = mapped_column(texto(4000))
    fecha: Mapped[date]
    fecha_limite: Mapped[date | None]
    fecha_notificacion: Mapped[date | None]
    referencia_notificacion: Mapped[str | None] = mapped_column(texto(120))
