"""De quién es el animal y desde cuándo: histórico que nunca se sobrescribe."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, column, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.entities import Base, DeOrganizacion, Entity, opcion, referencia, texto
from app.utils.errors import Conflict, restriccion


class RolTitular(StrEnum):
    """Papel de un titular."""

    TITULAR = "titular"
    COTITULAR = "cotitular"


class TitularidadSolapada(Conflict):
    """El paciente ya tiene titular en esas fechas."""


class Titularidad(DeOrganizacion, Entity, Base):
    """Periodo [desde, hasta) en que un cliente es titular o cotitular de un paciente."""

    __tablename__ = "titularidades"
    __table_args__ = (
        referencia("paciente_id", "pacientes"),
        referencia("cliente_id", "clientes"),
        CheckConstraint("hasta IS NULL OR hasta >= desde", name="fechas"),
        CheckConstraint("porcentaje > 0 AND porcentaje <= 100", name="porcentaje"),
        ExcludeConstraint(
            (column("organizacion_id"), "="),
            (column("paciente_id"), "="),
            (func.daterange(column("desde"), column("hasta")), "&&"),
            name=restriccion("titularidades_un_titular", TitularidadSolapada),
            using="gist",
            where=text("rol = 'titular'"),
        ),
        Index(
            restriccion("titularidades_vigente_uq", TitularidadSolapada),
            "organizacion_id",
            "paciente_id",
            unique=True,
            postgresql_where="rol = 'titular' AND hasta IS NULL",
        ),
        Index(
            restriccion("titularidades_persona_uq", TitularidadSolapada),
            "organizacion_id",
            "paciente_id",
            "cliente_id",
            unique=True,
            postgresql_where="hasta IS NULL",
        ),
        Index(None, "organizacion_id", "cliente_id", "paciente_id"),
    )

    paciente_id: Mapped[UUID]
    cliente_id: Mapped[UUID]
    rol: Mapped[RolTitular] = mapped_column(opcion(RolTitular, "rol"), default=RolTitular.TITULAR)
    porcentaje: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    desde: Mapped[date]
    hasta: Mapped[date | None]
    documento: Mapped[str | None] = mapped_column(texto(120))
