"""La vacunación: asientos que sólo se añaden y se anulan, y lo que cada uno supone en cada protocolo."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.api.models.producto import ViaVacuna
from app.utils.entities import Base, DeOrganizacion, Entity, opcion, referencia, texto
from app.utils.errors import BusinessRule, Conflict, restriccion


class LoteCaducado(BusinessRule):
    """El lote estaba caducado ese día."""


class VacunacionDuplicada(Conflict):
    """Esa vacuna ya consta puesta al paciente ese mismo día."""


class Vacunacion(DeOrganizacion, Entity, Base):
    """Dosis puesta a un paciente; ``externa`` es la que puso otro centro."""

    __tablename__ = "vacunaciones"
    __table_args__ = (
        referencia("paciente_id", "pacientes"),
        referencia("producto_id", "productos"),
        referencia("sede_id", "sedes"),
        referencia("veterinario_id", "profesionales"),
        referencia("orden_veterinario_id", "profesionales"),
        CheckConstraint("externa OR (lote IS NOT NULL AND caducidad_lote IS NOT NULL)", name="lote"),
        CheckConstraint("externa OR veterinario_id IS NOT NULL", name="veterinario"),
        # El propio día de la caducidad sí se usa.
        CheckConstraint("caducidad_lote >= fecha", name=restriccion("vacunaciones_caducidad_ck", LoteCaducado)),
        CheckConstraint("dosis_ml > 0 AND peso_kg > 0", name="positivos"),
        CheckConstraint("proxima_manual >= fecha", name="proxima"),
        CheckConstraint("(proxima_manual IS NULL) = (proxima_motivo IS NULL)", name="proxima_motivo"),
        CheckConstraint("(anulado_en IS NULL) = (anulacion_motivo IS NULL)", name="anulacion"),
        # Dos dosis idénticas el mismo día sólo pueden ser la misma, apuntada dos veces.
        Index(
            restriccion("vacunaciones_repetida_uq", VacunacionDuplicada),
            "organizacion_id",
            "paciente_id",
            "producto_id",
            "fecha",
            unique=True,
            postgresql_where=text("anulado_en IS NULL"),
        ),
        Index(None, "organizacion_id", "paciente_id", "fecha", "id"),
        Index(None, "organizacion_id", "sede_id", "fecha", "id"),
        Index(None, "organizacion_id", "fecha", "id"),
        Index(None, "organizacion_id", "lote", "fecha", "id"),
        Index(None, "organizacion_id", "producto_id", "fecha", "id"),
    )

    paciente_id: Mapped[UUID]
    producto_id: Mapped[UUID]
    sede_id: Mapped[UUID | None]
    fecha: Mapped[date]
    lote: Mapped[str | None] = mapped_column(texto(40))
    caducidad_lote: Mapped[date | None]
    dosis_ml: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    via: Mapped[ViaVacuna | None] = mapped_column(opcion(ViaVacuna, "via"))
    sitio: Mapped[str | None] = mapped_column(texto(80))
    peso_kg: Mapped[Decimal | None] = mapped_column(Numeric(7, 3))
    veterinario_id: Mapped[UUID | None]
    orden_veterinario_id: Mapped[UUID | None]
    externa: Mapped[bool] = mapped_column(default=False)
    proxima_manual: Mapped[date | None]
    proxima_motivo: Mapped[str | None] = mapped_column(texto(200))
    anulado_en: Mapped[datetime | None]
    anulado_por: Mapped[UUID | None]
    anulacion_motivo: Mapped[str | None] = mapped_column(texto(200))


class VacunacionProtocolo(DeOrganizacion, Base):
    """Lo que una dosis supone en un protocolo: lo calcula el calendario y se rehace entero cuando algo cambia.

    ``rige``: es la última que cuenta, y su fecha, la que espera el paciente.
    """

    __tablename__ = "vacunaciones_protocolos"
    __table_args__ = (
        referencia("paciente_id", "pacientes"),
        referencia("vacunacion_id", "vacunaciones"),
        UniqueConstraint("organizacion_id", "vacunacion_id", "protocolo", name="vacunaciones_protocolos_dosis_uq"),
        CheckConstraint("(numero_en_serie IS NULL) = (descarte IS NOT NULL)", name="cuenta"),
        CheckConstraint("numero_en_serie IS NOT NULL OR NOT rige", name="rige"),
        Index(None, "organizacion_id", "paciente_id", "protocolo"),
        Index(
            "vacunaciones_protocolos_rige_uq",
            "organizacion_id",
            "paciente_id",
            "protocolo",
            unique=True,
            postgresql_where=text("rige"),
        ),
        Index(
            "vacunaciones_protocolos_vence_ix",
            "organizacion_id",
            "fecha_proxima",
            "paciente_id",
            postgresql_where=text("rige"),
        ),
    )

    paciente_id: Mapped[UUID]
    vacunacion_id: Mapped[UUID]
    protocolo: Mapped[str] = mapped_column(texto(40))
    numero_en_serie: Mapped[int | None] = mapped_column(SmallInteger())
    descarte: Mapped[str | None] = mapped_column(texto(40))
    descarte_mensaje: Mapped[str | None] = mapped_column(texto(300))
    fase_siguiente: Mapped[str | None] = mapped_column(texto(20))
    fecha_proxima: Mapped[date | None]
    valida_ue_desde: Mapped[date | None]
    valida_ue_hasta: Mapped[date | None]
    rige: Mapped[bool] = mapped_column(default=False)
