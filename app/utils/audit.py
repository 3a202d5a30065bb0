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
    event,
    text,
)
from sqlalchemy import inspect as inspeccionar
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.config.database import ServetSession, current_session
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
_ANOTAR = text("SELECT auditoria_anotar(CAST(:asientos AS jsonb))")
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
    current_session().info.setdefault("auditoria", []).append(
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
    info = current_session().info
    info["ocultos"] = frozenset(campos)
    try:
        yield
    finally:
        info.pop("ocultos", None)


@event.listens_for(ServetSession, "after_flush")
def _anotar_cambios(session: Session, _contexto_flush: Any) -> None:
    ocultos = session.info.get("ocultos", frozenset())
    for accion, filas in (("crear", session.new), ("editar", session.dirty), ("eliminar", session.deleted)):
        for fila in filas:
            if not isinstance(fila, DeOrganizacion) or getattr(fila, "sin_auditoria", False):
                continue
            cambios = {}
            for atributo in inspeccionar(fila).attrs:
                if atributo.key in _CALLADAS:
                    continue
                historia = atributo.history
                if historia.has_changes():
                    antes = historia.deleted[0] if historia.deleted else None
                    despues = historia.added[0] if historia.added else None
                    if atributo.key in ocultos:
                        antes, despues = antes and _TAPADO, despues and _TAPADO
                    cambios[atributo.key] = (antes, despues)
            if cambios:
                anotar(accion, fila.__tablename__, fila.id, cambios)  # type: ignore[attr-defined]


@event.listens_for(ServetSession, "before_commit")
def _escribir(session: Session) -> None:
    # Lo último antes de confirmar: la cabeza de la cadena se bloquea el menor tiempo posible
    # y nunca se espera por otra fila teniéndola.
    session.flush()
    if session.in_nested_transaction():
        return  # soltar un punto de guarda no es confirmar
    asientos = session.info.pop("auditoria", [])
    if asientos:
        session.execute(_ANOTAR, {"asientos": msgspec.json.encode(asientos).decode()})


@event.listens_for(ServetSession, "after_rollback")
def _olvidar(session: Session) -> None:
    session.info.pop("auditoria", None)
