"""El contrato de los autorizados: a quién concede el titular qué, y hasta cuándo."""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.utils.schemas import DecimalLeido, Fecha, Importe, Instante, PageQuery, Partial, Schema


class AutorizadoCampos(Schema):
    """Lo que se puede escribir de un autorizado."""

    nombre: str | None = Field(
        default=None, min_length=1, max_length=120, examples=["Marta Romero"],
        description="Obligatorio salvo que se indique otro cliente, del que se toma",
    )  # fmt: skip
    documento: str | None = Field(default=None, min_length=1, max_length=30)
    telefono: str | None = Field(default=None, min_length=3, max_length=30, examples=["+34611222333"])
    puede_ver_historial: bool = Field(default=False, examples=[True])
    puede_pedir_cita: bool = Field(default=False, examples=[True])
    puede_autorizar_tratamientos: bool = False
    puede_ver_facturas: bool = False
    limite_importe: Importe | None = None
    hasta: Fecha | None = None


class AutorizadoCrear(AutorizadoCampos):
    """Alta de un autorizado; sin `desde`, vale desde hoy."""

    cliente_autorizado_id: UUID | None = None
    desde: Fecha | None = None


class AutorizadoEditar(Partial, AutorizadoCampos):
    """Cambios en una autorización."""


class AutorizadoPortal(Schema):
    """Lo que el titular ve de sus autorizados: sin documento ni otros datos de la persona."""

    id: UUID
    nombre: str
    puede_ver_historial: bool
    puede_pedir_cita: bool
    puede_autorizar_tratamientos: bool
    puede_ver_facturas: bool
    limite_importe: DecimalLeido | None
    desde: date
    hasta: date | None
    activo: bool
    version: int


class AutorizadoLectura(AutorizadoPortal):
    """La autorización completa, para la clínica."""

    cliente_id: UUID
    cliente_autorizado_id: UUID | None
    documento: str | None
    telefono: str | None
    baja_en: Instante | None
    creado_en: Instante
    actualizado_en: Instante


class AutorizadoFiltro(PageQuery):
    """Filtros de los autorizados de un cliente."""

    incluir_bajas: bool = False
