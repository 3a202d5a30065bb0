"""Las enmiendas de una consulta cerrada: se añaden encadenadas, y nunca se cambian."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.context import ahora
from app.utils.entities import Base, DeOrganizacion, opcion, referencia
from app.utils.errors import ConflictoConcurrente, restriccion


class Seccion(StrEnum):
    """Qué parte de la consulta corrige o completa."""

    MOTIVO = "motivo"
    SUBJETIVO = "subjetivo"
    OBJETIVO = "objetivo"
    CONSTANTES = "constantes"
    EXPLORACION = "exploracion"
    VALORACION = "valoracion"
    DIAGNOSTICOS = "diagnosticos"
    PLAN = "plan"
    RECOMENDACIONES_CLIENTE = "recomendaciones_cliente"
    PROXIMA_REVISION = "proxima_revision"
    NOTAS_CLINICAS_PRIVADAS = "notas_clinicas_privadas"


# Las que el titular ve en el portal. «diagnosticos» no: el texto puede hablar de uno sin publicar.
PUBLICABLES = (Seccion.MOTIVO, Seccion.CONSTANTES, Seccion.RECOMENDACIONES_CLIENTE, Seccion.PROXIMA_REVISION)


class Enmienda(DeOrganizacion, Base):
    """Un eslabón: su huella cubre la anterior, que en el primero es la de la consulta."""

    __tablename__ = "enmiendas"
    __table_args__ = (
        referencia("consulta_id", "consultas"),
        CheckConstraint("numero > 0", name="numero"),
        # Dos a la vez no pueden colgar del mismo eslabón: la cadena no se bifurca.
        UniqueConstraint(
            "organizacion_id", "consulta_id", "numero", name=restriccion("enmiendas_numero_uq", ConflictoConcurrente)
        ),
        UniqueConstraint(
            "organizacion_id",
            "consulta_id",
            "huella_anterior",
            name=restriccion("enmiendas_eslabon_uq", ConflictoConcurrente),
        ),
    )

    consulta_id: Mapped[UUID]
    numero: Mapped[int] = mapped_column(SmallInteger())
    seccion: Mapped[Seccion] = mapped_column(opcion(Seccion, "seccion"))
    texto: Mapped[str] = mapped_column(String(20000))
    motivo: Mapped[str] = mapped_column(String(500))
    autor_id: Mapped[UUID]
    autor: Mapped[str] = mapped_column(String(120))
    en: Mapped[datetime] = mapped_column(default=ahora)
    huella: Mapped[str] = mapped_column(String(64))
    huella_anterior: Mapped[str] = mapped_column(String(64))
