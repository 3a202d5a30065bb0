"""Los asientos de auditoría, por la puerta de la base."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from uuid_utils.compat import uuid7


def _valor(valor: Any) -> Any:
    return str(valor) if isinstance(valor, UUID | Decimal | date | datetime) else valor


def asiento(request: Any, accion: str, recurso: str, id_: UUID, cambios: dict[str, tuple[Any, Any]]) -> dict[str, Any]:
    """Un acto apuntado."""
    quien = request.user
    return {
        "id": str(uuid7()),
        "organizacion_id": str(quien.organizacion_id),
        "en": timezone.now().isoformat(),
        "quien": str(quien.id),
        "rol": ",".join(quien.roles),
        "ip": request.META.get("REMOTE_ADDR"),
        "accion": accion,
        "recurso": recurso,
        "recurso_id": str(id_),
        "cambios": {campo: [_valor(antes), _valor(despues)] for campo, (antes, despues) in cambios.items()},
        "motivo": None,
        "id_peticion": request._request.id_peticion,
    }


def anotar(*asientos: dict[str, Any]) -> None:
    """Los escribe, encadenados."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT auditoria_anotar(%s::jsonb)", [json.dumps(asientos)])
