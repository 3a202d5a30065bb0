"""Muchos a la vez sobre una consulta: se cierra una vez, no se le cuela nada y sus enmiendas no se bifurcan."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.clinica import abrir, cerrar
from tests.factories import RELOJ, crear_clinica

HILOS = 24


@pytest.fixture(scope="module")
def clinica(app):
    return crear_clinica(app, nombre="Carreras clínicas")


@pytest.fixture(scope="module")
def http(servidor, clinica):
    with servidor.cliente(clinica.tokens["veterinario"]) as cliente:
        cliente.headers["X-Servet-Reloj"] = RELOJ
        yield cliente


def a_la_vez(tareas):
    with ThreadPoolExecutor(HILOS) as hilos:
        return [futuro.result() for futuro in [hilos.submit(tarea) for tarea in tareas]]


def test_cerrarla_a_la_vez_solo_la_cierra_uno(http, clinica, propietario):
    for _ in range(5):
        id = abrir(clinica)["id"]
        respuestas = a_la_vez([lambda id=id: http.post(f"/consultas/{id}/cierre", json={})] * HILOS)
        assert Counter(una.status_code for una in respuestas) == {200: 1, 409: HILOS - 1}
        ganadora = next(una.json() for una in respuestas if una.status_code == 200)
        (guardada,) = propietario.execute("SELECT huella FROM consultas WHERE id = %s", [id]).fetchone()
        assert guardada == ganadora["huella"]


def test_lo_que_se_escribe_mientras_se_cierra_o_entra_en_la_huella_o_no_entra(http, clinica):
    for _ in range(6):
        consulta = abrir(clinica)
        raiz, suyo = f"/consultas/{consulta['id']}", f"/pacientes/{consulta['paciente_id']}"
        peso = {"peso_kg": "12.4", "metodo": "bascula", "consulta_id": consulta["id"]}
        tareas = [lambda raiz=raiz: http.post(f"{raiz}/cierre", json={})]
        tareas += [lambda raiz=raiz: http.post(f"{raiz}/constantes", json={"temperatura": "38.5"})] * 5
        tareas += [
            lambda raiz=raiz: http.post(f"{raiz}/diagnosticos", json={"texto": "x", "certeza": "presuntivo"})
        ] * 5
        tareas += [lambda suyo=suyo, peso=peso: http.post(f"{suyo}/pesos", json=peso)] * 5
        respuestas = a_la_vez([*tareas[1:8], tareas[0], *tareas[8:]])
        assert {una.status_code for una in respuestas} <= {200, 201, 409}
        entraron = sum(una.status_code == 201 for una in respuestas)
        leida = http.get(raiz).json()
        assert leida["estado"] == "cerrada"
        assert sum(len(leida[n]) for n in ("constantes", "diagnosticos", "pesos")) == entraron
        assert http.get(f"{raiz}/verificacion-cadena").json()["integra"] is True


def test_enmendar_a_la_vez_no_bifurca_la_cadena(http, clinica):
    id = cerrar(clinica, abrir(clinica))["id"]
    cuerpo = {"seccion": "plan", "texto": "Otra cosa", "motivo": "Se olvidó"}
    respuestas = a_la_vez([lambda: http.post(f"/consultas/{id}/enmiendas", json=cuerpo)] * HILOS)
    entraron = [una.json() for una in respuestas if una.status_code == 201]
    assert {una.status_code for una in respuestas} <= {201, 409}
    assert len(entraron) >= 1
    assert sorted(una["numero"] for una in entraron) == list(range(1, len(entraron) + 1))
    assert len({una["huella_anterior"] for una in entraron}) == len(entraron)
    cadena = http.get(f"/consultas/{id}/verificacion-cadena").json()
    assert (cadena["integra"], cadena["enmiendas"]) == (True, len(entraron))


def test_ni_saltandose_el_bloqueo_cuelgan_dos_del_mismo_eslabon(clinica, propietario):
    import psycopg

    cerrada = cerrar(clinica, abrir(clinica))
    orden = (
        "INSERT INTO enmiendas (organizacion_id, id, consulta_id, numero, seccion, texto, motivo, autor_id, autor, en,"
        " huella, huella_anterior) VALUES (%s, gen_random_uuid(), %s, %s, 'plan', 'x', 'xxx', gen_random_uuid(), 'x', now(), %s, %s)"
    )
    propietario.execute(orden, [clinica.id, cerrada["id"], 1, "a" * 64, cerrada["huella"]])
    for numero, anterior in ((2, cerrada["huella"]), (1, "a" * 64)):
        with pytest.raises(psycopg.errors.UniqueViolation):
            propietario.execute(orden, [clinica.id, cerrada["id"], numero, "b" * 64, anterior])
