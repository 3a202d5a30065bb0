"""La lista de espera por HTTP: el hueco que queda libre se ofrece solo, por orden, y la oferta caduca."""

import pytest

from app.config.database import transaction
from app.utils.context import Contexto, iniciar
from tests.factories import crear_cliente, crear_paciente, preparar_agenda

ANTES = "2027-01-12T09:00:00+01:00"
MAS_DE_DOS_HORAS = "2027-01-12T11:01:00+01:00"


@pytest.fixture
def agenda(clinica):
    return preparar_agenda(clinica)


@pytest.fixture
def recepcion(clinica):
    return clinica.como("recepcion")


def esperar(agenda, n=1, reloj="2027-01-10T09:00:00+01:00", **cambios):
    cuerpo = {
        "sede_id": str(agenda.clinica.sede_id), "cliente_id": str(agenda.clinica.cliente_id),
        "paciente_id": agenda.pacientes[n], "tipo_cita_id": agenda.tipos["consulta_general"], **cambios,
    }  # fmt: skip
    respuesta = agenda.clinica.como("recepcion").post("/lista-espera", cuerpo, reloj=reloj)
    assert respuesta.status_code == 201, respuesta.text
    return respuesta.json["id"]


def cancelar(agenda, cita, reloj=ANTES):
    respuesta = agenda.clinica.como("recepcion").post(f"/citas/{cita}/cancelacion", {"motivo": "No viene"}, reloj=reloj)
    assert respuesta.status_code == 200, respuesta.text


def estado(recepcion, espera, reloj=ANTES):
    return recepcion.get(f"/lista-espera/{espera}", reloj=reloj).json["estado"]


def caducar(clinica, reloj):
    """Lo que hace la tarea de fondo, a la hora dada."""
    from datetime import datetime

    from app.api.services.caducidades_service import caducar

    iniciar(Contexto(organizacion_id=clinica.id, reloj=datetime.fromisoformat(reloj)))
    with transaction():
        total = caducar()
    iniciar(Contexto())
    return total


def test_al_cancelar_se_ofrece_solo_al_que_mas_tiempo_lleva(agenda, recepcion):
    cita = agenda.reservar().json["id"]
    segunda = esperar(agenda, 2, reloj="2027-01-10T10:00:00+01:00")
    primera = esperar(agenda, 1, reloj="2027-01-10T09:00:00+01:00")
    cancelar(agenda, cita)
    assert (estado(recepcion, primera), estado(recepcion, segunda)) == ("ofertada", "activa")
    oferta = recepcion.get(f"/lista-espera/{primera}", reloj=ANTES).json["oferta"]
    assert oferta == {
        "profesional_id": str(agenda.clinica.profesionales["veterinario"]),
        "inicio": "2027-01-15T10:00:00+01:00", "fin": "2027-01-15T10:20:00+01:00",
        "caduca_en": "2027-01-12T11:00:00+01:00",
    }  # fmt: skip


def test_la_prioridad_va_antes_que_la_antiguedad(agenda, recepcion):
    cita = agenda.reservar().json["id"]
    normal = esperar(agenda, 1)
    urgente = esperar(agenda, 2, reloj="2027-01-11T09:00:00+01:00", prioridad="urgente")
    cancelar(agenda, cita)
    assert (estado(recepcion, urgente), estado(recepcion, normal)) == ("ofertada", "activa")


@pytest.mark.parametrize("paso", ["no-presentacion", "reprogramacion"])
def test_tambien_se_ofrece_lo_que_deja_otra_accion(agenda, recepcion, paso):
    cita = agenda.reservar().json["id"]
    # El hueco del no presentado empezó ya: sólo se ofrece lo que aún no ha empezado.
    espera = esperar(agenda)
    if paso == "reprogramacion":
        movida = recepcion.post(f"/citas/{cita}/reprogramacion", {"inicio": "2027-01-16T10:00:00+01:00"}, reloj=ANTES)
        assert movida.status_code == 200
        assert estado(recepcion, espera) == "ofertada"
    else:
        tarde = "2027-01-15T10:16:00+01:00"
        assert recepcion.post(f"/citas/{cita}/no-presentacion", reloj=tarde).status_code == 200
        assert estado(recepcion, espera, tarde) == "activa"


@pytest.mark.parametrize(
    ("ventana", "esperado"),
    [
        ({"desde": "2027-01-15", "hasta": "2027-01-15"}, "ofertada"),
        ({"desde": "2027-01-16", "hasta": "2027-01-20"}, "activa"),
        ({"desde": "2027-01-15", "hasta": "2027-01-15", "hora_inicio": "10:00", "hora_fin": "10:20"}, "ofertada"),
        ({"desde": "2027-01-15", "hasta": "2027-01-15", "hora_inicio": "10:05", "hora_fin": "12:00"}, "activa"),
        ({"desde": "2027-01-15", "hasta": "2027-01-15", "hora_inicio": "09:00", "hora_fin": "10:15"}, "activa"),
    ],
)
def test_solo_se_ofrece_lo_que_cae_en_sus_ventanas(agenda, recepcion, ventana, esperado):
    cita = agenda.reservar().json["id"]
    espera = esperar(agenda, ventanas=[ventana])
    cancelar(agenda, cita)
    assert estado(recepcion, espera) == esperado


def test_no_se_ofrece_a_quien_quiere_otro_profesional_ni_a_quien_no_le_cabe(agenda, recepcion):
    cita = agenda.reservar().json["id"]
    otro = esperar(agenda, 1, profesional_id=str(agenda.clinica.profesionales["veterinario2"]))
    largo = esperar(agenda, 2, tipo_cita_id=agenda.tipos["especialidad"])
    cancelar(agenda, cita)
    assert (estado(recepcion, otro), estado(recepcion, largo)) == ("activa", "activa")


def test_aceptar_reserva_la_cita_y_no_se_acepta_dos_veces(agenda, recepcion):
    cita = agenda.reservar().json["id"]
    espera = esperar(agenda)
    cancelar(agenda, cita)
    aceptada = recepcion.post(f"/lista-espera/{espera}/aceptacion", reloj=ANTES)
    assert (aceptada.status_code, aceptada.json["estado"]) == (200, "convertida"), aceptada.text
    nueva = recepcion.get(f"/citas/{aceptada.json['cita_id']}").json
    assert (nueva["inicio"], nueva["estado"], nueva["paciente_id"]) == (
        "2027-01-15T10:00:00+01:00", "confirmada", agenda.pacientes[1],
    )  # fmt: skip
    otra = recepcion.post(f"/lista-espera/{espera}/aceptacion", reloj=ANTES)
    assert (otra.status_code, otra.json["codigo"], otra.json["acciones_permitidas"]) == (409, "TRANSICION_INVALIDA", [])


def test_aceptar_lo_que_otro_ya_tomo_es_409_y_sigue_ofertada(agenda, recepcion):
    cita = agenda.reservar().json["id"]
    espera = esperar(agenda)
    cancelar(agenda, cita)
    assert agenda.reservar(paciente_id=agenda.pacientes[2], reloj=ANTES).status_code == 201
    respuesta = recepcion.post(f"/lista-espera/{espera}/aceptacion", reloj=ANTES)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (409, "CITA_SOLAPADA")
    assert estado(recepcion, espera) == "ofertada"


def test_rechazar_pasa_el_hueco_al_siguiente(agenda, recepcion):
    cita = agenda.reservar().json["id"]
    primera, segunda = esperar(agenda, 1), esperar(agenda, 2, reloj="2027-01-11T09:00:00+01:00")
    cancelar(agenda, cita)
    assert recepcion.post(f"/lista-espera/{primera}/rechazo", reloj=ANTES).json["estado"] == "rechazada"
    assert estado(recepcion, segunda) == "ofertada"


def test_la_oferta_caduca_y_pasa_al_siguiente(agenda, recepcion):
    cita = agenda.reservar().json["id"]
    primera, segunda = esperar(agenda, 1), esperar(agenda, 2, reloj="2027-01-11T09:00:00+01:00")
    cancelar(agenda, cita)
    tarde = recepcion.post(f"/lista-espera/{primera}/aceptacion", reloj=MAS_DE_DOS_HORAS)
    assert (tarde.status_code, tarde.json["codigo"]) == (409, "OFERTA_CADUCADA")
    assert estado(recepcion, primera, MAS_DE_DOS_HORAS) == "caducada"
    assert caducar(agenda.clinica, MAS_DE_DOS_HORAS) == 1
    assert (estado(recepcion, primera, MAS_DE_DOS_HORAS), estado(recepcion, segunda, MAS_DE_DOS_HORAS)) == (
        "caducada", "ofertada",
    )  # fmt: skip
    assert caducar(agenda.clinica, MAS_DE_DOS_HORAS) == 0


def test_las_solicitudes_sin_confirmar_expiran_y_su_hueco_se_ofrece(agenda, recepcion):
    pedida = agenda.reservar(
        rol="cliente", tipo_cita_id=agenda.tipos["especialidad"], reloj="2027-01-10T09:00:00+01:00"
    )
    espera = esperar(agenda, 1)
    assert caducar(agenda.clinica, "2027-01-11T08:59:00+01:00") == 0
    assert caducar(agenda.clinica, "2027-01-11T09:00:00+01:00") == 1
    cita = recepcion.get(f"/citas/{pedida.json['id']}").json
    assert (cita["estado"], cita["cancelacion"]["motivo"]) == ("cancelada", "expirada")
    assert estado(recepcion, espera, "2027-01-11T09:30:00+01:00") == "ofertada"


def test_una_sola_oferta_viva_por_hueco(agenda, recepcion):
    cita = agenda.reservar().json["id"]
    primera, segunda = esperar(agenda, 1), esperar(agenda, 2, reloj="2027-01-11T09:00:00+01:00")
    cancelar(agenda, cita)
    hueco = {"inicio": "2027-01-15T10:00:00+01:00", "profesional_id": str(agenda.clinica.profesionales["veterinario"])}
    manual = recepcion.post(f"/lista-espera/{segunda}/oferta", hueco, reloj=ANTES)
    assert (manual.status_code, manual.json["codigo"]) == (409, "HUECO_YA_OFERTADO")
    libre = {**hueco, "inicio": "2027-01-15T12:00:00+01:00"}
    assert recepcion.post(f"/lista-espera/{segunda}/oferta", libre, reloj=ANTES).json["estado"] == "ofertada"
    assert estado(recepcion, primera) == "ofertada"


def test_no_se_ofrece_a_un_paciente_fallecido(agenda, recepcion):
    cita = agenda.reservar().json["id"]
    muerto, vivo = esperar(agenda, 1), esperar(agenda, 2, reloj="2027-01-11T09:00:00+01:00")
    fallecimiento = recepcion.post(
        f"/pacientes/{agenda.pacientes[1]}/fallecimiento", {"fecha_fallecimiento": "2027-01-11"}, reloj=ANTES
    )
    assert fallecimiento.status_code == 200, fallecimiento.text
    cancelar(agenda, cita)
    assert estado(recepcion, muerto) not in ("ofertada", "activa")
    assert estado(recepcion, vivo) == "ofertada"


def test_el_portal_ve_y_acepta_lo_suyo_y_nada_mas(agenda, clinica, recepcion):
    ajena = crear_cliente(clinica, nombre="Otra")
    animal = crear_paciente(clinica, nombre="Ajeno", cliente_id=ajena["id"])["id"]
    de_otra = esperar(agenda, cliente_id=ajena["id"], paciente_id=animal)
    propia = esperar(agenda, 1, reloj="2027-01-09T09:00:00+01:00")
    cancelar(agenda, agenda.reservar().json["id"])
    portal = clinica.como("cliente")
    assert [uno["id"] for uno in portal.get("/lista-espera").json["datos"]] == [propia]
    assert portal.get(f"/lista-espera/{de_otra}").status_code == 404
    assert portal.post(f"/lista-espera/{de_otra}/aceptacion", reloj=ANTES).status_code == 404
    vista = portal.get(f"/lista-espera/{propia}", reloj=ANTES).json
    assert not {"cliente", "cliente_id", "prioridad", "paciente"} & set(vista)
    assert portal.post(f"/lista-espera/{propia}/aceptacion", reloj=ANTES).json["estado"] == "convertida"
    assert portal.delete(f"/lista-espera/{propia}", version="*").status_code == 409
