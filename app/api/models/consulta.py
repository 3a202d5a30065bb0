"""La consulta: el episodio clínico, con su texto SOAP, y por qué pasos llega a cerrarse."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.entities import Base, DeOrganizacion, Entity, opcion, referencia, texto
from app.utils.errors import TransicionInvalida


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


# Estado -> acción (el nombre de su ruta) -> estado al que lleva. Publicar no cambia de estado.
TRANSICIONES: dict[EstadoConsulta, dict[str, EstadoConsulta]] = {
    EstadoConsulta.ABIERTA: {"cierre": EstadoConsulta.CERRADA, "anulacion": EstadoConsulta.ANULADA},
    EstadoConsulta.CERRADA: {"publicacion": EstadoConsulta.CERRADA},
    EstadoConsulta.ANULADA: {},
}


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
        # Una cita abre una sola consulta; si se anula, puede abrir otra.
        Index(
            "consultas_cita_uq",
            "organizacion_id",
            "cita_id",
            unique=True,
            postgresql_where=text("cita_id IS NOT NULL AND estado <> 'anulada'"),
        ),
        Index(None, "organizacion_id", "paciente_id", "inicio", "id"),
        Index(None, "organizacion_id", "sede_id", "inicio", "id"),
        Index(None, "organizacion_id", "veterinario_id", "inicio", "id"),
    )

    paciente_id: Mapped[UUID]
    sede_id: Mapped[UUID]
    veterinario_id: Mapped[UUID]
    cita_id: Mapped[UUID | None]
    tipo: Mapped[TipoConsulta] = mapped_column(opcion(TipoConsulta, "tipo"), default=TipoConsulta.CONSULTA)
    estado: Mapped[EstadoConsulta] = mapped_column(opcion(EstadoConsulta, "estado"), default=EstadoConsulta.ABIERTA)
    motivo: Mapped[str] = mapped_column(texto(500))
    inicio: Mapped[datetime]
    subjetivo: Mapped[str | None] = mapped_column(texto(20000))
    objetivo: Mapped[str | None] = mapped_column(texto(20000))
    valoracion: Mapped[str | None] = mapped_column(texto(20000))
    plan: Mapped[str | None] = mapped_column(texto(20000))
    recomendaciones_cliente: Mapped[str | None] = mapped_column(texto(20000))
    notas_clinicas_privadas: Mapped[str | None] = mapped_column(texto(20000))
    proxima_revision: Mapped[date | None]
    cerrada_en: Mapped[datetime | None]
    publicada_en: Mapped[datetime | None]
    anulacion_motivo: Mapped[str | None] = mapped_column(texto(500))
    huella: Mapped[str | None] = mapped_column(texto(64))
    firma: Mapped[dict[str, Any] | None]

    def pasar_por(self, accion: str) -> None:
        """Aplica una acción, o dice cuáles caben. Errores: ``TransicionInvalida``."""
        posibles = TRANSICIONES[self.estado]
        if accion not in posibles:
            raise TransicionInvalida(estado_actual=self.estado.value, acciones_permitidas=sorted(posibles))
        self.estado = posibles[accion]
