"""La huella de un documento: SHA-256 de su JSON canónico, que cualquiera puede volver a calcular."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID


def canonico(documento: Mapping[str, Any]) -> bytes:
    """El JSON canónico de un documento.

    Forma: claves ordenadas, UTF-8 y sin espacios; los textos, con la misma forma en que se guardaron. Los decimales son
    cadenas con los decimales de su columna; los instantes, UTC con microsegundos y «Z»; las fechas, ``AAAA-MM-DD``.
    """
    llano = _llano(documento)
    return json.dumps(llano, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def huella(documento: Mapping[str, Any]) -> str:
    """La huella de un documento, en hexadecimal y minúsculas."""
    return hashlib.sha256(canonico(documento)).hexdigest()


def instante(valor: datetime) -> str:
    """Un instante como va en el JSON canónico. El desfase con que se dijo no cambia la huella."""
    if valor.tzinfo is None:
        raise ValueError("El instante no lleva desfase")
    return valor.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _llano(valor: Any) -> Any:
    if isinstance(valor, Enum):
        return valor.value
    if isinstance(valor, datetime):
        return instante(valor)
    if isinstance(valor, date | UUID | Decimal):
        return str(valor)
    if isinstance(valor, Mapping):
        return {str(clave): _llano(uno) for clave, uno in valor.items()}
    if isinstance(valor, list | tuple):
        return [_llano(uno) for uno in valor]
    if isinstance(valor, float):
        # Un número en coma flotante no se escribe igual en todas partes: aquí no entra ninguno.
        raise TypeError("Un documento con huella no lleva coma flotante")
    return valor
