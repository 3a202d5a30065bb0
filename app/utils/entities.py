"""Lo que toda tabla comparte: clave, organización, versión y autoría."""

from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid_utils
from sqlalchemy import (
    Date,
    DateTime,
    Enum,
    ForeignKeyConstraint,
    MetaData,
    Numeric,
    String,
    Text,
    Time,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from app.utils.context import ahora, organizacion_id, quien

NOMBRES = {
    "pk": "%(table_name)s_pk",
    "fk": "%(table_name)s_%(column_0_N_name)s_fk",
    "uq": "%(table_name)s_%(column_0_N_name)s_uq",
    "ix": "%(table_name)s_%(column_0_N_name)s_ix",
    "ck": "%(table_name)s_%(constraint_name)s_ck",
}


def nuevo_id() -> UUID:
    """Identificador UUIDv7: único y ordenado por el momento en que se crea."""
    return uuid_utils.uuid7()


class Base(DeclarativeBase):
    """Raíz del esquema; fija el tipo de columna de cada tipo de Python."""

    metadata = MetaData(naming_convention=NOMBRES)
    type_annotation_map = {
        str: Text(),
        UUID: Uuid(),
        datetime: DateTime(timezone=True),
        date: Date(),
        time: Time(),
        Decimal: Numeric(),
        dict[str, Any]: JSONB(none_as_null=True),
        list[Any]: JSONB(none_as_null=True),
        list[str]: JSONB(none_as_null=True),
    }


class DeOrganizacion:
    """Fila de una organización: clave compuesta, y la estampa quien la crea."""

    organizacion_id: Mapped[UUID] = mapped_column(primary_key=True, default=organizacion_id, sort_order=-20)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=nuevo_id, sort_order=-19)


class Entity:
    """Registro con versión y autoría; la versión sube sola en cada cambio."""

    version: Mapped[int] = mapped_column(default=1, sort_order=90)
    creado_en: Mapped[datetime] = mapped_column(default=ahora, sort_order=91)
    creado_por: Mapped[UUID | None] = mapped_column(default=quien, sort_order=92)
    actualizado_en: Mapped[datetime] = mapped_column(default=ahora, onupdate=ahora, sort_order=93)
    actualizado_por: Mapped[UUID | None] = mapped_column(default=quien, onupdate=quien, sort_order=94)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Archivable:
    """Baja lógica: la fila queda, marcada, con su porqué."""

    activo: Mapped[bool] = mapped_column(default=True, sort_order=80)
    baja_en: Mapped[datetime | None] = mapped_column(sort_order=81)
    baja_motivo: Mapped[str | None] = mapped_column(sort_order=82)


def referencia(columna: str, tabla: str) -> ForeignKeyConstraint:
    """Referencia dentro de la misma organización: una fila no puede apuntar fuera."""
    return ForeignKeyConstraint(["organizacion_id", columna], [f"{tabla}.organizacion_id", f"{tabla}.id"])


def opcion(enum: type[StrEnum], nombre: str) -> Enum:
    """Tipo de columna que sólo admite los valores de la enumeración; ``nombre`` es el de la columna."""
    return Enum(
        enum,
        name=nombre,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda miembros: [miembro.value for miembro in miembros],
    )


def texto(longitud: int) -> String:
    """Texto con longitud máxima."""
    return String(longitud)
