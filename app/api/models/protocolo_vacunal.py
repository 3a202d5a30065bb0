"""Los calendarios vacunales de la organización y lo que exige cada territorio: datos con fuente y vigencia."""

from datetime import date
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
    column,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.entities import Archivable, Base, DeOrganizacion, Entity, opcion, texto
from app.utils.errors import Conflict, restriccion


class TipoProtocolo(StrEnum):
    """Cómo se cuenta: serie de cachorro con fin por edad, o un número fijo de dosis."""

    SERIE = "serie"
    DOSIS = "dosis"


class ClaseProtocolo(StrEnum):
    """Para quién está recomendado."""

    ESENCIAL = "esencial"
    LEGAL = "legal"
    SEGUN_RIESGO = "segun_riesgo"
    NO_ESENCIAL = "no_esencial"


class EstadoDato(StrEnum):
    """Cuánto se puede fiar uno de un dato de catálogo."""

    VERIFICADO = "verificado"
    ORIENTATIVO = "orientativo"
    POR_REVISAR = "por_revisar"


class ProtocoloDuplicado(Conflict):
    """Ya hay un protocolo vacunal con ese código."""


class RequisitoSolapado(Conflict):
    """Ya hay un requisito vigente en esas fechas para ese territorio, especie y protocolo."""


class ProtocoloVacunal(DeOrganizacion, Archivable, Entity, Base):
    """Calendario de una vacuna; sin ``periodo_meses`` manda la ficha técnica de lo que se puso."""

    __tablename__ = "protocolos_vacunales"
    __table_args__ = (
        UniqueConstraint(
            "organizacion_id", "codigo", name=restriccion("protocolos_vacunales_codigo_uq", ProtocoloDuplicado)
        ),
        CheckConstraint("cardinality(especies) > 0", name="especies"),
        CheckConstraint(
            "edad_min_semanas >= 0 AND (tipo <> 'serie' OR fin_serie_semanas >= edad_min_semanas)", name="edades"
        ),
        CheckConstraint("refuerzo_1_semanas >= fin_serie_semanas", name="refuerzo"),
        CheckConstraint("intervalo_min_dias > 0 AND intervalo_objetivo_dias >= intervalo_min_dias", name="intervalos"),
        CheckConstraint("dosis_iniciales > 0 AND dosis_adulto > 0", name="dosis"),
        CheckConstraint(
            "refuerzo_1_meses > 0 AND refuerzo_adulto_meses > 0 AND periodo_meses > 0 AND caducidad_meses > 0",
            name="meses",
        ),
    )

    codigo: Mapped[str] = mapped_column(texto(40))
    nombre: Mapped[str] = mapped_column(texto(120))
    especies: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    clase: Mapped[ClaseProtocolo] = mapped_column(opcion(ClaseProtocolo, "clase"))
    tipo: Mapped[TipoProtocolo] = mapped_column(opcion(TipoProtocolo, "tipo"))
    edad_min_semanas: Mapped[int] = mapped_column(SmallInteger())
    intervalo_min_dias: Mapped[int] = mapped_column(SmallInteger(), default=14)
    intervalo_objetivo_dias: Mapped[int] = mapped_column(SmallInteger(), default=28)
    fin_serie_semanas: Mapped[int] = mapped_column(SmallInteger(), default=16)
    refuerzo_1_semanas: Mapped[int] = mapped_column(SmallInteger(), default=26)
    dosis_adulto: Mapped[int] = mapped_column(SmallInteger(), default=2)
    # Vacío, el parámetro ``refuerzo_adulto_meses`` de la organización.
    refuerzo_adulto_meses: Mapped[int | None] = mapped_column(SmallInteger())
    dosis_iniciales: Mapped[int] = mapped_column(SmallInteger(), default=1)
    refuerzo_1_meses: Mapped[int] = mapped_column(SmallInteger(), default=12)
    periodo_meses: Mapped[int | None] = mapped_column(SmallInteger())
    # Vacío, no caduca; en leptospira, el parámetro ``lepto_caducidad_meses`` de la organización.
    caducidad_meses: Mapped[int | None] = mapped_column(SmallInteger())
    fuente: Mapped[str] = mapped_column(texto(200))
    estado: Mapped[EstadoDato] = mapped_column(opcion(EstadoDato, "estado"))
    notas: Mapped[str | None] = mapped_column(texto(500))


class RequisitoTerritorial(DeOrganizacion, Archivable, Entity, Base):
    """Lo que un territorio exige de una vacuna en una especie, y desde y hasta cuándo rige."""

    __tablename__ = "requisitos_territoriales"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organizacion_id", "protocolo"],
            ["protocolos_vacunales.organizacion_id", "protocolos_vacunales.codigo"],
        ),
        CheckConstraint("vigente_hasta >= vigente_desde", name="vigencia"),
        CheckConstraint("edad_min_dias >= 0 AND dosis_iniciales > 0 AND periodicidad_meses > 0", name="cantidades"),
        ExcludeConstraint(
            (column("organizacion_id"), "="),
            (column("territorio"), "="),
            (column("especie"), "="),
            (column("protocolo"), "="),
            (func.daterange(column("vigente_desde"), column("vigente_hasta"), text("'[]'")), "&&"),
            using="gist",
            where=text("activo"),
            name=restriccion("requisitos_territoriales_vigencia_ex", RequisitoSolapado),
        ),
    )

    territorio: Mapped[str] = mapped_column(texto(40))
    especie: Mapped[str] = mapped_column(ForeignKey("especies.codigo"))
    protocolo: Mapped[str] = mapped_column(texto(40), default="rabia")
    obligatoria: Mapped[bool]
    edad_min_dias: Mapped[int | None] = mapped_column(SmallInteger())
    dosis_iniciales: Mapped[int | None] = mapped_column(SmallInteger())
    periodicidad_meses: Mapped[int | None] = mapped_column(SmallInteger())
    vigente_desde: Mapped[date]
    vigente_hasta: Mapped[date | None]
    fuente: Mapped[str] = mapped_column(texto(200))
    estado: Mapped[EstadoDato] = mapped_column(opcion(EstadoDato, "estado"))
    notas: Mapped[str | None] = mapped_column(texto(500))
