"""Diagnósticos, problemas que siguen abiertos y los sistemas con los que se codifican."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.entities import Archivable, Base, DeOrganizacion, Entity, opcion, referencia
from app.utils.errors import Conflict, restriccion

PROPIO = "propio"  # el sistema que trae Servet: sus términos están en los catálogos


class Certeza(StrEnum):
    """Con qué seguridad se afirma."""

    PRESUNTIVO = "presuntivo"
    DIFERENCIAL = "diferencial"
    DEFINITIVO = "definitivo"
    DESCARTADO = "descartado"


class SistemaDuplicado(Conflict):
    """Ya hay un sistema de codificación con ese código."""


class SistemaCodificacion(DeOrganizacion, Archivable, Entity, Base):
    """Un sistema que la clínica puede usar, con su licencia y su versión; sus términos no se distribuyen."""

    __tablename__ = "sistemas_codificacion"
    __table_args__ = (
        UniqueConstraint(
            "organizacion_id", "codigo", name=restriccion("sistemas_codificacion_codigo_uq", SistemaDuplicado)
        ),
        CheckConstraint(f"codigo <> '{PROPIO}'", name="propio"),
    )

    codigo: Mapped[str] = mapped_column(String(40))
    nombre: Mapped[str] = mapped_column(String(120))
    version_sistema: Mapped[str] = mapped_column(String(40))
    licencia: Mapped[str] = mapped_column(String(300))
    url: Mapped[str | None] = mapped_column(String(300))


class Diagnostico(DeOrganizacion, Entity, Base):
    """Un diagnóstico de una consulta; el que lo corrige dice a cuál sustituye."""

    __tablename__ = "diagnosticos"
    __table_args__ = (
        referencia("consulta_id", "consultas"),
        referencia("sustituye_a_id", "diagnosticos"),
        CheckConstraint("(codigo IS NULL) = (sistema_codigo IS NULL)", name="codigo"),
        CheckConstraint("sustituye_a_id <> id", name="sustitucion"),
        Index(None, "organizacion_id", "consulta_id", "id"),
    )

    consulta_id: Mapped[UUID]
    certeza: Mapped[Certeza] = mapped_column(opcion(Certeza, "certeza"))
    texto: Mapped[str] = mapped_column(String(500))
    sistema_codigo: Mapped[str | None] = mapped_column(String(40))
    codigo: Mapped[str | None] = mapped_column(String(40))
    version_sistema: Mapped[str | None] = mapped_column(String(40))
    publicado: Mapped[bool] = mapped_column(default=False)
    sustituye_a_id: Mapped[UUID | None]


class Problema(DeOrganizacion, Archivable, Entity, Base):
    """Lo que un paciente arrastra de una consulta a otra, como una enfermedad crónica; con fecha de fin, resuelto."""

    __tablename__ = "problemas"
    __table_args__ = (
        referencia("paciente_id", "pacientes"),
        CheckConstraint("(codigo IS NULL) = (sistema_codigo IS NULL)", name="codigo"),
        CheckConstraint("fecha_fin >= fecha_inicio", name="fechas"),
        Index(None, "organizacion_id", "paciente_id", "fecha_inicio", "id"),
    )

    paciente_id: Mapped[UUID]
    texto: Mapped[str] = mapped_column(String(500))
    sistema_codigo: Mapped[str | None] = mapped_column(String(40))
    codigo: Mapped[str | None] = mapped_column(String(40))
    version_sistema: Mapped[str | None] = mapped_column(String(40))
    fecha_inicio: Mapped[date]
    fecha_fin: Mapped[date | None]
    notas: Mapped[str | None] = mapped_column(String(2000))
