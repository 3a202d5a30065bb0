"""El registro real de licencias: cinco mil filas que nadie escribió para nosotros, y reservar con una de ellas."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from tests.factories import contar, preparar_agenda
from tests.importacion import MAPAS, Consola

FICHERO = Path(__file__).resolve().parents[4] / "shared" / "datos" / "licencias_mascotas.csv"
MAPA = MAPAS / "licencias_mascotas.toml"
pytestmark = [
    pytest.mark.lento,
    pytest.mark.skipif(not FICHERO.exists(), reason=f"falta el fichero de licencias: {FICHERO}"),
]
SIN_NOMBRE = {"S157059", "S130655", "442170"}


@pytest.fixture(scope="module")
def importado(app, tmp_path_factory):
    from tests.factories import crear_clinica

    consola = Consola(crear_clinica(app), tmp_path_factory.mktemp("licencias"))
    return consola, consola.ensayar_y_aplicar(FICHERO, MAPA)


def _fila(propietario, clinica, externo):
    return propietario.execute(
        "SELECT nombre, especie, raza, raza_texto FROM pacientes WHERE organizacion_id = %s AND id_externo = %s",
        [clinica.id, externo],
    ).fetchone()


def test_entran_todas_menos_las_que_no_tienen_nombre_y_de_esas_se_dice(importado, propietario):
    consola, salida = importado
    assert salida.codigo == 3
    assert {(una["id_externo"], una["campo"], una["motivo"]) for una in salida.de("error")} == {
        (externo, "nombre", "Falta este dato") for externo in SIN_NOMBRE
    }
    with FICHERO.open(encoding="utf-8", newline="") as origen:
        filas = list(csv.DictReader(origen))
    dichas = {int(una["fila"]): una["id_externo"] for una in salida.informe if una["fila"]}
    assert dichas == {n: fila["License Number"] for n, fila in enumerate(filas, start=2)}
    especies = propietario.execute(
        "SELECT especie, count(*) FROM pacientes WHERE organizacion_id = %s GROUP BY 1", [consola.clinica.id]
    ).fetchall()
    nombradas = Counter(fila["Species"] for fila in filas if fila["Animal's Name"])
    assert dict(especies) == {"perro": nombradas["Dog"], "gato": nombradas["Cat"], "caprino": 7}
    guardados = dict(
        propietario.execute(
            "SELECT id_externo, nombre FROM pacientes WHERE organizacion_id = %s", [consola.clinica.id]
        ).fetchall()
    )
    assert guardados == {fila["License Number"]: fila["Animal's Name"] for fila in filas if fila["Animal's Name"]}


@pytest.mark.parametrize(
    ("externo", "ficha"),
    [
        pytest.param("8014922", ("Haven", "perro", "chihuahua", "Chihuahua, Short Coat / Dachshund, Miniature Smooth Haired"), id="cruce"),
        pytest.param("S136307", ("Charlie", "perro", "pastor_aleman", None), id="raza conocida"),
        pytest.param("903797", ("Moppet", "caprino", None, "Miniature"), id="cabra de raza desconocida"),
        pytest.param("S151051", ("Trixie", "caprino", None, "Miniature"), id="dos veces la misma"),
    ],
)  # fmt: skip
def test_la_raza_desconocida_queda_como_texto(importado, propietario, externo, ficha):
    assert _fila(propietario, importado[0].clinica, externo) == ficha


@pytest.mark.parametrize(("externo", "nombre"), [("S148210", "’"), ("8035621", "“")])
def test_las_comillas_tipograficas_se_conservan(importado, propietario, externo, nombre):
    assert nombre in _fila(propietario, importado[0].clinica, externo)[0]


def test_la_segunda_vez_no_cambia_nada(importado, propietario):
    consola, _ = importado
    foto = (
        "SELECT md5(string_agg(p::text, '' ORDER BY id)) FROM pacientes p WHERE organizacion_id = %s",
        "SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM titularidades t WHERE organizacion_id = %s",
        "SELECT md5(string_agg(c::text, '' ORDER BY id)) FROM clientes c WHERE organizacion_id = %s",
        "SELECT md5(string_agg(k::text, '' ORDER BY nombre)) FROM contadores k WHERE organizacion_id = %s",
        "SELECT count(*) FROM auditoria WHERE organizacion_id = %s",
    )
    antes = [propietario.execute(consulta, [consola.clinica.id]).fetchone() for consulta in foto]
    otra = consola.ensayar_y_aplicar(FICHERO, MAPA)
    assert Counter(una["resultado"] for una in otra.informe) == {"sin_cambios": 4997, "error": 3}
    assert [propietario.execute(consulta, [consola.clinica.id]).fetchone() for consulta in foto] == antes


def test_cada_fila_deja_su_asiento_y_la_cadena_casa(importado):
    consola, _ = importado
    assert contar("pacientes", consola.clinica) == contar("titularidades", consola.clinica)
    cadena = consola.clinica.como("administrador").get("/auditoria/verificacion-cadena").json
    assert cadena["integra"]
    assert cadena["asientos"] >= 2 * 4997


def test_recepcion_lo_encuentra_con_una_errata_lo_cita_y_no_puede_citarlo_a_la_vez(importado):
    clinica = importado[0].clinica
    agenda = preparar_agenda(clinica)
    recepcion = clinica.como("recepcion")
    hallados = recepcion.get("/pacientes?q=mochalna").json["datos"]
    mochalina = next(uno for uno in hallados if uno["nombre"] == "Mochalina (aka Mina)")
    suya = {"paciente_id": mochalina["id"], "cliente_id": mochalina["titular"]["id"]}
    cita = agenda.reservar(**suya)
    assert cita.status_code == 201, cita.text
    otra = agenda.reservar(
        **suya,
        sede_id=str(clinica.sede2_id),
        profesional_id=str(clinica.profesionales["veterinario2"]),
        inicio="2027-01-15T09:05:00+00:00",
    )
    assert (otra.status_code, [uno["tipo"] for uno in otra.json["conflictos"]]) == (409, ["paciente"]), otra.text
