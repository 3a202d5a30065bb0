"""Principios activos con sus pautas orientativas, y los medicamentos que los llevan."""

from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, SmallInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.entities import Archivable, Base, DeOrganizacion, Entity, opcion, referencia, texto
from app.utils.errors import Conflict, restriccion


class CategoriaEma(StrEnum):
    """Categoría europea de un antibiótico: A evitar, B restringir, C precaución, D prudencia."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Control(StrEnum):
    """Si está sometido a control especial."""

    NINGUNO = "ninguno"
    ESTUPEFACIENTE = "estupefaciente"
    PSICOTROPO = "psicotropo"
    POR_REVISAR = "por_revisar"


class EstadoValidacion(StrEnum):
    """Cuánto se puede fiar uno de un dato clínico."""

    VERIFICADO = "verificado"
    ORIENTATIVO = "orientativo"
    POR_REVISAR = "por_revisar"


class UnidadBase(StrEnum):
    """En qué se cuenta un medicamento; sólo lo que va en mL se mide, lo demás se parte."""

    ML = "ml"
    COMPRIMIDO = "comprimido"
    CAPSULA = "capsula"
    SOBRE = "sobre"
    PIPETA = "pipeta"
    COLLAR = "collar"
    GRAMO = "gramo"
    UNIDAD = "unidad"


class UnidadConcentracion(StrEnum):
    """En qué se dice la concentración, siempre por unidad base."""

    MG = "mg"
    UG = "ug"
    UI = "ui"


class PrincipioDuplicado(Conflict):
    """Ya hay un principio activo con ese código."""


class FichaDuplicada(Conflict):
    """Ese producto ya tiene su ficha de medicamento."""


class PrincipioActivo(DeOrganizacion, Archivable, Entity, Base):
    """Sustancia activa: su grupo, su control y sus pautas por especie y vía, cada una con su fuente."""

    __tablename__ = "principios_activos"
    __table_args__ = (
        UniqueConstraint(
            "organizacion_id", "codigo", name=restriccion("principios_activos_codigo_uq", PrincipioDuplicado)
        ),
        Index(None, "organizacion_id", "nombre_dci", "id"),
    )

    codigo: Mapped[str] = mapped_column(texto(60))
    nombre_dci: Mapped[str] = mapped_column(texto(120))
    grupo: Mapped[str | None] = mapped_column(texto(40))
    familia: Mapped[str | None] = mapped_column(texto(40))
    # Los códigos de los que se compone una combinación, y en qué se expresa su dosis: la suma, o uno de ellos.
    componentes: Mapped[list[str]] = mapped_column(ARRAY(Text()), default=list)
    expresion: Mapped[str | None] = mapped_column(texto(120))
    categoria_ema: Mapped[CategoriaEma | None] = mapped_column(opcion(CategoriaEma, "categoria_ema"))
    control: Mapped[Control] = mapped_column(opcion(Control, "control"), default=Control.NINGUNO)
    pautas: Mapped[list[Any]] = mapped_column(default=list)
    fuente: Mapped[str | None] = mapped_column(texto(40))
    estado_validacion: Mapped[EstadoValidacion] = mapped_column(
        opcion(EstadoValidacion, "estado_validacion"), default=EstadoValidacion.POR_REVISAR
    )


class Medicamento(DeOrganizacion, Archivable, Entity, Base):
    """Presentación comercial: qué principios lleva, en qué concentración y cómo se fracciona."""

    __tablename__ = "medicamentos"
    __table_args__ = (
        referencia("producto_id", "productos"),
        CheckConstraint("unidades_envase > 0", name="envase"),
        CheckConstraint("cardinality(fracciones) > 0", name="fracciones"),
        Index(None, "organizacion_id", "nombre", "id"),
        Index(
            restriccion("medicamentos_producto_uq", FichaDuplicada),
            "organizacion_id",
            "producto_id",
            unique=True,
            postgresql_where="producto_id IS NOT NULL",
        ),
    )

    producto_id: Mapped[UUID | None]
    nombre: Mapped[str] = mapped_column(texto(120))
    forma: Mapped[str] = mapped_column(texto(60))
    unidad_base: Mapped[UnidadBase] = mapped_column(opcion(UnidadBase, "unidad_base"))
    fracciones: Mapped[list[Decimal]] = mapped_column(ARRAY(Numeric(4, 3)), default=lambda: [Decimal(1)])
    unidades_envase: Mapped[Decimal] = mapped_column(Numeric(10, 3))
    num_registro: Mapped[str | None] = mapped_column(texto(40))
    prescripcion: Mapped[bool] = mapped_column(default=True)
    uso_exclusivo_veterinario: Mapped[bool] = mapped_column(default=False)
    especies_autorizadas: Mapped[list[str]] = mapped_column(ARRAY(Text()), default=list)
    tiempos_espera: Mapped[list[Any]] = mapped_column(default=list)
    dias_validez_abierto: Mapped[int | None] = mapped_column(SmallInteger())
    conservacion: Mapped[str | None] = mapped_column(texto(200))


class MedicamentoPrincipio(DeOrganizacion, Base):
    """Cuánto principio activo lleva cada unidad del medicamento (en mg por mL, por comprimido…)."""

    __tablename__ = "medicamentos_principios"
    __table_args__ = (
        referencia("medicamento_id", "medicamentos"),
        referencia("principio_id", "principios_activos"),
        # El primero es por el que se expresa la dosis.
        UniqueConstraint("organizacion_id", "medicamento_id", "orden"),
        UniqueConstraint("organizacion_id", "medicamento_id", "principio_id"),
        CheckConstraint("concentracion > 0", name="concentracion"),
        Index(None, "organizacion_id", "principio_id"),
    )

    medicamento_id: Mapped[UUID]
    principio_id: Mapped[UUID]
    orden: Mapped[int] = mapped_column(SmallInteger())
    concentracion: Mapped[Decimal] = mapped_column(Numeric(12, 5))
    unidad: Mapped[UnidadConcentracion] = mapped_column(opcion(UnidadConcentracion, "unidad"))
