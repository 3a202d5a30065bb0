"""Fotos que llegan de fuera: se abren de verdad, se enderezan y se escriben de nuevo, sin nada que no sea imagen."""

import re
import threading
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps

PIXELES_MAXIMOS = 40_000_000
# Un JPEG progresivo se pinta en una decena de pasadas; miles de ellas, vacías, caben en nada y cuestan horas.
PASADAS_MAXIMAS = 32
Image.MAX_IMAGE_PIXELS = None  # el límite es el nuestro, y lo que pasa de él no se abre; el suyo sólo avisa
LADO_MINIATURA = 400
_CALIDAD = 90
_ESCRITURA: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": _CALIDAD, "optimize": True, "progressive": False},
    "PNG": {"compress_level": 6},
    "WEBP": {"quality": _CALIDAD, "method": 4},
}
_MODOS = {"JPEG": ("RGB", "L"), "PNG": ("RGB", "RGBA", "L", "LA", "1", "I;16"), "WEBP": ("RGB", "RGBA")}
_MARCA = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_PASADA, _FIN = 0xDA, 0xD9
# Una imagen abierta ocupa cuatro bytes por píxel, y otros tantos mientras se gira: de una en una.
_TURNO = threading.Lock()
# La mayor tarda segundos. Con esperar una basta: si esperaran todas, nadie atendería lo demás mientras tanto.
_COLA = threading.BoundedSemaphore(2)
ESPERA_S = 1.0


class ImagenIlegible(Exception):
    """No se puede abrir como la imagen que parece."""


class ImagenEnorme(Exception):
    """Tiene más píxeles de los que se abren."""


class ImagenesEnCola(Exception):
    """Ya hay otras imágenes procesándose: ahora no."""


@dataclass(frozen=True, slots=True)
class Imagen:
    """Una imagen ya limpia y su miniatura WebP. Unidades: píxeles."""

    contenido: bytes
    miniatura: bytes
    ancho: int
    alto: int


def limpiar(contenido: bytes, formato: str) -> Imagen:
    """La misma imagen, enderezada y sin metadatos: ni lugar, ni cámara, ni nada pegado detrás.

    ``formato``: ``JPEG``, ``PNG`` o ``WEBP``; no se prueba ningún otro. Las medidas se miran antes de descomprimir.
    Errores: ``ImagenIlegible``, ``ImagenEnorme``, ``ImagenesEnCola``.
    """
    if not _COLA.acquire(timeout=ESPERA_S):
        raise ImagenesEnCola
    try:
        with _TURNO:
            return _limpia(contenido, formato)
    finally:
        _COLA.release()


def _limpia(contenido: bytes, formato: str) -> Imagen:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(BytesIO(contenido), formats=(formato,)) as abierta:
                if abierta.width * abierta.height > PIXELES_MAXIMOS:
                    raise ImagenEnorme
                if formato == "JPEG" and _pasadas(contenido) > PASADAS_MAXIMAS:
                    raise ImagenIlegible
                if formato != "JPEG" and getattr(abierta, "n_frames", 1) > 1:
                    raise ImagenIlegible  # animada: al escribirla de nuevo se perdería casi todo
                return _escribir(_derecha(abierta, formato), formato)
        except (ImagenEnorme, ImagenIlegible):
            raise
        except Exception:
            # Una imagen rota a propósito hace fallar al lector de cualquier manera: sea la que sea, no es legible.
            raise ImagenIlegible from None


def _pasadas(jpeg: bytes) -> int:
    """Cuántas veces se recorrería la imagen, mirando sólo sus marcas; deja de contar al pasar del máximo."""
    cuantas, sitio = 0, 2
    while cuantas <= PASADAS_MAXIMAS and (marca := _MARCA.search(jpeg, sitio)) and jpeg[marca.start() + 1] != _FIN:
        cuantas += jpeg[marca.start() + 1] == _PASADA
        sitio = marca.end() + max(2, int.from_bytes(jpeg[marca.end() : marca.end() + 2], "big"))
    return cuantas


def _derecha(abierta: Image.Image, formato: str) -> Image.Image:
    """La imagen con su orientación y su color aplicados, en un modo que el formato sabe escribir."""
    imagen = ImageOps.exif_transpose(abierta)
    if imagen.mode not in _MODOS[formato]:
        transparente = imagen.has_transparency_data and formato != "JPEG"
        imagen = imagen.convert("RGBA" if transparente else "RGB")
    perfil = abierta.info.get("icc_profile")
    if perfil and imagen.mode in ("RGB", "RGBA"):
        try:
            origen = ImageCms.ImageCmsProfile(BytesIO(perfil))
            ImageCms.profileToProfile(imagen, origen, ImageCms.createProfile("sRGB"), inPlace=True)
        except (ImageCms.PyCMSError, OSError, ValueError):
            return imagen  # un perfil que no se entiende se pierde, y con él sólo un matiz de color
    return imagen


def _escribir(imagen: Image.Image, formato: str) -> Imagen:
    imagen.info.clear()
    salida = BytesIO()
    imagen.save(salida, formato, **_ESCRITURA[formato])
    visible = imagen.convert("I").point(lambda v: v * (1 / 256)).convert("L") if imagen.mode == "I;16" else imagen
    pequena = visible.convert("RGBA" if visible.has_transparency_data else "RGB")
    pequena.thumbnail((LADO_MINIATURA, LADO_MINIATURA))
    miniatura = BytesIO()
    pequena.save(miniatura, "WEBP", quality=80, method=4)
    return Imagen(salida.getvalue(), miniatura.getvalue(), imagen.width, imagen.height)
