"""El contrato de la exploración por sistemas: lo que no se nombra no se exploró."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.utils.schemas import Aviso, Schema


class SistemaCorporal(StrEnum):
    """Lo que se explora."""

    GENERAL = "general"
    PIEL_PELO = "piel_pelo"
    OIDOS = "oidos"
    OJOS = "ojos"
    BOCA_DIENTES = "boca_dientes"
    GANGLIOS = "ganglios"
    CARDIOVASCULAR = "cardiovascular"
    RESPIRATORIO = "respiratorio"
    DIGESTIVO = "digestivo"
    URINARIO = "urinario"
    REPRODUCTOR = "reproductor"
    MUSCULOESQUELETICO = "musculoesqueletico"
    NEUROLOGICO = "neurologico"


class EstadoExploracion(StrEnum):
    """Cómo se encontró."""

    NORMAL = "normal"
    ANORMAL = "anormal"
    NO_EXPLORADO = "no_explorado"


class SistemaEscrito(Schema):
    """Lo que se encontró en un sistema; si es anormal, hay que decir qué."""

    sistema: SistemaCorporal = Field(examples=["oidos"])
    estado: EstadoExploracion = Field(examples=["anormal"])
    texto: str | None = Field(default=None, min_length=1, max_length=2000, examples=["Cerumen oscuro bilateral"])

    @model_validator(mode="after")
    def _anormal_con_texto(self) -> Any:
        if self.estado is EstadoExploracion.ANORMAL and not self.texto:
            raise PydanticCustomError("HALLAZGO_SIN_TEXTO", "Si es anormal, hay que decir qué se encontró")
        return self


class ExploracionSustituir(Schema):
    """La exploración entera: los sistemas que no vengan quedan como no explorados."""

    sistemas: list[SistemaEscrito] = Field(
        default=[],
        max_length=len(SistemaCorporal),
        examples=[[{"sistema": "oidos", "estado": "anormal", "texto": "Cerumen oscuro bilateral"}]],
    )

    @model_validator(mode="after")
    def _sin_repetir(self) -> Any:
        if len({uno.sistema for uno in self.sistemas}) < len(self.sistemas):
            raise PydanticCustomError("SISTEMA_REPETIDO", "Un sistema está repetido")
        return self


class SistemaExplorado(Schema):
    """Un sistema y cómo se encontró."""

    sistema: str
    estado: str
    texto: str | None


class ExploracionLectura(Schema):
    """La exploración de una consulta, con todos los sistemas; su versión es la de la consulta."""

    consulta_id: UUID
    sistemas: list[SistemaExplorado]
    version: int
    avisos: list[Aviso] = []
