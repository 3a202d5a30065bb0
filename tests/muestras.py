"""Ficheros de muestra, buenos y malos, hechos al momento."""

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n"
    b"trailer<</Size 3/Root 1 0 R>>\nstartxref\n101\n%%EOF\n"
)
PHP = b"<?php system($_GET['c']); ?>"


def foto(formato: str = "JPEG", lado: tuple[int, int] = (60, 40), modo: str = "RGB", **opciones) -> bytes:
    """Una imagen con la mitad izquierda roja, para ver hacia dónde mira."""
    imagen = Image.new(modo, lado)
    if modo in ("RGB", "RGBA"):
        imagen.paste((255, 0, 0), (0, 0, lado[0] // 2, lado[1]))
    salida = BytesIO()
    imagen.save(salida, formato, **opciones)
    return salida.getvalue()


def foto_con_lugar(orientacion: int = 6) -> bytes:
    """Una foto de móvil: girada, con dónde se hizo, con qué cámara y con un comentario que es un programa."""
    exif = Image.Exif()
    exif[Base.Orientation] = orientacion
    exif[Base.Model] = "Camara secreta"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (40.0, 25.0, 0.0)
    return foto(exif=exif, comment=PHP)


def png_de(ancho: int, alto: int) -> bytes:
    """Un PNG que dice medir eso y pesa nada."""

    def trozo(tipo: bytes, datos: bytes) -> bytes:
        return struct.pack(">I", len(datos)) + tipo + datos + struct.pack(">I", zlib.crc32(tipo + datos))

    cabecera = trozo(b"IHDR", struct.pack(">IIBBBBB", ancho, alto, 8, 2, 0, 0, 0))
    fila = zlib.compress(b"\0" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + cabecera + trozo(b"IDAT", fila * 50) + trozo(b"IEND", b"")


def oficina(clase: str = "docx", **otros: bytes) -> bytes:
    """Un documento de Word o de Excel, con lo que se le añada dentro."""
    principal, tipo = {
        "docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
        "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
    }[clase]
    salida = BytesIO()
    with ZipFile(salida, "w", ZIP_DEFLATED) as zip_abierto:
        zip_abierto.writestr("[Content_Types].xml", f'<Types><Override ContentType="application/{tipo}"/></Types>')
        zip_abierto.writestr(principal, "<doc/>")
        for nombre, contenido in otros.items():
            zip_abierto.writestr(ZipInfo(nombre), contenido, ZIP_DEFLATED)
    return salida.getvalue()


def bomba_zip(megas: int = 210) -> bytes:
    """Un .docx de unos cientos de kilobytes que descomprimido ocupa cientos de megas."""
    salida = BytesIO(oficina())
    with (
        ZipFile(salida, "a", ZIP_DEFLATED, compresslevel=1) as zip_abierto,
        zip_abierto.open("word/media/image1.png", "w") as dentro,
    ):
        for _ in range(megas):
            dentro.write(bytes(1024 * 1024))
    return salida.getvalue()


def caja(nombre: bytes, datos: bytes = b"") -> bytes:
    return struct.pack(">I", len(datos) + 8) + nombre + datos


def video(marca: bytes = b"isom") -> bytes:
    return caja(b"ftyp", marca + b"\0\0\0\0" + marca) + caja(b"moov", bytes(8)) + caja(b"mdat", b"x" * 32)


def dicom(preambulo: bytes = bytes(128)) -> bytes:
    return preambulo + b"DICM" + b"\x02\x00\x00\x00UL\x04\x00" + bytes(4) + b"resto"
