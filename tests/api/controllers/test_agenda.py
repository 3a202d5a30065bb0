"""Tipos de cita y recursos por HTTP: lo que se monta antes de dar la primera cita."""

import pytest

from tests.factories import preparar_agenda

TIPO = {"codigo": "revision_cachorros", "nombre": "Revisión de cachorros", "duracion_min": 20}


def test_alta_edicion_y_baja_de_un_tipo_de_cita(clinica, como):
    admin = como("administrador")
    alta = admin.post("/tipos-cita", {**TIPO, "especies": ["gato", "perro", "gato"], "precio_orientativo": "35.00"})
    assert alta.status_code == 201, alta.text
    assert (alta.json["especies"], alta.json["precio_orientativo"]) == (["gato", "perro"], "35.00")
    ruta = f"/tipos-cita/{alta.json['id']}"
    editado = admin.patch(ruta, {"duracion_min": 25, "precio_orientativo": None}, version=1)
    assert (editado.status_code, editado.json["duracion_min"], editado.json["version"]) == (200, 25, 2)
    assert admin.delete(ruta, version=2).status_code == 204
    assert admin.get("/tipos-cita").json["datos"] == []
    assert [uno["activo"] for uno in admin.get("/tipos-cita?incluir_inactivos=true").json["datos"]] == [False]


@pytest.mark.parametrize(
    ("cambios", "codigo", "campo"),
    [
        ({"duracion_min": 22}, "DURACION_NO_MULTIPLO", "/duracion_min"),
        ({"especies": ["perro", "dragon"]}, "ESPECIE_DESCONOCIDA", "/especies"),
        ({"codigo": "Con Espacios"}, "DATOS_INVALIDOS", "/codigo"),
        ({"color": "rojo"}, "DATOS_INVALIDOS", "/color"),
        ({"buffer_despues_min": 241}, "DATOS_INVALIDOS", "/buffer_despues_min"),
    ],
)
def test_un_tipo_de_cita_incoherente_no_se_guarda(clinica, como, cambios, codigo, campo):
    respuesta = como("administrador").post("/tipos-cita", {**TIPO, **cambios})
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, codigo)
    assert respuesta.json["errores"][0]["campo"] == campo


def test_el_codigo_de_un_tipo_de_cita_no_se_repite(clinica, como):
    assert como("administrador").post("/tipos-cita", TIPO).status_code == 201
    otra = como("administrador").post("/tipos-cita", TIPO)
    assert (otra.status_code, otra.json["codigo"]) == (409, "TIPO_CITA_DUPLICADO")


def test_sembrar_dos_veces_no_repite_los_tipos_de_cita(clinica, como):
    preparar_agenda(clinica, pacientes=0)
    from app.api.services.tipos_cita_service import sembrar_tipos_cita
    from app.config.database import transaction
    from app.utils.context import Contexto, iniciar

    iniciar(Contexto(organizacion_id=clinica.id))
    with transaction():
        sembrar_tipos_cita()
    iniciar(Contexto())
    tipos = como("recepcion").get("/tipos-cita?limite=100&orden=codigo").json["datos"]
    assert len(tipos) == 19
    assert next(uno for uno in tipos if uno["codigo"] == "cirugia_mayor")["buffer_despues_min"] == 20


def test_el_portal_solo_ve_los_tipos_que_puede_reservar(clinica, como):
    agenda = preparar_agenda(clinica, pacientes=0)
    portal = como("cliente")
    vistos = portal.get("/tipos-cita?limite=100").json["datos"]
    assert {"consulta_general", "peluqueria"} <= {uno["codigo"] for uno in vistos}
    assert not {"urgencia", "cirugia_mayor"} & {uno["codigo"] for uno in vistos}
    assert set(vistos[0]) == {
        "id", "codigo", "nombre", "duracion_min", "especies", "requiere_confirmacion", "antelacion_min_h",
        "antelacion_max_dias", "precio_orientativo", "instrucciones", "version",
    }  # fmt: skip
    assert portal.get(f"/tipos-cita/{agenda.tipos['consulta_general']}").status_code == 200
    assert portal.get(f"/tipos-cita/{agenda.tipos['urgencia']}").status_code == 404
    consulta = agenda.tipos["consulta_general"]
    assert como("administrador").delete(f"/tipos-cita/{consulta}", version=1).status_code == 204
    assert portal.get(f"/tipos-cita/{consulta}").status_code == 404
    assert len(portal.get("/tipos-cita?limite=100&incluir_inactivos=true").json["datos"]) == len(vistos) - 1


def test_alta_y_filtros_de_recursos(clinica, como):
    admin = como("administrador")
    for sede, codigo, tipo in (
        (clinica.sede_id, "C1", "sala_consulta"),
        (clinica.sede_id, "Q1", "quirofano"),
        (clinica.sede2_id, "C1", "sala_consulta"),
    ):
        cuerpo = {"sede_id": str(sede), "codigo": codigo, "nombre": f"Sala {codigo}", "tipo": tipo}
        assert admin.post("/recursos", cuerpo).status_code == 201
    assert admin.post("/recursos", cuerpo).json["codigo"] == "RECURSO_DUPLICADO"
    leidos = como("auxiliar").get(f"/recursos?sede_id={clinica.sede_id}&tipo=quirofano").json["datos"]
    assert [(uno["codigo"], uno["capacidad"]) for uno in leidos] == [("Q1", 1)]
    assert len(como("auxiliar").get("/recursos").json["datos"]) == 3


def test_un_recurso_no_se_crea_en_la_sede_de_otro(clinica, vecina):
    cuerpo = {"sede_id": str(clinica.sede_id), "codigo": "C1", "nombre": "Sala", "tipo": "sala_consulta"}
    assert vecina.como("administrador").post("/recursos", cuerpo).status_code == 404


def test_no_se_quitan_plazas_ni_recursos_con_citas_por_delante(clinica, como):
    agenda = preparar_agenda(clinica, pacientes=2)
    admin, sala = como("administrador"), f"/recursos/{agenda.salas[0]}"
    assert admin.patch(sala, {"capacidad": 2}, version=1).status_code == 200
    assert agenda.reservar(recursos=[agenda.salas[0]]).status_code == 201
    # La sala ya admite dos a la vez: la segunda cita toma la plaza 2.
    segunda = agenda.reservar(
        paciente_id=agenda.pacientes[1],
        profesional_id=str(clinica.profesionales["veterinario2"]),
        recursos=[agenda.salas[0]],
    )
    assert segunda.status_code == 201, segunda.text
    choque = admin.patch(sala, {"capacidad": 1}, version=2)
    assert (choque.status_code, choque.json["codigo"]) == (409, "CAPACIDAD_EN_USO")
    baja = admin.delete(sala, version=2)
    assert (baja.status_code, baja.json["codigo"]) == (409, "RECURSO_EN_USO")
    despues = "2027-01-16T10:00:00+01:00"
    assert admin.patch(sala, {"capacidad": 1}, version=2, reloj=despues).status_code == 200
    assert admin.delete(sala, version=3, reloj=despues).status_code == 204
