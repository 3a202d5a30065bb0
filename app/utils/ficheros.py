"""Lo que se sube y lo que se descarga, y el nombre que lleva."""

import re
import unicodedata
from dataclasses import dataclass

LONGITUD_NOMBRE = 150
_INVISIBLES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Fichero:
    """Lo que llegó en una parte de un formulario: cómo dice llamarse, qué dice ser y sus bytes."""

    nombre: str
    tipo: str
    contenido: bytes


@dataclass(frozen=True, slots=True)
class Descarga:
    """Lo que se entrega para guardar: nunca se muestra en el navegador."""

    nombre: str
    tipo: str
    contenido: bytes
    huella: str


def sanear_nombre(nombre: str, extensiones: tuple[str, ...], *, por_omision: str = "adjunto") -> str:
    """Un nombre para enseñar y descargar, con una extensión que no miente; nunca es una ruta.

    Sólo queda lo último del camino, sin caracteres invisibles ni los que algún sistema prohíbe.
    ``extensiones``: las que valen para el tipo de verdad; si no lleva ninguna, se le añade la primera.
    """
    limpio = unicodedata.normalize("NFC", nombre.encode("utf-8", "replace").decode()).replace("\\", "/")
    limpio = "".join(c for c in limpio.rsplit("/", 1)[-1] if unicodedata.category(c) not in _INVISIBLES)
    limpio = re.sub(r'[<>:"|?*]+', "_", limpio)
    limpio = re.sub(r"\s+", " ", limpio).strip(" .")
    raiz, punto, extension = limpio.rpartition(".")
    if not punto or extension.lower() not in extensiones:
        raiz, extension = limpio, extensiones[0]
    raiz = raiz[: LONGITUD_NOMBRE - len(extension) - 1].strip(" .") or por_omision
    return f"{raiz}.{extension}"
