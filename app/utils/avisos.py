"""Lo que conviene saber de un dato y no impide guardarlo."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Aviso:
    """Advertencia que acompaña a una respuesta correcta."""

    codigo: str
    mensaje: str
