"""Citas por HTTP: los casos C1–C14 del dominio y los pasos de una cita."""

import pytest

from tests.factories import preparar_agenda

V2 = "veterinario2"


@pytest.fixture
def agenda(clinica):
    return preparar_agenda(clinica)


def _v2(agenda):
    return str(agenda.clinica.profesionales[V2])


def test_c1_el_margen_tambien_ocupa(agenda):
    assert agenda.reservar().status_code == 201
    choque = agenda.reservar(inicio="2027-01-15T10:20:00+01:00", paciente_id=agenda.pacientes[1])
    assert (choque.status_code, choque.json["codigo"]) == (409, "CITA_SOLAPADA")
    assert choque.json["conflictos"] == [
        {
            "tipo": "profesional",
            "id": str(agenda.clinica.profesionales["veterinario"]),
            "inicio": "2027-01-15T10:00:00+01:00",
            "fin": "2027-01-15T10:25:00+01:00",
        }
    ]


def test_c2_al_acabar_el_margen_cabe_otra(agenda):
    assert agenda.reservar(recursos=[agenda.salas[0]]).status_code == 201
    otra = agenda.reservar(
        inicio="2027-01-15T10:25:00+01:00", paciente_id=agenda.pacientes[1], recursos=[agenda.salas[1]]
    )
    assert otra.status_code == 201, otra.text


def test_c3_un_paciente_no_esta_en_dos_sitios(agenda):
    assert agenda.reservar().status_code == 201
    choque = agenda.reservar(inicio="2027-01-15T10:10:00+01:00", profesional_id=_v2(agenda), recursos=[agenda.salas[1]])
    assert (choque.status_code, choque.json["conflictos"][0]["tipo"]) == (409, "paciente")


def test_c4_una_sala_de_capacidad_uno_no_se_comparte(agenda):
    previa = agenda.reservar(inicio="2027-01-15T09:50:00+01:00", profesional_id=_v2(agenda), recursos=[agenda.salas[0]])
    assert previa.status_code == 201
    choque = agenda.reservar(
        inicio="2027-01-15T10:10:00+01:00", paciente_id=agenda.pacientes[1], recursos=[agenda.salas[0]]
    )
    assert (choque.status_code, choque.json["conflictos"][0]["tipo"]) == (409, "recurso")


@pytest.mark.parametrize("accion", ["cancelacion", "no-presentacion"])
def test_c5_lo_cancelado_o_no_presentado_no_bloquea(agenda, accion):
    cita = agenda.reservar().json
    cuerpo = {"motivo": "No puede venir"} if accion == "cancelacion" else None
    paso = agenda.clinica.como("recepcion").post(
        f"/citas/{cita['id']}/{accion}", cuerpo, reloj="2027-01-15T10:16:00+01:00"
    )
    assert paso.status_code == 200, paso.text
    assert agenda.reservar(paciente_id=agenda.pacientes[1]).status_code == 201


def test_c6_la_cirugia_ocupa_sus_dos_margenes(agenda):
    cirugia = agenda.reservar(tipo_cita_id=agenda.tipos["cirugia_mayor"], inicio="2027-01-15T09:00:00+01:00")
    assert cirugia.status_code == 201
    assert cirugia.json["fin"] == "2027-01-15T11:00:00+01:00"
    otra = {"paciente_id": agenda.pacientes[1]}
    assert agenda.reservar(inicio="2027-01-15T11:10:00+01:00", **otra).status_code == 409
    assert agenda.reservar(inicio="2027-01-15T08:40:00+01:00", **otra).status_code == 409
    assert agenda.reservar(inicio="2027-01-15T11:20:00+01:00", **otra).status_code == 201


def test_c7_c8_y_c12_horas_que_no_existen_o_se_repiten(agenda):
    casos = [
        ("2027-03-28T02:30", "Europe/Madrid", "HORA_INEXISTENTE", None),
        ("2027-10-31T02:30", "Europe/Madrid", "HORA_AMBIGUA", {"+02:00": "2027-10-31T02:30:00+02:00", "+01:00": "2027-10-31T02:30:00+01:00"}),
        ("2027-09-05T00:30", "America/Santiago", "HORA_INEXISTENTE", None),
        ("2027-04-03T23:30", "America/Santiago", "HORA_AMBIGUA", {"-03:00": "2027-04-03T23:30:00-03:00", "-04:00": "2027-04-03T23:30:00-04:00"}),
    ]  # fmt: skip
    for hora, zona, codigo, opciones in casos:
        respuesta = agenda.reservar(hora_local=hora, zona_horaria=zona)
        assert (respuesta.status_code, respuesta.json["codigo"]) == (422, codigo), hora
        if opciones:
            assert {uno["desfase"]: uno["inicio"] for uno in respuesta.json["opciones"]} == opciones


def test_c9_las_dos_dos_y_media_no_chocan(agenda):
    tipo = agenda.tipos["urgencia"]
    cuerpo = {"tipo_cita_id": tipo, "hora_local": "2027-10-31T02:30", "zona_horaria": "Europe/Madrid"}
    primera = agenda.reservar(**cuerpo, desfase="+02:00", fin="2027-10-31T01:30:00+00:00")
    segunda = agenda.reservar(
        **cuerpo, desfase="+01:00", fin="2027-10-31T02:30:00+00:00", paciente_id=agenda.pacientes[1]
    )
    assert (primera.status_code, segunda.status_code) == (201, 201), (primera.text, segunda.text)
    assert (primera.json["inicio"], segunda.json["inicio"]) == (
        "2027-10-31T02:30:00+02:00",
        "2027-10-31T02:30:00+01:00",
    )


def test_c10_la_duracion_es_tiempo_real(agenda):
    cita = agenda.reservar(inicio="2027-03-28T01:45:00+01:00", tipo_cita_id=agenda.tipos["urgencia"])
    assert cita.json["fin"] == "2027-03-28T03:15:00+02:00"


def test_c11_el_mismo_profesional_en_dos_sedes(agenda):
    canarias = agenda.reservar(sede_id=str(agenda.clinica.sede2_id), hora_local="2027-01-15T10:00")
    assert canarias.status_code == 201, canarias.text
    assert canarias.json["zona_horaria"] == "Atlantic/Canary"
    madrid = agenda.reservar(inicio="2027-01-15T11:00:00+01:00", paciente_id=agenda.pacientes[1])
    assert madrid.status_code == 409


def test_c13_confirmar_una_solicitud_cuyo_hueco_se_ocupo(agenda):
    pedida = agenda.reservar(
        rol="cliente", tipo_cita_id=agenda.tipos["especialidad"], reloj="2027-01-10T09:00:00+01:00"
    )
    assert (pedida.status_code, pedida.json["estado"]) == (201, "solicitada"), pedida.text
    assert agenda.reservar(reloj="2027-01-10T10:00:00+01:00", paciente_id=agenda.pacientes[1]).status_code == 409
    tarde = "2027-01-11T10:00:00+01:00"
    assert agenda.reservar(reloj=tarde, paciente_id=agenda.pacientes[1]).status_code == 201
    recepcion = agenda.clinica.como("recepcion")
    assert recepcion.post(f"/citas/{pedida.json['id']}/confirmacion", reloj=tarde).status_code == 409
    assert recepcion.get(f"/citas/{pedida.json['id']}").json["estado"] == "solicitada"


def test_c14_la_tolerancia_del_no_presentado(agenda):
    cita = agenda.reservar().json
    recepcion = agenda.clinica.como("recepcion")
    pronto = recepcion.post(f"/citas/{cita['id']}/no-presentacion", reloj="2027-01-15T10:10:00+01:00")
    assert (pronto.status_code, pronto.json["codigo"]) == (422, "TOLERANCIA_NO_CUMPLIDA")
    assert recepcion.post(f"/citas/{cita['id']}/no-presentacion", reloj="2027-01-15T10:15:00+01:00").status_code == 200


def test_una_cita_de_principio_a_fin(agenda):
    cita = agenda.reservar().json
    recepcion, veterinario = agenda.clinica.como("recepcion"), agenda.clinica.como("veterinario")
    assert cita["estado"] == "confirmada"
    assert recepcion.post(f"/citas/{cita['id']}/llegada", reloj="2027-01-15T09:55:00+01:00").json["estado"] == "en_sala"
    cola = recepcion.get(f"/citas/cola?sede_id={agenda.clinica.sede_id}", reloj="2027-01-15T10:05:00+01:00").json
    assert [(uno["posicion"], uno["espera_min"], uno["cita"]["id"]) for uno in cola["datos"]] == [(1, 10, cita["id"])]
    assert veterinario.post(f"/citas/{cita['id']}/inicio", {}, reloj="2027-01-15T10:05:00+01:00").status_code == 200
    final = veterinario.post(f"/citas/{cita['id']}/finalizacion", reloj="2027-01-15T10:12:00+01:00").json
    assert (final["estado"], final["fin_real"]) == ("finalizada", "2027-01-15T10:12:00+01:00")
    assert [uno["accion"] for uno in final["historial_cambios"]] == ["alta", "llegada", "inicio", "finalizacion"]
    # Acabó antes: a las 10:17 (con el margen) ya cabe otra.
    assert agenda.reservar(inicio="2027-01-15T10:17:00+01:00", paciente_id=agenda.pacientes[1]).status_code == 201


TODAS = ("confirmacion", "reprogramacion", "cancelacion", "llegada", "inicio", "finalizacion", "no-presentacion")
PERMITIDAS = {
    "confirmada": {"reprogramacion", "cancelacion", "llegada", "no-presentacion"},
    "en_sala": {"inicio", "cancelacion"},
    "en_consulta": {"finalizacion"},
    "finalizada": set(),
    "cancelada": set(),
}
CAMINO = {"confirmada": [], "en_sala": ["llegada"], "en_consulta": ["llegada", "inicio"],
          "finalizada": ["llegada", "inicio", "finalizacion"], "cancelada": ["cancelacion"]}  # fmt: skip
CUERPOS = {
    "reprogramacion": {"inicio": "2027-01-16T10:00:00+01:00"},
    "cancelacion": {"motivo": "Se marcha"},
    "inicio": {},
}


@pytest.mark.parametrize("estado", PERMITIDAS)
def test_lo_que_no_cabe_en_cada_estado_es_409(agenda, estado):
    recepcion, hora = agenda.clinica.como("recepcion"), "2027-01-15T10:05:00+01:00"
    cita = agenda.reservar().json["id"]
    for paso in CAMINO[estado]:
        assert recepcion.post(f"/citas/{cita}/{paso}", CUERPOS.get(paso), reloj=hora).status_code == 200
    for accion in TODAS:
        if accion in PERMITIDAS[estado]:
            continue
        respuesta = recepcion.post(f"/citas/{cita}/{accion}", CUERPOS.get(accion), reloj=hora)
        assert (respuesta.status_code, respuesta.json["codigo"]) == (409, "TRANSICION_INVALIDA"), accion
        assert respuesta.json["estado_actual"] == estado
        assert set(respuesta.json["acciones_permitidas"]) == PERMITIDAS[estado]


def test_reprogramar_suelta_lo_viejo_y_toma_lo_nuevo(agenda):
    cita = agenda.reservar().json
    recepcion = agenda.clinica.como("recepcion")
    movida = recepcion.post(f"/citas/{cita['id']}/reprogramacion", {"inicio": "2027-01-15T12:00:00+01:00"})
    assert (movida.status_code, movida.json["inicio"]) == (200, "2027-01-15T12:00:00+01:00"), movida.text
    assert agenda.reservar(paciente_id=agenda.pacientes[1]).status_code == 201
    vuelta = recepcion.post(f"/citas/{cita['id']}/reprogramacion", {"inicio": "2027-01-15T10:00:00+01:00"})
    assert vuelta.status_code == 409
    assert recepcion.get(f"/citas/{cita['id']}").json["inicio"] == "2027-01-15T12:00:00+01:00"


def test_sin_cita_entra_en_la_cola_y_ocupa_al_empezar(agenda):
    ahora = "2027-01-15T10:05:00+01:00"
    assert agenda.reservar().status_code == 201
    llega = agenda.reservar(origen="sin_cita", inicio=..., paciente_id=agenda.pacientes[1], reloj=ahora)
    assert (llega.status_code, llega.json["estado"]) == (201, "en_sala"), llega.text
    recepcion = agenda.clinica.como("recepcion")
    assert recepcion.post(f"/citas/{llega.json['id']}/inicio", {}, reloj=ahora).status_code == 409
    con_v2 = recepcion.post(f"/citas/{llega.json['id']}/inicio", {"profesional_id": _v2(agenda)}, reloj=ahora)
    assert (con_v2.status_code, con_v2.json["profesional_id"]) == (200, _v2(agenda)), con_v2.text


def test_forzar_salta_al_profesional_si_el_tipo_lo_admite_pero_nunca_al_paciente(agenda):
    assert agenda.reservar().status_code == 201
    urgencia = {"tipo_cita_id": agenda.tipos["urgencia"], "forzar": True, "motivo_forzado": "Atropello"}
    assert agenda.reservar(**urgencia, paciente_id=agenda.pacientes[1], rol="veterinario").status_code == 403
    assert agenda.reservar(**{**urgencia, "motivo_forzado": ...}, paciente_id=agenda.pacientes[1]).status_code == 422
    assert agenda.reservar(**urgencia, paciente_id=agenda.pacientes[1]).status_code == 201
    assert agenda.reservar(**urgencia).status_code == 409
    consulta = {"forzar": True, "motivo_forzado": "Sin más", "paciente_id": agenda.pacientes[2]}
    assert agenda.reservar(**consulta).status_code == 409


def test_la_clave_de_idempotencia_es_obligatoria_y_repite_byte_a_byte(agenda):
    recepcion = agenda.clinica.como("recepcion")
    assert recepcion.post("/citas", agenda.datos()).status_code == 400
    una = recepcion.post("/citas", agenda.datos(), clave="k-1")
    otra = recepcion.post("/citas", agenda.datos(), clave="k-1")
    assert (una.status_code, una.data, otra.headers["Idempotency-Replayed"]) == (201, otra.data, "true")
    distinta = recepcion.post("/citas", agenda.datos(motivo="Otro"), clave="k-1")
    assert (distinta.status_code, distinta.json["codigo"]) == (422, "CLAVE_IDEMPOTENCIA_REUTILIZADA")
    rechazo = recepcion.post("/citas", agenda.datos(paciente_id=agenda.pacientes[1]), clave="k-2")
    repetido = recepcion.post("/citas", agenda.datos(paciente_id=agenda.pacientes[1]), clave="k-2")
    assert (rechazo.status_code, rechazo.data) == (409, repetido.data)


def test_el_portal_solo_reserva_lo_suyo_y_cancela_con_antelacion(agenda):
    cliente = agenda.clinica.como("cliente")
    assert (
        agenda.reservar(rol="cliente", tipo_cita_id=agenda.tipos["cirugia_mayor"]).json["codigo"]
        == "TIPO_NO_RESERVABLE"
    )
    cita = agenda.reservar(rol="cliente").json
    assert (cita["estado"], cita["origen"]) == ("confirmada", "portal")
    assert not {"notas_internas", "cliente_id", "forzada", "historial_cambios"} & set(cita)
    tarde = cliente.post(f"/citas/{cita['id']}/cancelacion", {}, reloj="2027-01-14T12:00:00+01:00")
    assert (tarde.status_code, tarde.json["codigo"]) == (422, "CANCELACION_FUERA_DE_PLAZO")
    assert cliente.post(f"/citas/{cita['id']}/cancelacion", {}, reloj="2027-01-14T09:00:00+01:00").status_code == 200
