"""Quién cambió qué: cada escritura deja un asiento encadenado, en su misma transacción."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.config.database import current_transaction, with_commit
from app.utils.context import ahora, contexto
from app.utils.entities import Base, DeOrganizacion, nuevo_id

# La aplicación no escribe aquí: pide a una función de la base que numere, encadene y selle.
auditoria = Table(
    "auditoria",
    Base.metadata,
    Column("organizacion_id", Uuid(), nullable=False),
    Column("id", Uuid(), nullable=False),
    Column("numero", BigInteger(), nullable=False),
    Column("en", DateTime(timezone=True), nullable=False),
    Column("quien", Uuid()),
    Column("rol", Text()),
    Column("ip", Text()),
    Column("accion", Text(), nullable=False),
    Column("recurso", Text(), nullable=False),
    Column("recurso_id", Uuid()),
    Column("cambios", JSONB(), nullable=False),
    Column("motivo", Text()),
    Column("id_peticion", Text()),
    Column("huella_anterior", LargeBinary(), nullable=False),
    Column("huella", LargeBinary(), nullable=False),
    PrimaryKeyConstraint("organizacion_id", "numero"),
    Index(None, "organizacion_id", "recurso", "recurso_id", "numero"),
    Index(None, "organizacion_id", "quien", "numero"),
    Index(None, "organizacion_id", "en"),
)
auditoria_cadenas = Table(
    "auditoria_cadenas",
    Base.metadata,
    Column("organizacion_id", Uuid(), primary_key=True),
    Column("numero", BigInteger(), nullable=False),
    Column("huella", LargeBinary(), nullable=False),
)

_TAPADO = "***"
_ANOTAR = b"SELECT auditoria_anotar($1::jsonb)"
SECRETOS = frozenset(
    {"contrasena_huella", "secreto_huella", "secreto_totp", "codigos_recuperacion", "documento_identidad", "huella"}
)
_CALLADAS = frozenset({"version", "creado_en", "creado_por", "actualizado_en", "actualizado_por", "organizacion_id"})


def _valor(nombre: str, valor: Any) -> Any:
    if valor is None:
        return None
    if nombre in SECRETOS:
        return _TAPADO
    if isinstance(valor, Enum):
        return valor.value
    if isinstance(valor, UUID | Decimal | date | datetime | time):
        return str(valor)
    if isinstance(valor, list | tuple | set | frozenset):
        return [_valor(nombre, uno) for uno in valor]
    if isinstance(valor, dict):
        return {str(clave): _valor(str(clave), uno) for clave, uno in valor.items()}
    return valor if isinstance(valor, str | int | float | bool) else str(valor)


def anotar(accion: str, recurso: str, recurso_id: UUID | None, cambios: dict[str, Any] | None = None) -> None:
    """Apunta un acto para escribirlo al confirmar; ``cambios`` es {campo: [antes, despues]}."""
    actual = contexto()
    quien = actual.identidad
    current_transaction().info.setdefault("auditoria", []).append(
        {
            "id": nuevo_id(),
            "organizacion_id": actual.organizacion_id,
            "en": ahora(),
            "quien": quien.id if quien else None,
            "rol": ",".join(sorted(quien.roles)) if quien else None,
            "ip": actual.ip,
            "accion": accion,
            "recurso": recurso,
            "recurso_id": recurso_id,
            "cambios": {
                campo: [_valor(campo, antes), _valor(campo, despues)]
                for campo, (antes, despues) in (cambios or {}).items()
            },
            "motivo": actual.motivo_acceso,
            "id_peticion": actual.id_peticion or None,
        }
    )


@contextmanager
def ocultando(*campos: str) -> Iterator[None]:
    """Dentro, se apunta que esos campos cambian pero no sus valores: quien los suprime no los deja aquí."""
    info = current_transaction().info
    info["ocultos"] = frozenset(campos)
    try:
        yield
    finally:
        info.pop("ocultos", None)


def anotar_cambios(accion: str, fila: Any, cambios: dict[str, tuple[Any, Any]]) -> None:
    """Apunta la escritura de una fila, campo a campo: {campo: (antes, despues)}."""
    if not isinstance(fila, DeOrganizacion) or getattr(fila, "sin_auditoria", False):
        return
    ocultos = current_transaction().info.get("ocultos", frozenset())
    dichos = {
        campo: (antes and _TAPADO, despues and _TAPADO) if campo in ocultos else (antes, despues)
        for campo, (antes, despues) in cambios.items()
        if campo not in _CALLADAS
    }
    if dichos:
        anotar(accion, fila.__tablename__, fila.id, dichos)  # type: ignore[attr-defined]


@with_commit
def escribir() -> tuple[bytes, list[Any]] | None:
    """Los asientos apuntados. Lo último antes de confirmar: la cabeza de la cadena se bloquea un instante."""
    asientos = current_transaction().info.pop("auditoria", [])
    return (_ANOTAR, [msgspec.json.encode(asientos).decode()]) if asientos else None
