"""Dónde se guardan los ficheros subidos: una carpeta o un almacén S3, con las mismas cuatro operaciones."""

import os
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from app.config.settings import get_settings

_CLAVE = re.compile(r"[0-9a-f-]{36}/[0-9a-f]{2}/[0-9a-f]{64}(\.mini)?")


class SinContenido(Exception):
    """El almacén no tiene ese fichero."""


class AlmacenCaido(Exception):
    """El almacén no responde o no deja."""


@cache
def _almacen() -> ObjectStore:
    """El almacén de esta instalación: ``SERVET_ADJUNTOS_URL`` o, sin ella, ``SERVET_DATOS/adjuntos``.

    ``s3://cubo/prefijo?endpoint=https://…&region=…``; las credenciales, en las variables de entorno de AWS.
    """
    ajustes = get_settings()
    url = ajustes.adjuntos_url.get_secret_value()
    if not url:
        _carpeta().mkdir(mode=0o700, parents=True, exist_ok=True)
        return LocalStore(_carpeta())
    partes = urlsplit(url)
    if partes.scheme != "s3":
        raise RuntimeError("SERVET_ADJUNTOS_URL debe ser s3://cubo/prefijo")
    opciones = dict(parse_qsl(partes.query))
    return S3Store(
        partes.netloc,
        prefix=partes.path.strip("/") or None,
        client_options={"allow_http": opciones.get("endpoint", "").startswith("http://"), "timeout": "30s"},
        **opciones,  # type: ignore[arg-type]
    )


def _carpeta() -> Path:
    return get_settings().datos.resolve() / "adjuntos"


def put(clave: str, contenido: bytes) -> None:
    """Guarda un contenido entero o no guarda nada: quien lo lea no lo verá a medias. Errores: ``AlmacenCaido``."""
    _exigir(clave)
    almacen = _almacen()
    try:
        almacen.put(clave, contenido)
    except (BaseError, OSError) as error:
        raise AlmacenCaido from error
    if isinstance(almacen, LocalStore):
        _asentar(_carpeta() / clave)


def get(clave: str) -> bytes:
    """El contenido guardado con esa clave. Errores: ``SinContenido``, ``AlmacenCaido``."""
    _exigir(clave)
    try:
        return bytes(_almacen().get(clave).bytes())
    except FileNotFoundError as error:
        raise SinContenido from error
    except (BaseError, OSError) as error:
        raise AlmacenCaido from error


def delete(clave: str) -> None:
    """Borra un contenido; si no estaba, tampoco pasa nada. Errores: ``AlmacenCaido``."""
    _exigir(clave)
    try:
        _almacen().delete(clave)
    except FileNotFoundError:
        return
    except (BaseError, OSError) as error:
        raise AlmacenCaido from error


def listing(prefijo: str) -> Iterator[tuple[str, datetime]]:
    """Las claves que empiezan por un tramo, con cuándo se escribió cada una."""
    for hoja in _almacen().list(prefijo):
        yield from ((uno["path"], uno["last_modified"]) for uno in hoja)


def forget_store() -> None:
    """Olvida el almacén abierto: tras cambiar su configuración, en las pruebas."""
    _almacen.cache_clear()


def _exigir(clave: str) -> None:
    """Una clave es siempre nuestra: nada de lo que llega de fuera forma parte de un camino."""
    if not _CLAVE.fullmatch(clave):
        raise ValueError("La clave no tiene la forma de las del almacén")


def _asentar(fichero: Path) -> None:
    """Lleva al disco el fichero y su carpeta: tras un corte de luz está entero o no está."""
    for camino in (fichero, fichero.parent):
        descriptor = os.open(camino, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
