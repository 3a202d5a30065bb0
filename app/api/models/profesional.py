"""El profesional: quien atiende, con su colegiación y su agenda."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import LargeBinary, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.entities import Archivable, Base, DeOrganizacion, Entity, opcion, referencia, texto
from app.utils.errors import Conflict, restriccion


class Categoria(StrEnum):
    """Qué puede atender."""

    VETERINARIO = "veterinario"
    AUXILIAR = "auxiliar"
    PELUQUERIA = "peluqueria"


class ProfesionalDuplicado(Conflict):
    """Ese usuario ya tiene ficha de profesional."""


class Profesional(DeOrganizacion, Archivable, Entity, Base):
    """Persona que atiende citas; sin ``num_colegiado`` no firma ni receta."""

    __tablename__ = "profesionales"
    __table_args__ = (
        UniqueConstraint(
            "organizacion_id", "usuario_id", name=restriccion("profesionales_usuario_uq", ProfesionalDuplicado)
        ),
        referencia("usuario_id", "usuarios"),
    )

    usuario_id: Mapped[UUID]
    nombre: Mapped[str] = mapped_column(texto(120))
    categoria: Mapped[Categoria] = mapped_column(opcion(Categoria, "categoria"))
    num_colegiado: Mapped[str | None] = mapped_column(texto(20))
    colegio: Mapped[str | None] = mapped_column(texto(80))
    especialidades: Mapped[list[str]] = mapped_column(ARRAY(Text()), default=list)
    documento_identidad: Mapped[bytes | None] = mapped_column(LargeBinary())
    color_agenda: Mapped[str | None] = mapped_column(texto(7))
    agendable: Mapped[bool] = mapped_column(default=True)
