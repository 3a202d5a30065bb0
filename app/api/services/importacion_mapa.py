"""El mapa de una importación: leerlo, comprobarlo y tomar la huella de todo lo que decide su resultado."""

import csv
import hashlib
import tomllib
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from app.api.schemas.importacion_schema import CAMPOS, Mapa
from app.config.catalogos_csv import CARPETA
from app.utils.errors import BusinessRule
from app.utils.mensajes import de_validacion


class MapaInvalido(BusinessRule):
    """El mapa de la importación no vale."""


def leer_mapa(ruta: Path) -> Mapa:
    """El mapa de un fichero TOML. Errores: ``MapaInvalido``."""
    try:
        mapa = Mapa.model_validate(tomllib.loads(ruta.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MapaInvalido(f"{ruta.name} no es TOML válido: {error}") from None
    except ValidationError as error:
        fallo = error.errors(include_url=False, include_input=False)[0]
        donde = ".".join(str(parte) for parte in fallo["loc"])
        mensaje = de_validacion(dict(fallo), "es")[1]
        raise MapaInvalido(f"{ruta.name}: {f'{donde}: ' if donde else ''}{mensaje}") from None
    _comprobar(mapa)
    return mapa


def leer_equivalencias(mapa: Mapa, carpeta: Path) -> dict[tuple[str, str], str] | None:
    """Nombre ajeno de cada raza -> código nuestro, por especie; sin fichero declarado, nada.

    Errores: ``MapaInvalido``.
    """
    ruta = ruta_equivalencias(mapa, carpeta)
    if ruta is None:
        return None
    with ruta.open(encoding="utf-8-sig", newline="") as origen:
        filas = list(csv.reader(origen))
    if any(len(fila) != 3 for fila in filas):
        raise MapaInvalido(f"{ruta.name} debe tener tres columnas: especie, nombre ajeno y raza")
    return {(especie, nombre.casefold()): raza for especie, nombre, raza in filas[1:]}


def ruta_equivalencias(mapa: Mapa, carpeta: Path) -> Path | None:
    """El fichero de equivalencias: junto al mapa o, si no está, entre los catálogos. Errores: ``MapaInvalido``."""
    nombre = mapa.equivalencias.get("raza")
    if nombre is None:
        return None
    for ruta in (carpeta / nombre, CARPETA / nombre):
        if ruta.is_file():
            return ruta
    raise MapaInvalido(f"No se encuentra el fichero de equivalencias {nombre}")


def huella(ficheros: list[Path], *datos: str) -> bytes:
    """SHA-256 de unos ficheros y unos datos, en ese orden y sin que se confundan."""
    total = hashlib.sha256()
    for ruta in ficheros:
        with ruta.open("rb") as origen:
            total.update(hashlib.file_digest(origen, "sha256").digest())
    for dato in datos:
        total.update(hashlib.sha256(dato.encode()).digest())
    return total.digest()


def _comprobar(mapa: Mapa) -> None:
    admitidos = CAMPOS[mapa.entidad]
    tablas: dict[str, Iterable[str]] = {
        "columnas": mapa.columnas,
        "valores": mapa.valores,
        "fijos": mapa.fijos,
        "formatos": mapa.formatos,
    }
    for nombre, tabla in tablas.items():
        if ajenos := sorted(set(tabla) - admitidos):
            posibles = ", ".join(sorted(admitidos))
            raise MapaInvalido(f"En [{nombre}] no se admite: {', '.join(ajenos)}. Campos posibles: {posibles}")
    if "id_externo" not in mapa.columnas:
        raise MapaInvalido("Falta en [columnas] cuál es el identificador: id_externo")
    if mapa.entidad == "clientes":
        if mapa.titular_unico or mapa.equivalencias:
            raise MapaInvalido("titular_unico y [equivalencias] son de los pacientes")
    elif ("cliente_id_externo" in mapa.columnas) == (mapa.titular_unico is not None):
        raise MapaInvalido("Indique el titular de una sola forma: columna cliente_id_externo o tabla titular_unico")
