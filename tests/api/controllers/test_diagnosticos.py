"""Diagnósticos, problemas y los sistemas con que se codifican."""

import pytest

from app.config.catalogos_csv import VERSION_CATALOGOS
from app.config.semillas_consultas import diagnosticos, motivos_consulta
from tests.clinica import abrir
from tests.factories import crear_clinica, crear_paciente


@pytest.fixture(scope="module")
def clinica(app):
    clinica = crear_clinica(app, nombre="Diagnósticos")
    sistema = {"codigo": "venom", "nombre": "VeNom", "version_sistema": "2026-04", "licencia": "Acuerdo firmado"}
    assert clinica.como("administrador").post("/sistemas-codificacion", sistema).status_code == 201
    return clinica


@pytest.fixture
def como(clinica):
    return clinica.como


def problema(respuesta, estado, codigo, campo=None):
    assert (respuesta.status_code, respuesta.json["codigo"]) == (estado, codigo), respuesta.text
    if campo:
        assert respuesta.json["errores"][0]["campo"] == campo
    return True


CODIFICACIONES = [
    ({}, 201, None, None),
    ({"sistema_codigo": "propio", "codigo": "D08"}, 201, VERSION_CATALOGOS, None),
    ({"sistema_codigo": "venom", "codigo": "12345"}, 201, "2026-04", None),
    ({"sistema_codigo": "propio", "codigo": "D99"}, 422, "CODIGO_DESCONOCIDO", "/codigo"),
    ({"sistema_codigo": "propio", "codigo": "M01"}, 422, "CODIGO_DESCONOCIDO", "/codigo"),
    ({"sistema_codigo": "snomed", "codigo": "1"}, 422, "SISTEMA_DESCONOCIDO", "/sistema_codigo"),
    ({"sistema_codigo": "propio"}, 422, "CODIFICACION_INCOMPLETA", "/codigo"),
    ({"codigo": "D08"}, 422, "CODIFICACION_INCOMPLETA", "/sistema_codigo"),
]


@pytest.mark.parametrize(("codificacion", "estado", "que", "campo"), CODIFICACIONES)
def test_solo_se_codifica_con_un_sistema_registrado(clinica, como, codificacion, estado, que, campo):
    consulta = abrir(clinica)
    altas = [
        (f"/consultas/{consulta['id']}/diagnosticos", {"texto": "Otitis externa", "certeza": "definitivo"}),
        (f"/pacientes/{consulta['paciente_id']}/problemas", {"texto": "Otitis", "fecha_inicio": "2026-01-01"}),
    ]
    for ruta, cuerpo in altas:
        respuesta = como("veterinario").post(ruta, {**cuerpo, **codificacion})
        if estado == 201:
            assert respuesta.json["version_sistema"] == que
        else:
            assert problema(respuesta, estado, que, campo)


def test_lo_codificado_conserva_su_version_aunque_el_sistema_cambie(app):
    clinica = crear_clinica(app, nombre="Versiones")
    admin, veterinario = clinica.como("administrador"), clinica.como("veterinario")
    alta = {"codigo": "icd", "nombre": "ICD", "version_sistema": "1", "licencia": "Libre"}
    sistema = admin.post("/sistemas-codificacion", alta).json
    raiz = f"/consultas/{abrir(clinica)['id']}/diagnosticos"
    cuerpo = {"texto": "Otitis", "certeza": "presuntivo", "sistema_codigo": "icd", "codigo": "A1"}
    uno = veterinario.post(raiz, cuerpo).json
    admin.patch(f"/sistemas-codificacion/{sistema['id']}", {"version_sistema": "2"}, version=1)
    editado = veterinario.patch(f"/diagnosticos/{uno['id']}", {"certeza": "definitivo"}, version=1).json
    assert (editado["version_sistema"], editado["certeza"]) == ("1", "definitivo")
    recodificado = veterinario.patch(f"/diagnosticos/{uno['id']}", {"codigo": "A2"}, version=2).json
    assert recodificado["version_sistema"] == "2"
    # Lo que se codificó en otro sitio trae su versión; sin sistema no hay versión que decir.
    de_fuera = veterinario.patch(f"/diagnosticos/{uno['id']}", {"version_sistema": "2024-06"}, version=3).json
    assert (de_fuera["codigo"], de_fuera["version_sistema"]) == ("A2", "2024-06")
    assert veterinario.post(raiz, {**cuerpo, "version_sistema": "0"}).json["version_sistema"] == "0"
    suelta = {"texto": "Otitis", "certeza": "presuntivo", "version_sistema": "1"}
    assert problema(veterinario.post(raiz, suelta), 422, "CODIFICACION_INCOMPLETA", "/sistema_codigo")
    sin = veterinario.patch(f"/diagnosticos/{uno['id']}", {"codigo": None, "sistema_codigo": None}, version=4).json
    assert (sin["codigo"], sin["version_sistema"]) == (None, None)
    admin.delete(f"/sistemas-codificacion/{sistema['id']}", version=2)
    assert problema(veterinario.post(raiz, cuerpo), 422, "SISTEMA_DESCONOCIDO")


@pytest.mark.parametrize(
    ("codigo", "error", "estado"), [("propio", "SISTEMA_RESERVADO", 422), ("venom", "SISTEMA_DUPLICADO", 409)]
)
def test_el_sistema_propio_no_se_registra_y_los_demas_una_vez(como, codigo, error, estado):
    cuerpo = {"codigo": codigo, "nombre": "Otro", "version_sistema": "1", "licencia": "Libre"}
    assert problema(como("administrador").post("/sistemas-codificacion", cuerpo), estado, error)


def test_uno_sustituye_a_otro_de_su_misma_consulta(clinica, como):
    veterinario, consulta, otra = como("veterinario"), abrir(clinica), abrir(clinica)
    cuerpo = {"texto": "Otitis", "certeza": "presuntivo"}
    uno = veterinario.post(f"/consultas/{consulta['id']}/diagnosticos", cuerpo).json
    nuevo = {**cuerpo, "certeza": "definitivo", "sustituye_a_id": uno["id"]}
    assert veterinario.post(f"/consultas/{consulta['id']}/diagnosticos", nuevo).json["sustituye_a_id"] == uno["id"]
    assert problema(veterinario.post(f"/consultas/{otra['id']}/diagnosticos", nuevo), 404, "NO_ENCONTRADO")


def test_solo_diagnostica_un_veterinario(clinica, como):
    raiz = f"/consultas/{abrir(clinica)['id']}/diagnosticos"
    cuerpo = {"texto": "Otitis", "certeza": "presuntivo"}
    for rol in ("auxiliar", "recepcion", "administrador", "cliente"):
        assert problema(como(rol).post(raiz, cuerpo), 403, "SIN_PERMISO")
    assert como("auxiliar").get(raiz).status_code == 200


def test_un_problema_se_abre_se_resuelve_y_se_retira(clinica, como):
    paciente, veterinario = crear_paciente(clinica)["id"], como("veterinario")
    raiz = f"/pacientes/{paciente}/problemas"
    uno = veterinario.post(raiz, {"texto": "Artrosis", "fecha_inicio": "2025-01-01"}).json
    assert uno["estado"] == "activo"
    ruta = f"/problemas/{uno['id']}"
    for cambios, codigo in (
        ({"fecha_fin": "2024-12-31"}, "FECHAS_INCOHERENTES"),
        ({"fecha_fin": "2026-11-24"}, "FECHA_FUTURA"),
    ):
        assert problema(veterinario.patch(ruta, cambios, version=1), 422, codigo, "/fecha_fin")
    assert veterinario.patch(ruta, {"fecha_fin": "2026-11-23"}, version=1).json["estado"] == "resuelto"
    motivo = {"X-Motivo-Acceso": "Prueba"}

    def ids(**filtro):
        return [una["id"] for una in veterinario.get(raiz, query_string=filtro, headers=motivo).json["datos"]]

    assert (ids(), ids(solo_abiertos="true")) == ([uno["id"]], [])
    assert veterinario.delete(ruta, version=2).status_code == 204
    assert (ids(), ids(incluir_bajas="true")) == ([], [uno["id"]])
    assert problema(veterinario.get(ruta, headers=motivo), 404, "NO_ENCONTRADO")


def test_los_catalogos_propios_se_leen_enteros(como):
    motivos = como("cliente").get("/catalogos/motivos-consulta").json
    assert (motivos["sistema"], len(motivos["datos"])) == ("propio", 25)
    assert motivos["datos"][2] == {"codigo": "M03", "nombre": "Vómitos", "grupo": None}
    suyos = como("recepcion").get("/catalogos/diagnosticos").json
    assert len(suyos["datos"]) == 59
    assert suyos["datos"][7] == {"codigo": "D08", "nombre": "Otitis externa", "grupo": "Piel y oído"}
    for terminos in (motivos_consulta(), diagnosticos()):
        assert len({uno.codigo for uno in terminos}) == len(terminos)
