"""El producto: lo que la clínica usa, pone o vende, y la ficha clínica de las vacunas."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.entities import Archivable, Base, DeOrganizacion, Entity, opcion, referencia, texto
from app.utils.errors import Conflict, restriccion


class TipoProducto(StrEnum):
    """Qué clase de producto es."""

    MEDICAMENTO = "medicamento"
    VACUNA = "vacuna"
    ALIMENTO = "alimento"
    MATERIAL = "material"
    ACCESORIO = "accesorio"
    SERVICIO_EXTERNO = "servicio_externo"


class SkuDuplicado(Conflict):
    """Ya hay un producto con ese código."""


class Producto(DeOrganizacion, Archivable, Entity, Base):
    """Artículo de la clínica; su ficha clínica, si la tiene, va aparte."""

    __tablename__ = "productos"
    __table_args__ = (
        UniqueConstraint("organizacion_id", "sku", name=restriccion("productos_sku_uq", SkuDuplicado)),
        Index(None, "organizacion_id", "nombre", "id"),
    )

    sku: Mapped[str] = mapped_column(texto(40))
    nombre: Mapped[str] = mapped_column(texto(120))
    tipo: Mapped[TipoProducto] = mapped_column(opcion(TipoProducto, "tipo"))
    unidad_base: Mapped[str] = mapped_column(texto(20))
    requiere_frio: Mapped[bool] = mapped_column(default=False)


class TipoVacuna(StrEnum):
    """Con qué está hecha."""

    VIVA = "viva"
    INACTIVADA = "inactivada"
    RECOMBINANTE = "recombinante"


class ViaVacuna(StrEnum):
    """Por dónde se pone una vacuna."""

    SUBCUTANEA = "subcutanea"
    INTRAMUSCULAR = "intramuscular"
    INTRANASAL = "intranasal"
    ORAL = "oral"


class ProductoVacuna(DeOrganizacion, Base):
    """Ficha clínica de un producto de tipo vacuna."""

    __tablename__ = "productos_vacuna"
    __table_args__ = (
        referencia("producto_id", "productos"),
        UniqueConstraint("organizacion_id", "producto_id"),
        CheckConstraint("validez_meses > 0", name="validez"),
        CheckConstraint("edad_min_semanas >= 0", name="edad"),
    )

    producto_id: Mapped[UUID]
    fabricante: Mapped[str | None] = mapped_column(texto(120))
    antigenos: Mapped[list[str]] = mapped_column(ARRAY(Text()), default=list)
    protocolos: Mapped[list[str]] = mapped_column(ARRAY(Text()), default=list)
    tipo_vacuna: Mapped[TipoVacuna | None] = mapped_column(opcion(TipoVacuna, "tipo_vacuna"))
    especies: Mapped[list[str]] = mapped_column(ARRAY(Text()), default=list)
    via: Mapped[ViaVacuna | None] = mapped_column(opcion(ViaVacuna, "via"))
    edad_min_semanas: Mapped[int | None] = mapped_column(SmallInteger())
    validez_meses: Mapped[int | None] = mapped_column(SmallInteger())
