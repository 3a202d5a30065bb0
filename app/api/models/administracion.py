"""Lo que se ha puesto al animal en un acto clínico: asientos con los datos que pediría una receta."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from app.api.models.receta import ClaseReceta, FinalidadAntimicrobiana
from app.utils.entities import Base, DeOrganizacion, Entity, opcion, referencia, texto
from app.utils.errors import Conflict, restriccion


class AdministracionInmutable(Conflict):
    """Lo administrado ya no se puede cambiar."""


class Administracion(DeOrganizacion, Entity, Base):
    """Una aplicación del botiquín; no se edita: sólo sigue a su paciente si su ficha se fusiona con otra."""

    __tablename__ = "administraciones"
    __table_args__ = (
        referencia("sede_id", "sedes"),
        referencia("paciente_id", "pacientes"),
        referencia("consulta_id", "consultas"),
        referencia("veterinario_id", "profesionales"),
        referencia("medicamento_id", "medicamentos"),
        CheckConstraint("cantidad > 0", name="cantidad"),
        CheckConstraint("caducidad_lote >= fecha", name="lote"),
        CheckConstraint("porcentaje_envase > 0 AND porcentaje_envase <= 100", name="porcentaje"),
        Index(None, "organizacion_id", "paciente_id", "en", "id"),
        Index(None, "organizacion_id", "sede_id", "en", "id"),
        Index(None, "organizacion_id", "medicamento_id", "en", "id"),
        Index(None, "organizacion_id", "en", "id"),
        Index(None, "organizacion_id", "veterinario_id", "en", "id"),
        Index(None, "organizacion_id", "lote", "en", "id"),
    )

    sede_id: Mapped[UUID]
    paciente_id: Mapped[UUID]
    consulta_id: Mapped[UUID | None]
    veterinario_id: Mapped[UUID]
    medicamento_id: Mapped[UUID]
    en: Mapped[datetime]
    fecha: Mapped[date]
    clase: Mapped[ClaseReceta] = mapped_column(opcion(ClaseReceta, "clase"), default=ClaseReceta.ORDINARIA)
    indicacion: Mapped[str] = mapped_column(texto(500))
    dosis: Mapped[Decimal | None] = mapped_column(Numeric(12, 5))
    unidad_dosis: Mapped[str | None] = mapped_column(texto(20))
    peso_usado_kg: Mapped[Decimal | None] = mapped_column(Numeric(7, 3))
    cantidad: Mapped[Decimal] = mapped_column(Numeric(12, 3))
    unidad: Mapped[str] = mapped_column(texto(20))
    envases: Mapped[int | None]
    porcentaje_envase: Mapped[Decimal | None] = mapped_column(Numeric(4, 1))
    via: Mapped[str] = mapped_column(texto(30))
    lote: Mapped[str] = mapped_column(texto(40))
    caducidad_lote: Mapped[date]
    tiempo_espera: Mapped[list[Any] | None]
    finalidad_antimicrobiana: Mapped[FinalidadAntimicrobiana | None] = mapped_column(
        opcion(FinalidadAntimicrobiana, "finalidad_antimicrobiana")
    )
    justificacion_categoria: Mapped[dict[str, Any] | None]
    justificaciones: Mapped[list[Any]] = mapped_column(default=list)
    advertencias: Mapped[str | None] = mapped_column(texto(2000))


restriccion("administraciones_inmutable", AdministracionInmutable)
