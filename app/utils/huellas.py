"""La huella de un documento: la misma para el mismo contenido, lo escriba quien lo escriba."""

import json
from hashlib import sha256
from typing import Any


def huella(contenido: Any) -> str:
    """SHA-256 del JSON canónico: claves ordenadas, UTF-8 y sin espacios."""
    canonico = json.dumps(contenido, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(canonico.encode()).hexdigest()
