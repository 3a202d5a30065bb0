"""El contrato de los consentimientos de datos: qué consintió o retiró el cliente, y cuándo."""

from uuid import UUID

from pydantic import Field

from app.api.models.cliente import BaseLegal, Canal, CanalConsentimiento, Finalidad
from app.utils.schemas import Instante, PageQuery, Pagina, Schema


class ConsentimientoDatosCrear(Schema):
    """Un otorgamiento o una retirada; no se edita ni se borra: se anota otro."""

    finalidad: Finalidad = Field(examples=["comunicaciones_comerciales"])
    otorgado: bool = Field(examples=[True])
    texto_version: str = Field(min_length=1, max_length=40, examples=["2026-01"])
    base_legal: BaseLegal | None = Field(
        default=None, description="Por defecto, contrato para la asistencia y consentimiento para lo demás"
    )
    canal: CanalConsentimiento = Field(
        default=CanalConsentimiento.PRESENCIAL, description="En el portal, siempre portal"
    )


class ConsentimientoDatosPortal(Schema):
    """Una manifestación del cliente."""

    id: UUID
    cliente_id: UUID
    finalidad: Finalidad
    otorgado: bool
    base_legal: BaseLegal
    texto_version: str
    canal: CanalConsentimiento
    en: Instante


class ConsentimientoDatosLectura(ConsentimientoDatosPortal):
    """Una manifestación del cliente, y quién la anotó."""

    registrado_por: UUID | None


class Vigente(Schema):
    """Lo que vale hoy para una finalidad; sin manifestación, no otorgado."""

    finalidad: Finalidad
    otorgado: bool
    en: Instante | None


class PaginaConsentimientosPortal(Pagina[ConsentimientoDatosPortal]):
    """La historia, y lo que vale hoy."""

    vigentes: list[Vigente]
    canales_marketing: list[Canal]


class PaginaConsentimientos(Pagina[ConsentimientoDatosLectura]):
    """La historia, y lo que vale hoy."""

    vigentes: list[Vigente]
    canales_marketing: list[Canal]


class ConsentimientoDatosFiltro(PageQuery):
    """Filtros de la historia de consentimientos."""

    finalidad: Finalidad | None = None
