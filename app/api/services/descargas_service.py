"""El contenido de un adjunto: descargarlo, su miniatura y el enlace que lo descarga sin token."""

from typing import Any
from uuid import UUID

from app.api.services import almacen_service as almacen
from app.api.services.adjuntos_service import obtener
from app.utils.audit import anotar
from app.utils.enlaces_firmados import sign_link
from app.utils.errors import NotFound
from app.utils.ficheros import Descarga
from app.utils.records import check_version


class SinMiniatura(NotFound):
    """Sólo las imágenes tienen miniatura."""


def contenido(id: UUID) -> Descarga:
    """El fichero, para guardarlo."""
    fila = obtener(id)
    return Descarga(fila.nombre, fila.tipo_mime, almacen.leer(fila.organizacion_id, fila.sha256), fila.sha256)


def miniatura(id: UUID) -> Descarga:
    """La miniatura de una imagen, en WebP. Errores: ``SinMiniatura``."""
    fila = obtener(id)
    if fila.ancho is None:
        raise SinMiniatura
    pequena = almacen.leer(fila.organizacion_id, fila.sha256, miniatura=True)
    return Descarga("miniatura.webp", "image/webp", pequena, f"{fila.sha256}-mini")


def firmar_enlace(id: UUID, camino: str) -> dict[str, Any]:
    """Una dirección a ``camino`` que durante cinco minutos vale sin token, mientras quien la pide lo pueda ver."""
    check_version(obtener(id).version)
    anotar("firmar_enlace", "adjuntos", id)
    return sign_link(camino)
