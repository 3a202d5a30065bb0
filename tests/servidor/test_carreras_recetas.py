"""Recetas y controlados con muchos a la vez: ni un hueco en los números ni un saldo por debajo de cero."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from tests.factories import RELOJ, crear_clinica
from tests.recetario import (
    con_telefono,
    crear_medicamento,
    datos_administracion,
    datos_receta,
    emitida,
    linea,
    numero_de,
    paciente_pesado,
    recetar,
)

HILOS = 50


@pytest.fixture(scope="module")
def clinica(app):
    clinica = crear_clinica(app, nombre="Carreras de recetas")
    con_telefono(clinica)
    return clinica


@pytest.fixture(scope="module")
def paciente(clinica):
    return paciente_pesado(clinica)


@pytest.fixture(scope="module")
def a_la_vez(servidor, clinica):
    """Pide muchas cosas a la vez, cada hilo con su cliente; devuelve las respuestas en su orden."""
    clientes = [servidor.cliente(clinica.tokens["veterinario"]) for _ in range(HILOS)]
    for cliente in clientes:
        cliente.headers["X-Servet-Reloj"] = RELOJ
    with ThreadPoolExecutor(HILOS) as hilos:

        def lanzar(peticiones):
            futuros = [
                hilos.submit(clientes[n % HILOS].post, ruta, json=cuerpo, headers={"Idempotency-Key": f"{ruta}-{n}"})
                for n, (ruta, cuerpo) in enumerate(peticiones)
            ]
            return [futuro.result() for futuro in futuros]

        yield lanzar
    for cliente in clientes:
        cliente.close()


def estados(respuestas) -> Counter:
    return Counter(respuesta.status_code for respuesta in respuestas)


def interbloqueos(propietario) -> int:
    propietario.execute("SELECT pg_stat_force_next_flush()")
    consulta = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    return propietario.execute(consulta).fetchone()[0]


def test_las_emisiones_a_la_vez_no_dejan_huecos_aunque_alguna_falle(clinica, paciente, a_la_vez, propietario):
    cuantas, medicamento, antes = 30, crear_medicamento(clinica), interbloqueos(propietario)
    sede = str(clinica.sede_id)
    buenas = [
        recetar(clinica, datos_receta(paciente, linea(medicamento), sede_id=sede)).json["id"] for _ in range(cuantas)
    ]
    malas = [recetar(clinica, datos_receta(paciente, sede_id=sede)).json["id"] for _ in range(10)]
    mezcladas = [id for par in zip(buenas[:10], malas, strict=True) for id in par] + buenas[10:]
    respuestas = a_la_vez([(f"/recetas/{id}/emision", None) for id in mezcladas])
    assert estados(respuestas) == {200: cuantas, 422: len(malas)}
    numeros = sorted(numero_de(uno.json()) for uno in respuestas if uno.status_code == 200)
    assert numeros == list(range(1, cuantas + 1))
    assert interbloqueos(propietario) == antes


def test_una_receta_emitida_dos_veces_a_la_vez_toma_un_solo_numero(clinica, paciente, a_la_vez):
    receta = recetar(clinica, datos_receta(paciente, linea(crear_medicamento(clinica)))).json["id"]
    respuestas = a_la_vez([(f"/recetas/{receta}/emision", None)] * 12)
    assert estados(respuestas) == {200: 1, 409: 11}


def test_nunca_se_dispensan_mas_envases_de_los_recetados(clinica, paciente, a_la_vez, propietario):
    receta = emitida(clinica, datos_receta(paciente, linea(crear_medicamento(clinica), envases=7)))
    una = {"linea_receta_id": receta["lineas"][0]["id"], "envases": 1}
    respuestas = a_la_vez([(f"/recetas/{receta['id']}/dispensaciones", {"lineas": [una]})] * 20)
    vistos = estados(respuestas)
    assert vistos[201] == 7
    assert vistos[409] + vistos[422] == 13
    consulta = "SELECT sum(envases) FROM lineas_dispensacion WHERE linea_receta_id = %s"
    assert propietario.execute(consulta, [una["linea_receta_id"]]).fetchone() == (7,)
    assert clinica.como("veterinario").get(f"/recetas/{receta['id']}").json["estado"] == "dispensada"


def test_cincuenta_salidas_contra_un_saldo_de_veinte_dejan_veinte_y_cero(clinica, a_la_vez, propietario):
    metadona = crear_medicamento(clinica, "Metadona", control="estupefaciente", unidad_base="ml")
    comun, antes = {"medicamento_id": metadona, "sede_id": str(clinica.sede_id)}, interbloqueos(propietario)
    entrada = {**comun, "tipo": "entrada", "cantidad": "20"}
    assert clinica.como("veterinario").post("/registro-controlados", entrada).status_code == 201
    salida = {**comun, "tipo": "administracion", "cantidad": "1"}
    respuestas = a_la_vez([("/registro-controlados", salida)] * 50)
    assert estados(respuestas) == {201: 20, 422: 30}
    assert {uno.json()["codigo"] for uno in respuestas if uno.status_code == 422} == {"SALDO_CONTROLADO_NEGATIVO"}
    cadena = propietario.execute(
        "SELECT asiento, saldo_anterior, saldo FROM registro_controlados WHERE medicamento_id = %s ORDER BY asiento",
        [metadona],
    ).fetchall()
    assert [int(fila[0]) for fila in cadena] == list(range(1, 22))
    assert [int(fila[2]) for fila in cadena] == list(range(20, -1, -1))
    assert all(uno[2] == otro[1] for uno, otro in pairwise(cadena))
    assert interbloqueos(propietario) == antes


def test_administrar_a_la_vez_no_gasta_mas_de_lo_que_hay(clinica, paciente, a_la_vez, propietario):
    ketamina = crear_medicamento(clinica, "Ketamina", control="psicotropo", unidad_base="ml")
    sede = str(clinica.sede_id)
    entrada = {"medicamento_id": ketamina, "sede_id": sede, "tipo": "entrada", "cantidad": "5"}
    assert clinica.como("veterinario").post("/registro-controlados", entrada).status_code == 201
    cuerpo = datos_administracion(paciente, ketamina, cantidad="1", via="intramuscular", sede_id=sede)
    respuestas = a_la_vez([("/administraciones", cuerpo)] * 12)
    assert estados(respuestas) == {201: 5, 422: 7}
    contadas = "SELECT count(*) FROM administraciones WHERE medicamento_id = %s"
    assert propietario.execute(contadas, [ketamina]).fetchone() == (5,)


def test_dos_exportaciones_a_la_vez_no_se_llevan_lo_mismo(clinica, paciente, a_la_vez):
    antibiotico = crear_medicamento(clinica, "Amoxicilina", grupo="antibiotico", categoria="D")
    for _ in range(12):
        emitida(clinica, datos_receta(paciente, linea(antibiotico), finalidad_antimicrobiana="terapeutica"))
    respuestas = a_la_vez([("/comunicaciones-antibioticos/exportacion", {"maximo": 5})] * 8)
    assert estados(respuestas) == {200: 8}
    llevadas = Counter(una["id"] for respuesta in respuestas for una in respuesta.json()["datos"])
    assert len(llevadas) == 12
    assert set(llevadas.values()) == {1}
