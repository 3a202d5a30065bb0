"""La hoja de los documentos: A4 con membrete, cabecera en cada página, pie numerado y código QR."""

import segno
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from app.utils.documentos.bloques import Documento
from app.utils.documentos.fuentes import FAMILIA, fuentes

MARGEN, LADO_QR = 16, 34
TINTA, GRIS, ACENTO, RAYA = (15, 23, 42), (100, 116, 139), (15, 118, 110), (203, 213, 225)
_ALTO_PIE = 20


class Hoja(FPDF):
    """Un documento en blanco, con su letra puesta y sus cabeceras."""

    def __init__(self, documento: Documento) -> None:
        super().__init__(format="A4")
        self.documento = documento
        for estilo, camino in fuentes().items():
            self.add_font(FAMILIA, estilo, camino)
        self.set_margins(MARGEN, MARGEN)
        self.c_margin = 0  # el texto empieza donde las rayas
        self.set_auto_page_break(True, _ALTO_PIE + 4)
        self.set_title(f"{documento.titulo} {documento.numero}")
        self.set_author(documento.membrete.nombre)
        self.set_lang("es")
        self.add_page()

    def letra(self, tamano: float, estilo: str = "", color: tuple[int, int, int] = TINTA) -> None:
        """La letra con la que se escribe a partir de aquí. Unidades: puntos."""
        self.set_font(FAMILIA, estilo, tamano)
        self.set_text_color(*color)

    def linea(self, texto: str, alto: float, ancho: float = 0) -> None:
        """Un texto que salta de renglón cuando no cabe."""
        self.multi_cell(ancho, alto, texto, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")

    def header(self) -> None:
        """La primera página lleva el membrete; las demás, de qué y de quién son."""
        if self.page_no() == 1:
            self._membrete()
        else:
            self._cabecera_breve()
        if self.documento.marca:
            self._marca()

    def _membrete(self) -> None:
        doc, ancho = self.documento, self.epw - LADO_QR - 8
        self._qr(self.w - MARGEN - LADO_QR, MARGEN)
        self.letra(15, "B", ACENTO)
        self.linea(doc.membrete.nombre, 7, ancho)
        self.letra(8.5, color=GRIS)
        for texto in doc.membrete.lineas:
            self.linea(texto, 4.2, ancho)
        self.ln(4)
        self.letra(17, "B")
        self.linea(doc.titulo, 8, ancho)
        self.letra(10, color=GRIS)
        self.linea(" · ".join(filter(None, [doc.numero, f"{doc.fecha:%d/%m/%Y}"])), 5, ancho)
        self.set_y(max(self.get_y() + 3, MARGEN + LADO_QR + 8))
        self._raya()

    def _cabecera_breve(self) -> None:
        doc = self.documento
        self.letra(8.5, "B")
        self.cell(self.epw / 2, 5, self.recortar(f"{doc.titulo} {doc.numero}", self.epw / 2 - 2))
        self.letra(8.5, color=GRIS)
        derecha = self.recortar(f"{doc.de_quien} · {doc.membrete.nombre}", self.epw / 2 - 2)
        self.cell(0, 5, derecha, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self._raya()

    def footer(self) -> None:
        """Al pie, el aviso del documento y la página."""
        self.set_y(-_ALTO_PIE)
        self._raya()
        self.letra(7, color=GRIS)
        arriba = self.get_y()
        self.multi_cell(self.epw - 30, 3.2, self.documento.pie, align="L", max_line_height=3.2)
        self.set_xy(self.w - MARGEN - 18, arriba)
        self.cell(18, 3.2, f"Página {self.page_no()} de {{nb}}")

    def recortar(self, texto: str, ancho: float) -> str:
        """El texto, o lo que quepa de él con puntos suspensivos."""
        if self.get_string_width(texto) <= ancho:
            return texto
        while texto and self.get_string_width(f"{texto}…") > ancho:
            texto = texto[:-1]
        return f"{texto.rstrip()}…"

    def _raya(self) -> None:
        self.set_draw_color(*RAYA)
        self.set_line_width(0.2)
        self.line(MARGEN, self.get_y(), self.w - MARGEN, self.get_y())
        self.ln(3)

    def _marca(self) -> None:
        """De lado a lado y en gris claro: «ANULADA»."""
        with self.local_context(text_color=(226, 232, 240)), self.rotation(35, self.w / 2, self.h / 2):
            self.set_font(FAMILIA, "B", 80)
            ancho = self.get_string_width(self.documento.marca)
            self.text((self.w - ancho) / 2, self.h / 2, self.documento.marca)

    def _qr(self, x: float, y: float) -> None:
        """El código, dibujado módulo a módulo: nítido a cualquier tamaño."""
        modulos = segno.make(self.documento.qr, error="l", micro=False, boost_error=False).matrix
        lado = LADO_QR / len(modulos)
        self.set_fill_color(*TINTA)
        for fila, puntos in enumerate(modulos):
            columna = 0
            while columna < len(puntos):
                largo = 1
                while columna + largo < len(puntos) and puntos[columna + largo] == puntos[columna]:
                    largo += 1
                if puntos[columna]:
                    self.rect(x + columna * lado, y + fila * lado, largo * lado, lado, style="F")
                columna += largo
        guardado = self.get_x(), self.get_y()
        self.letra(6.5, color=GRIS)
        self.set_xy(x - 2, y + LADO_QR + 1)
        self.cell(LADO_QR + 4, 3, "Escanee para verificarlo", align="C")
        self.set_xy(*guardado)
