"""Catálogos compartidos por todas las organizaciones: especies y razas."""

from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.entities import Base, texto


class Especie(Base):
    """Especie animal; los pesos son límites de sensatez para avisar de un error de tecleo, en kg."""

    __tablename__ = "especies"

    codigo: Mapped[str] = mapped_column(texto(40), primary_key=True)
    nombre: Mapped[str]
    nombre_cientifico: Mapped[str | None]
    grupo: Mapped[str]
    produccion: Mapped[str]
    peso_aviso_min_kg: Mapped[Decimal] = mapped_column(Numeric(8, 4))
    peso_aviso_max_kg: Mapped[Decimal] = mapped_column(Numeric(8, 4))
    identificacion: Mapped[str | None]
    fuente: Mapped[str]
    estado: Mapped[str]


class Raza(Base):
    """Raza de una especie; ``mdr1`` y ``ppp`` son riesgos documentados de la raza, no del animal."""

    __tablename__ = "razas"

    especie: Mapped[str] = mapped_column(ForeignKey("especies.codigo"), primary_key=True)
    codigo: Mapped[str] = mapped_column(texto(60), primary_key=True)
    nombre: Mapped[str]
    talla: Mapped[str | None]
    mdr1: Mapped[str | None]
    ppp: Mapped[bool] = mapped_column(default=False)
    numero_fci: Mapped[int | None]
    grupo_fci: Mapped[str | None]
    seccion_fci: Mapped[str | None]
    fuente: Mapped[str]
    estado: Mapped[str]
