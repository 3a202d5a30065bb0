"""El libro de controlados: saldo corrido, testigo, recuento y contraasiento."""

import psycopg
import pytest

from tests.factories import crear_clinica
from tests.recetario import crear_medicamento


@pytest.fixture(scope="module")
def clinica(app):
    return crear_clinica(app, nombre="Controlados")


@pytest.fixture
def metadona(clinica):
    return crear_medicamento(clinica, "Metadona", control="estupefaciente", unidad_base="ml")


@pytest.fixture
def apuntar(clinica, metadona):
    def apuntar(tipo, cantidad, **cambios):
        cuerpo = {"medicamento_id": metadona, "sede_id": str(clinica.sede_id), "tipo": tipo, "cantidad": cantidad}
        return clinica.como("veterinario").post("/registro-controlados", {**cuerpo, **cambios})

    return apuntar


@pytest.fixture
def contar(clinica, metadona):
    def contar(contado, **cambios):
        testigo = str(clinica.usuarios["auxiliar"])
        cuerpo = {
            "medicamento_id": metadona,
            "sede_id": str(clinica.sede_id),
            "contado": contado,
            "testigo_id": testigo,
        }
        datos = {clave: valor for clave, valor in {**cuerpo, **cambios}.items() if valor is not ...}
        return clinica.como("veterinario").post("/registro-controlados/recuentos", datos)

    return contar


def error(respuesta):
    return respuesta.status_code, respuesta.json["codigo"]


def test_cada_asiento_dice_el_saldo_que_deja(clinica, metadona, apuntar):
    hechos = [
        apuntar("entrada", "20", lote="L-1", proveedor="Distribuciones", num_documento="A-1"),
        apuntar("administracion", "0.76"),
        apuntar("devolucion", "4.24"),
    ]
    vistos = [(uno.json["asiento"], uno.json["variacion"], uno.json["saldo"]) for uno in hechos]
    assert vistos == [(1, "20.000", "20.000"), (2, "-0.760", "19.240"), (3, "-4.240", "15.000")]
    assert hechos[1].json["responsable_id"] == str(clinica.usuarios["veterinario"])


def test_cada_sede_y_cada_medicamento_llevan_su_saldo(clinica, apuntar):
    apuntar("entrada", "20")
    otra = apuntar("entrada", "3", sede_id=str(clinica.sede2_id))
    assert (otra.json["asiento"], otra.json["saldo"]) == (1, "3.000")


def test_el_saldo_no_baja_de_cero(apuntar):
    apuntar("entrada", "2")
    assert error(apuntar("administracion", "2.001")) == (422, "SALDO_CONTROLADO_NEGATIVO")
    assert apuntar("administracion", "2").json["saldo"] == "0.000"


@pytest.mark.parametrize("testigo", ["nadie", "veterinario", "cliente"])
def test_una_merma_pide_un_testigo_de_la_clinica_que_no_sea_el_responsable(clinica, apuntar, testigo):
    apuntar("entrada", "5")
    quien = {} if testigo == "nadie" else {"testigo_id": str(clinica.usuarios[testigo])}
    assert error(apuntar("merma", "1", **quien)) == (422, "TESTIGO_REQUERIDO")


def test_una_merma_con_testigo_se_apunta(clinica, apuntar):
    apuntar("entrada", "5")
    assert apuntar("merma", "1", testigo_id=str(clinica.usuarios["auxiliar"])).json["saldo"] == "4.000"


def test_un_recuento_que_coincide_no_mueve_nada(apuntar, contar):
    apuntar("entrada", "5")
    hecho = contar("5").json
    assert (hecho["recuento"]["diferencia"], hecho["recuento"]["saldo"], hecho["ajuste"]) == ("0.000", "5.000", None)


@pytest.mark.parametrize(("contado", "diferencia", "tipo"), [("4.5", "-0.500", "merma"), ("6", "1.000", "entrada")])
def test_un_recuento_que_no_coincide_deja_su_ajuste(apuntar, contar, contado, diferencia, tipo):
    apuntar("entrada", "5")
    assert error(contar(contado)) == (422, "OBSERVACIONES_REQUERIDAS")
    hecho = contar(contado, observaciones="Rotura de una ampolla").json
    recuento, ajuste = hecho["recuento"], hecho["ajuste"]
    assert (recuento["diferencia"], recuento["ajuste_id"]) == (diferencia, ajuste["id"])
    assert (ajuste["tipo"], ajuste["variacion"], ajuste["recuento_id"]) == (tipo, diferencia, recuento["id"])
    assert float(ajuste["saldo"]) == float(contado)


def test_un_recuento_pide_testigo(apuntar, contar):
    assert error(contar("0", testigo_id=...)) == (422, "TESTIGO_REQUERIDO")


def test_los_recuentos_se_listan_aparte(clinica, metadona, apuntar, contar):
    apuntar("entrada", "5")
    contar("5")
    lista = clinica.como("auxiliar").get(f"/registro-controlados/recuentos?medicamento_id={metadona}").json["datos"]
    assert [una["tipo"] for una in lista] == ["recuento"]


def test_un_error_se_deshace_con_su_contrario_y_una_sola_vez(apuntar):
    apuntar("entrada", "5")
    errado = apuntar("administracion", "3").json
    assert error(apuntar("administracion", "2", corrige_id=errado["id"])) == (422, "CORRECCION_DISTINTA")
    inverso = apuntar("administracion", "3", corrige_id=errado["id"]).json
    assert (inverso["variacion"], inverso["saldo"]) == ("3.000", "5.000")
    assert error(apuntar("administracion", "3", corrige_id=errado["id"])) == (409, "ASIENTO_YA_CORREGIDO")
    assert error(apuntar("administracion", "3", corrige_id=inverso["id"])) == (422, "CORRECCION_DISTINTA")


def test_lo_que_no_es_controlado_no_va_al_libro(clinica, apuntar):
    assert error(apuntar("entrada", "5", medicamento_id=crear_medicamento(clinica))) == (
        422, "MEDICAMENTO_NO_CONTROLADO",
    )  # fmt: skip


def test_no_se_apunta_en_el_futuro(apuntar):
    assert error(apuntar("entrada", "5", fecha="2026-11-24")) == (422, "FECHA_FUTURA")


def test_recuento_no_es_un_tipo_de_asiento_suelto(apuntar):
    assert error(apuntar("recuento", "5")) == (422, "DATOS_INVALIDOS")


@pytest.mark.parametrize("orden", ["UPDATE registro_controlados SET saldo = 99", "DELETE FROM registro_controlados"])
def test_ni_el_propietario_cambia_el_libro(propietario, apuntar, orden):
    apuntar("entrada", "5")
    with pytest.raises(psycopg.errors.RaiseException, match="no se modifica"):
        propietario.execute(orden)


def test_el_rol_de_la_aplicacion_no_puede_cambiarlo(propietario):
    consulta = "SELECT has_table_privilege('servet_app', 'registro_controlados', %s)"
    assert [propietario.execute(consulta, [uno]).fetchone()[0] for uno in ("INSERT", "UPDATE", "DELETE")] == [
        True, False, False,
    ]  # fmt: skip


COPIA = (
    "INSERT INTO registro_controlados (organizacion_id, id, sede_id, medicamento_id, asiento, asiento_anterior, tipo,"
    " fecha, en, cantidad, variacion, saldo_anterior, saldo, responsable_id) SELECT organizacion_id,"
    " gen_random_uuid(), sede_id, medicamento_id, {asiento}, {anterior}, '{tipo}', fecha, en, {cantidad}, {variacion},"
    " {saldo_anterior}, {saldo}, responsable_id FROM registro_controlados WHERE id = %s"
)
BUENA = {
    "asiento": 2, "anterior": 1, "tipo": "administracion", "cantidad": 2, "variacion": -2, "saldo_anterior": 5,
    "saldo": 3,
}  # fmt: skip
MALAS = {
    "saldo negativo": {"cantidad": 6, "variacion": -6, "saldo": -1},
    "saldo que no suma": {"saldo": 4},
    "saldo anterior inventado": {"saldo_anterior": 9, "saldo": 7},
    "salto en la cadena": {"asiento": 3, "anterior": 2},
    "un segundo principio": {"asiento": 1, "anterior": "NULL", "saldo_anterior": 0, "variacion": 2, "saldo": 2},
    "signo cambiado": {"variacion": 2, "saldo": 7},
    "merma sin testigo": {"tipo": "merma"},
}


@pytest.mark.parametrize("cambios", MALAS.values(), ids=MALAS)
def test_la_base_sola_garantiza_la_cadena(propietario, apuntar, cambios):
    primero = apuntar("entrada", "5").json["id"]
    with pytest.raises(psycopg.IntegrityError):
        propietario.execute(COPIA.format(**{**BUENA, **cambios}), [primero])


def test_la_base_admite_el_asiento_que_sigue(propietario, apuntar):
    propietario.execute(COPIA.format(**BUENA), [apuntar("entrada", "5").json["id"]])
