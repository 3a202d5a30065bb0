"""Lo que se ha entregado de una receta: asientos que sólo se añaden."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.context import ahora, quien
from app.utils.entities import Base, DeOrganizacion, opcion, referencia, texto


class OrigenDispensacion(StrEnum):
    """Quién entrega: la clínica cede en acto clínico; lo demás sale de una farmacia u otro establecimiento."""

    CLINICA = "clinica"
    FARMACIA = "farmacia"


class Dispensacion(DeOrganizacion, Base):
    """Una entrega, total o parcial, de lo recetado."""

    __tablename__ = "dispensaciones"
    __table_args__ = (referencia("receta_id", "recetas"), Index(None, "organizacion_id", "receta_id", "en", "id"))

    receta_id: Mapped[UUID]
    origen: Mapped[OrigenDispensacion] = mapped_column(opcion(OrigenDispensacion, "origen"))
    establecimiento: Mapped[str | None] = mapped_column(texto(160))
    fecha: Mapped[date]
    en: Mapped[datetime] = mapped_column(default=ahora)
    por: Mapped[UUID | None] = mapped_column(default=quien)
    observaciones: Mapped[str | None] = mapped_column(texto(500))


class LineaDispensacion(DeOrganizacion, Base):
    """Cuántos envases de una línea se entregaron, y de qué lote."""

    __tablename__ = "lineas_dispensacion"
    __table_args__ = (
        referencia("dispensacion_id", "dispensaciones"),
        referencia("linea_receta_id", "lineas_receta"),
        UniqueConstraint("organizacion_id", "dispensacion_id", "orden"),
        CheckConstraint("envases > 0", name="envases"),
        Index(None, "organizacion_id", "linea_receta_id"),
    )

    dispensacion_id: Mapped[UUID]
    orden: Mapped[int] = mapped_column(SmallInteger())
    linea_receta_id: Mapped[UUID]
    envases: Mapped[int]
    lote: Mapped[str | None] = mapped_column(texto(40))
    caducidad_lote: Mapped[date | None]
