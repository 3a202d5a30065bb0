"""Los asientos de auditoría, con la forma que entiende la puerta de la base."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
import uuid_utils

from bench.pares.litestar.puerta import Peticion


def nuevo_id() -> str:
    """Un UUIDv7."""
    return str(uuid_utils.uuid7())


def _valor(valor: Any) -> Any:
    if valor is None or isinstance(valor, str | bool | int | list):
        return valor
    return str(valor) if isinstance(valor, date | datetime | UUID) else valor


def asiento(
    peticion: Peticion, accion: str, recurso: str, recurso_id: str, cambios: dict[str, tuple[Any, Any]], en: datetime
) -> dict[str, Any]:
    """Un acto apuntado: quién, desde dónde y qué cambió."""
    quien = peticion.quien
    return {
        "id": nuevo_id(),
        "organizacion_id": quien.organizacion,
        "en": en,
        "quien": quien.id,
        "rol": quien.roles,
        "ip": peticion.ip,
        "accion": accion,
        "recurso": recurso,
        "recurso_id": recurso_id,
        "cambios": {campo: [_valor(antes), _valor(despues)] for campo, (antes, despues) in cambios.items()},
        "motivo": None,
        "id_peticion": peticion.id_peticion,
    }


def como_json(asientos: list[dict[str, Any]]) -> str:
    """Los asientos, listos para ``auditoria_anotar``."""
    return msgspec.json.encode(asientos).decode()


def ahora() -> datetime:
    """El instante de negocio."""
    return datetime.now(UTC)
