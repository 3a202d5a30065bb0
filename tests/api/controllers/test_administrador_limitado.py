"""Un administrador limitado a una sede manda en ella y en nada más: ni la organización, ni lo de las otras."""

from uuid import UUID

import pytest

from app.utils.authentication import forget_identities

SEDE = {"codigo": "SEV", "nombre": "Nervión", "zona_horaria": "Europe/Madrid", "territorio_fiscal": "ES-IVA"}
INTEGRACION = {"nombre": "Laboratorio", "ambitos": ["citas:leer"]}


@pytest.fixture
def admin(clinica):
    return clinica.como("administrador")


@pytest.fixture
def suya(clinica, admin):
    """La auxiliar, convertida en administradora de Madrid y nada más."""
    cambios = {"roles": ["administrador"], "sedes": [str(clinica.sede_id)]}
    assert admin.patch(f"/usuarios/{clinica.usuarios['auxiliar']}", cambios, version=1).status_code == 200
    forget_identities()
    return clinica.como("auxiliar")


def es(respuesta, estado, codigo):
    return (respuesta.status_code, respuesta.json["codigo"]) == (estado, codigo)


def alta(admin, *sedes: UUID):
    respuesta = admin.post("/integraciones", {**INTEGRACION, "sedes": [str(una) for una in sedes]})
    assert respuesta.status_code == 201, respuesta.text
    return respuesta.json


def test_no_concede_a_una_integracion_mas_de_lo_que_tiene(clinica, suya):
    for sedes in ([], [clinica.sede2_id], [clinica.sede_id, clinica.sede2_id]):
        respuesta = suya.post("/integraciones", {**INTEGRACION, "sedes": [str(una) for una in sedes]})
        assert es(respuesta, 403, "FUERA_DE_SUS_SEDES"), sedes
    propia = alta(suya, clinica.sede_id)
    for sedes in ([], [str(clinica.sede2_id)]):
        respuesta = suya.patch(f"/integraciones/{propia['id']}", {"sedes": sedes}, version=1)
        assert es(respuesta, 403, "FUERA_DE_SUS_SEDES"), sedes
    assert suya.patch(f"/integraciones/{propia['id']}", {"nombre": "Otro"}, version=1).status_code == 200


def test_solo_ve_y_toca_las_integraciones_de_su_sede(clinica, admin, suya):
    propia = alta(admin, clinica.sede_id)
    ajenas = [alta(admin), alta(admin, clinica.sede2_id), alta(admin, clinica.sede_id, clinica.sede2_id)]
    assert [una["id"] for una in suya.get("/integraciones").json["datos"]] == [propia["id"]]
    assert len(admin.get("/integraciones").json["datos"]) == 4
    for una in ajenas:
        ruta = f"/integraciones/{una['id']}"
        assert suya.get(ruta).status_code == 404
        assert suya.patch(ruta, {"ambitos": ["clientes:leer"]}, version=1).status_code == 404
        assert suya.post(f"{ruta}/rotacion").status_code == 404
        assert suya.delete(ruta, version=1).status_code == 404
    assert suya.post(f"/integraciones/{propia['id']}/rotacion").status_code == 200
    assert suya.delete(f"/integraciones/{propia['id']}", version=2).status_code == 204


def test_no_edita_ni_cierra_otra_sede(clinica, suya):
    ruta = f"/sedes/{clinica.sede2_id}"
    assert es(suya.patch(ruta, {"nombre": "Tomada"}, version=1), 403, "FUERA_DE_SUS_SEDES")
    assert es(suya.delete(ruta, version=1), 403, "FUERA_DE_SUS_SEDES")
    assert suya.patch(f"/sedes/{clinica.sede_id}", {"nombre": "Madrid centro"}, version=1).status_code == 200


def test_lo_de_toda_la_organizacion_es_de_quien_la_administra_entera(admin, suya):
    assert es(suya.post("/sedes", SEDE), 403, "SIN_PERMISO")
    version = suya.get("/organizacion").json["version"]
    respuesta = suya.patch("/organizacion", {"nombre": "Tomada"}, version=version)
    assert es(respuesta, 403, "SIN_PERMISO")
    assert "toda la organización" in respuesta.json["detail"]
    assert admin.post("/sedes", SEDE).status_code == 201
    assert admin.patch("/organizacion", {"nombre": "Otra"}, version=version).status_code == 200


def test_no_toca_la_ficha_ni_las_vacaciones_de_quien_trabaja_en_otra_sede(clinica, admin, suya):
    ficha = clinica.profesionales["veterinario"]
    vacaciones = {"tipo": "vacaciones", "desde": "2027-01-04", "hasta": "2027-01-08"}
    ajeno = suya.patch(f"/profesionales/{ficha}", {"agendable": False}, version=1)
    assert es(ajeno, 403, "FUERA_DE_SUS_SEDES")
    assert es(suya.post(f"/profesionales/{ficha}/excepciones", vacaciones), 403, "FUERA_DE_SUS_SEDES")
    puesta = admin.post(f"/profesionales/{ficha}/excepciones", vacaciones).json
    assert es(suya.delete(f"/excepciones/{puesta['id']}", version=1), 403, "FUERA_DE_SUS_SEDES")
    en_otra = {**vacaciones, "sede_id": str(clinica.sede2_id)}
    assert suya.post(f"/profesionales/{ficha}/excepciones", en_otra).status_code == 404
    # La suya propia y la de quien sólo trabaja en su sede, sí.
    usuario = clinica.usuarios["veterinario"]
    assert admin.patch(f"/usuarios/{usuario}", {"sedes": [str(clinica.sede_id)]}, version=1).status_code == 200
    assert suya.post(f"/profesionales/{ficha}/excepciones", vacaciones).status_code == 201
    assert suya.patch(f"/profesionales/{ficha}", {"agendable": False}, version=1).status_code == 200


def test_no_da_ficha_a_un_usuario_de_otra_sede(clinica, suya):
    datos = {"usuario_id": str(clinica.usuarios["recepcion"]), "nombre": "Ana", "categoria": "peluqueria"}
    assert es(suya.post("/profesionales", datos), 403, "FUERA_DE_SUS_SEDES")


def test_las_salas_y_el_horario_de_otra_sede_no_existen_para_el(clinica, admin, suya):
    sala = {"sede_id": str(clinica.sede2_id), "codigo": "S1", "nombre": "Sala", "tipo": "sala_consulta"}
    franja = {"dia_semana": 1, "hora_inicio": "09:00", "hora_fin": "14:00", "desde": "2026-01-01"}
    assert suya.post("/recursos", sala).status_code == 404
    ajena = admin.post("/recursos", sala).json
    assert suya.patch(f"/recursos/{ajena['id']}", {"nombre": "Tomada"}, version=1).status_code == 404
    assert suya.delete(f"/recursos/{ajena['id']}", version=1).status_code == 404
    for ruta in (f"/sedes/{clinica.sede2_id}", f"/recursos/{ajena['id']}"):
        assert suya.post(f"{ruta}/horarios", franja).status_code == 404
        assert suya.post(f"{ruta}/excepciones", {"tipo": "cierre", "desde": "2027-01-06"}).status_code == 404
    puesta = admin.post(f"/sedes/{clinica.sede2_id}/horarios", franja).json
    assert suya.delete(f"/horarios/{puesta['id']}", version=1).status_code == 404


def test_los_tipos_de_cita_son_comunes_y_los_lleva_cualquier_administrador(suya):
    tipo = {"codigo": "revision", "nombre": "Revisión", "duracion_min": 20}
    assert suya.post("/tipos-cita", tipo).status_code == 201
