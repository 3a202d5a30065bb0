"""La sede: cada centro de la organización, con su zona horaria y su territorio."""

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.entities import Archivable, Base, DeOrganizacion, Entity, texto
from app.utils.errors import Conflict, restriccion


class SedeDuplicada(Conflict):
    """Ya hay una sede con ese código."""


class Sede(DeOrganizacion, Archivable, Entity, Base):
    """Centro de trabajo; fija zona horaria, territorio fiscal y sanitario."""

    __tablename__ = "sedes"
    __table_args__ = (
        UniqueConstraint("organizacion_id", "codigo", name=restriccion("sedes_codigo_uq", SedeDuplicada)),
    )

    codigo: Mapped[str] = mapped_column(texto(10))
    nombre: Mapped[str] = mapped_column(texto(120))
    direccion: Mapped[dict[str, Any] | None]
    telefono: Mapped[str | None] = mapped_column(texto(20))
    email: Mapped[str | None] = mapped_column(texto(254))
    zona_horaria: Mapped[str] = mapped_column(texto(60))
    territorio_fiscal: Mapped[str] = mapped_column(texto(20))
    territorio_sanitario: Mapped[str | None] = mapped_column(texto(40))
    num_registro_centro: Mapped[str | None] = mapped_column(texto(40))
    apertura: Mapped[dict[str, Any] | None]
    config: Mapped[dict[str, Any]] = mapped_column(default=dict)
