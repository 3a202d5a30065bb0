"""El contrato de las dispensaciones de una receta."""

from uuid import UUID

from pydantic import Field

from app.api.models.dispensacion import OrigenDispensacion
from app.api.models.receta import EstadoReceta
from app.api.schemas.alerta_medicacion_schema import AlertaMedicacionLectura
from app.api.schemas.linea_receta_schema import MAXIMO_ENVASES
from app.api.schemas.receta_schema import MAXIMO_LINEAS, Justificacion
from app.utils.schemas import Aviso, Fecha, Instante, PageQuery, Schema, si_se_pide


class LineaDispensar(Schema):
    """Cuántos envases se entregan de una línea de la receta."""

    linea_receta_id: UUID
    envases: int = Field(ge=1, le=MAXIMO_ENVASES, examples=[1])
    lote: str | None = Field(default=None, max_length=40, examples=["L-2291"])
    caducidad_lote: Fecha | None = None


class DispensacionCrear(Schema):
    """Una entrega; sin `lineas`, todo lo que queda por dispensar."""

    origen: OrigenDispensacion = Field(default=OrigenDispensacion.CLINICA, examples=["clinica"])
    establecimiento: str | None = Field(default=None, max_length=160, description="Qué farmacia, si no es la clínica")
    lineas: list[LineaDispensar] = Field(default=[], max_length=MAXIMO_LINEAS)
    justificaciones: list[Justificacion] = Field(
        default=[], max_length=40, description="De las alertas nuevas desde que se emitió"
    )
    observaciones: str | None = Field(default=None, max_length=500)


class LineaDispensada(Schema):
    """Lo que se entregó de una línea."""

    linea_receta_id: UUID
    envases: int
    lote: str | None
    caducidad_lote: Fecha | None


class DispensacionPortal(Schema):
    """Lo que el titular ve de una entrega."""

    id: UUID
    receta_id: UUID
    origen: OrigenDispensacion
    establecimiento: str | None
    fecha: Fecha
    lineas: list[LineaDispensada]


class DispensacionLectura(DispensacionPortal):
    """Una entrega."""

    en: Instante
    por: UUID | None
    observaciones: str | None


class DispensacionHecha(DispensacionLectura):
    """Una entrega recién apuntada, y cómo deja la receta."""

    estado_receta: EstadoReceta
    alertas_medicacion: list[AlertaMedicacionLectura] | None = si_se_pide()
    avisos: list[Aviso] = []


class DispensacionFiltro(PageQuery):
    """Una página de dispensaciones."""
