"""El contrato de las titularidades."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.utils.schemas import DecimalLeido, PageQuery, Porcentaje, Schema

Parte = Annotated[Porcentaje, Field(gt=0, lt=100)]


class CambioTitular(Schema):
    """El nuevo titular, desde hoy."""

    cliente_id: UUID
    mantener_cotitulares: bool = False
    documento: str | None = Field(
        default=None, min_length=3, max_length=120, examples=["Contrato de cesión 2026/14"],
        description="El que acredita el cambio; recepción tiene que indicarlo",
    )  # fmt: skip


class CotitularCrear(Schema):
    """Otro titular, desde hoy; su parte sale de la del titular."""

    cliente_id: UUID
    porcentaje: Parte | None = Field(default=None, examples=["40.00"])


class TitularidadPortal(Schema):
    """Lo que cada titular ve de su propia titularidad."""

    id: UUID
    paciente_id: UUID
    cliente_id: UUID
    rol: str
    porcentaje: DecimalLeido | None
    desde: date
    hasta: date | None = Field(description="El día en que dejó de serlo, que ya no cuenta")
    version: int


class TitularidadLectura(TitularidadPortal):
    """Una titularidad, con quién es."""

    cliente: str
    documento: str | None


class TitularidadFiltro(PageQuery):
    """Filtros de la lista de titularidades."""

    vigentes: bool = Field(default=False, description="Sólo las de hoy")
