"""Disponibilidad por HTTP: plazos, portal, cambios de hora, coste y que todo lo ofrecido se puede reservar."""

from datetime import datetime
from uuid import UUID

import pytest

from tests.agenda import VIERNES, agenda_de_mananas, excepcion, horas, pedir, poner_horario
from tests.factories import crear_paciente


@pytest.fixture
def agenda(clinica, propietario):
    return agenda_de_mananas(clinica, propietario)


def test_no_se_ofrece_lo_pasado_ni_fuera_de_la_antelacion(agenda, clinica, propietario):
    assert horas(pedir(agenda, reloj=f"{VIERNES}T12:02:00+01:00"))[0] == "12:05"
    assert horas(pedir(agenda, dia="2027-01-14", reloj=f"{VIERNES}T12:02:00+01:00")) == []
    propietario.execute(
        "UPDATE tipos_cita SET antelacion_min_h = 2, antelacion_max_dias = 7 WHERE id = %s",
        (agenda.tipos["consulta_general"],),
    )
    assert horas(pedir(agenda, reloj=f"{VIERNES}T08:30:00+01:00"))[0] == "10:30"
    assert horas(pedir(agenda, reloj="2027-01-08T10:00:00+01:00"))[-1] == "10:00"
    assert horas(pedir(agenda, reloj="2027-01-07T10:00:00+01:00")) == []


def test_la_granularidad_de_la_sede_marca_los_inicios(agenda, propietario, clinica):
    propietario.execute(
        "UPDATE sedes SET config = '{\"granularidad_agenda_min\": 30}' WHERE id = %s", (clinica.sede_id,)
    )
    assert horas(pedir(agenda))[:3] == ["09:00", "09:30", "10:00"]


def test_una_solicitud_caducada_deja_de_ocupar(agenda, propietario):
    propietario.execute(
        "UPDATE tipos_cita SET requiere_confirmacion = true WHERE id = %s", (agenda.tipos["consulta_general"],)
    )
    pedida = agenda.reservar("cliente", recursos=[agenda.salas[0]])
    assert (pedida.status_code, pedida.json["estado"]) == (201, "solicitada")
    assert "10:00" not in horas(pedir(agenda))
    assert "10:00" in horas(pedir(agenda, reloj="2026-11-24T10:00:01+01:00"))


def test_reglas_de_la_peticion(agenda, clinica, propietario):
    assert pedir(agenda, hasta="2027-01-14").json["codigo"] == "FECHAS_INCOHERENTES"
    assert pedir(agenda, hasta="2027-02-14").status_code == 200
    assert pedir(agenda, hasta="2027-02-15").json["codigo"] == "RANGO_EXCESIVO"
    propietario.execute("UPDATE tipos_cita SET especies = '{gato}' WHERE id = %s", (agenda.tipos["consulta_general"],))
    assert pedir(agenda, paciente_id=agenda.pacientes[0]).json["codigo"] == "ESPECIE_NO_ADMITIDA"
    gato = crear_paciente(clinica, especie="gato", raza=None)["id"]
    assert pedir(agenda, paciente_id=gato).status_code == 200


def test_el_portal_solo_busca_hueco_para_lo_que_puede_reservar_y_para_los_suyos(agenda, vecina):
    assert len(horas(pedir(agenda, "cliente", paciente_id=agenda.pacientes[0]))) == 57
    assert pedir(agenda, "cliente", tipo="urgencia").status_code == 404
    ajeno = crear_paciente(vecina)["id"]
    assert pedir(agenda, "cliente", paciente_id=ajeno).status_code == 404
    assert pedir(agenda, sede_id=str(vecina.sede_id)).status_code == 404


def test_el_numero_de_lecturas_no_depende_de_cuantos_sean(agenda, clinica, sentencias):
    def cuantas(**parametros):
        pedir(agenda)  # la identidad, ya leída
        sentencias.clear()
        assert pedir(agenda, paciente_id=agenda.pacientes[0], **parametros).status_code == 200
        return len(sentencias), sentencias.viajes

    pocas = cuantas()
    assert pocas == (8, 2)
    textos = set(sentencias)
    poner_horario(agenda, "veterinario2", "sede_id", range(1, 8), "09:00", "14:00")
    assert agenda.reservar(recursos=[agenda.salas[0]]).status_code == 201
    assert cuantas(hasta="2027-02-14") == pocas
    assert set(sentencias) == textos, "las mismas sentencias, sean cuantos sean"


@pytest.mark.parametrize("tipo", ["consulta_general", "cirugia_menor", "peluqueria", "extraccion_muestras"])
def test_todo_lo_que_se_ofrece_se_puede_reservar(agenda, clinica, tipo):
    from app.api.services.agenda_service import dentro_de_horario
    from app.api.services.lectura_agenda_service import ocupado
    from app.config.database import transaction
    from app.utils.context import Contexto, iniciar

    for codigo, clase in (("Q", "quirofano"), ("P", "peluqueria")):
        sala = {"sede_id": str(clinica.sede_id), "codigo": codigo, "nombre": codigo, "tipo": clase}
        assert clinica.como("administrador").post("/recursos", sala).status_code == 201
    assert agenda.reservar(recursos=[agenda.salas[0]]).status_code == 201
    excepcion(agenda, f"sedes/{clinica.sede_id}", tipo="cierre", hora_inicio="12:00", hora_fin="12:30")
    huecos = pedir(agenda, tipo=tipo, paciente_id=agenda.pacientes[0]).json["datos"]
    assert len(huecos) > 10
    for hueco in huecos:
        inicio, fin = (datetime.fromisoformat(hueco[campo]) for campo in ("inicio", "fin"))
        quien = hueco["profesional_id"] and UUID(hueco["profesional_id"])
        recursos = [UUID(uno) for uno in hueco["recursos"]]
        iniciar(Contexto(organizacion_id=clinica.id))
        with transaction():
            assert dentro_de_horario([quien] if quien else [], recursos, clinica.sede_id, inicio, fin)
            todos = [*recursos, *([quien] if quien else []), UUID(agenda.pacientes[0])]
            assert not any(ocupado(todos, inicio, fin).values())
        iniciar(Contexto())
    ultimo = huecos[-1]
    reserva = {campo: ultimo[campo] for campo in ("inicio", "profesional_id", "auxiliar_id", "recursos")}
    cita = agenda.reservar(tipo_cita_id=agenda.tipos[tipo], paciente_id=agenda.pacientes[0], **reserva)
    assert cita.status_code == 201, cita.text
    assert datetime.fromisoformat(cita.json["inicio"]) == datetime.fromisoformat(ultimo["inicio"])


@pytest.mark.parametrize(
    ("dia", "esperado"),
    [
        ("2027-03-28", ["01:00+01:00", "01:30+01:00", "03:00+02:00", "03:30+02:00"]),
        ("2027-10-31", [
            "01:00+02:00", "01:30+02:00", "02:00+02:00", "02:30+02:00", "02:00+01:00", "02:30+01:00",
            "03:00+01:00", "03:30+01:00",
        ]),
    ],
)  # fmt: skip
def test_el_dia_del_cambio_de_hora_se_ofrece_cada_hora_que_existe(agenda, clinica, propietario, dia, esperado):
    propietario.execute("UPDATE horarios SET hora_inicio = '01:00', hora_fin = '04:00'")
    propietario.execute(
        "UPDATE sedes SET config = '{\"granularidad_agenda_min\": 30}' WHERE id = %s", (clinica.sede_id,)
    )
    datos = pedir(agenda, dia=dia).json["datos"]
    assert [hueco["inicio"][11:16] + hueco["inicio"][-6:] for hueco in datos] == esperado
    repetida = datos[len(datos) // 2]
    reserva = {campo: repetida[campo] for campo in ("inicio", "recursos")}
    cita = agenda.reservar(**reserva)
    assert (cita.status_code, cita.json["inicio"]) == (201, repetida["inicio"])


def test_la_ultima_cita_del_dia_puede_acabar_manana(agenda, propietario):
    propietario.execute("UPDATE horarios SET hora_inicio = '22:00', hora_fin = '06:00'")
    libres = horas(pedir(agenda))
    assert libres[0] == "00:00"
    assert libres[-1] == "23:55"
