"""La orden «servet importar»: ensayo obligado, informe, idempotencia y todo o nada."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.factories import contar
from tests.importacion import MAPA, Consola

CABECERA = "Nombre,Ficha,Especie,Raza,Chip,Nacido\n"
LUNA = "Luna,A1,perro,Border collie,941000012345678,02/05/2024\n"
BO = "Bo,A2,gato,Ragamuffin,,\n"


@pytest.fixture
def consola(clinica, tmp_path):
    return Consola(clinica, tmp_path)


def _pacientes(clinica):
    return {uno["id_externo"]: uno for uno in clinica.como("recepcion").get("/pacientes?limite=100").json["datos"]}


def test_sin_aplicar_solo_se_ensaya(consola, clinica):
    tablas = ("pacientes", "clientes", "titularidades", "contadores")
    antes = {tabla: contar(tabla, clinica) for tabla in tablas}
    salida = consola.importar(consola.fichero(CABECERA + LUNA + BO))
    assert salida.codigo == 0
    assert [(linea["fila"], linea["id_externo"], linea["resultado"]) for linea in salida.informe] == [
        ("", "casa", "crear"), ("2", "A1", "crear"), ("2", "A1", "aviso"), ("3", "A2", "crear"), ("3", "A2", "aviso"),
    ]  # fmt: skip
    assert "no se ha escrito nada" in salida.texto
    assert {tabla: contar(tabla, clinica) for tabla in tablas} == antes


def test_se_aplica_lo_ensayado_con_su_titular_y_su_rastro(consola, clinica, propietario):
    previos = contar("auditoria", clinica)
    salida = consola.ensayar_y_aplicar(consola.fichero(CABECERA + LUNA + BO), None, "--sede", "LPA")
    assert salida.codigo == 0, salida.texto
    fichas = _pacientes(clinica)
    luna, bo = fichas["A1"], fichas["A2"]
    assert {"nombre": "Luna", "raza": "border_collie", "raza_texto": None, "microchip": "941000012345678",
            "fecha_nacimiento": "2024-05-02", "sexo": "desconocido", "codigo": "PAC-000001"}.items() <= luna.items()  # fmt: skip
    assert (bo["raza"], bo["raza_texto"], bo["titular"]["nombre"]) == (None, "Ragamuffin", "La casa")
    rastro = propietario.execute(
        "SELECT accion, recurso, motivo FROM auditoria WHERE organizacion_id = %s AND numero > %s",
        [clinica.id, previos],
    ).fetchall()
    motivo = "Importación de animales.csv"
    assert sorted(rastro) == sorted(
        [("ensayar", "importaciones", motivo), ("aplicar", "importaciones", motivo), ("crear", "clientes", motivo)]
        + [("crear", "pacientes", motivo), ("crear", "titularidades", motivo)] * 2
    )
    assert propietario.execute(
        "SELECT DISTINCT sede_alta_id FROM pacientes WHERE organizacion_id = %s", [clinica.id]
    ).fetchall() == [(clinica.sede2_id,)]


def test_las_altas_se_escriben_de_cincuenta_en_cincuenta(consola, clinica, sentencias):
    fichero = consola.fichero(CABECERA + "".join(f"Animal {n},A{n},perro,,,\n" for n in range(120)))
    ensayo = consola.importar(fichero)
    sentencias.clear()
    assert consola.importar(fichero, None, "--aplicar", ensayo.huella).codigo == 0
    for tabla in ("pacientes", "titularidades"):
        assert sum(una.startswith(f"INSERT INTO {tabla} ") for una in sentencias) == 3
        assert contar(tabla, clinica) == 120


@pytest.mark.parametrize("cambio", ["fichero", "mapa", "sede", "huella inventada", "sin ensayar"])
def test_no_se_aplica_lo_que_no_se_ensayo(consola, clinica, vecina, cambio):
    fichero, mapa, opciones = consola.fichero(CABECERA + LUNA), consola.mapa(), []
    huella = consola.importar(fichero, mapa).huella
    if cambio == "fichero":
        fichero = consola.fichero(CABECERA + BO)
    elif cambio == "mapa":
        mapa = consola.mapa(MAPA + "\n")
    elif cambio == "sede":
        opciones = ["--sede", "MAD"]
    elif cambio == "huella inventada":
        huella = "0" * 16
    else:
        consola.clinica = vecina
    salida = consola.importar(fichero, mapa, "--aplicar", huella, *opciones)
    assert (salida.codigo, salida.informe) == (1, [])
    assert "ensaye de nuevo" in salida.errores
    assert (contar("pacientes", clinica), contar("pacientes", vecina)) == (0, 0)


def test_importar_dos_veces_no_cambia_nada(consola, clinica):
    fichero = consola.fichero(CABECERA + LUNA + BO)
    consola.ensayar_y_aplicar(fichero)
    antes = (_pacientes(clinica), contar("auditoria", clinica), contar("clientes", clinica))
    otra = consola.ensayar_y_aplicar(fichero)
    assert (otra.codigo, {linea["resultado"] for linea in otra.informe}) == (0, {"sin_cambios"})
    assert (_pacientes(clinica), contar("auditoria", clinica), contar("clientes", clinica)) == antes


def test_lo_cambiado_en_el_fichero_se_actualiza_y_lo_demas_se_respeta(consola, clinica):
    consola.ensayar_y_aplicar(consola.fichero(CABECERA + LUNA + BO))
    antes = _pacientes(clinica)
    recepcion = clinica.como("recepcion")
    recepcion.patch(f"/pacientes/{antes['A2']['id']}", {"sexo": "hembra", "microchip": "724000000000012"}, version=1)
    cambiado = consola.fichero(CABECERA + LUNA.replace("Luna,", "Lúa,") + BO)
    salida = consola.ensayar_y_aplicar(cambiado)
    assert [(una["id_externo"], una["resultado"], una["campo"]) for una in salida.informe] == [
        ("A1", "actualizar", "nombre"),
        ("A2", "sin_cambios", ""),
    ]
    ahora = _pacientes(clinica)
    iguales = antes["A1"].keys() - {"nombre", "version", "actualizado_en"}
    assert (ahora["A1"]["nombre"], ahora["A1"]["version"]) == ("Lúa", 2)
    assert all(ahora["A1"][campo] == antes["A1"][campo] for campo in iguales)
    assert (ahora["A2"]["sexo"], ahora["A2"]["microchip"]) == ("hembra", "724000000000012")


def test_cada_fila_rechazada_se_explica_y_las_demas_entran(consola, clinica):
    filas = [
        LUNA,
        ",A3,perro,,,\n",
        "Sin ficha,,perro,,,\n",
        "Otra,A1,gato,,,\n",
        "Dragón,A4,dragon,,,\n",
        "Chip malo,A5,perro,,999000000000001,\n",
        "Chip de Luna,A6,perro,,941-000-012-345-678,\n",
        "Mal fecha,A7,perro,,,2024-05-02\n",
        "Futuro,A8,perro,,,02/05/2150\n",
        "N\x00lo,A9,perro,,,\n",
        "Corta,A10\n",
        "=CMD(),=A11,perro,,,31/31/2020\n",
        BO,
    ]
    salida = consola.ensayar_y_aplicar(consola.fichero(CABECERA + "".join(filas)))
    assert salida.codigo == 3
    assert sorted(_pacientes(clinica)) == ["A1", "A2"]
    assert [(una["fila"], una["id_externo"], una["campo"], una["motivo"]) for una in salida.de("error")] == [
        ("3", "A3", "nombre", "Falta este dato"),
        ("4", "", "id_externo", "Falta el identificador externo"),
        ("5", "A1", "id_externo", "Repite el valor de la fila 2"),
        ("6", "A4", "especie", "Esa especie no está en el catálogo"),
        ("7", "A5", "microchip", "El prefijo 999 está reservado a transpondedores de prueba"),
        ("8", "A6", "microchip", "Repite el valor de la fila 2"),
        ("9", "A7", "fecha_nacimiento", "La fecha no tiene la forma %d/%m/%Y"),
        ("10", "A8", "fecha_nacimiento", "La fecha no puede estar en el futuro"),
        ("11", "A9", "", "Tiene caracteres no visibles: revise la codificación"),
        ("12", "A10", "", "La fila tiene 2 celdas y la cabecera 6"),
        ("13", "'=A11", "fecha_nacimiento", "La fecha no tiene la forma %d/%m/%Y"),
    ]
    assert "     11  rechazadas" in salida.texto


def test_se_puede_pedir_todo_o_nada(consola, clinica):
    fichero = consola.fichero(CABECERA + LUNA + ",A3,perro,,,\n")
    salida = consola.ensayar_y_aplicar(fichero, None, "--con-errores", "abortar")
    assert (salida.codigo, contar("pacientes", clinica), len(salida.de("error"))) == (1, 0, 1)
    assert "se pidió abortar" in salida.texto


def test_un_microchip_que_ya_tiene_otro_se_rechaza(consola, clinica):
    from tests.factories import crear_paciente

    crear_paciente(clinica, microchip="941000012345678")
    salida = consola.ensayar_y_aplicar(consola.fichero(CABECERA + LUNA + BO))
    assert [(una["id_externo"], una["motivo"]) for una in salida.de("error")] == [
        ("A1", "Ese microchip consta en otro paciente")
    ]
    assert "A2" in _pacientes(clinica)


def test_lo_que_solo_la_base_rechaza_tambien_es_de_su_fila(consola, clinica, propietario):
    # Una restricción que la aplicación desconoce: el lote choca y se averigua qué fila fue.
    propietario.execute("ALTER TABLE pacientes ADD CONSTRAINT prueba CHECK (nombre <> 'Vetado')")
    try:
        salida = consola.ensayar_y_aplicar(consola.fichero(CABECERA + LUNA + "Vetado,A3,perro,,,\n" + BO))
    finally:
        propietario.execute("ALTER TABLE pacientes DROP CONSTRAINT prueba")
    assert [una["id_externo"] for una in salida.de("error")] == ["A3"]
    assert sorted(_pacientes(clinica)) == ["A1", "A2"]
    creados = "SELECT count(*) FROM auditoria WHERE organizacion_id = %s AND accion = 'crear' AND recurso = 'pacientes'"
    assert propietario.execute(creados, [clinica.id]).fetchone() == (2,)


@pytest.mark.parametrize(
    ("opciones", "explicacion"),
    [(["--sede", "XXX"], "sede"), (["--organizacion", "nadie"], "organización"), (["--aplicar", "x"], "ensaye")],
)
def test_un_error_de_la_orden_es_una_frase(consola, opciones, explicacion):
    salida = consola.importar(consola.fichero(CABECERA + LUNA), None, *opciones)
    assert (salida.codigo, salida.texto) == (1, "")
    assert explicacion in salida.errores
    assert "Traceback" not in salida.errores


@pytest.mark.lento
def test_matar_la_importacion_a_medias_no_deja_nada(consola, clinica, propietario):
    fichero = consola.fichero(CABECERA + "".join(f"Animal {n},M{n},perro,,,\n" for n in range(2500)))
    huella = consola.importar(fichero).huella
    antes = (contar("contadores", clinica), contar("auditoria", clinica))
    orden = consola.orden(fichero, None, "--aplicar", huella)
    proceso = subprocess.Popen([sys.executable, "-m", "flask", "--app", "app.app", "servet", *orden], env=os.environ)
    escribiendo = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL"
    limite = time.monotonic() + 120
    while not (servidores := propietario.execute(escribiendo).fetchall()):
        assert proceso.poll() is None
        assert time.monotonic() < limite
        time.sleep(0.01)
    time.sleep(0.2)
    proceso.send_signal(signal.SIGKILL)
    assert proceso.wait() == -signal.SIGKILL
    viva = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s"
    while propietario.execute(viva, servidores[0]).fetchone() != (0,):
        assert time.monotonic() < limite
        time.sleep(0.05)
    assert contar("pacientes", clinica) == 0
    assert (contar("contadores", clinica), contar("auditoria", clinica)) == antes
    assert consola.importar(fichero, None, "--aplicar", huella).codigo == 0
    assert contar("pacientes", clinica) == 2500
