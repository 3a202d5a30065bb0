"""El contrato de los adjuntos."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.models.adjunto import VINCULOS, ClaseAdjunto
from app.utils.schemas import Aviso, Form, Instante, PageQuery, Query, Schema, Subido

Etiqueta = Annotated[str, Field(min_length=1, max_length=40)]


class AdjuntoCrear(Form):
    """Un fichero y de qué es: de un paciente, de una consulta o de un cliente, y de uno solo."""

    fichero: Subido
    paciente_id: UUID | None = None
    consulta_id: UUID | None = None
    cliente_id: UUID | None = None
    clase: ClaseAdjunto | None = Field(
        default=None,
        description="Sin ella: lo de un cliente y lo que sube recepción es administrativo; lo demás, clínico",
    )
    etiquetas: list[Etiqueta] = Field(default=[], max_length=10, description="Una por campo, repitiéndolo")

    @model_validator(mode="after")
    def _de_uno_solo(self) -> Self:
        if sum(getattr(self, vinculo) is not None for vinculo in VINCULOS) != 1:
            raise PydanticCustomError("VINCULO_UNICO", "Diga de qué es, y de una sola cosa")
        return self


class AdjuntoPortal(Schema):
    """Lo que el titular ve de un adjunto."""

    id: UUID
    paciente_id: UUID | None
    consulta_id: UUID | None
    cliente_id: UUID | None
    nombre: str
    tipo_mime: str
    bytes: int
    ancho: int | None = Field(description="En píxeles; sólo las imágenes, que además tienen miniatura")
    alto: int | None
    publicado_en: Instante | None
    creado_en: Instante
    version: int
    avisos: list[Aviso] = []


class AdjuntoLectura(AdjuntoPortal):
    """Un adjunto. Su contenido y su miniatura se piden aparte."""

    clase: str
    sha256: str = Field(description="Del contenido que se descarga; el de una foto no es el de la que se subió")
    etiquetas: list[str]
    subido_por_cliente_id: UUID | None
    creado_por: UUID | None


class AdjuntoDePacienteFiltro(PageQuery):
    """Filtros de los adjuntos de un paciente."""

    clase: ClaseAdjunto | None = None
    etiqueta: str | None = Field(default=None, max_length=40)


class AdjuntoFiltro(AdjuntoDePacienteFiltro):
    """Filtros de la lista de adjuntos."""

    paciente_id: UUID | None = None
    consulta_id: UUID | None = None
    cliente_id: UUID | None = None


class Baja(Query):
    """Por qué se da de baja."""

    motivo: str | None = Field(default=None, min_length=1, max_length=200, description="Obligatorio")


class Enlace(Schema):
    """Una dirección que durante unos minutos descarga sin token."""

    url: str
    expira_en: Instante
