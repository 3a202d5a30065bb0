"""Con qué se monta la agenda: tipos de cita, recursos, horarios y sus excepciones."""

from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, SmallInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.entities import Archivable, Base, DeOrganizacion, Entity, opcion, referencia, texto
from app.utils.errors import Conflict, restriccion


class TipoRecurso(StrEnum):
    """Clase de recurso que se reserva."""

    SALA_CONSULTA = "sala_consulta"
    QUIROFANO = "quirofano"
    PELUQUERIA = "peluqueria"
    ECOGRAFO = "ecografo"
    RADIOLOGIA = "radiologia"
    JAULA = "jaula"
    DOMICILIO_VEHICULO = "domicilio_vehiculo"


class TipoExcepcion(StrEnum):
    """Por qué ese día no vale el horario; ``apertura_extra`` y ``guardia`` suman, el resto quita."""

    FESTIVO = "festivo"
    VACACIONES = "vacaciones"
    BAJA = "baja"
    FORMACION = "formacion"
    GUARDIA = "guardia"
    CIERRE = "cierre"
    APERTURA_EXTRA = "apertura_extra"


class TipoCitaDuplicado(Conflict):
    """Ya hay un tipo de cita con ese código."""


class RecursoDuplicado(Conflict):
    """Ya hay un recurso con ese código en la sede."""


class TipoCita(DeOrganizacion, Archivable, Entity, Base):
    """Clase de cita: cuánto dura, qué ocupa y quién puede reservarla."""

    __tablename__ = "tipos_cita"
    __table_args__ = (
        UniqueConstraint("organizacion_id", "codigo", name=restriccion("tipos_cita_codigo_uq", TipoCitaDuplicado)),
        CheckConstraint("duracion_min BETWEEN 1 AND 1440", name="duracion"),
        CheckConstraint("buffer_antes_min BETWEEN 0 AND 240 AND buffer_despues_min BETWEEN 0 AND 240", name="buffers"),
    )

    codigo: Mapped[str] = mapped_column(texto(40))
    nombre: Mapped[str] = mapped_column(texto(80))
    duracion_min: Mapped[int]
    buffer_antes_min: Mapped[int] = mapped_column(default=0)
    buffer_despues_min: Mapped[int] = mapped_column(default=0)
    requiere_veterinario: Mapped[bool] = mapped_column(default=False)
    requiere_auxiliar: Mapped[bool] = mapped_column(default=False)
    sala_tipo: Mapped[TipoRecurso | None] = mapped_column(opcion(TipoRecurso, "sala_tipo"))
    equipo_tipo: Mapped[TipoRecurso | None] = mapped_column(opcion(TipoRecurso, "equipo_tipo"))
    especies: Mapped[list[str]] = mapped_column(ARRAY(Text()), default=list)
    reservable_portal: Mapped[bool] = mapped_column(default=False)
    requiere_confirmacion: Mapped[bool] = mapped_column(default=False)
    antelacion_min_h: Mapped[int] = mapped_column(default=0)
    antelacion_max_dias: Mapped[int] = mapped_column(default=365)
    precio_orientativo: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    instrucciones: Mapped[str | None] = mapped_column(texto(1000))
    permite_solape: Mapped[bool] = mapped_column(default=False)
    color: Mapped[str | None] = mapped_column(texto(7))


class Recurso(DeOrganizacion, Archivable, Entity, Base):
    """Sala, equipo o vehículo que una cita ocupa; ``capacidad`` son las plazas simultáneas."""

    __tablename__ = "recursos"
    __table_args__ = (
        referencia("sede_id", "sedes"),
        UniqueConstraint(
            "organizacion_id", "sede_id", "codigo", name=restriccion("recursos_codigo_uq", RecursoDuplicado)
        ),
        CheckConstraint("capacidad BETWEEN 1 AND 200", name="capacidad"),
    )

    sede_id: Mapped[UUID]
    codigo: Mapped[str] = mapped_column(texto(20))
    nombre: Mapped[str] = mapped_column(texto(80))
    tipo: Mapped[TipoRecurso] = mapped_column(opcion(TipoRecurso, "tipo"))
    capacidad: Mapped[int] = mapped_column(default=1)


class Horario(DeOrganizacion, Entity, Base):
    """Franja semanal en hora local de la sede; si ``hora_fin`` ≤ ``hora_inicio``, cruza la medianoche.

    Sin profesional ni recurso es el horario general de la sede.
    """

    __tablename__ = "horarios"
    __table_args__ = (
        referencia("sede_id", "sedes"),
        referencia("profesional_id", "profesionales"),
        referencia("recurso_id", "recursos"),
        CheckConstraint("dia_semana BETWEEN 1 AND 7", name="dia"),
        CheckConstraint("num_nonnulls(profesional_id, recurso_id) <= 1", name="de_quien"),
        CheckConstraint("hasta IS NULL OR hasta >= desde", name="fechas"),
        Index(None, "organizacion_id", "sede_id"),
        Index(None, "organizacion_id", "profesional_id"),
    )

    sede_id: Mapped[UUID]
    profesional_id: Mapped[UUID | None]
    recurso_id: Mapped[UUID | None]
    dia_semana: Mapped[int] = mapped_column(SmallInteger())
    hora_inicio: Mapped[time]
    hora_fin: Mapped[time]
    desde: Mapped[date]
    hasta: Mapped[date | None]


class ExcepcionHorario(DeOrganizacion, Entity, Base):
    """Días [desde, hasta], ambos incluidos, en que el horario cambia; sin horas, el día entero."""

    __tablename__ = "excepciones_horario"
    __table_args__ = (
        referencia("sede_id", "sedes"),
        referencia("profesional_id", "profesionales"),
        referencia("recurso_id", "recursos"),
        CheckConstraint("num_nonnulls(profesional_id, recurso_id) <= 1", name="de_quien"),
        CheckConstraint("hasta >= desde", name="fechas"),
        CheckConstraint("(hora_inicio IS NULL) = (hora_fin IS NULL)", name="horas"),
        Index(None, "organizacion_id", "sede_id", "hasta"),
        Index(None, "organizacion_id", "profesional_id", "hasta"),
    )

    sede_id: Mapped[UUID | None]
    profesional_id: Mapped[UUID | None]
    recurso_id: Mapped[UUID | None]
    tipo: Mapped[TipoExcepcion] = mapped_column(opcion(TipoExcepcion, "tipo"))
    desde: Mapped[date]
    hasta: Mapped[date]
    hora_inicio: Mapped[time | None]
    hora_fin: Mapped[time | None]
    descripcion: Mapped[str | None] = mapped_column(texto(120))
