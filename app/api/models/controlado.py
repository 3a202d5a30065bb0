"""El libro de estupefacientes y psicótropos: asientos encadenados por su saldo, que nadie cambia ni borra."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.context import ahora, quien
from app.utils.entities import Base, DeOrganizacion, opcion, referencia, texto
from app.utils.errors import BusinessRule, Conflict, ConflictoConcurrente, restriccion


class TipoControlado(StrEnum):
    """Por qué cambia, o se comprueba, el saldo."""

    ENTRADA = "entrada"
    ADMINISTRACION = "administracion"
    DISPENSACION = "dispensacion"
    MERMA = "merma"
    DEVOLUCION = "devolucion"
    RECUENTO = "recuento"


class SaldoControladoNegativo(BusinessRule):
    """No queda bastante en el libro de controlados."""


class TestigoRequerido(BusinessRule):
    """Hace falta un testigo distinto del responsable."""


class ObservacionesRequeridas(BusinessRule):
    """El recuento no coincide con el saldo: hay que explicarlo en observaciones."""


class AsientoYaCorregido(Conflict):
    """Ese asiento ya tiene su contraasiento."""


class AsientoControlado(DeOrganizacion, Base):
    """Un asiento del libro, en la unidad base del medicamento.

    La cadena la garantiza la base: el saldo anterior es, por clave ajena, el saldo del asiento anterior, sólo uno
    puede seguirle y ninguno baja de cero. ``variacion`` es la cantidad con su signo; un recuento no varía nada.
    """

    __tablename__ = "registro_controlados"
    __table_args__ = (
        referencia("sede_id", "sedes"),
        referencia("medicamento_id", "medicamentos"),
        referencia("paciente_id", "pacientes"),
        referencia("administracion_id", "administraciones"),
        referencia("dispensacion_id", "dispensaciones"),
        referencia("responsable_id", "usuarios"),
        referencia("testigo_id", "usuarios"),
        referencia("corrige_id", "registro_controlados"),
        referencia("recuento_id", "registro_controlados"),
        UniqueConstraint(
            "organizacion_id",
            "sede_id",
            "medicamento_id",
            "asiento",
            name=restriccion("registro_controlados_asiento_uq", ConflictoConcurrente),
        ),
        UniqueConstraint(
            "organizacion_id", "sede_id", "medicamento_id", "asiento", "saldo", name="registro_controlados_saldo_uq"
        ),
        ForeignKeyConstraint(
            ["organizacion_id", "sede_id", "medicamento_id", "asiento_anterior", "saldo_anterior"],
            [f"registro_controlados.{c}" for c in ("organizacion_id", "sede_id", "medicamento_id", "asiento", "saldo")],
            name="registro_controlados_cadena_fk",
        ),
        CheckConstraint(
            "CASE WHEN asiento = 1 THEN asiento_anterior IS NULL AND saldo_anterior = 0"
            " ELSE asiento_anterior IS NOT NULL AND asiento_anterior = asiento - 1 END",
            name="cadena",
        ),
        CheckConstraint("saldo = saldo_anterior + variacion", name="saldo"),
        CheckConstraint("saldo >= 0", name="negativo"),
        CheckConstraint(
            "CASE WHEN tipo = 'recuento' THEN cantidad = 0 AND variacion = 0"
            " ELSE cantidad > 0 AND variacion = CASE WHEN (tipo = 'entrada') = (corrige_id IS NULL)"
            " THEN cantidad ELSE -cantidad END END",
            name="signo",
        ),
        CheckConstraint(
            "CASE WHEN tipo = 'recuento' THEN contado >= 0 AND diferencia = contado - saldo_anterior"
            " ELSE num_nonnulls(contado, diferencia) = 0 END",
            name="recuento",
        ),
        CheckConstraint(
            "testigo_id <> responsable_id AND (tipo NOT IN ('merma', 'recuento') OR testigo_id IS NOT NULL)",
            name="testigo",
        ),
        CheckConstraint("diferencia = 0 OR observaciones IS NOT NULL", name="observaciones"),
        UniqueConstraint(
            "organizacion_id", "corrige_id", name=restriccion("registro_controlados_corrige_uq", AsientoYaCorregido)
        ),
        UniqueConstraint("organizacion_id", "recuento_id"),
        Index(None, "organizacion_id", "sede_id", "en", "id"),
        Index(None, "organizacion_id", "medicamento_id", "en", "id"),
        Index(None, "organizacion_id", "en", "id"),
        Index(None, "organizacion_id", "tipo", "en", "id"),
        Index(None, "organizacion_id", "fecha"),
        Index(
            "registro_controlados_paciente_ix",
            "organizacion_id",
            "paciente_id",
            "en",
            "id",
            postgresql_where=text("paciente_id IS NOT NULL"),
        ),
        Index(
            "registro_controlados_lote_ix",
            "organizacion_id",
            "lote",
            "en",
            "id",
            postgresql_where=text("lote IS NOT NULL"),
        ),
    )

    sede_id: Mapped[UUID]
    medicamento_id: Mapped[UUID]
    asiento: Mapped[int]
    asiento_anterior: Mapped[int | None]
    tipo: Mapped[TipoControlado] = mapped_column(opcion(TipoControlado, "tipo"))
    fecha: Mapped[date]
    en: Mapped[datetime] = mapped_column(default=ahora)
    cantidad: Mapped[Decimal] = mapped_column(Numeric(12, 3))
    variacion: Mapped[Decimal] = mapped_column(Numeric(12, 3))
    saldo_anterior: Mapped[Decimal] = mapped_column(Numeric(12, 3))
    saldo: Mapped[Decimal] = mapped_column(Numeric(12, 3))
    contado: Mapped[Decimal | None] = mapped_column(Numeric(12, 3))
    diferencia: Mapped[Decimal | None] = mapped_column(Numeric(12, 3))
    lote: Mapped[str | None] = mapped_column(texto(40))
    paciente_id: Mapped[UUID | None]
    proveedor: Mapped[str | None] = mapped_column(texto(160))
    num_documento: Mapped[str | None] = mapped_column(texto(60))
    administracion_id: Mapped[UUID | None]
    dispensacion_id: Mapped[UUID | None]
    corrige_id: Mapped[UUID | None]
    recuento_id: Mapped[UUID | None]
    responsable_id: Mapped[UUID] = mapped_column(default=quien)
    testigo_id: Mapped[UUID | None]
    observaciones: Mapped[str | None] = mapped_column(texto(1000))


restriccion("registro_controlados_negativo_ck", SaldoControladoNegativo)
restriccion("registro_controlados_testigo_ck", TestigoRequerido)
restriccion("registro_controlados_observaciones_ck", ObservacionesRequeridas)
