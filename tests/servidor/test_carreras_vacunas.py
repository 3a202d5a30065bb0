"""Vacunas a la vez contra el servidor de verdad: una sola entra, y el calendario acaba como si hubieran ido en fila."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.factories import RELOJ, crear_clinica
from tests.vacunas import animal, crear_vacuna, datos_vacuna

VECES = 24


@pytest.fixture(scope="module")
def clinica(app):
    return crear_clinica(app, nombre="Carreras de vacunas")


@pytest.fixture
def a_la_vez(servidor, clinica):
    """Pide lo mismo, o casi, con muchos clientes a la vez."""

    def lanzar(peticiones):
        def pedir(metodo, ruta, cuerpo, cabeceras):
            with servidor.cliente(clinica.tokens["veterinario"]) as cliente:
                return cliente.request(metodo, ruta, json=cuerpo, headers={"X-Servet-Reloj": RELOJ, **cabeceras})

        with ThreadPoolExecutor(8) as hilos:
            return [futuro.result() for futuro in [hilos.submit(pedir, *una) for una in peticiones]]

    return lanzar


def _plan(clinica, paciente):
    datos = clinica.como("veterinario").get(f"/pacientes/{paciente}/plan-vacunal").json["datos"]
    return next(uno for uno in datos if uno["protocolo"] == "rabia")


def test_la_misma_dosis_pedida_muchas_veces_entra_una(clinica, a_la_vez):
    paciente, rabia = animal(clinica), crear_vacuna(clinica, "rabia")
    ruta = f"/pacientes/{paciente}/vacunaciones"
    cuerpo = datos_vacuna(rabia, "2026-11-20")
    respuestas = a_la_vez([("POST", ruta, cuerpo, {})] * VECES)
    assert Counter(una.status_code for una in respuestas) == {201: 1, 409: VECES - 1}
    assert {una.json()["codigo"] for una in respuestas if una.status_code == 409} == {"VACUNACION_DUPLICADA"}
    clave = {"Idempotency-Key": str(uuid4())}
    iguales = a_la_vez([("POST", ruta, {**cuerpo, "fecha": "2025-11-20"}, clave)] * VECES)
    assert {una.status_code for una in iguales} == {201}
    assert len({una.content for una in iguales}) == 1
    assert len(_plan(clinica, paciente)["dosis"]) == 2


def test_vacunar_mientras_cambia_el_calendario_no_deja_fechas_viejas(clinica, a_la_vez, propietario):
    rabia, vet = crear_vacuna(clinica, "rabia"), clinica.como("veterinario")
    pacientes = [animal(clinica, nombre=f"Corredor {n}") for n in range(VECES)]
    protocolo = vet.get("/protocolos-vacunales?codigo=rabia").json["datos"][0]
    cambio = ("PATCH", f"/protocolos-vacunales/{protocolo['id']}", {"refuerzo_1_meses": 7}, {"If-Match": "*"})
    altas = [("POST", f"/pacientes/{uno}/vacunaciones", datos_vacuna(rabia, "2026-11-20"), {}) for uno in pacientes]
    respuestas = a_la_vez([*altas[: VECES // 2], cambio, *altas[VECES // 2 :]])
    assert Counter(una.status_code for una in respuestas) == {201: VECES, 200: 1}
    fechas = propietario.execute(
        "SELECT DISTINCT fecha_proxima::text FROM vacunaciones_protocolos"
        " WHERE organizacion_id = %s AND paciente_id = ANY(%s::uuid[])",
        [clinica.id, pacientes],
    ).fetchall()
    assert fechas == [("2027-06-20",)]


def test_anular_dos_veces_a_la_vez_anula_una(clinica, a_la_vez):
    paciente, rabia = animal(clinica), crear_vacuna(clinica, "rabia")
    puesta = clinica.como("veterinario").post(f"/pacientes/{paciente}/vacunaciones", datos_vacuna(rabia, "2026-11-20"))
    ruta = f"/vacunaciones/{puesta.json['id']}/anulacion"
    respuestas = a_la_vez([("POST", ruta, {"motivo": "Error de registro"}, {})] * 8)
    assert Counter(una.status_code for una in respuestas) == {200: 1, 409: 7}
    assert _plan(clinica, paciente)["estado"] == "pendiente"
