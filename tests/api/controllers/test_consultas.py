"""Una consulta abierta: quién la lleva, qué se escribe en ella y cómo se lista."""

from uuid import uuid4

import pytest

from tests.clinica import abrir, cerrar
from tests.factories import crear_clinica, crear_paciente


def problema(respuesta, estado, codigo, campo=None):
    assert (respuesta.status_code, respuesta.json["codigo"]) == (estado, codigo), respuesta.text
    if campo:
        assert respuesta.json["errores"][0]["campo"] == campo
    return True


def test_la_lleva_quien_la_abre_si_no_se_dice_otra_cosa(clinica, como):
    consulta = abrir(clinica)
    assert consulta["veterinario_id"] == str(clinica.profesionales["veterinario"])
    assert (consulta["estado"], consulta["tipo"], consulta["firma"]) == ("abierta", "consulta", None)
    assert consulta["inicio"] == "2026-11-23T10:00:00+01:00"
    otra = abrir(clinica, veterinario_id=str(clinica.profesionales["veterinario2"]))
    assert otra["veterinario"] == "Persona veterinario2"


@pytest.mark.parametrize(
    ("cambios", "estado", "codigo", "campo"),
    [
        ({"veterinario_id": "auxiliar"}, 422, "VETERINARIO_REQUERIDO", "/veterinario_id"),
        ({"veterinario_id": str(uuid4())}, 404, "NO_ENCONTRADO", None),
        ({"sede_id": str(uuid4())}, 404, "NO_ENCONTRADO", None),
        ({"cita_id": str(uuid4())}, 404, "NO_ENCONTRADO", None),
        ({"motivo_codigo": "M99"}, 422, "MOTIVO_DESCONOCIDO", "/motivo_codigo"),
        ({"inicio": "2026-11-23T11:00:00+01:00"}, 422, "FECHA_FUTURA", "/inicio"),
        ({"motivo": ""}, 422, "DATOS_INVALIDOS", "/motivo"),
    ],
)
def test_lo_que_no_se_admite_al_abrirla(clinica, como, cambios, estado, codigo, campo):
    if cambios.get("veterinario_id") == "auxiliar":
        cambios = {"veterinario_id": str(clinica.profesionales["auxiliar"])}
    cuerpo = {"sede_id": str(clinica.sede_id), "motivo": "Tos", **cambios}
    respuesta = como("veterinario").post(f"/pacientes/{crear_paciente(clinica)['id']}/consultas", cuerpo)
    assert problema(respuesta, estado, codigo, campo)


def test_a_un_fallecido_no_se_le_abre_pero_la_abierta_se_cierra(clinica, como):
    consulta = abrir(clinica)
    fallecimiento = {"fecha_fallecimiento": "2026-11-23"}
    assert (
        como("veterinario").post(f"/pacientes/{consulta['paciente_id']}/fallecimiento", fallecimiento).status_code
        == 200
    )
    cuerpo = {"sede_id": str(clinica.sede_id), "motivo": "Tos"}
    respuesta = como("veterinario").post(f"/pacientes/{consulta['paciente_id']}/consultas", cuerpo)
    assert problema(respuesta, 422, "PACIENTE_FALLECIDO")
    assert cerrar(clinica, consulta)["estado"] == "cerrada"


def test_se_corrige_mientras_esta_abierta_y_la_version_manda(clinica, como):
    consulta, veterinario = abrir(clinica), como("veterinario")
    ruta = f"/consultas/{consulta['id']}"
    editada = veterinario.patch(ruta, {"plan": "Gotas", "subjetivo": None}, version=1)
    assert (editada.json["plan"], editada.json["subjetivo"], editada.json["version"]) == ("Gotas", None, 2)
    assert problema(veterinario.patch(ruta, {"plan": "Otro"}, version=1), 412, "VERSION_OBSOLETA")
    otro = {"veterinario_id": str(clinica.profesionales["veterinario2"])}
    assert veterinario.patch(ruta, otro, version=2).json["veterinario"] == "Persona veterinario2"


def test_el_auxiliar_escribe_lo_que_cuenta_el_cliente_y_nada_mas(clinica, como):
    consulta, auxiliar = abrir(clinica), como("auxiliar")
    ruta = f"/consultas/{consulta['id']}"
    assert auxiliar.patch(ruta, {"subjetivo": "Come bien"}, version=1).json["subjetivo"] == "Come bien"
    respuesta = auxiliar.patch(ruta, {"subjetivo": "Come", "valoracion": "Sano"}, version=2)
    assert problema(respuesta, 403, "SOLO_SUBJETIVO", "/valoracion")
    assert auxiliar.post(f"{ruta}/constantes", {"temperatura": "38.5"}).status_code == 201
    assert problema(auxiliar.post(f"{ruta}/cierre", {}), 403, "SIN_PERMISO")


def test_avisa_de_la_que_lleva_un_dia_abierta(clinica, como):
    consulta, veterinario = abrir(clinica), como("veterinario")
    for reloj, codigos in (("2026-11-24T10:00:00+01:00", []), ("2026-11-24T10:00:01+01:00", ["CONSULTA_SIN_CERRAR"])):
        avisos = veterinario.get(f"/consultas/{consulta['id']}", reloj=reloj).json["avisos"]
        assert [uno["codigo"] for uno in avisos] == codigos
    cerrar(clinica, consulta)
    assert veterinario.get(f"/consultas/{consulta['id']}", reloj="2026-12-24T10:00:00+01:00").json["avisos"] == []


def test_se_anula_con_su_motivo_y_ya_no_se_escribe(clinica, como):
    consulta, veterinario = abrir(clinica), como("veterinario")
    ruta = f"/consultas/{consulta['id']}"
    assert problema(veterinario.post(f"{ruta}/anulacion", {}), 422, "DATOS_INVALIDOS", "/motivo")
    anulada = veterinario.post(f"{ruta}/anulacion", {"motivo": "Era otro animal"}).json
    assert (anulada["estado"], anulada["anulacion_motivo"]) == ("anulada", "Era otro animal")
    assert problema(veterinario.patch(ruta, {"plan": "x"}, version="*"), 409, "CONSULTA_ANULADA")
    assert problema(veterinario.post(f"{ruta}/constantes", {"temperatura": "38"}), 409, "CONSULTA_ANULADA")
    assert problema(veterinario.post(f"{ruta}/cierre", {}), 409, "TRANSICION_INVALIDA")


def test_una_cerrada_no_se_anula(clinica, como):
    consulta = cerrar(clinica, abrir(clinica))
    respuesta = como("veterinario").post(f"/consultas/{consulta['id']}/anulacion", {"motivo": "Por si acaso"})
    assert problema(respuesta, 409, "TRANSICION_INVALIDA")
    assert respuesta.json["acciones_permitidas"] == ["publicacion"]


def test_la_exploracion_omitida_no_se_exploro(clinica, como):
    consulta, veterinario = abrir(clinica), como("veterinario")
    ruta = f"/consultas/{consulta['id']}/exploracion"
    vacia = veterinario.get(ruta)
    assert len(vacia.json["sistemas"]) == 13
    assert {uno["estado"] for uno in vacia.json["sistemas"]} == {"no_explorado"}
    sistemas = [{"sistema": "ojos", "estado": "normal"}, {"sistema": "oidos", "estado": "anormal", "texto": "Eritema"}]
    puesta = veterinario.put(ruta, {"sistemas": sistemas}, version=1)
    assert puesta.headers["ETag"] == '"2"'
    vista = {uno["sistema"]: (uno["estado"], uno["texto"]) for uno in veterinario.get(ruta).json["sistemas"]}
    assert (vista["ojos"], vista["oidos"], vista["piel_pelo"]) == (
        ("normal", None), ("anormal", "Eritema"), ("no_explorado", None),
    )  # fmt: skip
    sin_texto = {"sistemas": [{"sistema": "ojos", "estado": "anormal"}]}
    respuesta = veterinario.put(ruta, sin_texto, version=2)
    assert respuesta.json["errores"][0]["codigo"] == "HALLAZGO_SIN_TEXTO"
    repetido = veterinario.put(ruta, {"sistemas": [sistemas[0], sistemas[0]]}, version=2)
    assert repetido.json["errores"][0]["codigo"] == "SISTEMA_REPETIDO"
    veterinario.put(ruta, {"sistemas": []}, version=2)
    assert {uno["estado"] for uno in veterinario.get(ruta).json["sistemas"]} == {"no_explorado"}


def test_la_lista_de_trabajo_es_de_las_sedes_de_quien_pide_y_no_dice_nada_clinico(app):
    clinica = crear_clinica(app, nombre="Trabajo")
    una, otra = abrir(clinica), abrir(clinica, sede_id=str(clinica.sede2_id), como="veterinario2")
    cerrar(clinica, una)
    for rol in ("administrador", "veterinario", "auxiliar", "recepcion"):
        lista = clinica.como(rol).get("/consultas")
        assert [uno["id"] for uno in lista.json["datos"]] == [otra["id"], una["id"]]
        assert "SECRETO" not in lista.text
    recepcion = clinica.como("recepcion")

    def ids(**filtro):
        return {uno["id"] for uno in recepcion.get("/consultas", query_string=filtro).json["datos"]}

    assert ids(estado="cerrada") == {una["id"]}
    assert ids(sede_id=str(clinica.sede2_id)) == {otra["id"]}
    assert ids(veterinario_id=str(clinica.profesionales["veterinario2"])) == {otra["id"]}
    assert ids(desde="2026-11-23", hasta="2026-11-23") == {una["id"], otra["id"]}
    assert ids(desde="2026-11-24") == ids(hasta="2026-11-22") == set()


def test_no_se_escribe_en_la_de_una_sede_ajena(clinica, como, propietario):
    consulta = abrir(clinica, sede_id=str(clinica.sede2_id))
    propietario.execute(
        "DELETE FROM usuarios_sedes WHERE usuario_id = %s AND sede_id = %s",
        [clinica.usuarios["veterinario2"], clinica.sede2_id],
    )
    from app.utils.authentication import forget_identities

    forget_identities()
    motivo = {"X-Motivo-Acceso": "Sustituci%C3%B3n"}
    respuesta = como("veterinario2").patch(f"/consultas/{consulta['id']}", {"plan": "x"}, version=1, headers=motivo)
    assert problema(respuesta, 403, "FUERA_DE_SUS_SEDES")
