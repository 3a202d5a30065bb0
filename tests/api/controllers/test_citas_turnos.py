"""Quien va a soltar o mover un hueco espera su turno antes de tocarlo: así no se interbloquea con quien reserva."""

from uuid import UUID

import pytest

from app.api.services.ocupacion_service import clave_de_turno
from tests.esperas import esperando_a
from tests.factories import preparar_agenda

ANTES, DURANTE = "2027-01-15T09:55:00+01:00", "2027-01-15T10:15:00+01:00"
OTRO_DIA = {"inicio": "2027-01-16T10:00:00+01:00"}
LLEGADA = ("recepcion", "/citas/{cita}/llegada", None, ANTES)
NO_VINO = ("recepcion", "/citas/{cita}/no-presentacion", None, DURANTE)
# Lo que se hace con una cita de alguien, en una sala, con su paciente; y de quiénes ha de esperar el turno.
TODOS = ("suyo", "sala", "paciente")
PASOS = {
    "cancelar": (TODOS, [("recepcion", "/citas/{cita}/cancelacion", {"motivo": "No puede"}, None)]),
    "reprogramar": (TODOS, [("recepcion", "/citas/{cita}/reprogramacion", OTRO_DIA, None)]),
    "pasarla a otros": (
        (*TODOS, "otro", "otra sala"),
        [
            (
                "recepcion",
                "/citas/{cita}/reprogramacion",
                {**OTRO_DIA, "profesional_id": "{otro}", "recursos": ["{otra sala}"]},
                None,
            )
        ],
    ),
    "no vino": (TODOS, [NO_VINO]),
    "vuelve el ausente": (TODOS, [NO_VINO, ("recepcion", "/citas/{cita}/llegada", None, DURANTE)]),
    "empezar con otro": (
        (*TODOS, "otro"),
        [LLEGADA, ("veterinario", "/citas/{cita}/inicio", {"profesional_id": "{otro}"}, ANTES)],
    ),
    "acabar": (
        TODOS,
        [
            LLEGADA,
            ("veterinario", "/citas/{cita}/inicio", {}, ANTES),
            ("veterinario", "/citas/{cita}/finalizacion", None, "2027-01-15T10:05:00+01:00"),
        ],
    ),
    "murió": (
        TODOS,
        [("veterinario", "/pacientes/{paciente}/fallecimiento", {"fecha_fallecimiento": "2026-11-22"}, None)],
    ),
}


@pytest.fixture
def agenda(clinica):
    return preparar_agenda(clinica)


def _dar(agenda, paso, ids):
    rol, ruta, cuerpo, reloj = paso
    datos = cuerpo and {
        clave: [uno.format(**ids) for uno in valor] if isinstance(valor, list) else valor.format(**ids)
        for clave, valor in cuerpo.items()
    }
    return agenda.clinica.como(rol).post(ruta.format(**ids), datos, reloj=reloj)


def con_su_turno(propietario, ocupante, hacer):
    """Hace algo con el turno de ese ocupante cogido, y entra cuando lo espera."""
    turno = [clave_de_turno(UUID(str(ocupante)))]
    return esperando_a(propietario, "SELECT pg_advisory_xact_lock(%s)", turno, hacer)


def sin_tocar(propietario, cita):
    """Cuántas ocupaciones tiene la cita; falla si alguien que aún no ha acabado las borró o las cambió."""
    consulta = "SELECT id FROM ocupaciones WHERE cita_id = %s FOR UPDATE NOWAIT"
    return len(propietario.execute(consulta, [cita["id"]]).fetchall())


@pytest.mark.parametrize(("que", "de"), [(que, uno) for que, (de_quienes, _) in PASOS.items() for uno in de_quienes])
def test_espera_su_turno_antes_de_tocar_ningun_hueco(agenda, propietario, que, de):
    cita = agenda.reservar(recursos=[agenda.salas[0]]).json
    suyo, otro = (str(agenda.clinica.profesionales[uno]) for uno in ("veterinario", "veterinario2"))
    ids = {
        "cita": cita["id"], "paciente": agenda.pacientes[0], "suyo": suyo, "otro": otro, "sala": agenda.salas[0],
        "otra sala": agenda.salas[1],
    }  # fmt: skip
    *previos, ultimo = PASOS[que][1]
    for paso in previos:
        assert _dar(agenda, paso, ids).status_code == 200
    with con_su_turno(propietario, ids[de], lambda: _dar(agenda, ultimo, ids)) as respuestas:
        # Quien vuelve no tiene hueco que soltar: de él sólo se ve que espera el turno.
        assert sin_tocar(propietario, cita) == (0 if que == "vuelve el ausente" else 3)
    assert respuestas[0].status_code == 200, respuestas[0].text


def test_confirmar_tambien_espera_su_turno(agenda, propietario):
    cita = agenda.reservar(rol="cliente", tipo_cita_id=agenda.tipos["especialidad"]).json
    assert cita["estado"] == "solicitada"
    confirmar = ("recepcion", "/citas/{cita}/confirmacion", None, None)
    profesional = agenda.clinica.profesionales["veterinario"]
    with con_su_turno(propietario, profesional, lambda: _dar(agenda, confirmar, {"cita": cita["id"]})) as respuestas:
        assert sin_tocar(propietario, cita) == 2
    assert respuestas[0].status_code == 200, respuestas[0].text
