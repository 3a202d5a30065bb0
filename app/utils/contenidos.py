"""Qué es de verdad un fichero subido: lo dice su contenido, abierto y comprobado, nunca su nombre."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.utils.contenidos_zip import es_docx, es_xlsx
from app.utils.imagenes import Imagen, ImagenIlegible, limpiar


class NoAdmitido(Exception):
    """No es de ningún tipo admitido, o es de más de uno."""


@dataclass(frozen=True, slots=True)
class Tipo:
    """Un tipo admitido: su nombre, las extensiones que le van y cómo se reconoce."""

    mime: str
    extensiones: tuple[str, ...]
    es: Callable[[bytes], bool]
    formato: str | None = None


@dataclass(frozen=True, slots=True)
class Examinado:
    """Un fichero ya comprobado, tal como se guarda."""

    tipo: Tipo
    contenido: bytes
    imagen: Imagen | None = None


# Lo que haría de un texto, o de lo que va delante o detrás de otra cosa, una página o un programa.
_ACTIVO = re.compile(
    rb"<\s*(?:!doctype\s+html|\?(?:php|xml|=)|html|head|body|script|svg|iframe|object|embed|meta|link|style|form)\b",
    re.IGNORECASE,
)
# Ningún texto empieza así: es un programa, o de otro tipo y está roto. Los demás programas llevan bytes de control.
_OTRA_COSA = (b"#!", b"%!PS", b"GIF8", b"RIFF", b"\xff\xd8", b"\x89PNG", b"{\\rtf")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FIN_PDF = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF\s*\Z")
_FIN_ZIP, _COLA_ZIP = b"PK\x05\x06", 65_557
_CAJAS_MAXIMAS = 10_000
_MARCAS_MP4 = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash")


def _es_pdf(crudo: bytes) -> bool:
    """Empieza y acaba como un PDF, y ni por delante ni por detrás es otra cosa."""
    fin = _FIN_PDF.search(crudo, max(0, len(crudo) - 1024))
    return (
        crudo.startswith(b"%PDF-") and fin is not None and int(fin[1]) < len(crudo) and not _ACTIVO.search(crudo[:1024])
    )


def _es_dicom(crudo: bytes) -> bool:
    return crudo[128:132] == b"DICM" and crudo[132:138] == b"\x02\x00\x00\x00UL"


def _cajas(crudo: bytes) -> list[bytes] | None:
    """Los nombres de las cajas de un MP4; nada si no encajan hasta el último byte."""
    nombres: list[bytes] = []
    sitio = 0
    while sitio < len(crudo):
        largo, nombre = int.from_bytes(crudo[sitio : sitio + 4], "big"), crudo[sitio + 4 : sitio + 8]
        if largo == 1:
            largo = int.from_bytes(crudo[sitio + 8 : sitio + 16], "big")
        elif largo == 0:
            largo = len(crudo) - sitio
        if largo < 8 or len(nombre) < 4 or not nombre.isascii() or len(nombres) >= _CAJAS_MAXIMAS:
            return None
        nombres.append(nombre)
        sitio += largo
    return nombres if sitio == len(crudo) else None


def _es_video(marcas: tuple[bytes, ...]) -> Callable[[bytes], bool]:
    def es(crudo: bytes) -> bool:
        if crudo[4:8] != b"ftyp" or crudo[8:12] not in marcas:
            return False
        cajas = _cajas(crudo)
        return cajas is not None and b"moov" in cajas and b"mdat" in cajas

    return es


def _es_texto(crudo: bytes) -> bool:
    # Los lectores de PDF lo buscan en todo el primer kilobyte.
    if b"%PDF-" in crudo[:1024]:
        return False
    if crudo.startswith(_OTRA_COSA) or _CONTROL.search(crudo) or _ACTIVO.search(crudo):
        return False
    try:
        crudo.decode("utf-8")
    except UnicodeDecodeError:
        # Las hojas de cálculo de Windows guardan así; ahí casi todo vale, y los controles ya se han mirado.
        return not any(byte in crudo for byte in (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"))
    return True


_CSV = Tipo("text/csv", ("csv",), _es_texto)
_OFICINA = "application/vnd.openxmlformats-officedocument."
TIPOS: tuple[Tipo, ...] = (
    Tipo("image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), lambda c: c.startswith(b"\xff\xd8\xff"), "JPEG"),
    Tipo("image/png", ("png",), lambda c: c.startswith(b"\x89PNG\r\n\x1a\n"), "PNG"),
    Tipo("image/webp", ("webp",), lambda c: c[:4] == b"RIFF" and c[8:12] == b"WEBP", "WEBP"),
    Tipo("application/pdf", ("pdf",), _es_pdf),
    Tipo("application/dicom", ("dcm", "dicom"), _es_dicom),
    Tipo(f"{_OFICINA}wordprocessingml.document", ("docx",), es_docx),
    Tipo(f"{_OFICINA}spreadsheetml.sheet", ("xlsx",), es_xlsx),
    Tipo("video/mp4", ("mp4", "m4v"), _es_video(_MARCAS_MP4)),
    Tipo("video/quicktime", ("mov", "qt"), _es_video((b"qt  ",))),
    _CSV,
    Tipo("text/plain", ("txt", "text", "log", "md"), _es_texto),
)
MIMES = tuple(tipo.mime for tipo in TIPOS)


def examinar(crudo: bytes, nombre: str) -> Examinado:
    """Lo que es, y lo que de ello se guarda. ``nombre`` sólo distingue un CSV de otro texto.

    Errores: ``NoAdmitido``, ``ImagenEnorme``.
    """
    tipo = next((uno for uno in TIPOS if uno.es(crudo)), None) if crudo else None
    if tipo is _CSV and not nombre.lower().endswith(".csv"):
        tipo = TIPOS[-1]
    if tipo is None:
        raise NoAdmitido
    if tipo.formato is not None:
        try:
            imagen = limpiar(crudo, tipo.formato)
        except ImagenIlegible:
            raise NoAdmitido from None
        return Examinado(tipo, imagen.contenido, imagen)
    if not crudo.startswith(b"PK") and _FIN_ZIP in crudo[-_COLA_ZIP:]:
        raise NoAdmitido  # además de lo que parece, es un ZIP: se lee por el final
    if tipo.mime == "application/dicom":
        # El preámbulo no es parte del estudio, y ahí cabe un programa: en blanco.
        return Examinado(tipo, bytes(128) + crudo[128:])
    return Examinado(tipo, crudo)
