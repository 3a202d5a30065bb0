"""El contrato de la línea de tiempo: todo lo de un paciente, por fecha."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from app.utils.schemas import Fecha, Instante, PageQuery, Schema


class ClaseEntrada(StrEnum):
    """De qué es una entrada."""

    ADJUNTO = "adjunto"
    ADMINISTRACION = "administracion"
    ALERGIA = "alergia"
    ALERTA = "alerta"
    CITA = "cita"
    CONSULTA = "consulta"
    DESPARASITACION = "desparasitacion"
    FALLECIMIENTO = "fallecimiento"
    PERDIDA = "perdida"
    PESO = "peso"
    PROBLEMA = "problema"
    RECETA = "receta"
    SUCESO_ADVERSO = "suceso_adverso"
    TITULARIDAD = "titularidad"
    VACUNACION = "vacunacion"


class Entrada(Schema):
    """Algo que le pasó al paciente; cada quien lee lo que le toca."""

    clase: str
    id: UUID
    fecha: Instante
    titulo: str
    resumen: str | None
    enlace: str


class LineaTiempoFiltro(PageQuery):
    """Filtros de la línea de tiempo; las fechas son civiles y se incluyen."""

    clase: list[ClaseEntrada] = Field(default=[], max_length=len(ClaseEntrada))
    desde: Fecha | None = None
    hasta: Fecha | None = None
