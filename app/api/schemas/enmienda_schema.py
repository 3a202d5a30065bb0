"""El contrato de las enmiendas y de la verificación de su cadena."""

from uuid import UUID

from pydantic import Field

from app.api.models.enmienda import Seccion
from app.utils.schemas import Instante, Schema


class EnmiendaCrear(Schema):
    """Lo que se corrige o se añade a una consulta cerrada, y por qué."""

    seccion: Seccion = Field(examples=["objetivo"])
    texto: str = Field(min_length=1, max_length=20000, examples=["El soplo es grado III, no II."])
    motivo: str = Field(min_length=3, max_length=500, examples=["Error de transcripción"])


class EnmiendaPortal(Schema):
    """Lo que el titular ve de una enmienda de una sección publicable."""

    id: UUID
    consulta_id: UUID
    seccion: str
    texto: str
    en: Instante


class EnmiendaLectura(EnmiendaPortal):
    """Una enmienda, con su eslabón de la cadena."""

    numero: int
    motivo: str
    autor_id: UUID
    autor: str
    huella: str
    huella_anterior: str


class VerificacionCadena(Schema):
    """Si la consulta y sus enmiendas siguen como se firmaron, y dónde se rompen."""

    integra: bool
    primer_eslabon_roto: UUID | None = Field(description="La consulta o la enmienda que no casa")
    enmiendas: int
    huella: str = Field(description="La última de la cadena: guardarla fuera permite saber que no falta el final")
