"""Lo que hay que comunicar a la autoridad de cada antibiótico recetado o aplicado."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.api.models.receta import ClaseReceta, FinalidadAntimicrobiana, TipoDispensacion
from app.utils.entities import Base, DeOrganizacion, Entity, opcion, referencia, texto


class EstadoComunicacion(StrEnum):
    """Por dónde va la comunicación; «anulada» si su receta se anuló antes de salir."""

    PENDIENTE = "pendiente"
    EXPORTADA = "exportada"
    COMUNICADA = "comunicada"
    ERROR = "error"
    ANULADA = "anulada"


class ComunicacionAntibiotico(DeOrganizacion, Entity, Base):
    """Una línea del anexo IV; el documento del prescriptor no está aquí: se lee, cifrado, de su ficha."""

    __tablename__ = "comunicaciones_antibiotico"
    __table_args__ = (
        referencia("sede_id", "sedes"),
        referencia("veterinario_id", "profesionales"),
        referencia("linea_receta_id", "lineas_receta"),
        referencia("administracion_id", "administraciones"),
        UniqueConstraint("organizacion_id", "linea_receta_id"),
        UniqueConstraint("organizacion_id", "administracion_id"),
        CheckConstraint("num_nonnulls(linea_receta_id, administracion_id) = 1", name="origen"),
        CheckConstraint(
            "(estado IN ('exportada', 'comunicada', 'error')) = (exportada_en IS NOT NULL AND remesa_id IS NOT NULL)",
            name="exportacion",
        ),
        CheckConstraint("(estado IN ('comunicada', 'error')) = (acuse_en IS NOT NULL)", name="acuse"),
        CheckConstraint("(estado = 'error') = (error IS NOT NULL)", name="error"),
        Index(None, "organizacion_id", "estado", "fecha", "id"),
        Index(None, "organizacion_id", "sede_id", "fecha", "id"),
        Index(None, "organizacion_id", "fecha", "id"),
        Index("comunicaciones_antibiotico_veterinario_ix", "organizacion_id", "veterinario_id", "fecha", "id"),
        Index(
            "comunicaciones_antibiotico_remesa_ix",
            "organizacion_id",
            "remesa_id",
            "fecha",
            "id",
            postgresql_where=text("remesa_id IS NOT NULL"),
        ),
    )

    sede_id: Mapped[UUID]
    veterinario_id: Mapped[UUID]
    linea_receta_id: Mapped[UUID | None]
    administracion_id: Mapped[UUID | None]
    estado: Mapped[EstadoComunicacion] = mapped_column(
        opcion(EstadoComunicacion, "estado"), default=EstadoComunicacion.PENDIENTE
    )
    fecha: Mapped[date]
    num_receta: Mapped[str | None] = mapped_column(texto(60))
    tipo_dispensacion: Mapped[TipoDispensacion] = mapped_column(opcion(TipoDispensacion, "tipo_dispensacion"))
    clase: Mapped[ClaseReceta] = mapped_column(opcion(ClaseReceta, "clase"))
    finalidad_antimicrobiana: Mapped[FinalidadAntimicrobiana | None] = mapped_column(
        opcion(FinalidadAntimicrobiana, "finalidad_antimicrobiana")
    )
    prescriptor: Mapped[str] = mapped_column(texto(120))
    num_colegiado: Mapped[str] = mapped_column(texto(20))
    especie: Mapped[str] = mapped_column(texto(40))
    medicamento: Mapped[str] = mapped_column(texto(1000))
    num_registro: Mapped[str | None] = mapped_column(texto(40))
    principios: Mapped[list[Any]] = mapped_column(default=list)
    forma: Mapped[str | None] = mapped_column(texto(60))
    formato: Mapped[str | None] = mapped_column(texto(60))
    envases: Mapped[int | None] = mapped_column(SmallInteger())
    porcentaje_envase: Mapped[Decimal | None] = mapped_column(Numeric(4, 1))
    exportada_en: Mapped[datetime | None]
    remesa_id: Mapped[UUID | None]
    acuse_en: Mapped[datetime | None]
    referencia: Mapped[str | None] = mapped_column(texto(120))
    error: Mapped[str | None] = mapped_column(texto(500))
