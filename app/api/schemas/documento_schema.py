"""El contrato de los documentos impresos y de su verificación."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import Field

from app.utils.schemas import Query, Schema


class Formato(StrEnum):
    """Cómo se quiere un documento."""

    PDF = "pdf"
    JSON = "json"


class FormatoQuery(Query):
    """En qué formato; sin decirlo, el que prefiera la cabecera ``Accept`` y, si le da igual, PDF."""

    formato: Formato | None = None


class RecetaImpresa(Schema):
    """Lo que dice una receta, tal como se firmó."""

    id: UUID
    numero: str
    estado: str
    clase: str
    tipo_dispensacion: str
    tratamiento: str
    fecha_emision: date
    valida_hasta: date | None
    indicacion: str | None
    finalidad_antimicrobiana: str | None
    advertencias: str | None
    organizacion: dict[str, Any]
    sede: dict[str, Any]
    veterinario: dict[str, Any]
    titular: dict[str, Any]
    animal: dict[str, Any]
    lineas: list[dict[str, Any]]
    huella: str = Field(description="SHA-256 de lo firmado")
    anulacion: dict[str, Any] | None
    aviso_legal: str
    qr: str = Field(description="La dirección que verifica el documento: la del código impreso")


class VerificacionQuery(Query):
    """Lo que lleva el código de un documento."""

    d: str = Field(
        min_length=1, max_length=1000, description="El sello, tal como está en el código", examples=["e30.e30.AA"]
    )


class Verificacion(Schema):
    """Qué se sabe de un documento; sin datos de nadie."""

    autentico: bool
    tipo: str | None = Field(description="`receta` o `cartilla`")
    numero: str | None
    fecha: date | None
    emisor: str | None
    vigente: bool | None = Field(
        description="Nulo en lo que no caduca, como una cartilla: dice lo que había en su fecha"
    )


class Claves(Schema):
    """Un JWKS (RFC 7517) con las claves que han firmado documentos, también las retiradas."""

    keys: list[dict[str, Any]]
