"""El dibujo de los documentos: qué se lee, en cuántas páginas, y que nada se parta donde no debe."""

import time
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from app.utils.documentos.bloques import Ficha, Firma, Grafica, Parrafo, Tabla
from app.utils.documentos.curva import svg, trazar
from app.utils.documentos.dibujo import dibujar
from tests.documentos import LARGO, QR, cartilla, receta


def paginas(crudo: bytes) -> list[str]:
    return [" ".join(pagina.extract_text().split()) for pagina in PdfReader(BytesIO(crudo)).pages]


def test_los_nombres_larguisimos_y_las_tildes_de_cualquier_sitio_se_leen_enteros():
    (texto,) = paginas(dibujar(receta()))
    for dicho in (LARGO, "Ñandú & Łódź", "Őrség", "dosis ≤ 12,5 mg/kg", "2 y 8 °C", "N.º de registro"):
        assert dicho in texto


def test_en_dos_paginas_la_cabecera_se_repite_y_las_paginas_se_numeran():
    primera, segunda = paginas(dibujar(receta(9)))
    assert "Página 1 de 2" in primera
    assert "Página 2 de 2" in segunda
    assert segunda.startswith("Receta veterinaria ordinaria MAD-REC-000123 Luna (PAC-000045)")
    assert "Ñandú Salud Animal" not in segunda


def test_las_cabeceras_de_una_tabla_se_repiten_y_ninguna_fila_se_pierde():
    textos = paginas(dibujar(cartilla(90)))
    assert len(textos) == 4
    for texto in textos[:3]:
        assert "Fecha Vacuna Lote Veterinario Próxima" in texto
    assert all(any(f"A{n:04d}B" in texto for texto in textos) for n in range(90))


@pytest.mark.parametrize("lineas", range(1, 14))
def test_la_firma_nunca_va_partida_ni_sola(lineas):
    # Con cualquier largo, la firma va entera y lleva encima algo de la receta.
    ultima = paginas(dibujar(receta(lineas)))[-1]
    assert "Colegiada 2801234" in ultima
    assert LARGO in ultima
    assert any(dicho in ultima for dicho in ("Advertencias", "Indicación", "Tratamiento", "comprimido"))


@pytest.mark.parametrize("lineas", range(1, 14))
def test_un_titulo_nunca_se_queda_al_final_de_la_pagina(lineas):
    for texto in paginas(dibujar(receta(lineas))):
        cuerpo = texto.partition(" Documento generado")[0]
        assert not cuerpo.endswith(("Tratamiento", "Indicación", "Advertencias", "Animal", "Titular"))


def test_lo_vacio_no_ocupa_sitio():
    vacios = (Ficha("Titular", (("Nombre", None),)), Parrafo("Indicación", ""), Tabla("T", ("a",), (1,), ()))
    (texto,) = paginas(dibujar(receta(bloques=(*vacios, Grafica("Curva", ((date(2026, 1, 1), Decimal(3)),))))))
    for titulo in ("Titular", "Indicación", "Curva"):
        assert titulo not in texto


def test_la_misma_entrada_da_los_mismos_bytes():
    una = dibujar(cartilla())
    time.sleep(1.1)  # un sello de hora tiene segundos
    assert dibujar(cartilla()) == una


def test_el_codigo_se_lee_a_la_resolucion_de_un_telefono():
    imagen = pypdfium2.PdfDocument(dibujar(receta()))[0].render(scale=2.5).to_pil()
    (hallado,) = zxingcpp.read_barcodes(imagen)
    assert hallado.text == QR


def test_lo_anulado_lleva_su_marca_en_todas_las_paginas():
    assert all("ANULADA" in texto for texto in paginas(dibujar(receta(9, marca="ANULADA"))))


def test_una_letra_que_la_fuente_no_tiene_no_impide_imprimir():
    (texto,) = paginas(dibujar(receta(bloques=(Parrafo("Nombre", "犬 🐕 Luna"), Firma(("Ana",), "Madrid")))))
    assert "Luna" in texto


def test_imprimir_una_receta_no_tarda():
    dibujar(receta())  # la letra ya está preparada
    antes = time.process_time()
    dibujar(receta())
    assert time.process_time() - antes < 1


DIA = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("pesos", "alturas"),
    [
        (["10", "12"], ["10 kg", "10,5 kg", "11 kg", "11,5 kg", "12 kg"]),
        (["3.21", "3.24"], ["3,21 kg", "3,22 kg", "3,23 kg", "3,24 kg"]),
        (["0.020", "0.035"], ["0,02 kg", "0,03 kg", "0,04 kg"]),
        (["5"], ["5 kg", "5,2 kg"]),
        (["480", "521"], ["480 kg", "490 kg", "500 kg", "510 kg", "520 kg", "530 kg"]),
    ],
)
def test_el_eje_lleva_numeros_redondos(pesos, alturas):
    curva = trazar([(DIA + timedelta(days=n), Decimal(peso)) for n, peso in enumerate(pesos)])
    assert [texto for _, texto in curva.alturas] == alturas
    assert all(0 <= y <= 1 for _, y in curva.puntos)


def test_los_puntos_van_por_fecha_y_a_escala():
    curva = trazar(
        [(DIA + timedelta(days=10), Decimal(2)), (DIA, Decimal(1)), (DIA + timedelta(days=5), Decimal("1.5"))]
    )
    assert curva.puntos == ((0.0, 0.0), (0.5, 0.5), (1.0, 1.0))
    assert next(texto for _, texto in curva.fechas) == "01/01/2026"


def test_sin_pesadas_la_curva_lo_dice():
    assert "Sin pesadas" in svg("Peso", [])
    assert "<polyline" not in svg("Peso", [])
