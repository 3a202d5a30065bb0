"""El contrato del libro de controlados."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.api.models.controlado import TipoControlado
from app.api.schemas.linea_receta_schema import Cantidad
from app.utils.schemas import Cifras, DecimalLeido, Fecha, Instante, PageQuery, Schema

Contado = Annotated[Decimal, Cifras(6, 3, "12.5", ge=0)]


class AsientoCrear(Schema):
    """Un asiento nuevo, en la unidad base del medicamento."""

    medicamento_id: UUID
    tipo: Literal["entrada", "administracion", "dispensacion", "merma", "devolucion"] = Field(examples=["entrada"])
    cantidad: Cantidad
    sede_id: UUID | None = Field(default=None, description="Por defecto, la de quien lo apunta")
    fecha: Fecha | None = Field(default=None, description="Por defecto, hoy")
    lote: str | None = Field(default=None, max_length=40, examples=["L-2291"])
    paciente_id: UUID | None = None
    proveedor: str | None = Field(default=None, max_length=160, examples=["Distribuciones Norte"])
    num_documento: str | None = Field(default=None, max_length=60, examples=["ALB-1042"])
    testigo_id: UUID | None = Field(default=None, description="Usuario; obligatorio en una merma")
    corrige_id: UUID | None = Field(
        default=None, description="El asiento que deshace: mismo medicamento, sede, tipo y cantidad"
    )
    observaciones: str | None = Field(default=None, max_length=1000)


class RecuentoCrear(Schema):
    """Lo que de verdad hay, contado ante un testigo."""

    medicamento_id: UUID
    contado: Contado
    testigo_id: UUID | None = Field(default=None, description="Usuario distinto de quien cuenta; obligatorio")
    sede_id: UUID | None = Field(default=None, description="Por defecto, la de quien lo apunta")
    observaciones: str | None = Field(
        default=None, max_length=1000, description="Obligatorias si no coincide", examples=["Rotura de una ampolla"]
    )


class AsientoLectura(Schema):
    """Un asiento del libro; `variacion` es la cantidad con su signo."""

    id: UUID
    sede_id: UUID
    medicamento_id: UUID
    medicamento: str
    unidad: str
    asiento: int
    tipo: TipoControlado
    fecha: Fecha
    en: Instante
    cantidad: DecimalLeido
    variacion: DecimalLeido
    saldo_anterior: DecimalLeido
    saldo: DecimalLeido
    contado: DecimalLeido | None
    diferencia: DecimalLeido | None
    lote: str | None
    paciente_id: UUID | None
    proveedor: str | None
    num_documento: str | None
    administracion_id: UUID | None
    dispensacion_id: UUID | None
    corrige_id: UUID | None
    recuento_id: UUID | None
    ajuste_id: UUID | None
    responsable_id: UUID
    testigo_id: UUID | None
    observaciones: str | None


class RecuentoHecho(Schema):
    """El recuento y, si no coincidía, el asiento que ajusta el saldo."""

    recuento: AsientoLectura
    ajuste: AsientoLectura | None


class AsientoFiltro(PageQuery):
    """Filtros del libro; las fechas se incluyen."""

    sede_id: UUID | None = None
    medicamento_id: UUID | None = None
    paciente_id: UUID | None = None
    tipo: list[TipoControlado] = Field(default=[], max_length=6)
    lote: str | None = Field(default=None, max_length=40)
    desde: Fecha | None = None
    hasta: Fecha | None = None


class RecuentoFiltro(PageQuery):
    """Filtros de los recuentos."""

    sede_id: UUID | None = None
    medicamento_id: UUID | None = None
