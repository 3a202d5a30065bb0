"""La organización: la clínica o la cadena a la que pertenece todo lo demás."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from app.utils.entities import Base, Entity, nuevo_id, texto


class Organizacion(Entity, Base):
    """Clínica o cadena; ``codigo`` es el que se da al acceder."""

    __tablename__ = "organizaciones"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=nuevo_id)
    codigo: Mapped[str] = mapped_column(texto(40), unique=True)
    nombre: Mapped[str] = mapped_column(texto(120))
    razon_social: Mapped[str] = mapped_column(texto(160))
    identificador_fiscal: Mapped[str] = mapped_column(texto(30))
    pais: Mapped[str] = mapped_column(texto(2))
    moneda: Mapped[str] = mapped_column(texto(3))
    idioma: Mapped[str] = mapped_column(texto(10), default="es-ES")
    config: Mapped[dict[str, Any]] = mapped_column(default=dict)
