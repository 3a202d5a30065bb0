"""Los documentos de oficina, que son ficheros ZIP: se mira el índice y no se descomprime casi nada."""

import re
from io import BytesIO
from itertools import pairwise
from zipfile import BadZipFile, ZipFile, ZipInfo

_INDICE = "[Content_Types].xml"
ENTRADAS_MAXIMAS, DESCOMPRIMIDO_MAXIMO, INDICE_MAXIMO = 3_000, 200 * 1024 * 1024, 1024 * 1024
# Programas, documentos de otros y lo que se abre solo.
_PROHIBIDO = ("vbaproject", "activex", "/embeddings/", "oleobject", "macrosheets")
_CIFRADA = 0x1
# De dónde trae Word su plantilla: de otra máquina es un programa que se abre solo; la del propio disco es lo corriente.
_AJUSTES = "word/_rels/settings.xml.rels"
_RELACION = re.compile(rb"<Relationship\b[^>]*>")
_DE_FUERA = re.compile(
    rb"""Target\s*=\s*["']\s*(?:(?!file:)[a-z][a-z0-9+.-]*:|file:/{0,2}[^/]|[\\/]{2})""", re.IGNORECASE
)


def es_docx(crudo: bytes) -> bool:
    """Un documento de Word sin macros ni objetos dentro."""
    return _es(crudo, "word/document.xml", b"wordprocessingml.document.main+xml")


def es_xlsx(crudo: bytes) -> bool:
    """Una hoja de Excel sin macros ni objetos dentro."""
    return _es(crudo, "xl/workbook.xml", b"spreadsheetml.sheet.main+xml")


def _es(crudo: bytes, principal: str, marca: bytes) -> bool:
    if not crudo.startswith(b"PK\x03\x04"):
        return False
    try:
        with ZipFile(BytesIO(crudo)) as zip_abierto:
            entradas = zip_abierto.infolist()
            nombres = {una.filename for una in entradas}
            if zip_abierto.comment or not {_INDICE, principal} <= nombres or not _cabe(entradas, len(crudo)):
                return False
            with zip_abierto.open(_INDICE) as fichero:
                indice = fichero.read(INDICE_MAXIMO)
            if _AJUSTES in nombres and _trae_plantilla(zip_abierto.open(_AJUSTES).read(INDICE_MAXIMO)):
                return False
    except (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return False
    return marca in indice and b"macroEnabled" not in indice


def _trae_plantilla(relaciones: bytes) -> bool:
    if b"\0" in relaciones or b"&#" in relaciones:
        return True  # escrito para que no se lea
    return any(b"attachedTemplate" in una and _DE_FUERA.search(una) for una in _RELACION.findall(relaciones))


def _cabe(entradas: list[ZipInfo], total: int) -> bool:
    """Si descomprimirlo no sería una bomba: ni enorme, ni con entradas solapadas, ni con nombres que salen fuera."""
    if len(entradas) > ENTRADAS_MAXIMAS or sum(una.compress_size for una in entradas) > total:
        return False
    if sum(una.file_size for una in entradas) > DESCOMPRIMIDO_MAXIMO:
        return False
    # El orden de los sitios demuestra que ninguna entrada se apoya en los bytes de otra, ni hay nada delante.
    sitios = sorted((una.header_offset, una.header_offset + una.compress_size) for una in entradas)
    if sitios[0][0] != 0 or any(fin > otro for (_, fin), (otro, _) in pairwise(sitios)):
        return False
    return all(
        not una.flag_bits & _CIFRADA
        and ".." not in una.filename.split("/")
        and not una.filename.startswith("/")
        and not any(prohibido in f"/{una.filename.lower()}" for prohibido in _PROHIBIDO)
        for una in entradas
    )
