"""Fundir un parche en un objeto anidado, como manda el RFC 7396."""

from typing import Any


def merge(antes: dict[str, Any] | None, parche: dict[str, Any] | None) -> dict[str, Any] | None:
    """El objeto con el parche aplicado: lo ausente queda, lo nulo se quita."""
    if parche is None:
        return None
    resultado = dict(antes or {})
    for clave, valor in parche.items():
        if valor is None:
            resultado.pop(clave, None)
        elif isinstance(valor, dict):
            previo = resultado.get(clave)
            resultado[clave] = merge(previo if isinstance(previo, dict) else {}, valor)
        else:
            resultado[clave] = valor
    return resultado
