"""El contrato de la auditoría."""

from typing import Any
from uuid import UUID

from pydantic import Field

from app.utils.schemas import Fecha, Instante, PageQuery, Schema


class AsientoLectura(Schema):
    """Un asiento: quién hizo qué, sobre qué y cuándo; ``cambios`` es {campo: [antes, después]}."""

    id: UUID
    numero: int
    en: Instante
    quien: UUID | None
    quien_nombre: str | None
    rol: str | None
    ip: str | None
    accion: str
    recurso: str
    recurso_id: UUID | None
    cambios: dict[str, Any]
    motivo: str | None
    id_peticion: str | None


class AuditoriaFiltro(PageQuery):
    """Filtros de la auditoría; las fechas son civiles y ambas incluidas."""

    recurso: str | None = Field(default=None, max_length=40, examples=["pacientes"])
    recurso_id: UUID | None = None
    quien: UUID | None = None
    accion: str | None = Field(default=None, max_length=40, examples=["editar"])
    desde: Fecha | None = None
    hasta: Fecha | None = None


class VerificacionCadena(Schema):
    """Si la cadena está entera y, si no, dónde se rompe.

    ``numero`` es el del primer eslabón roto; sin ``primer_eslabon_roto``, ese asiento ya no existe.
    """

    integra: bool
    primer_eslabon_roto: UUID | None
    numero: int | None
    asientos: int
    huella: str | None
