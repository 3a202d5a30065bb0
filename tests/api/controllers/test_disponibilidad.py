"""Disponibilidad por HTTP: qué huecos se ofrecen y por qué, y que todos se pueden reservar."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event

from tests.factories import crear_paciente, preparar_agenda

VIERNES = "2027-01-15"


@pytest.fixture
def agenda(clinica, propietario):
    """La agenda de siempre, con V1 y el auxiliar de 9 a 14 en Madrid y nadie más."""
    montada = preparar_agenda(clinica, pacientes=2)
    propietario.execute("DELETE FROM horarios WHERE organizacion_id = %s", (clinica.id,))
    for persona in ("veterinario", "auxiliar"):
        poner_horario(montada, persona, "sede_id", range(1, 8), "09:00", "14:00")
    return montada


def poner_horario(agenda, persona, sede, dias, inicio, fin, desde="2026-01-01"):
    """Una franja por día para esa persona en esa sede."""
    for dia in dias:
        respuesta = agenda.clinica.como("administrador").post(
            f"/profesionales/{agenda.clinica.profesionales[persona]}/horarios",
            {"sede_id": str(getattr(agenda.clinica, sede)), "dia_semana": dia, "hora_inicio": inicio,
             "hora_fin": fin, "desde": desde},
        )  # fmt: skip
        assert respuesta.status_code == 201, respuesta.text


def excepcion(agenda, ruta, **cuerpo):
    """Una excepción en la ruta dada: ``sedes``, ``recursos`` o ``profesionales``, con su id."""
    respuesta = agenda.clinica.como("administrador").post(f"/{ruta}/excepciones", {"desde": VIERNES, **cuerpo})
    assert respuesta.status_code == 201, respuesta.text


def pedir(agenda, rol="recepcion", tipo="consulta_general", dia=VIERNES, sede="sede_id", reloj=None, **parametros):
    """La respuesta de la disponibilidad de un día."""
    consulta = {"tipo_cita_id": agenda.tipos[tipo], "sede_id": str(getattr(agenda.clinica, sede)),
                "desde": dia, "hasta": dia, **parametros}  # fmt: skip
    return agenda.clinica.como(rol).get("/disponibilidad", query_string=consulta, reloj=reloj)


def horas(respuesta):
    """Los inicios ofrecidos, como HH:MM."""
    assert respuesta.status_code == 200, respuesta.text
    return [hueco["inicio"][11:16] for hueco in respuesta.json["datos"]]


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


def test_el_numero_de_lecturas_no_depende_de_cuantos_sean(agenda, clinica):
    from app.config.database import get_engine

    sentencias = []
    cada = lambda *argumentos: sentencias.append(argumentos[2])  # noqa: E731

    def cuantas(**parametros):
        sentencias.clear()
        assert pedir(agenda, paciente_id=agenda.pacientes[0], **parametros).status_code == 200
        return len(sentencias)

    event.listen(get_engine(), "before_cursor_execute", cada)
    try:
        pocas = cuantas()
        poner_horario(agenda, "veterinario2", "sede_id", range(1, 8), "09:00", "14:00")
        assert agenda.reservar(recursos=[agenda.salas[0]]).status_code == 201
        assert cuantas(hasta="2027-02-14") == pocas
    finally:
        event.remove(get_engine(), "before_cursor_execute", cada)


@pytest.mark.parametrize("tipo", ["consulta_general", "cirugia_menor", "peluqueria", "extraccion_muestras"])
def test_todo_lo_que_se_ofrece_se_puede_reservar(agenda, clinica, tipo):
    from app.api.services.agenda_service import dentro_de_horario, ocupado
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
            assert dentro_de_horario(quien, recursos, clinica.sede_id, inicio, fin)
            todos = [*recursos, *([quien] if quien else []), UUID(agenda.pacientes[0])]
            assert not any(ocupado(todos, inicio, fin).values())
        iniciar(Contexto())
    ultimo = huecos[-1]
    reserva = {campo: ultimo[campo] for campo in ("inicio", "profesional_id", "auxiliar_id", "recursos")}
    cita = agenda.reservar(tipo_cita_id=agenda.tipos[tipo], paciente_id=agenda.pacientes[0], **reserva)
    assert cita.status_code == 201, cita.text
    assert datetime.fromisoformat(cita.json["fin"]) - datetime.fromisoformat(cita.json["inicio"]) > timedelta(0)
