"""La cita, sus transiciones y lo que ocupa: aquí la base impide la doble reserva."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    Index,
    SmallInteger,
    UniqueConstraint,
    column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint
from sqlalchemy.orm import Mapped, aliased, mapped_column

from app.utils.context import ahora
from app.utils.entities import Base, DeOrganizacion, Entity, opcion, referencia, texto
from app.utils.errors import Conflict, restriccion
from app.utils.transiciones import siguiente

# Lo más que una cita bloquea a alguien: un día, que es lo más que dura, y cuatro horas de margen a cada lado.
OCUPACION_MAXIMA_H = 32


class EstadoCita(StrEnum):
    """Por dónde va la cita."""

    SOLICITADA = "solicitada"
    CONFIRMADA = "confirmada"
    EN_SALA = "en_sala"
    EN_CONSULTA = "en_consulta"
    FINALIZADA = "finalizada"
    CANCELADA = "cancelada"
    NO_PRESENTADO = "no_presentado"


class OrigenCita(StrEnum):
    """Por dónde se pidió."""

    RECEPCION = "recepcion"
    PORTAL = "portal"
    TELEFONO = "telefono"
    WEB = "web"
    INTEGRACION = "integracion"
    SIN_CITA = "sin_cita"


class Prioridad(StrEnum):
    """Con qué urgencia se atiende."""

    NORMAL = "normal"
    PREFERENTE = "preferente"
    URGENTE = "urgente"


class TipoOcupante(StrEnum):
    """Quién o qué queda ocupado."""

    PROFESIONAL = "profesional"
    RECURSO = "recurso"
    PACIENTE = "paciente"


# Estado -> acción (el nombre de su ruta) -> estado al que lleva. La reprogramación no cambia de estado.
TRANSICIONES: dict[EstadoCita, dict[str, EstadoCita]] = {
    EstadoCita.SOLICITADA: {
        "confirmacion": EstadoCita.CONFIRMADA,
        "cancelacion": EstadoCita.CANCELADA,
    },
    EstadoCita.CONFIRMADA: {
        "llegada": EstadoCita.EN_SALA,
        "reprogramacion": EstadoCita.CONFIRMADA,
        "cancelacion": EstadoCita.CANCELADA,
        "no-presentacion": EstadoCita.NO_PRESENTADO,
    },
    EstadoCita.EN_SALA: {"inicio": EstadoCita.EN_CONSULTA, "cancelacion": EstadoCita.CANCELADA},
    EstadoCita.EN_CONSULTA: {"finalizacion": EstadoCita.FINALIZADA},
    EstadoCita.NO_PRESENTADO: {"llegada": EstadoCita.EN_SALA},
    EstadoCita.FINALIZADA: {},
    EstadoCita.CANCELADA: {},
}
LIBERAN = frozenset({EstadoCita.CANCELADA, EstadoCita.NO_PRESENTADO})


class CitaSolapada(Conflict):
    """La cita se solapa."""


class Cita(DeOrganizacion, Entity, Base):
    """Cita de un paciente en el intervalo [inicio, fin), sin contar los márgenes de preparación."""

    __tablename__ = "citas"
    __table_args__ = (
        UniqueConstraint("organizacion_id", "sede_id", "codigo"),
        CheckConstraint("fin > inicio", name="intervalo"),
        CheckConstraint("(estado = 'cancelada') = (cancelada_en IS NOT NULL)", name="cancelacion"),
        CheckConstraint("NOT forzada OR motivo_forzado IS NOT NULL", name="forzada"),
        referencia("sede_id", "sedes"),
        referencia("tipo_cita_id", "tipos_cita"),
        referencia("cliente_id", "clientes"),
        referencia("paciente_id", "pacientes"),
        referencia("profesional_id", "profesionales"),
        referencia("auxiliar_id", "profesionales"),
        Index(None, "organizacion_id", "inicio", "id"),
        Index(None, "organizacion_id", "sede_id", "inicio"),
        Index(None, "organizacion_id", "profesional_id", "inicio"),
        Index(None, "organizacion_id", "paciente_id", "inicio"),
        Index(None, "organizacion_id", "cliente_id", "inicio"),
        Index("citas_caducan_ix", "organizacion_id", "caduca_en", postgresql_where="caduca_en IS NOT NULL"),
    )

    codigo: Mapped[str] = mapped_column(texto(20))
    sede_id: Mapped[UUID]
    tipo_cita_id: Mapped[UUID]
    cliente_id: Mapped[UUID]
    paciente_id: Mapped[UUID]
    profesional_id: Mapped[UUID | None]
    auxiliar_id: Mapped[UUID | None]
    inicio: Mapped[datetime]
    fin: Mapped[datetime]
    estado: Mapped[EstadoCita] = mapped_column(opcion(EstadoCita, "estado"))
    origen: Mapped[OrigenCita] = mapped_column(opcion(OrigenCita, "origen"))
    prioridad: Mapped[Prioridad] = mapped_column(opcion(Prioridad, "prioridad"), default=Prioridad.NORMAL)
    motivo: Mapped[str | None] = mapped_column(texto(500))
    notas_internas: Mapped[str | None] = mapped_column(texto(2000))
    forzada: Mapped[bool] = mapped_column(default=False)
    motivo_forzado: Mapped[str | None] = mapped_column(texto(200))
    caduca_en: Mapped[datetime | None]
    llegada_en: Mapped[datetime | None]
    inicio_real: Mapped[datetime | None]
    fin_real: Mapped[datetime | None]
    cancelada_en: Mapped[datetime | None]
    cancelada_por: Mapped[UUID | None]
    cancelacion_motivo: Mapped[str | None] = mapped_column(texto(200))

    def pasar_por(self, accion: str) -> None:
        """Aplica una acción, o dice cuáles caben. Errores: ``TransicionInvalida``."""
        self.estado = siguiente(TRANSICIONES, self.estado, accion)


class CitaPaciente(DeOrganizacion, Base):
    """Otro animal que viene a la misma cita; el primero va en la propia cita."""

    __tablename__ = "citas_pacientes"
    __table_args__ = (
        referencia("cita_id", "citas"),
        referencia("paciente_id", "pacientes"),
        UniqueConstraint("organizacion_id", "cita_id", "paciente_id"),
        Index(None, "organizacion_id", "paciente_id"),
    )

    cita_id: Mapped[UUID]
    paciente_id: Mapped[UUID]


def es_de(*paciente_ids: UUID) -> ColumnElement[bool]:
    """Si a la cita viene alguno de esos animales, solo o acompañado."""
    # Por unión y no por «o»: así cada mitad usa su índice.
    sola = aliased(Cita)
    primeros = select(sola.id).where(sola.paciente_id.in_(paciente_ids))
    otros = select(CitaPaciente.cita_id).where(CitaPaciente.paciente_id.in_(paciente_ids))
    return Cita.id.in_(union_all(primeros, otros))


class CitaRecurso(DeOrganizacion, Base):
    """Recurso que la cita reserva."""

    __tablename__ = "citas_recursos"
    __table_args__ = (
        referencia("cita_id", "citas"),
        referencia("recurso_id", "recursos"),
        UniqueConstraint("organizacion_id", "cita_id", "recurso_id"),
    )

    cita_id: Mapped[UUID]
    recurso_id: Mapped[UUID]


class CitaCambio(DeOrganizacion, Base):
    """Un paso de la historia de la cita: qué pasó, quién y cuándo."""

    __tablename__ = "citas_cambios"
    __table_args__ = (referencia("cita_id", "citas"), Index(None, "organizacion_id", "cita_id", "en"))
    sin_auditoria = True

    cita_id: Mapped[UUID]
    en: Mapped[datetime] = mapped_column(default=ahora)
    por: Mapped[UUID | None]
    accion: Mapped[str] = mapped_column(texto(40))
    estado: Mapped[EstadoCita] = mapped_column(opcion(EstadoCita, "estado"))
    detalle: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Ocupacion(DeOrganizacion, Base):
    """Lo que una cita bloquea en [desde, hasta), márgenes incluidos. Una fila por ocupante y plaza.

    La restricción ``ocupaciones_sin_solape`` es la que impide la doble reserva: dos filas del mismo ocupante y
    la misma plaza no pueden solaparse. Un recurso con capacidad n usa las plazas 1…n; un solape forzado del
    profesional toma la siguiente plaza libre.
    """

    __tablename__ = "ocupaciones"
    __table_args__ = (
        referencia("cita_id", "citas"),
        CheckConstraint("hasta > desde", name="intervalo"),
        CheckConstraint(f"hasta <= desde + interval '{OCUPACION_MAXIMA_H} hours'", name="duracion"),
        ExcludeConstraint(
            (column("organizacion_id"), "="),
            (column("ocupante_id"), "="),
            (column("plaza"), "="),
            (column("intervalo"), "&&"),
            name=restriccion("ocupaciones_sin_solape", CitaSolapada),
            using="gist",
        ),
        Index(None, "organizacion_id", "ocupante_id", "hasta"),
        Index(None, "organizacion_id", "cita_id"),
    )
    sin_auditoria = True

    cita_id: Mapped[UUID]
    tipo: Mapped[TipoOcupante] = mapped_column(opcion(TipoOcupante, "tipo"))
    ocupante_id: Mapped[UUID]
    plaza: Mapped[int] = mapped_column(SmallInteger(), default=1)
    desde: Mapped[datetime]
    hasta: Mapped[datetime]
    intervalo: Mapped[Any] = mapped_column(TSTZRANGE(), Computed("tstzrange(desde, hasta)", persisted=True))
