"""Empezar una cita abre la consulta de cada animal que viene, una sola vez."""

import pytest

from tests.factories import crear_clinica, preparar_agenda

PASADAS = "2027-01-15T10:16:00+01:00"


@pytest.fixture
def agenda(app):
    return preparar_agenda(crear_clinica(app, nombre="Citas y consultas"), pacientes=3)


def empezar(agenda, como="recepcion", cuerpo=None, **cambios):
    cita = agenda.reservar(**cambios).json
    agenda.clinica.como("recepcion").post(f"/citas/{cita['id']}/llegada", reloj=PASADAS)
    respuesta = agenda.clinica.como(como).post(f"/citas/{cita['id']}/inicio", cuerpo or {}, reloj=PASADAS)
    assert respuesta.status_code == 200, respuesta.text
    return respuesta.json


def leer(agenda, id):
    return agenda.clinica.como("veterinario").get(f"/consultas/{id}", reloj=PASADAS).json


def test_al_empezar_se_abre_la_consulta_y_la_cita_dice_cual(agenda):
    cita = empezar(agenda, motivo="Cojera de la mano")
    consulta = leer(agenda, cita["consulta_id"])
    assert cita["pacientes"][0]["consulta_id"] == cita["consulta_id"]
    assert (consulta["cita_id"], consulta["motivo"], consulta["estado"]) == (cita["id"], "Cojera de la mano", "abierta")
    assert consulta["veterinario_id"] == str(agenda.clinica.profesionales["veterinario"])
    assert consulta["inicio"] == cita["inicio_real"]


def test_varios_animales_una_consulta_por_animal(agenda):
    cita = empezar(agenda, paciente_id=..., pacientes=agenda.pacientes)
    suyas = {uno["id"]: uno["consulta_id"] for uno in cita["pacientes"]}
    assert list(suyas) == agenda.pacientes
    assert len(set(suyas.values())) == 3
    for paciente, id in suyas.items():
        assert leer(agenda, id)["paciente_id"] == paciente


@pytest.mark.parametrize(
    ("tipo", "prioridad", "esperado"),
    [("consulta_general", "normal", "consulta"), ("consulta_general", "urgente", "urgencia"),
     ("revision", "normal", "revision"), ("vacunacion", "normal", "preventiva"), ("urgencia", "normal", "urgencia"),
     ("telefonica", "normal", "telefonica"), ("domicilio", "normal", "domicilio")],
)  # fmt: skip
def test_el_tipo_de_consulta_sale_del_de_la_cita(agenda, tipo, prioridad, esperado):
    cita = empezar(agenda, tipo_cita_id=agenda.tipos[tipo], prioridad=prioridad, motivo=None)
    consulta = leer(agenda, cita["consulta_id"])
    assert consulta["tipo"] == esperado
    assert consulta["motivo"] == cita["tipo_cita"]


def test_la_peluqueria_no_abre_consulta(agenda):
    cita = empezar(agenda, tipo_cita_id=agenda.tipos["peluqueria"], profesional_id=None)
    assert (cita["consulta_id"], cita["avisos"]) == (None, [])


def test_sin_veterinario_asignado_la_lleva_quien_la_empieza_si_lo_es(agenda):
    cita = empezar(agenda, "veterinario2", profesional_id=None)
    assert leer(agenda, cita["consulta_id"])["veterinario"] == "Persona veterinario2"


def test_si_no_hay_veterinario_la_cita_empieza_y_avisa(agenda):
    cita = empezar(agenda, profesional_id=None)
    assert (cita["estado"], cita["consulta_id"]) == ("en_consulta", None)
    assert "SIN_CONSULTA" in [uno["codigo"] for uno in cita["avisos"]]


def test_la_que_ya_estaba_abierta_es_la_que_vale(agenda):
    cita = agenda.reservar().json
    cuerpo = {"sede_id": cita["sede_id"], "motivo": "Cojera", "cita_id": cita["id"]}
    abrir = f"/pacientes/{agenda.pacientes[0]}/consultas"
    veterinario = agenda.clinica.como("veterinario")
    antes = veterinario.post(abrir, cuerpo, reloj=PASADAS)
    assert antes.status_code == 201, antes.text
    repetida = veterinario.post(abrir, cuerpo, reloj=PASADAS)
    assert (repetida.status_code, repetida.json["codigo"]) == (409, "CITA_CON_CONSULTA")
    recepcion = agenda.clinica.como("recepcion")
    recepcion.post(f"/citas/{cita['id']}/llegada", reloj=PASADAS)
    empezada = recepcion.post(f"/citas/{cita['id']}/inicio", {}, reloj=PASADAS).json
    assert empezada["consulta_id"] == antes.json["id"]
    veterinario.post(f"/consultas/{antes.json['id']}/anulacion", {"motivo": "Era otro animal"}, reloj=PASADAS)
    assert veterinario.post(abrir, cuerpo, reloj=PASADAS).status_code == 201


def test_una_cita_de_otro_paciente_no_vale(agenda):
    cita = agenda.reservar().json
    cuerpo = {"sede_id": cita["sede_id"], "motivo": "Cojera", "cita_id": cita["id"]}
    respuesta = agenda.clinica.como("veterinario").post(f"/pacientes/{agenda.pacientes[1]}/consultas", cuerpo)
    assert respuesta.status_code == 404


def test_el_portal_no_sabe_de_la_consulta_hasta_que_se_publica(agenda):
    cita = empezar(agenda)
    cliente, veterinario = agenda.clinica.como("cliente"), agenda.clinica.como("veterinario")
    assert cliente.get(f"/citas/{cita['id']}").json["consulta_id"] is None
    raiz = f"/consultas/{cita['consulta_id']}"
    veterinario.patch(raiz, {"valoracion": "Esguince", "plan": "Reposo"}, version=1, reloj=PASADAS)
    assert veterinario.post(f"{raiz}/cierre", {}, reloj=PASADAS).status_code == 200
    assert cliente.get(f"/citas/{cita['id']}").json["pacientes"][0]["consulta_id"] is None
    veterinario.post(f"{raiz}/publicacion", reloj=PASADAS)
    assert cliente.get(f"/citas/{cita['id']}").json["consulta_id"] == cita["consulta_id"]
