"""Productos, protocolos vacunales y requisitos territoriales: fichas que se editan y se dan de baja."""

import pytest

from tests.factories import crear_clinica
from tests.vacunas import crear_vacuna

GASAS = {"sku": "GAS-1", "nombre": "Gasas estériles", "tipo": "material", "unidad_base": "caja"}
VACUNA = {
    "sku": "VAC-1", "nombre": "Rabia", "tipo": "vacuna", "unidad_base": "dosis", "requiere_frio": True,
    "vacuna": {"antigenos": ["rabia"], "protocolos": ["rabia"], "especies": ["perro"], "via": "subcutanea"},
}  # fmt: skip
PROTOCOLO = {
    "codigo": "tos_perreras", "nombre": "Tos de las perreras", "especies": ["perro"], "clase": "no_esencial",
    "tipo": "dosis", "edad_min_semanas": 8, "fuente": "Ficha técnica",
}  # fmt: skip
REQUISITO = {
    "territorio": "ES-AN", "especie": "perro", "obligatoria": True, "periodicidad_meses": 12,
    "vigente_desde": "2026-01-01", "fuente": "Boletín oficial",
}  # fmt: skip


def test_una_vacuna_lleva_su_ficha_y_lo_demas_no(como):
    admin = como("administrador")
    assert admin.post("/productos", GASAS).json["vacuna"] is None
    assert admin.post("/productos", VACUNA).json["vacuna"]["protocolos"] == ["rabia"]
    sin_ficha = {**VACUNA, "sku": "VAC-2", "vacuna": None}
    assert admin.post("/productos", sin_ficha).json["codigo"] == "FICHA_VACUNA_REQUERIDA"
    de_mas = {**GASAS, "sku": "GAS-2", "vacuna": VACUNA["vacuna"]}
    assert admin.post("/productos", de_mas).json["codigo"] == "FICHA_VACUNA_NO_APLICABLE"


@pytest.mark.parametrize(
    ("cambio", "codigo", "campo"),
    [
        ({"antigenos": ["peste"]}, "ANTIGENO_DESCONOCIDO", "/vacuna/antigenos"),
        ({"protocolos": ["peste"]}, "PROTOCOLO_DESCONOCIDO", "/vacuna/protocolos"),
        ({"especies": ["dragon"]}, "ESPECIE_DESCONOCIDA", "/vacuna/especies"),
        ({"via": "ocular"}, "DATOS_INVALIDOS", "/vacuna/via"),
        ({"validez_meses": 0}, "DATOS_INVALIDOS", "/vacuna/validez_meses"),
    ],
)
def test_los_codigos_de_la_ficha_han_de_existir(como, cambio, codigo, campo):
    respuesta = como("administrador").post("/productos", {**VACUNA, "vacuna": {**VACUNA["vacuna"], **cambio}})
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, codigo)
    assert respuesta.json["errores"][0]["campo"] == campo


def test_el_codigo_no_se_repite_ni_cambia_y_la_baja_es_logica(como):
    admin = como("administrador")
    gasas = admin.post("/productos", GASAS).json
    repetido = admin.post("/productos", GASAS)
    assert (repetido.status_code, repetido.json["codigo"]) == (409, "SKU_DUPLICADO")
    ruta = f"/productos/{gasas['id']}"
    assert admin.patch(ruta, {"sku": "OTRO"}, version=1).status_code == 422
    assert admin.patch(ruta, {"vacuna": VACUNA["vacuna"]}, version=1).json["codigo"] == "FICHA_VACUNA_NO_APLICABLE"
    editado = admin.patch(ruta, {"nombre": "Gasas"}, version=1).json
    assert (editado["nombre"], editado["version"]) == ("Gasas", 2)
    assert admin.delete(ruta, version=2).status_code == 204
    assert admin.get("/productos").json["datos"] == []
    assert admin.get("/productos?incluir_inactivos=true").json["datos"][0]["activo"] is False


def test_los_productos_se_filtran(clinica, como):
    admin = como("administrador")
    admin.post("/productos", GASAS)
    rabia = crear_vacuna(clinica, "rabia")

    def ids(consulta):
        return [uno["id"] for uno in admin.get(f"/productos?{consulta}").json["datos"]]

    assert ids("tipo=vacuna") == ids("protocolo=rabia") == ids("q=VACUNA") == [rabia]
    assert len(ids("q=esteriles")) == len(ids("sku=GAS-1")) == 1


def test_cada_organizacion_nace_con_sus_calendarios(como):
    datos = {uno["codigo"]: uno for uno in como("recepcion").get("/protocolos-vacunales").json["datos"]}
    assert set(datos) == {
        "perro_esencial", "gato_esencial", "rabia", "leptospira", "leucemia_felina", "leishmania",
    }  # fmt: skip
    assert datos["rabia"]["periodo_meses"] is None
    assert all(uno["fuente"] and uno["estado"] in ("orientativo", "por_revisar") for uno in datos.values())
    requisitos = como("recepcion").get("/requisitos-territoriales").json["datos"]
    assert {uno["estado"] for uno in requisitos} == {"por_revisar"}
    de = como("recepcion").get("/requisitos-territoriales?territorio=ES-NC&vigente_en=2026-01-01").json["datos"]
    assert [(uno["protocolo"], uno["periodicidad_meses"]) for uno in de] == [("rabia", 24)]


def test_fuera_de_espana_no_hay_requisitos_de_semilla(app):
    clinica = crear_clinica(app, pais="MX")
    assert clinica.como("administrador").get("/requisitos-territoriales").json["datos"] == []
    assert len(clinica.como("administrador").get("/protocolos-vacunales").json["datos"]) == 6


def test_el_protocolo_se_da_de_alta_con_sus_valores_por_defecto(como):
    vet = como("veterinario")
    nuevo = vet.post("/protocolos-vacunales", PROTOCOLO)
    assert nuevo.status_code == 201, nuevo.text
    assert (nuevo.json["intervalo_min_dias"], nuevo.json["estado"]) == (14, "por_revisar")
    assert vet.post("/protocolos-vacunales", PROTOCOLO).json["codigo"] == "PROTOCOLO_DUPLICADO"
    assert como("auxiliar").post("/protocolos-vacunales", PROTOCOLO).status_code == 403
    gato = vet.get("/protocolos-vacunales?especie=gato").json["datos"]
    assert [uno["codigo"] for uno in gato] == ["gato_esencial", "leucemia_felina", "rabia"]


@pytest.mark.parametrize(
    ("cambios", "campo"),
    [
        ({"intervalo_objetivo_dias": 13}, "/intervalo_objetivo_dias"),
        ({"refuerzo_1_semanas": 15}, "/refuerzo_1_semanas"),
        ({"tipo": "serie", "edad_min_semanas": 17}, "/fin_serie_semanas"),
    ],
)
def test_los_plazos_de_un_protocolo_no_se_contradicen(como, cambios, campo):
    vet = como("veterinario")
    respuesta = vet.post("/protocolos-vacunales", {**PROTOCOLO, **cambios})
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "PARAMETROS_INCOHERENTES")
    assert respuesta.json["errores"][0]["campo"] == campo
    creado = vet.post("/protocolos-vacunales", PROTOCOLO).json
    editado = vet.patch(f"/protocolos-vacunales/{creado['id']}", cambios, version=1)
    assert editado.json["codigo"] == "PARAMETROS_INCOHERENTES"


def test_dos_requisitos_no_rigen_a_la_vez(como):
    vet = como("veterinario")
    primero = vet.post("/requisitos-territoriales", {**REQUISITO, "vigente_hasta": "2026-12-31"})
    assert primero.status_code == 201, primero.text
    encima = vet.post("/requisitos-territoriales", {**REQUISITO, "vigente_desde": "2026-12-31"})
    assert (encima.status_code, encima.json["codigo"]) == (409, "REQUISITO_SOLAPADO")
    assert vet.post("/requisitos-territoriales", {**REQUISITO, "vigente_desde": "2027-01-01"}).status_code == 201
    alargado = vet.patch(f"/requisitos-territoriales/{primero.json['id']}", {"vigente_hasta": None}, version=1)
    assert alargado.json["codigo"] == "REQUISITO_SOLAPADO"


@pytest.mark.parametrize(
    ("cambios", "codigo"),
    [
        ({"especie": "dragon"}, "ESPECIE_DESCONOCIDA"),
        ({"protocolo": "peste"}, "PROTOCOLO_DESCONOCIDO"),
        ({"vigente_hasta": "2025-12-31"}, "FECHAS_INCOHERENTES"),
        ({"periodicidad_meses": 0}, "DATOS_INVALIDOS"),
    ],
)
def test_un_requisito_mal_dicho(como, cambios, codigo):
    respuesta = como("administrador").post("/requisitos-territoriales", {**REQUISITO, **cambios})
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, codigo)


def test_el_catalogo_de_antigenos(como):
    datos = {uno["codigo"]: uno for uno in como("cliente").get("/catalogos/antigenos").json["datos"]}
    assert len(datos) == 25
    assert datos["rabia"]["especies"] == ["perro", "gato", "huron"]
    assert datos["pif"]["estado"] == "por_revisar"
