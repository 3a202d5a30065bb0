"""Cursores, ETag y auditoría."""

import base64
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from bench.pares.fastapi.acceso import Identidad
from bench.pares.fastapi.problemas import Problema

_ANOTAR = text("SELECT auditoria_anotar(CAST(:asientos AS jsonb))")


def codificar(*valores: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps([str(uno) for uno in valores]).encode()).decode().rstrip("=")


def descodificar(cursor: str) -> list[str]:
    try:
        leido = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        assert isinstance(leido, list)
        return leido
    except (ValueError, AssertionError):
        raise Problema(422, "CURSOR_INVALIDO", "El cursor no vale para esta lista") from None


def siguiente_pagina(peticion: Request, cursor: str) -> str:
    return f'<{peticion.url.include_query_params(cursor=cursor)}>; rel="next"'


def _valor(valor: Any) -> Any:
    if isinstance(valor, UUID | Decimal | date | datetime):
        return str(valor)
    return valor


def asiento(peticion: Request, quien: Identidad, accion: str, recurso: str, id: UUID, cambios: dict[str, Any]) -> dict:
    return {
        "id": str(uuid7()), "organizacion_id": str(quien.organizacion_id), "en": datetime.now(UTC).isoformat(),
        "quien": str(quien.id), "rol": ",".join(sorted(quien.roles)), "ip": peticion.client and peticion.client.host,
        "accion": accion, "recurso": recurso, "recurso_id": str(id),
        "cambios": {campo: [_valor(a), _valor(b)] for campo, (a, b) in cambios.items()},
        "motivo": None, "id_peticion": peticion.scope["id_peticion"],
    }


async def auditar(sesion: AsyncSession, *asientos: dict) -> None:
    await sesion.execute(_ANOTAR, {"asientos": json.dumps(asientos)})
