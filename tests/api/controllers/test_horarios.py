"""Horarios y excepciones por HTTP: solapes, dos sedes, horario propio y avisos."""

import pytest

from tests.factories import preparar_agenda

FRANJA = {"dia_semana": 1, "hora_inicio": "09:00", "hora_fin": "14:00", "desde": "2026-12-01"}


@pytest.fixture
def ficha(clinica):
    return f"/profesionales/{clinica.profesionales['veterinario']}"


def _franja(clinica, sede="sede_id", **cambios):
    return {**FRANJA, "sede_id": str(getattr(clinica, sede)), **cambios}


def test_ciclo_de_una_franja(clinica, como, ficha):
    admin = como("administrador")
    alta = admin.post(f"{ficha}/horarios", _franja(clinica))
    assert alta.status_code == 201, alta.text
    assert (alta.json["hora_inicio"], alta.json["hora_fin"], alta.json["hasta"]) == ("09:00", "14:00", None)
    ruta = f"/horarios/{alta.json['id']}"
    assert alta.headers["Location"] == f"/api/v1{ruta}"
    editada = admin.patch(ruta, {"hora_fin": "15:30", "hasta": "2027-06-30"}, version=1)
    assert (editada.json["hora_fin"], editada.json["hasta"], editada.json["version"]) == ("15:30", "2027-06-30", 2)
    assert [uno["id"] for uno in como("recepcion").get(f"{ficha}/horarios").json["datos"]] == [alta.json["id"]]
    assert admin.delete(ruta, version=2).status_code == 204
    assert admin.get(ruta).status_code == 404


def test_las_franjas_se_listan_por_dia_y_hora(clinica, como, ficha):
    admin = como("administrador")
    for dia, inicio, fin in ((3, "09:00", "10:00"), (1, "16:00", "20:00"), (1, "09:00", "14:00")):
        cuerpo = _franja(clinica, dia_semana=dia, hora_inicio=inicio, hora_fin=fin)
        assert admin.post(f"{ficha}/horarios", cuerpo).status_code == 201
    primera = admin.get(f"{ficha}/horarios?limite=2").json
    segunda = admin.get(f"{ficha}/horarios?limite=2&cursor={primera['siguiente']}").json
    leidas = [(uno["dia_semana"], uno["hora_inicio"]) for uno in primera["datos"] + segunda["datos"]]
    assert leidas == [(1, "09:00"), (1, "16:00"), (3, "09:00")]


@pytest.mark.parametrize(
    ("cambios", "estado"),
    [
        pytest.param({"hora_inicio": "13:59", "hora_fin": "16:00"}, 422, id="pisa un minuto"),
        pytest.param({"hora_inicio": "14:00", "hora_fin": "16:00"}, 201, id="contigua"),
        pytest.param({"dia_semana": 2}, 201, id="otro dia"),
        pytest.param(
            {"dia_semana": 7, "hora_inicio": "22:00", "hora_fin": "09:30"}, 422, id="guardia que amanece en ella"
        ),
        pytest.param(
            {"dia_semana": 7, "hora_inicio": "22:00", "hora_fin": "09:00"}, 201, id="guardia que acaba al empezar"
        ),
        pytest.param({"desde": "2025-01-01", "hasta": "2026-11-30"}, 201, id="otras fechas"),
        pytest.param({"desde": "2025-01-01", "hasta": "2026-12-07"}, 422, id="un solo lunes en comun"),
    ],
)
def test_las_franjas_del_mismo_duenio_no_se_solapan(clinica, como, ficha, cambios, estado):
    admin = como("administrador")
    primera = admin.post(f"{ficha}/horarios", _franja(clinica)).json
    respuesta = admin.post(f"{ficha}/horarios", _franja(clinica, **cambios))
    assert respuesta.status_code == estado, respuesta.text
    if estado == 422:
        assert respuesta.json["codigo"] == "HORARIO_SOLAPADO"
        assert respuesta.json["conflictos"][0]["id"] == primera["id"]


@pytest.mark.parametrize(
    ("inicio", "fin", "estado"),
    [("08:00", "13:00", 422), ("12:59", "15:00", 422), ("13:00", "15:00", 201), ("14:00", "15:00", 201)],
)
def test_un_profesional_no_trabaja_en_dos_sedes_a_la_vez(clinica, como, ficha, inicio, fin, estado):
    """En Canarias es una hora menos: las 13:00 de allí son las 14:00 de Madrid."""
    admin = como("administrador")
    assert admin.post(f"{ficha}/horarios", _franja(clinica)).status_code == 201
    otra = admin.post(f"{ficha}/horarios", _franja(clinica, "sede2_id", hora_inicio=inicio, hora_fin=fin))
    assert otra.status_code == estado, otra.text


def test_al_editar_una_franja_no_choca_consigo_misma_pero_si_con_otra(clinica, como, ficha):
    admin = como("administrador")
    uno = admin.post(f"{ficha}/horarios", _franja(clinica)).json
    assert admin.post(f"{ficha}/horarios", _franja(clinica, hora_inicio="16:00", hora_fin="20:00")).status_code == 201
    assert admin.patch(f"/horarios/{uno['id']}", {"hora_fin": "15:00"}, version=1).status_code == 200
    choque = admin.patch(f"/horarios/{uno['id']}", {"hora_fin": "16:30"}, version=2)
    assert (choque.status_code, choque.json["codigo"]) == (422, "HORARIO_SOLAPADO")


@pytest.mark.parametrize("hora", ["9:00", "24:00", "09:60", "09:00:00", "09:00Z", 900, None])
def test_la_hora_es_hh_mm(clinica, como, ficha, hora):
    respuesta = como("administrador").post(f"{ficha}/horarios", _franja(clinica, hora_inicio=hora))
    assert (respuesta.status_code, respuesta.json["errores"][0]["campo"]) == (422, "/hora_inicio")


def test_el_horario_de_la_sede_y_el_de_un_recurso_no_llevan_sede_en_el_cuerpo(clinica, como):
    agenda, admin = preparar_agenda(clinica, pacientes=0), como("administrador")
    de_sede = admin.post(f"/sedes/{clinica.sede_id}/horarios", FRANJA)
    de_sala = admin.post(f"/recursos/{agenda.salas[0]}/horarios", FRANJA)
    assert (de_sede.status_code, de_sala.status_code) == (201, 201)
    assert (de_sede.json["recurso_id"], de_sala.json["recurso_id"]) == (None, agenda.salas[0])
    assert de_sala.json["sede_id"] == str(clinica.sede_id)
    assert admin.post(f"/sedes/{clinica.sede_id}/horarios", _franja(clinica)).status_code == 422
    assert len(admin.get(f"/sedes/{clinica.sede_id}/horarios").json["datos"]) == 1


def test_un_veterinario_solo_cambia_su_propio_horario(clinica, como, ficha):
    admin, vet = como("administrador"), como("veterinario")
    suyo = admin.post(f"{ficha}/horarios", _franja(clinica)).json
    otra = f"/profesionales/{clinica.profesionales['veterinario2']}"
    ajeno = admin.post(f"{otra}/horarios", _franja(clinica)).json
    de_sede = admin.post(f"/sedes/{clinica.sede_id}/horarios", FRANJA).json
    assert vet.patch(f"/horarios/{suyo['id']}", {"hora_fin": "13:00"}, version=1).status_code == 200
    assert vet.patch(f"/horarios/{ajeno['id']}", {"hora_fin": "13:00"}, version=1).status_code == 403
    assert vet.patch(f"/horarios/{de_sede['id']}", {"hora_fin": "13:00"}, version=1).status_code == 403
    assert vet.post(f"{ficha}/horarios", _franja(clinica, dia_semana=2)).status_code == 403
    assert vet.delete(f"/horarios/{suyo['id']}", version=2).status_code == 403
    vacaciones = {"tipo": "vacaciones", "desde": "2026-12-24", "hasta": "2026-12-31"}
    mias = vet.post(f"{ficha}/excepciones", vacaciones)
    assert mias.status_code == 201, mias.text
    assert vet.post(f"{otra}/excepciones", vacaciones).status_code == 403
    assert (
        vet.post(f"/sedes/{clinica.sede_id}/excepciones", {"tipo": "cierre", "desde": "2026-12-24"}).status_code == 403
    )
    assert vet.delete(f"/excepciones/{mias.json['id']}", version=1).status_code == 204


def test_la_sede_puede_no_dejar_que_cada_uno_cambie_su_horario(clinica, como, ficha, propietario):
    suyo = como("administrador").post(f"{ficha}/horarios", _franja(clinica)).json
    propietario.execute(
        "UPDATE sedes SET config = %s WHERE id = %s", ('{"edicion_horario_propio": false}', clinica.sede_id)
    )
    assert como("veterinario").patch(f"/horarios/{suyo['id']}", {"hora_fin": "13:00"}, version=1).status_code == 403
    assert como("administrador").patch(f"/horarios/{suyo['id']}", {"hora_fin": "13:00"}, version=1).status_code == 200


@pytest.mark.parametrize(
    ("duenio", "cuerpo", "codigo"),
    [
        ("sede", {"tipo": "vacaciones"}, "TIPO_NO_APLICABLE"),
        ("sede", {"tipo": "cierre", "hasta": "2026-12-23"}, "FECHAS_INCOHERENTES"),
        ("sede", {"tipo": "cierre", "hora_inicio": "10:00"}, "HORAS_INCOMPLETAS"),
        ("profesional", {"tipo": "guardia"}, "SEDE_REQUERIDA"),
    ],
)
def test_una_excepcion_incoherente_no_se_guarda(clinica, como, ficha, duenio, cuerpo, codigo):
    ruta = f"/sedes/{clinica.sede_id}" if duenio == "sede" else ficha
    respuesta = como("administrador").post(f"{ruta}/excepciones", {"desde": "2026-12-24", **cuerpo})
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, codigo)


def test_un_festivo_avisa_de_las_citas_que_deja_fuera(clinica, como):
    agenda = preparar_agenda(clinica)
    assert agenda.reservar(recursos=[agenda.salas[0]]).status_code == 201
    admin = como("administrador")
    vispera = admin.post(f"/sedes/{clinica.sede_id}/excepciones", {"tipo": "festivo", "desde": "2027-01-14"})
    assert (vispera.status_code, vispera.json["avisos"]) == (201, [])
    festivo = admin.post(f"/sedes/{clinica.sede_id}/excepciones", {"tipo": "festivo", "desde": "2027-01-15"})
    assert (festivo.status_code, festivo.json["hasta"]) == (201, "2027-01-15")
    assert [aviso["codigo"] for aviso in festivo.json["avisos"]] == ["CITAS_FUERA_DE_HORARIO"]
    assert festivo.json["avisos"][0]["mensaje"].endswith(": 1")
    fuera = agenda.reservar(inicio="2027-01-15T12:00:00+01:00", paciente_id=agenda.pacientes[1])
    assert (fuera.status_code, fuera.json["codigo"]) == (422, "FUERA_DE_HORARIO")


def test_recortar_una_franja_o_cerrar_una_sala_avisa_de_sus_citas(clinica, como, ficha):
    agenda, admin = preparar_agenda(clinica), como("administrador")
    assert agenda.reservar(recursos=[agenda.salas[0]]).status_code == 201  # viernes
    cierre = {"tipo": "cierre", "desde": "2027-01-15", "hora_inicio": "08:00", "hora_fin": "10:10"}
    otra, suya = (admin.post(f"/recursos/{sala}/excepciones", cierre).json for sala in reversed(agenda.salas))
    assert (len(otra["avisos"]), len(suya["avisos"])) == (0, 1)
    for franja in admin.get(f"{ficha}/horarios?sede_id={clinica.sede2_id}").json["datos"]:
        assert admin.delete(f"/horarios/{franja['id']}", version=1).status_code == 204
    franjas = admin.get(f"{ficha}/horarios?sede_id={clinica.sede_id}&dia_semana=5").json["datos"]
    recorte = admin.patch(f"/horarios/{franjas[0]['id']}", {"hora_fin": "10:10"}, version=1)
    assert [aviso["codigo"] for aviso in recorte.json["avisos"]] == ["CITAS_FUERA_DE_HORARIO"]


def test_borrar_una_franja_queda_en_la_auditoria(clinica, como, ficha, propietario):
    alta = como("administrador").post(f"{ficha}/horarios", _franja(clinica)).json
    assert como("administrador").delete(f"/horarios/{alta['id']}", version=1).status_code == 204
    asiento = propietario.execute(
        "SELECT cambios FROM auditoria WHERE recurso = 'horarios' AND accion = 'eliminar' AND recurso_id = %s",
        (alta["id"],),
    ).fetchone()
    assert asiento is not None
    assert asiento[0]["hora_fin"] == ["14:00:00", None]
