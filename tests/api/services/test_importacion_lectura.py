"""Leer un CSV ajeno: codificación, separador, cabecera, filas rotas y ficheros que no son un CSV."""

import re
import resource

import pytest

from app.api.services.importacion_lectura import FicheroIlegible, leer_filas
from app.api.services.importacion_mapa import MapaInvalido, leer_mapa

MAPA = """
entidad = "pacientes"
{extra}
titular_unico = {{ id_externo = "t", tipo = "empresa", razon_social = "T", email = "t@t.test" }}
[columnas]
id_externo = "Ficha"
nombre = "Nombre"
"""


def _leer(tmp_path, crudo: bytes, extra: str = ""):
    (tmp_path / "m.toml").write_text(MAPA.format(extra=extra))
    (tmp_path / "f.csv").write_bytes(crudo)
    return list(leer_filas(tmp_path / "f.csv", leer_mapa(tmp_path / "m.toml")))


@pytest.mark.parametrize(
    ("crudo", "extra"),
    [
        pytest.param("Ficha,Nombre\nA1,Peña\n".encode(), "", id="utf-8"),
        pytest.param("Ficha,Nombre\r\nA1,Peña\r\n".encode(), "", id="CRLF"),
        pytest.param("Nombre;Otra;Ficha\nPeña;x;A1".encode(), "", id="otro orden, punto y coma, sin fin de línea"),
        pytest.param("Ficha\tNombre\nA1\tPeña\n".encode(), "", id="tabulador"),
        pytest.param("Ficha,Nombre\nA1,Peña\n".encode("utf-8-sig"), "", id="con marca BOM"),
        pytest.param("Ficha,Nombre\nA1,Peña\n".encode("utf-8-sig"), 'codificacion = "latin-1"', id="la marca manda"),
        pytest.param("Ficha,Nombre\nA1,Peña\n".encode("latin-1"), 'codificacion = "latin-1"', id="latin-1"),
        pytest.param("Ficha,Nombre\nA1,Peña\n".encode("cp1252"), 'codificacion = "cp1252"', id="cp1252"),
        pytest.param("Ficha|Nombre\nA1|Peña\n".encode(), 'separador = "|"', id="separador dicho"),
        pytest.param(" Ficha , Nombre \n A1 , Peña \n".encode(), "", id="con espacios"),
        pytest.param("Ficha,Nombre\n\nA1,Peña\n\n".encode(), "", id="con líneas en blanco"),
    ],
)
def test_se_lee_venga_como_venga(tmp_path, crudo, extra):
    (fila,) = _leer(tmp_path, crudo, extra)
    assert (fila.celdas, fila.defecto) == ({"id_externo": "A1", "nombre": "Peña"}, "")


def test_la_fila_es_la_de_la_hoja_de_calculo_aunque_una_celda_tenga_saltos(tmp_path):
    filas = _leer(tmp_path, b'Ficha,Nombre\nA1,"Ana\nMar\xc3\xada"\nA2,"Bo, ""el"" ""gordo"""\n')
    assert [(fila.numero, fila.celdas["nombre"]) for fila in filas] == [(2, "Ana\nMaría"), (3, 'Bo, "el" "gordo"')]


@pytest.mark.parametrize(
    ("crudo", "defecto"),
    [
        (b"Ficha,Nombre\nA1,L\x00na\n", "no visibles"),
        (b"Ficha,Nombre\nA1,L\x1bna\n", "no visibles"),
        (b"Ficha,Nombre\nA1\n", "1 celdas y la cabecera 2"),
        (b"Ficha,Nombre\nA1,Luna,x\n", "3 celdas y la cabecera 2"),
    ],
)
def test_una_fila_rota_se_dice_y_no_impide_las_demas(tmp_path, crudo, defecto):
    rota, buena = _leer(tmp_path, crudo + b"A2,Bo\n")
    assert defecto in rota.defecto
    assert rota.celdas["id_externo"] == "A1"
    assert (buena.numero, buena.defecto) == (3, "")


def test_comillas_de_windows_leidas_como_latin_1_se_notan(tmp_path):
    (fila,) = _leer(tmp_path, "Ficha,Nombre\nA1,“Bo”\n".encode("cp1252"), 'codificacion = "latin-1"')
    assert "codificación" in fila.defecto


@pytest.mark.parametrize(
    ("crudo", "extra", "explicacion"),
    [
        pytest.param(b"Ficha,Nom\nA1,Luna\n", "", r"Faltan columnas.*: Nombre\. El fichero tiene: Ficha, Nom", id="cabecera"),
        pytest.param(b"", "", "Faltan columnas.*: Ficha, Nombre", id="vacío"),
        pytest.param(b"Ficha,Nombre,Nombre\nA1,a,b\n", "", "repetidas: Nombre", id="columna repetida"),
        pytest.param(b"Ficha,Nombre\nA1,Bo\nA2,Pe\xf1a\n", "", "línea 3 no está en utf-8.*cp1252", id="codificación"),
        pytest.param("Ficha,Nombre\n".encode("utf-16"), "", "UTF-16", id="utf-16"),
        pytest.param(b'Ficha,Nombre\nA1,Bo\nA2,"Lu\nA3,Mo\n', "", "tras la fila 2.*comillas sin cerrar", id="comillas"),
        pytest.param(b'Ficha,Nombre\nA1,"Bo" y Lu\n', "", "tras|cabecera", id="texto tras comillas"),
        pytest.param(b"Ficha,Nombre\rA1,Bo\r", "", "bien formado", id="fin de línea de otra época"),
    ],
)  # fmt: skip
def test_lo_que_no_se_puede_leer_se_explica(tmp_path, crudo, extra, explicacion):
    with pytest.raises(FicheroIlegible) as error:
        _leer(tmp_path, crudo, extra)
    assert re.search(explicacion, error.value.detail), error.value.detail


def test_demasiadas_filas_se_parten(tmp_path):
    with pytest.raises(FicheroIlegible, match="más de 20000 filas"):
        _leer(tmp_path, b"Ficha,Nombre\n" + b"A,B\n" * 20_001)


@pytest.mark.parametrize(
    "trozo", [b"x" * (1 << 20), b'"' + b"x,\n" * 300_000, b"\x00" * (1 << 20)], ids=["sin líneas", "comillas", "ceros"]
)
def test_doscientos_megas_de_basura_no_llegan_a_la_memoria(tmp_path, trozo):
    (tmp_path / "m.toml").write_text(MAPA.format(extra=""))
    with (tmp_path / "f.csv").open("wb") as destino:
        destino.write(b"Ficha,Nombre\n")
        for _ in range(200):
            destino.write(trozo)
    antes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(FicheroIlegible):
        list(leer_filas(tmp_path / "f.csv", leer_mapa(tmp_path / "m.toml")))
    (tmp_path / "f.csv").unlink()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - antes < 50_000  # KiB


@pytest.mark.parametrize(
    ("toml", "explicacion"),
    [
        ("entidad = ", "no es TOML válido"),
        ('entidad = "facturas"\n[columnas]\nid_externo = "x"', "entidad: No es una de las opciones"),
        ('entidad = "clientes"\n[columnas]\nnombre = "x"', "Falta en .columnas. cuál es el identificador"),
        ('entidad = "clientes"\n[columnas]\nid_externo = "x"\nnonbre = "y"', r"no se admite: nonbre\. Campos posibles: .*nombre"),
        ('entidad = "pacientes"\n[columnas]\nid_externo = "x"', "titular"),
        ('entidad = "clientes"\ncodificacion = "ebcdic"\n[columnas]\nid_externo = "x"', "codificacion: "),
        ('entidad = "clientes"\nlimpiar = true\n[columnas]\nid_externo = "x"', "limpiar: Este campo no existe"),
    ],
)  # fmt: skip
def test_un_mapa_que_no_vale_dice_por_que(tmp_path, toml, explicacion):
    (tmp_path / "m.toml").write_text(toml)
    with pytest.raises(MapaInvalido) as error:
        leer_mapa(tmp_path / "m.toml")
    assert re.search(explicacion, error.value.detail), error.value.detail
