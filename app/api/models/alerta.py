"""Lo que hay que tener presente ante un paciente: alergias y alertas."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.entities import Archivable, Base, DeOrganizacion, Entity, opcion, referencia, texto


class AgenteTipo(StrEnum):
    """A qué clase de agente es alérgico."""

    PRINCIPIO_ACTIVO = "principio_activo"
    GRUPO = "grupo"
    ALIMENTO = "alimento"
    AMBIENTAL = "ambiental"
    VACUNA = "vacuna"


class GravedadAlergia(StrEnum):
    """Cuánto importa."""

    LEVE = "leve"
    MODERADA = "moderada"
    GRAVE = "grave"
    ANAFILAXIA = "anafilaxia"


class TipoAlerta(StrEnum):
    """De qué avisa; las de manejo y administrativas nunca llegan al portal."""

    CLINICA = "clinica"
    MANEJO = "manejo"
    ADMINISTRATIVA = "administrativa"


class NivelAlerta(StrEnum):
    """Con qué fuerza avisa."""

    INFO = "info"
    AVISO = "aviso"
    GRAVE = "grave"


class LugarAlerta(StrEnum):
    """Dónde salta una alerta; sin ninguno, en todas partes."""

    AGENDA = "agenda"
    RECEPCION = "recepcion"
    CONSULTA = "consulta"
    HOSPITALIZACION = "hospitalizacion"
    FACTURACION = "facturacion"


class Alergia(DeOrganizacion, Archivable, Entity, Base):
    """Reacción conocida o sospechada de un paciente."""

    __tablename__ = "alergias"
    __table_args__ = (referencia("paciente_id", "pacientes"), Index(None, "organizacion_id", "paciente_id"))

    paciente_id: Mapped[UUID]
    agente_tipo: Mapped[AgenteTipo] = mapped_column(opcion(AgenteTipo, "agente_tipo"))
    agente_ref: Mapped[str] = mapped_column(texto(80))
    gravedad: Mapped[GravedadAlergia] = mapped_column(opcion(GravedadAlergia, "gravedad"))
    reaccion: Mapped[str | None] = mapped_column(texto(500))
    confirmada: Mapped[bool] = mapped_column(default=False)
    desde: Mapped[date | None]


class Alerta(DeOrganizacion, Archivable, Entity, Base):
    """Aviso que salta al abrir la ficha, mientras está vigente."""

    __tablename__ = "alertas"
    __table_args__ = (referencia("paciente_id", "pacientes"), Index(None, "organizacion_id", "paciente_id"))

    paciente_id: Mapped[UUID]
    tipo: Mapped[TipoAlerta] = mapped_column(opcion(TipoAlerta, "tipo"))
    texto: Mapped[str] = mapped_column(texto(500))
    nivel: Mapped[NivelAlerta] = mapped_column(opcion(NivelAlerta, "nivel"), default=NivelAlerta.AVISO)
    vigente_hasta: Mapped[date | None]
    visible_en: Mapped[list[str]] = mapped_column(ARRAY(Text()), default=list)
