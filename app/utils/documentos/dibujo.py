"""De los bloques de un documento a un PDF, sin que nada se parta donde no debe."""

from datetime import UTC, datetime, time

from fpdf.enums import MethodReturnValue, TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from app.utils.documentos.bloques import Bloque, Documento, Ficha, Firma, Grafica, Parrafo, Tabla
from app.utils.documentos.curva import trazar
from app.utils.documentos.fuentes import FAMILIA
from app.utils.documentos.hoja import ACENTO, GRIS, MARGEN, RAYA, TINTA, Hoja

_ALTO_GRAFICA, _ALTO_FIRMA, _ENTRE_COLUMNAS = 62, 42, 6


def dibujar(documento: Documento) -> bytes:
    """El PDF de un documento: la misma entrada da siempre los mismos bytes."""
    hoja = Hoja(documento)
    hoja.set_creation_date(datetime.combine(documento.fecha, time(), UTC))
    bloques = [uno for uno in documento.bloques if not (isinstance(uno, Parrafo) and not uno.texto)]
    for n, bloque in enumerate(bloques):
        firma_detras = n + 1 < len(bloques) and isinstance(bloques[n + 1], Firma)
        _dibujar(hoja, bloque, _ALTO_FIRMA if firma_detras else 0)
    return bytes(hoja.output())


def _dibujar(hoja: Hoja, bloque: Bloque, detras: float) -> None:
    match bloque:
        case Ficha():
            _ficha(hoja, bloque)
        case Tabla():
            _tabla(hoja, bloque)
        case Parrafo():
            _parrafo(hoja, bloque, detras)
        case Grafica():
            _grafica(hoja, bloque)
        case Firma():
            _firma(hoja, bloque)


def _titulo(hoja: Hoja, texto: str, con: float) -> None:
    """El título de un bloque; si detrás no cabe ``con``, en la página siguiente. Unidades: mm."""
    if hoja.will_page_break(con + 8):
        hoja.add_page()
    hoja.ln(2)
    hoja.letra(10.5, "B", ACENTO)
    hoja.linea(texto, 6)
    hoja.ln(0.5)


def _ficha(hoja: Hoja, ficha: Ficha) -> None:
    puestos = [(nombre, valor) for nombre, valor in ficha.pares if valor]
    if not puestos:
        return
    _titulo(hoja, ficha.titulo, 12)
    columnas = 3 if all(_cabe(hoja, valor, _ancho(hoja, 3)) for _, valor in puestos) else 2
    ancho = _ancho(hoja, columnas)
    for n in range(0, len(puestos), columnas):
        renglon = puestos[n : n + columnas]
        if hoja.will_page_break(max(_alto(hoja, valor, ancho) for _, valor in renglon)):
            hoja.add_page()
        arriba = abajo = hoja.get_y()
        for columna, (nombre, valor) in enumerate(renglon):
            hoja.set_xy(MARGEN + columna * (ancho + _ENTRE_COLUMNAS), arriba)
            hoja.letra(7.5, color=GRIS)
            hoja.cell(ancho, 3.6, nombre, new_x=XPos.LEFT, new_y=YPos.NEXT)
            hoja.letra(9.5)
            hoja.multi_cell(ancho, 4.6, valor, align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)
            abajo = max(abajo, hoja.get_y())
        hoja.set_xy(MARGEN, abajo + 1.5)


def _ancho(hoja: Hoja, columnas: int) -> float:
    return (hoja.epw - _ENTRE_COLUMNAS * (columnas - 1)) / columnas


def _cabe(hoja: Hoja, valor: str, ancho: float) -> bool:
    """Si cabe en un renglón de ese ancho."""
    hoja.letra(9.5)
    return "\n" not in valor and hoja.get_string_width(valor) <= ancho


def _alto(hoja: Hoja, valor: str, ancho: float) -> float:
    hoja.letra(9.5)
    alto: float = hoja.multi_cell(ancho, 4.6, valor, align="L", dry_run=True, output=MethodReturnValue.HEIGHT)  # type: ignore[assignment]
    return 3.6 + alto


def _tabla(hoja: Hoja, tabla: Tabla) -> None:
    if not tabla.filas and not tabla.vacia:
        return
    _titulo(hoja, tabla.titulo, 16)
    if not tabla.filas:
        hoja.letra(9, color=GRIS)
        hoja.linea(tabla.vacia, 5)
        return
    hoja.letra(8.5)
    hoja.set_draw_color(*RAYA)
    hoja.set_line_width(0.2)
    with hoja.table(
        col_widths=tabla.anchos,
        text_align="LEFT",
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(family=FAMILIA, emphasis="B", color=GRIS, size_pt=7.5),
        line_height=4.4,
        padding=(1, 2, 1, 0),
        v_align="T",
    ) as pintada:
        for fila in (tabla.cabeceras, *tabla.filas):
            pintada.row(fila)


def _parrafo(hoja: Hoja, parrafo: Parrafo, detras: float) -> None:
    """Un texto; con ``detras``, lo que viene después ha de caber en su misma página. Unidades: mm."""
    suyo = _alto(hoja, parrafo.texto, hoja.epw)
    _titulo(hoja, parrafo.titulo, suyo + detras if detras and suyo < hoja.eph / 2 else 12)
    hoja.letra(9.5)
    hoja.linea(parrafo.texto, 4.8)


def _grafica(hoja: Hoja, grafica: Grafica) -> None:
    if len(grafica.pesos) < 2:
        return
    _titulo(hoja, grafica.titulo, _ALTO_GRAFICA)
    curva = trazar(grafica.pesos)
    izquierda, arriba = MARGEN + 16, hoja.get_y() + 2
    ancho, alto = hoja.epw - 16 - 10, _ALTO_GRAFICA - 14

    def sitio(x: float, y: float) -> tuple[float, float]:
        return izquierda + x * ancho, arriba + (1 - y) * alto

    hoja.letra(7, color=GRIS)
    hoja.set_draw_color(*RAYA)
    for altura, texto in curva.alturas:
        x, y = sitio(0, altura)
        hoja.line(x, y, x + ancho, y)
        hoja.text(x - hoja.get_string_width(texto) - 2, y + 0.9, texto)
    for fecha, texto in curva.fechas:
        x, y = sitio(fecha, 0)
        hoja.text(x - hoja.get_string_width(texto) / 2, y + 5, texto)
    hoja.set_draw_color(*ACENTO)
    hoja.set_fill_color(*ACENTO)
    lugares = [sitio(*punto) for punto in curva.puntos]
    with hoja.local_context(line_width=0.5):
        hoja.polyline(lugares)
    for x, y in lugares:
        hoja.circle(x, y, 0.7, style="F")
    hoja.set_xy(MARGEN, arriba + alto + 9)


def _firma(hoja: Hoja, firma: Firma) -> None:
    """Entera y con lo que la acompaña: una firma sola en una página no firma nada."""
    if hoja.will_page_break(_ALTO_FIRMA):
        hoja.add_page()
    hoja.ln(6)
    arriba, ancho = hoja.get_y(), _ancho(hoja, 2)
    hoja.set_draw_color(*TINTA)
    hoja.line(MARGEN + ancho + 6, arriba + 20, hoja.w - MARGEN, arriba + 20)
    hoja.set_xy(MARGEN + ancho + 6, arriba + 21)
    for n, texto in enumerate(firma.lineas):
        hoja.letra(9.5 if n == 0 else 8.5, "B" if n == 0 else "", TINTA if n == 0 else GRIS)
        hoja.multi_cell(ancho, 4.4, texto, align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)
    hoja.set_xy(MARGEN, arriba + 21)
    hoja.letra(8.5, color=GRIS)
    hoja.multi_cell(ancho, 4.4, firma.cuando, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
