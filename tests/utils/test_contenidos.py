"""Qué se admite y qué no: por lo que el fichero es, no por lo que dice ser."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image

from app.utils.contenidos import NoAdmitido, examinar
from app.utils.imagenes import LADO_MINIATURA, ImagenEnorme, limpiar
from tests.muestras import PDF, PHP, bomba_zip, caja, dicom, foto, foto_con_lugar, oficina, png_de, video

ADMITIDOS = {
    "image/jpeg": foto(),
    "image/png": foto("PNG"),
    "image/webp": foto("WEBP"),
    "application/pdf": PDF,
    "application/dicom": dicom(),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": oficina(),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": oficina("xlsx"),
    "video/mp4": video(),
    "video/quicktime": video(b"qt  "),
    "text/plain": "Alta. Niño, ñandú y 12 µg/kg.\r\n".encode(),
}


@pytest.mark.parametrize("tipo", ADMITIDOS)
def test_se_reconoce_por_su_contenido(tipo):
    for nombre in ("sin nombre", "otro.exe", "foto.jpg"):
        assert examinar(ADMITIDOS[tipo], nombre).tipo.mime == tipo


def test_un_csv_es_un_texto_que_se_llama_asi():
    assert examinar(b"a;b\n1;2\n", "Valores.CSV").tipo.mime == "text/csv"
    assert examinar("a;ñ\n".encode("cp1252"), "x.csv").tipo.mime == "text/csv"
    assert examinar(b"a;b\n1;2\n", "valores.txt").tipo.mime == "text/plain"


HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
CON_ZIP = BytesIO(oficina()).getvalue()
RECHAZADOS = {
    "nada": b"",
    "html": HTML,
    "html tras texto": b"Informe\n" + b" " * 5000 + b"<ScRiPt>alert(1)</script>",
    "svg": SVG,
    "php": PHP,
    "guion": b"#!/bin/sh\nrm -rf /\n",
    "exe": b"MZ" + bytes(200),
    "elf": b"\x7fELF" + bytes(200),
    "gif con programa": b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)",
    "jpeg sin imagen": b"\xff\xd8\xff\xe0" + PHP,
    "png roto": foto("PNG")[:60],
    "webp animado": foto("WEBP", save_all=True, append_images=[Image.new("RGB", (60, 40), "blue")]),
    "pdf que también es zip": PDF[:-6] + CON_ZIP + b"startxref\n1\n%%EOF",
    "pdf con un zip detrás": PDF + CON_ZIP,
    "pdf que también es html": PDF.replace(b"1 0 obj", HTML + b"1 0 obj"),
    "pdf con algo delante": b"MZ" + PDF,
    "pdf sin final": PDF[:-20],
    "sólo la cabecera de un pdf": b"%PDF-1.4 y ya",
    "zip cualquiera": oficina().replace(b"word/document.xml", b"word/document.xxx"),
    "word con macros": oficina(**{"word/vbaProject.bin": b"x"}),
    "word con un programa": oficina(**{"word/embeddings/oleObject1.bin": b"x"}),
    "word que sale de su carpeta": oficina(**{"../../etc/passwd": b"x"}),
    "word con algo delante": b"#!/bin/sh\n" + oficina(),
    "mp4 sin vídeo": caja(b"ftyp", b"isom\0\0\0\0"),
    "mp4 que no encaja": video() + b"\0\0\0\x05mal",
    "mp4 que también es zip": video() + caja(b"free", CON_ZIP),
    "dicom que también es zip": dicom() + CON_ZIP,
    "texto con controles": b"hola\x00adios",
    "binario": bytes(range(256)),
}


@pytest.mark.parametrize("caso", RECHAZADOS)
def test_lo_que_no_es_de_un_solo_tipo_admitido_no_entra(caso):
    with pytest.raises(NoAdmitido):
        examinar(RECHAZADOS[caso], "foto.jpg")


@pytest.mark.parametrize("formato", ["JPEG", "PNG", "WEBP"])
def test_lo_pegado_a_una_imagen_no_se_guarda(formato):
    guardado = examinar(foto(formato) + HTML + CON_ZIP, "x").contenido
    assert b"<script" not in guardado
    assert b"PK\x05\x06" not in guardado
    Image.open(BytesIO(guardado)).load()


def test_una_foto_pierde_lugar_camara_y_comentarios_y_queda_derecha():
    guardada = examinar(foto_con_lugar(), "x").contenido
    assert b"secreta" not in guardada
    assert PHP not in guardada
    with Image.open(BytesIO(guardada)) as imagen:
        assert (imagen.size, len(imagen.getexif()), "comment" in imagen.info) == ((40, 60), 0, False)
        # La mitad roja, que estaba a la izquierda, con esa orientación queda arriba.
        rojo, _, _ = imagen.getpixel((20, 5))
        assert rojo > 200 > imagen.getpixel((20, 55))[0] + 100


@pytest.mark.parametrize(
    ("formato", "modo"), [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "P"), ("PNG", "RGBA"), ("PNG", "I;16"), ("PNG", "1")]
)
def test_cualquier_modo_de_color_se_guarda_y_tiene_miniatura(formato, modo):
    limpia = limpiar(foto(formato, (900, 300), modo), formato)
    with Image.open(BytesIO(limpia.miniatura)) as miniatura:
        assert (miniatura.format, miniatura.size) == ("WEBP", (LADO_MINIATURA, 133))
    assert (limpia.ancho, limpia.alto) == (900, 300)


def test_la_misma_foto_da_siempre_los_mismos_bytes():
    assert limpiar(foto_con_lugar(), "JPEG") == limpiar(foto_con_lugar(), "JPEG")


def test_el_preambulo_de_un_dicom_queda_en_blanco():
    guardado = examinar(dicom(b"MZ" + bytes(126)), "x.dcm").contenido
    assert guardado == dicom()


def test_una_bomba_de_compresion_no_entra():
    bomba = bomba_zip()
    assert len(bomba) < 2_000_000
    with pytest.raises(NoAdmitido):
        examinar(bomba, "informe.docx")


def test_un_zip_con_entradas_solapadas_no_entra():
    normal = oficina(**{"word/a.xml": b"a" * 1000, "word/b.xml": b"b" * 1000})
    with ZipFile(BytesIO(normal)) as zip_abierto:
        a, b = (zip_abierto.getinfo(f"word/{uno}.xml").header_offset for uno in "ab")
    indice = normal.rindex(b"PK\x01\x02")
    assert int.from_bytes(normal[indice + 42 : indice + 46], "little") == b
    solapado = normal[: indice + 42] + a.to_bytes(4, "little") + normal[indice + 46 :]
    examinar(normal, "x")
    with pytest.raises(NoAdmitido):
        examinar(solapado, "x")


MEDIR = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from app.utils.contenidos import examinar
from app.utils.imagenes import ImagenEnorme
from tests.muestras import foto, png_de
examinar(foto(), "x")
bomba = png_de(50_000, 50_000)
antes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    examinar(bomba, "x")
except ImagenEnorme:
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - antes) // 1024)
"""


def test_una_imagen_de_cincuenta_mil_de_lado_se_rechaza_sin_gastar_memoria():
    raiz = str(Path(__file__).parents[2])
    salida = subprocess.run([sys.executable, "-c", MEDIR, raiz], capture_output=True, text=True, check=True)
    assert int(salida.stdout) < 50, "megabytes de más para decir que no"


def test_el_limite_de_pixeles_es_justo(monkeypatch):
    monkeypatch.setattr("app.utils.imagenes.PIXELES_MAXIMOS", 2400)
    limpiar(foto(lado=(60, 40)), "JPEG")
    with pytest.raises(ImagenEnorme):
        limpiar(foto(lado=(61, 40)), "JPEG")


def test_la_medida_se_mira_antes_de_descomprimir():
    with pytest.raises(ImagenEnorme):
        examinar(png_de(50_000, 50_000), "x.png")


@pytest.mark.parametrize(
    ("de_donde", "admitido"),
    [
        ("https://malo.test/a.dotm", False), (r"\\\\malo\\a.dotm", False), ("file://malo/a.dotm", False),
        ("file:///C:/Plantillas/Normal.dotm", True), ("Normal.dotm", True),
    ],
)  # fmt: skip
def test_un_documento_no_trae_su_plantilla_de_otra_maquina(de_donde, admitido):
    tipo = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    relacion = f'<Relationship Id="a" Type="{tipo}" Target="{de_donde}" TargetMode="External"/>'
    crudo = oficina(**{"word/_rels/settings.xml.rels": f"<Relationships>{relacion}</Relationships>".encode()})
    if admitido:
        assert examinar(crudo, "a.docx").tipo.extensiones == ("docx",)
    else:
        with pytest.raises(NoAdmitido):
            examinar(crudo, "a.docx")
