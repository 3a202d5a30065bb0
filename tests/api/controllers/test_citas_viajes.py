"""Reservar en tres viajes: pedirlo todo, escribir y releer, y guardar la respuesta confirmando."""

import threading
from uuid import uuid4

from tests.factories import preparar_agenda


def test_reservar_son_tres_viajes(clinica, sentencias):
    agenda = preparar_agenda(clinica)
    assert agenda.reservar().status_code == 201
    sentencias.clear()
    assert agenda.reservar(inicio="2027-01-15T12:00:00+01:00", recursos=[agenda.salas[0]]).status_code == 201
    assert sentencias.viajes == 3


def test_la_misma_clave_a_la_vez_reserva_una_y_responde_lo_mismo(clinica, propietario):
    agenda, clave = preparar_agenda(clinica), str(uuid4())
    respuestas, barrera = [], threading.Barrier(6)

    def reservar() -> None:
        api = clinica.como("recepcion")
        barrera.wait(timeout=10)
        respuestas.append(api.post("/citas", agenda.datos(), clave=clave))

    hilos = [threading.Thread(target=reservar) for _ in range(6)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    assert [una.status_code for una in respuestas] == [201] * 6
    assert len({una.data for una in respuestas}) == 1
    assert sum("Idempotency-Replayed" in una.headers for una in respuestas) == 5
    (citas,) = propietario.execute("SELECT count(*) FROM citas WHERE organizacion_id = %s", [clinica.id]).fetchone()
    assert citas == 1
