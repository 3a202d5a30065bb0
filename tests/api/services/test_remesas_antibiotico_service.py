"""Comunicar antibióticos: una por línea, exportarla con el documento de quien prescribe y apuntar su acuse."""

import pytest

from tests.factories import crear_clinica
from tests.recetario import con_telefono, crear_medicamento, datos_receta, emitida, linea, paciente_pesado

RUTA = "/comunicaciones-antibioticos"


@pytest.fixture
def clinica(app):
    clinica = crear_clinica(app, nombre="Antibióticos")
    con_telefono(clinica)
    return clinica


@pytest.fixture
def receta(clinica):
    suyas = [
        linea(
            crear_medicamento(clinica, "Amoxicilina 250", grupo="antibiotico", categoria="D", num_registro="123 ESP")
        ),
        linea(crear_medicamento(clinica, "Doxiciclina", grupo="antibiotico", categoria="D")),
        linea(crear_medicamento(clinica, "Meloxicam", grupo="aine")),
    ]
    cuerpo = datos_receta(paciente_pesado(clinica), *suyas, finalidad_antimicrobiana="terapeutica")
    return emitida(clinica, cuerpo)


def pendientes(clinica, **filtro):
    return clinica.como("veterinario").get(RUTA, query_string={"limite": 100, **filtro}).json["datos"]


def exportar(clinica, **cuerpo):
    return clinica.como("administrador").post(f"{RUTA}/exportacion", cuerpo)


def acusar(clinica, *comunicaciones):
    return clinica.como("administrador").post(f"{RUTA}/acuse", {"comunicaciones": list(comunicaciones)})


def test_cada_antibiotico_de_la_receta_se_comunica_y_lo_demas_no(clinica, receta):
    una, otra = sorted(pendientes(clinica), key=lambda uno: uno["medicamento"])
    assert (una["medicamento"], otra["medicamento"]) == ("Amoxicilina 250", "Doxiciclina")
    anexo = {
        "num_receta": receta["numero"], "prescriptor": "Persona veterinario", "num_colegiado": "2801234",
        "especie": "perro", "clase": "ordinaria", "finalidad_antimicrobiana": "terapeutica",
        "tipo_dispensacion": "dispensacion", "num_registro": "123 ESP", "forma": "comprimido",
        "formato": "10 comprimidos", "envases": 3, "porcentaje_envase": "70.0", "fecha": "2026-11-23",
        "estado": "pendiente", "linea_receta_id": receta["lineas"][0]["id"],
    }  # fmt: skip
    assert {campo: una[campo] for campo in anexo} == anexo
    assert len(una["principios"]) == 1


def test_el_documento_del_prescriptor_solo_sale_al_exportar(clinica, receta):
    ficha = clinica.profesionales["veterinario"]
    guardado = clinica.como("administrador").patch(
        f"/profesionales/{ficha}", {"documento_identidad": "12345678Z"}, version="*"
    )
    assert guardado.status_code == 200, guardado.text
    assert "documento_identidad" not in pendientes(clinica)[0]
    remesa = exportar(clinica).json
    assert [una["documento_identidad"] for una in remesa["datos"]] == ["12345678Z"] * 2
    assert remesa["avisos"] == []


def test_sin_documento_se_exporta_y_se_avisa(clinica, receta):
    assert [uno["codigo"] for uno in exportar(clinica).json["avisos"]] == ["PRESCRIPTOR_SIN_DOCUMENTO"]


def test_lo_exportado_no_vuelve_a_salir(clinica, receta):
    primera = exportar(clinica).json
    assert {una["remesa_id"] for una in pendientes(clinica, estado="exportada")} == {primera["remesa_id"]}
    segunda = exportar(clinica).json
    assert (segunda["remesa_id"], segunda["datos"]) == (None, [])


def test_una_remesa_puede_ser_mas_corta(clinica, receta):
    assert len(exportar(clinica, maximo=1).json["datos"]) == 1
    assert len(pendientes(clinica, estado="pendiente")) == 1


def test_el_acuse_las_da_por_comunicadas_o_por_erradas(clinica, receta):
    una, otra = exportar(clinica).json["datos"]
    hechas = acusar(
        clinica,
        {"id": una["id"], "resultado": "comunicada", "referencia": "R-1"},
        {"id": otra["id"], "resultado": "error", "error": "Colegiado desconocido"},
    )
    assert hechas.status_code == 200, hechas.text
    assert {fila["id"]: (fila["estado"], fila["referencia"], fila["error"]) for fila in hechas.json["datos"]} == {
        una["id"]: ("comunicada", "R-1", None), otra["id"]: ("error", None, "Colegiado desconocido"),
    }  # fmt: skip
    # Lo errado vuelve a salir sólo si se pide.
    assert exportar(clinica).json["datos"] == []
    repetida = exportar(clinica, con_errores=True).json["datos"]
    assert [(fila["id"], fila["estado"], fila["error"]) for fila in repetida] == [(otra["id"], "exportada", None)]


def test_no_se_acusa_lo_que_no_ha_salido(clinica, receta):
    respuesta = acusar(clinica, {"id": pendientes(clinica)[0]["id"], "resultado": "comunicada"})
    assert (respuesta.status_code, respuesta.json["codigo"]) == (409, "TRANSICION_INVALIDA")
    assert (respuesta.json["estado_actual"], respuesta.json["acciones_permitidas"]) == ("pendiente", ["exportacion"])


def test_el_error_va_con_su_texto(clinica, receta):
    id = exportar(clinica).json["datos"][0]["id"]
    for malo in ({"resultado": "error"}, {"resultado": "comunicada", "error": "Algo"}):
        assert acusar(clinica, {"id": id, **malo}).json["errores"][0]["codigo"] == "ERROR_DE_ACUSE"


def test_a_los_quince_dias_aun_no_esta_atrasada(clinica, receta):
    assert pendientes(clinica, atrasadas="true") == []
    api = clinica.como("veterinario")
    justo = api.get(f"{RUTA}?atrasadas=true", reloj="2026-12-08T12:00:00+01:00").json["datos"]
    pasado = api.get(f"{RUTA}?atrasadas=true", reloj="2026-12-09T12:00:00+01:00").json["datos"]
    assert (len(justo), len(pasado)) == (0, 2)


def test_anular_la_receta_descarta_lo_que_no_ha_salido(clinica, receta):
    anulada = clinica.como("veterinario").post(f"/recetas/{receta['id']}/anulacion", {"motivo": "Error"})
    assert anulada.status_code == 200, anulada.text
    assert {una["estado"] for una in pendientes(clinica)} == {"anulada"}
    assert exportar(clinica).json["datos"] == []


def test_un_documento_cifrado_no_se_lee_en_la_base(clinica, propietario):
    ficha = clinica.profesionales["veterinario"]
    clinica.como("administrador").patch(f"/profesionales/{ficha}", {"documento_identidad": "12345678Z"}, version="*")
    consulta = "SELECT documento_identidad FROM profesionales WHERE id = %s"
    assert b"12345678Z" not in bytes(propietario.execute(consulta, [ficha]).fetchone()[0])
