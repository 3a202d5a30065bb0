"""La lista de espera: quién quiere el próximo hueco y cuál se le ha ofrecido."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.api.models.cita import Prioridad
from app.utils.entities import Base, DeOrganizacion, Entity, opcion, referencia
from app.utils.errors import Conflict, restriccion


class EstadoEspera(StrEnum):
    """Por dónde va la espera."""

    ACTIVA = "activa"
    OFERTADA = "ofertada"
    CONVERTIDA = "convertida"
    RECHAZADA = "rechazada"
    CADUCADA = "caducada"
    BAJA = "baja"


class HuecoYaOfertado(Conflict):
    """Ese hueco ya se ha ofrecido a otra persona."""


class YaEnEspera(Conflict):
    """Ese paciente ya espera un hueco así en esta sede."""


class Espera(DeOrganizacion, Entity, Base):
    """Petición de hueco; ``ventanas`` son las fechas y franjas que le valen.

    Forma: cada ventana lleva ``desde`` y ``hasta`` (fechas incluidas) y, si se quiere, ``hora_inicio`` y ``hora_fin``
    (HH:MM en la zona de la sede).
    La oferta viva de un hueco es única por profesional e inicio.
    """

    __tablename__ = "lista_espera"
    __table_args__ = (
        referencia("sede_id", "sedes"),
        referencia("cliente_id", "clientes"),
        referencia("paciente_id", "pacientes"),
        referencia("tipo_cita_id", "tipos_cita"),
        referencia("profesional_id", "profesionales"),
        referencia("oferta_profesional_id", "profesionales"),
        referencia("cita_id", "citas"),
        CheckConstraint("(estado = 'ofertada') = (oferta_caduca_en IS NOT NULL)", name="oferta"),
        CheckConstraint("(estado = 'convertida') = (cita_id IS NOT NULL)", name="convertida"),
        Index(
            restriccion("lista_espera_oferta_uq", HuecoYaOfertado),
            "organizacion_id",
            "oferta_profesional_id",
            "oferta_inicio",
            unique=True,
            postgresql_where="estado = 'ofertada'",
        ),
        Index(
            restriccion("lista_espera_una_uq", YaEnEspera),
            "organizacion_id",
            "paciente_id",
            "tipo_cita_id",
            "sede_id",
            unique=True,
            postgresql_where="estado IN ('activa', 'ofertada')",
        ),
        Index(None, "organizacion_id", "sede_id", "estado", "creado_en"),
    )

    sede_id: Mapped[UUID]
    cliente_id: Mapped[UUID]
    paciente_id: Mapped[UUID]
    tipo_cita_id: Mapped[UUID]
    profesional_id: Mapped[UUID | None]
    ventanas: Mapped[list[Any]] = mapped_column(default=list)
    prioridad: Mapped[Prioridad] = mapped_column(opcion(Prioridad, "prioridad"), default=Prioridad.NORMAL)
    estado: Mapped[EstadoEspera] = mapped_column(opcion(EstadoEspera, "estado"), default=EstadoEspera.ACTIVA)
    oferta_profesional_id: Mapped[UUID | None]
    oferta_inicio: Mapped[datetime | None]
    oferta_fin: Mapped[datetime | None]
    oferta_recursos: Mapped[list[Any] | None]
    oferta_caduca_en: Mapped[datetime | None]
    cita_id: Mapped[UUID | None]
