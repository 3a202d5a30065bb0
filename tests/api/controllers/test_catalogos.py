"""Los catálogos: qué traen, cómo se buscan y que se pueden guardar."""

import pytest


@pytest.fixture
def recepcion(como):
    return como("recepcion")


def test_meta_lleva_el_aviso_clinico(recepcion):
    meta = recepcion.get("/meta").json
    assert meta["aviso_clinico"].startswith("Herramienta de apoyo.")
    assert (meta["modo"], meta["limites"]["cuerpo_bytes"]) == ("pruebas", 1024 * 1024)


def test_las_especies_vienen_enteras_y_por_orden_alfabetico_sin_tildes(recepcion):
    pagina = recepcion.get("/catalogos/especies").json
    nombres = [especie["nombre"] for especie in pagina["datos"]]
    assert (len(nombres), pagina["siguiente"]) == (20, None)
    assert nombres.index("Hámster") < nombres.index("Hurón")


@pytest.mark.parametrize(("consulta", "cuantas"), [("limite=100", 398), ("limite=7&q=pastor&especie=perro", None)])
def test_recorrer_las_razas_no_salta_ni_repite_ninguna(recepcion, consulta, cuantas):
    vistas, ruta = [], f"/catalogos/razas?{consulta}"
    while ruta:
        pagina = recepcion.get(ruta).json
        vistas += [(raza["especie"], raza["codigo"]) for raza in pagina["datos"]]
        ruta = pagina["siguiente"] and f"/catalogos/razas?{consulta}&cursor={pagina['siguiente']}"
    entera = recepcion.get(f"/catalogos/razas?{consulta}".replace("limite=7", "limite=100")).json
    assert len(vistas) == len(set(vistas)) == (cuantas or len(entera["datos"]))


@pytest.mark.parametrize(
    ("buscado", "codigo"),
    [
        ("PASTOR ALEMAN", "pastor_aleman"), ("pastor alemán", "pastor_aleman"), ("siames", "siames"),
        ("caniche", "caniche"), ("labradro", "labrador_retriever"), ("rotweiler", "rottweiler"),
    ],
)  # fmt: skip
def test_las_razas_se_buscan_sin_tildes_y_con_una_errata(recepcion, buscado, codigo):
    datos = recepcion.get("/catalogos/razas", query_string={"q": buscado}).json["datos"]
    assert datos[0]["codigo"] == codigo


def test_las_razas_se_filtran_por_especie(recepcion):
    datos = recepcion.get("/catalogos/razas?especie=gato&limite=100").json["datos"]
    assert {raza["especie"] for raza in datos} == {"gato"}
    assert recepcion.get("/catalogos/razas?especei=gato").status_code == 422


@pytest.mark.parametrize(
    ("catalogo", "elemento"),
    [
        ("territorios-fiscales", {"codigo": "ES-IGIC", "pais": "ES", "nombre": "España: Canarias (IGIC)"}),
        ("paises", {"codigo": "CL", "nombre": "Chile", "moneda": "CLP"}),
        ("zonas-horarias", "Atlantic/Canary"),
    ],
)
def test_las_listas_cortas_vienen_enteras(como, catalogo, elemento):
    assert elemento in como("cliente").get(f"/catalogos/{catalogo}").json["datos"]


def test_las_enumeraciones_dicen_lo_que_admite_cada_campo(recepcion):
    datos = recepcion.get("/catalogos/enumeraciones").json["datos"]
    assert datos["sexo"] == ["macho", "hembra", "desconocido", "hermafrodita"]
    assert "citas:leer" in datos["ambito_integracion"]


def test_un_catalogo_se_guarda_y_se_revalida(recepcion):
    primera = recepcion.get("/catalogos/enumeraciones")
    assert primera.headers["Cache-Control"] == "private, max-age=300"
    etag = primera.headers["ETag"]
    assert recepcion.get("/catalogos/enumeraciones", headers={"If-None-Match": etag}).status_code == 304
    assert recepcion.get("/catalogos/inventado").headers["Cache-Control"] == "no-store"
    assert recepcion.get("/catalogos/inventado").status_code == 404
