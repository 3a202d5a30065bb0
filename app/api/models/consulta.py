"""La consulta: el episodio clínico, con su texto SOAP, y por qué pasos llega a cerrarse."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.entities import Base, DeOrganizacion, Entity, opcion, referencia, texto
from app.utils.errors import Conflict, restriccion
from app.utils.transiciones import siguiente


class TipoConsulta(StrEnum):
    """De qué clase de visita se trata."""

    CONSULTA = "consulta"
    REVISION = "revision"
    URGENCIA = "urgencia"
    TELEFONICA = "telefonica"
    DOMICILIO = "domicilio"
    PREVENTIVA = "preventiva"


class EstadoConsulta(StrEnum):
    """Por dónde va la consulta."""

    ABIERTA = "abierta"
    CERRADA = "cerrada"
    ANULADA = "anulada"


class MetodoFirma(StrEnum):
    """Con qué se firma. Sólo lo que el sistema comprueba: la sesión que se abrió con contraseña."""

    CONTRASENA = "contrasena"


# Estado -> acción (el nombre de su ruta) -> estado al que lleva. Publicar no cambia de estado.
TRANSICIONES: dict[EstadoConsulta, dict[str, EstadoConsulta]] = {
    EstadoConsulta.ABIERTA: {"cierre": EstadoConsulta.CERRADA, "anulacion": EstadoConsulta.ANULADA},
    EstadoConsulta.CERRADA: {"publicacion": EstadoConsulta.CERRADA},
    EstadoConsulta.ANULADA: {},
}


class ConsultaCerrada(Conflict):
    """La consulta está cerrada: lo que falte va en una enmienda."""


class ConsultaAnulada(Conflict):
    """La consulta está anulada."""


class CitaConConsulta(Conflict):
    """Esa cita ya tiene la consulta de este paciente."""


# La base lo impide también por debajo, en la consulta y en lo suyo: los disparadores de la migración 0006.
restriccion("consultas_inmutables", ConsultaCerrada)


class Consulta(DeOrganizacion, Entity, Base):
    """Episodio clínico de un paciente; cerrada no se toca: lo que falte va en enmiendas."""

    __tablename__ = "consultas"
    __table_args__ = (
        referencia("paciente_id", "pacientes"),
        referencia("sede_id", "sedes"),
        referencia("veterinario_id", "profesionales"),
        referencia("cita_id", "citas"),
        CheckConstraint("(estado = 'cerrada') = (cerrada_en IS NOT NULL)", name="cierre"),
        CheckConstraint("(estado = 'cerrada') = (huella IS NOT NULL AND firma IS NOT NULL)", name="firma"),
        CheckConstraint("(estado = 'anulada') = (anulacion_motivo IS NOT NULL)", name="anulacion"),
        CheckConstraint("publicada_en IS NULL OR estado = 'cerrada'", name="publicacion"),
        # De cada cita, una sola consulta abierta por animal. Al fundir dos fichas pueden quedar dos ya cerradas.
        Index(
            restriccion("consultas_cita_uq", CitaConConsulta),
            "organizacion_id",
            "cita_id",
            "paciente_id",
            unique=True,
            postgresql_where=text("cita_id IS NOT NULL AND estado = 'abierta'"),
        ),
        Index("consultas_de_cita_ix", "organizacion_id", "cita_id", postgresql_where=text("cita_id IS NOT NULL")),
        Index(None, "organizacion_id", "paciente_id", "inicio", "id"),
        Index(None, "organizacion_id", "sede_id", "inicio", "id"),
        Index(None, "organizacion_id", "veterinario_id", "inicio", "id"),
        Index(None, "organizacion_id", "inicio", "id"),
        Index(None, "organizacion_id", "estado", "inicio", "id"),
    )

    paciente_id: Mapped[UUID]
    sede_id: Mapped[UUID]
    veterinario_id: Mapped[UUID]
    cita_id: Mapped[UUID | None]
    tipo: Mapped[TipoConsulta] = mapped_column(opcion(TipoConsulta, "tipo"), default=TipoConsulta.CONSULTA)
    estado: Mapped[EstadoConsulta] = mapped_column(opcion(EstadoConsulta, "estado"), default=EstadoConsulta.ABIERTA)
    motivo: Mapped[str] = mapped_column(texto(500))
    motivo_codigo: Mapped[str | None] = mapped_column(texto(10))
    inicio: Mapped[datetime]
    subjetivo: Mapped[str | None] = mapped_column(texto(20000))
    objetivo: Mapped[str | None] = mapped_column(texto(20000))
    valoracion: Mapped[str | None] = mapped_column(texto(20000))
    plan: Mapped[str | None] = mapped_column(texto(20000))
    recomendaciones_cliente: Mapped[str | None] = mapped_column(texto(20000))
    # Sistema -> {estado, texto}; el que no está no se exploró.
    exploracion: Mapped[dict[str, Any]] = mapped_column(default=dict)
    notas_clinicas_privadas: Mapped[str | None] = mapped_column(texto(20000))
    proxima_revision: Mapped[date | None]
    cerrada_en: Mapped[datetime | None]
    publicada_en: Mapped[datetime | None]
    anulacion_motivo: Mapped[str | None] = mapped_column(texto(500))
    huella: Mapped[str | None] = mapped_column(texto(64))
    firma: Mapped[dict[str, Any] | None]

    def exigir_abierta(self) -> None:
        """Que todavía se pueda escribir en ella. Errores: ``ConsultaCerrada``, ``ConsultaAnulada``."""
        if self.estado is EstadoConsulta.CERRADA:
            raise ConsultaCerrada
        if self.estado is EstadoConsulta.ANULADA:
            raise ConsultaAnulada

    def pasar_por(self, accion: str) -> None:
        """Aplica una acción, o dice cuáles caben. Errores: ``TransicionInvalida``."""
        self.estado = siguiente(TRANSICIONES, self.estado, accion)
