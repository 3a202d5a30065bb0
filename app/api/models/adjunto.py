"""El adjunto: un fichero de un paciente, de una consulta o de un cliente; sus bytes están en el almacén."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.utils.entities import Archivable, Base, DeOrganizacion, Entity, opcion, referencia, texto


class ClaseAdjunto(StrEnum):
    """Quién lo ve: recepción, sólo lo administrativo."""

    ADMINISTRATIVO = "administrativo"
    CLINICO = "clinico"


# De qué puede ser un adjunto. Para que pueda serlo de otra cosa: su columna y su referencia aquí, su nombre en esta
# lista y en la restricción «vinculo», su rama en la regla de ``alcance.py`` y su campo en el esquema de alta.
VINCULOS = ("paciente_id", "consulta_id", "cliente_id")

# La huella de lo que se suprimió: ya no señala ningún contenido.
SUPRIMIDO = "0" * 64


class Adjunto(DeOrganizacion, Archivable, Entity, Base):
    """Fichero subido; ni su contenido ni de qué es cambian: se sube otro y este se da de baja."""

    __tablename__ = "adjuntos"
    __table_args__ = (
        referencia("paciente_id", "pacientes"),
        referencia("consulta_id", "consultas"),
        referencia("cliente_id", "clientes"),
        referencia("subido_por_cliente_id", "clientes"),
        CheckConstraint(f"num_nonnulls({', '.join(VINCULOS)}) = 1", name="vinculo"),
        CheckConstraint("cliente_id IS NULL OR clase = 'administrativo'", name="clase_de_cliente"),
        CheckConstraint("bytes > 0", name="bytes"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        CheckConstraint("(ancho IS NULL) = (alto IS NULL)", name="medidas"),
        CheckConstraint("activo = (baja_motivo IS NULL)", name="baja"),
        Index(None, "organizacion_id", "paciente_id", "creado_en", "id"),
        Index(None, "organizacion_id", "consulta_id", "creado_en", "id"),
        Index(None, "organizacion_id", "cliente_id", "creado_en", "id"),
        Index(None, "organizacion_id", "creado_en", "id"),
        Index(None, "organizacion_id", "sha256"),
        Index(None, "organizacion_id", "clase", "creado_en", "id"),
    )

    paciente_id: Mapped[UUID | None]
    consulta_id: Mapped[UUID | None]
    cliente_id: Mapped[UUID | None]
    clase: Mapped[ClaseAdjunto] = mapped_column(opcion(ClaseAdjunto, "clase"))
    nombre: Mapped[str] = mapped_column(texto(150))
    tipo_mime: Mapped[str] = mapped_column(texto(100))
    bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(texto(64))
    ancho: Mapped[int | None]
    alto: Mapped[int | None]
    etiquetas: Mapped[list[str]] = mapped_column(ARRAY(Text()), default=list)
    publicado_en: Mapped[datetime | None]
    subido_por_cliente_id: Mapped[UUID | None]


def clave_de(organizacion_id: UUID, sha256: str) -> str:
    """La clave del almacén de un contenido: el mismo, subido dos veces en la organización, se guarda una."""
    return f"{organizacion_id}/{sha256[:2]}/{sha256}"


def clave_de_miniatura(organizacion_id: UUID, sha256: str) -> str:
    """La clave de la miniatura de una imagen."""
    return f"{clave_de(organizacion_id, sha256)}.mini"
