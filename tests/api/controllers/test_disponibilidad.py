"""Disponibilidad por HTTP: quién, dónde y con qué se puede atender."""

import pytest

from tests.agenda import VIERNES, agenda_de_mananas, excepcion, horas, pedir, poner_horario


@pytest.fixture
def agenda(clinica, propietario):
    return agenda_de_mananas(clinica, propietario)


def test_forma_de_un_hueco(agenda, clinica):
    respuesta = pedir(agenda)
    assert respuesta.status_code == 200, respuesta.text
    cuerpo = respuesta.json
    assert (cuerpo["zona_horaria"], cuerpo["duracion_min"], cuerpo["siguiente"]) == ("Europe/Madrid", 20, None)
    assert cuerpo["datos"][0] == {
        "inicio": "2027-01-15T09:00:00+01:00",
        "fin": "2027-01-15T09:20:00+01:00",
        "dia": VIERNES,
        "profesional_id": str(clinica.profesionales["veterinario"]),
        "profesional": "Persona veterinario",
        "auxiliar_id": None,
        "recursos": [agenda.salas[0]],
    }
    # De 9:00 a 13:40 cada cinco minutos: la cita cabe entera en el horario; su margen puede salirse.
    assert (len(cuerpo["datos"]), horas(respuesta)[-1]) == (57, "13:40")


def test_lo_ocupado_con_sus_margenes_no_se_ofrece(agenda):
    assert agenda.reservar(recursos=[agenda.salas[0]]).status_code == 201  # 10:00-10:20, ocupa hasta 10:25
    libres = horas(pedir(agenda))
    assert "09:35" in libres  # acaba con su margen justo a las 10:00
    assert not {"09:40", "10:00", "10:20"} & set(libres)
    assert "10:25" in libres


def test_si_la_primera_sala_esta_ocupada_se_ofrece_otra_y_sin_ninguna_nada(agenda, clinica):
    for n in (0, 1):
        cita = agenda.reservar(profesional_id=..., recursos=[agenda.salas[n]], paciente_id=agenda.pacientes[n])
        assert cita.status_code == 201, cita.text
        a_las_diez = [uno["recursos"] for uno in pedir(agenda).json["datos"] if "T10:00" in uno["inicio"]]
        assert a_las_diez == ([[agenda.salas[1]]] if n == 0 else [])


def test_una_sala_con_mas_plazas_admite_otra_cita_a_la_vez(agenda):
    admin = agenda.clinica.como("administrador")
    assert admin.delete(f"/recursos/{agenda.salas[1]}", version=1).status_code == 204
    assert admin.patch(f"/recursos/{agenda.salas[0]}", {"capacidad": 2}, version=1).status_code == 200
    for n, quedan in ((0, True), (1, False)):
        cita = agenda.reservar(profesional_id=..., recursos=[agenda.salas[0]], paciente_id=agenda.pacientes[n])
        assert cita.status_code == 201, cita.text
        assert ("10:00" in horas(pedir(agenda))) is quedan


@pytest.mark.parametrize("compartidos", [False, True])
def test_con_margenes_compartidos_basta_el_mayor_de_los_dos(agenda, propietario, compartidos):
    propietario.execute(
        "UPDATE sedes SET config = jsonb_build_object('buffers_compartidos', %s::boolean) WHERE id = %s",
        (compartidos, agenda.clinica.sede_id),
    )
    propietario.execute(
        "UPDATE tipos_cita SET buffer_antes_min = 10 WHERE id = %s", (agenda.tipos["consulta_general"],)
    )
    assert agenda.reservar(recursos=[agenda.salas[0]]).status_code == 201
    despues = next(hora for hora in horas(pedir(agenda)) if hora > "10:00")
    assert despues == ("10:30" if compartidos else "10:35")
    siguiente = agenda.reservar(inicio=f"{VIERNES}T{despues}:00+01:00", paciente_id=agenda.pacientes[1])
    assert siguiente.status_code == 201, siguiente.text


def test_el_paciente_no_se_ofrece_a_si_mismo_dos_veces(agenda, clinica):
    poner_horario(agenda, "veterinario2", "sede_id", [5], "09:00", "14:00")
    assert agenda.reservar(recursos=[agenda.salas[0]]).status_code == 201
    sin = horas(pedir(agenda, profesional_id=str(clinica.profesionales["veterinario2"])))
    con = horas(
        pedir(agenda, profesional_id=str(clinica.profesionales["veterinario2"]), paciente_id=agenda.pacientes[0])
    )
    # El paciente no lleva margen: acaba a las 10:20 y a las 10:20 puede empezar otra cosa.
    assert set(sin) - set(con) == {"09:45", "09:50", "09:55", "10:00", "10:05", "10:10", "10:15"}


def test_los_huecos_van_por_hora_y_nombre_y_se_filtran_por_profesional(agenda, clinica):
    poner_horario(agenda, "veterinario2", "sede_id", [5], "13:00", "15:00")
    todos = pedir(agenda).json["datos"]
    a_la_una = [uno["profesional"] for uno in todos if "T13:00" in uno["inicio"]]
    assert a_la_una == ["Persona veterinario", "Persona veterinario2"]
    assert [uno["inicio"] for uno in todos] == sorted(uno["inicio"] for uno in todos)
    ids = [str(clinica.profesionales[quien]) for quien in ("veterinario", "veterinario2")]
    assert pedir(agenda, profesional_id=ids).json["datos"] == todos
    solo = pedir(agenda, profesional_id=ids[1]).json["datos"]
    assert {uno["profesional_id"] for uno in solo} == {ids[1]}
    assert solo[0]["inicio"][11:16] == "13:00"


def test_quien_no_tiene_horario_en_la_sede_no_atiende_en_ella(agenda):
    assert horas(pedir(agenda, sede="sede2_id")) == []
    poner_horario(agenda, "veterinario2", "sede2_id", [5], "10:00", "11:00")
    sin_sala = pedir(agenda, sede="sede2_id")
    assert horas(sin_sala) == []  # la consulta pide sala y en Las Palmas no hay ninguna
    telefonica = pedir(agenda, sede="sede2_id", tipo="telefonica")
    assert telefonica.json["datos"][0]["inicio"] == "2027-01-15T10:00:00Z"
    assert telefonica.json["zona_horaria"] == "Atlantic/Canary"
    assert "10:00" not in [uno["inicio"][11:16] for uno in pedir(agenda, tipo="telefonica").json["datos"]
                           if uno["profesional"] == "Persona veterinario2"]  # fmt: skip


def test_lo_ocupado_en_una_sede_lo_esta_en_todas(agenda, clinica, propietario):
    poner_horario(agenda, "veterinario", "sede2_id", [5], "14:00", "18:00")
    cita = agenda.reservar(tipo_cita_id=agenda.tipos["telefonica"], sede_id=str(clinica.sede2_id),
                           inicio=f"{VIERNES}T15:00:00+00:00")  # fmt: skip
    assert cita.status_code == 201, cita.text
    propietario.execute("UPDATE horarios SET hora_fin = '20:00' WHERE sede_id = %s", (clinica.sede_id,))
    madrid = horas(pedir(agenda, tipo="telefonica"))
    assert "16:15" in madrid
    assert not {"15:50", "16:00", "16:10"} & set(madrid)


def test_cirugia_necesita_veterinario_auxiliar_y_quirofano(agenda, clinica):
    assert horas(pedir(agenda, tipo="cirugia_mayor")) == []
    quirofano = (
        clinica.como("administrador")
        .post("/recursos", {"sede_id": str(clinica.sede_id), "codigo": "Q", "nombre": "Quirófano", "tipo": "quirofano"})
        .json["id"]
    )
    hueco = pedir(agenda, tipo="cirugia_mayor").json["datos"][0]
    assert (hueco["auxiliar_id"], hueco["recursos"]) == (str(clinica.profesionales["auxiliar"]), [quirofano])
    excepcion(agenda, f"profesionales/{clinica.profesionales['auxiliar']}", tipo="formacion",
              hora_inicio="09:00", hora_fin="11:30")  # fmt: skip
    assert horas(pedir(agenda, tipo="cirugia_mayor"))[0] == "11:30"


def test_la_peluqueria_no_necesita_profesional(agenda, clinica):
    admin = clinica.como("administrador")
    assert horas(pedir(agenda, tipo="peluqueria")) == []
    mesa = {"sede_id": str(clinica.sede_id), "codigo": "P", "nombre": "Peluquería", "tipo": "peluqueria"}
    id = admin.post("/recursos", mesa).json["id"]
    assert horas(pedir(agenda, tipo="peluqueria"))[0] == "00:00"  # ni ella ni la sede tienen horario
    general = {"dia_semana": 5, "hora_inicio": "10:00", "hora_fin": "20:00", "desde": "2026-01-01"}
    assert admin.post(f"/sedes/{clinica.sede_id}/horarios", general).status_code == 201
    primero = pedir(agenda, tipo="peluqueria").json["datos"][0]
    assert (primero["inicio"][11:16], primero["profesional_id"], primero["recursos"]) == ("10:00", None, [id])
    propio = {**general, "hora_inicio": "16:00"}
    assert admin.post(f"/recursos/{id}/horarios", propio).status_code == 201
    assert horas(pedir(agenda, tipo="peluqueria"))[0] == "16:00"
