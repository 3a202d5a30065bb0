"""Quién lee una receta: el titular la suya y emitida, la clínica con relación o diciendo por qué."""

import pytest

from tests.factories import crear_cliente, crear_clinica
from tests.recetario import con_telefono, crear_medicamento, datos_receta, emitida, linea, paciente_pesado, recetar

DEL_PORTAL = {
    "id", "numero", "estado", "fecha_emision", "valida_hasta", "sede_id", "veterinario", "paciente_id", "paciente",
    "indicacion", "advertencias", "lineas", "version",
}  # fmt: skip
DE_LA_LINEA = {
    "id", "medicamento_id", "medicamento", "cantidad_por_toma", "unidad", "via", "intervalo_h", "pauta_texto",
    "duracion_dias", "posologia", "cantidad_total", "envases", "envases_dispensados", "tiempo_espera",
}  # fmt: skip


@pytest.fixture
def clinica(app):
    clinica = crear_clinica(app, nombre="Acceso a recetas")
    con_telefono(clinica)
    return clinica


@pytest.fixture
def paciente(clinica):
    return paciente_pesado(clinica)


@pytest.fixture
def receta(clinica, paciente):
    return emitida(clinica, datos_receta(paciente, linea(crear_medicamento(clinica))))


def test_el_titular_ve_sus_emitidas_y_solo_lo_suyo(clinica, paciente, receta):
    recetar(clinica, datos_receta(paciente, linea(crear_medicamento(clinica))))
    portal = clinica.como("cliente")
    for ruta in ("/recetas", f"/pacientes/{paciente}/recetas"):
        (una,) = portal.get(ruta).json["datos"]
        assert set(una) == DEL_PORTAL
        assert set(una["lineas"][0]) == DE_LA_LINEA
    assert set(portal.get(f"/recetas/{receta['id']}").json) == DEL_PORTAL


def test_un_borrador_no_existe_para_el_titular(clinica, paciente):
    borrador = recetar(clinica, datos_receta(paciente, linea(crear_medicamento(clinica)))).json["id"]
    assert clinica.como("cliente").get(f"/recetas/{borrador}").status_code == 404
    assert clinica.como("cliente").get(f"/recetas/{borrador}/dispensaciones").status_code == 404


def test_tras_un_cambio_de_titular_el_antiguo_deja_de_verla(clinica, paciente, receta):
    nuevo = crear_cliente(clinica)["id"]
    entrega = clinica.como("veterinario").post(f"/recetas/{receta['id']}/dispensaciones", {}).json["id"]
    portal = clinica.como("cliente")
    assert portal.get(f"/dispensaciones/{entrega}").status_code == 200
    cambio = clinica.como("administrador").post(f"/pacientes/{paciente}/cambio-titular", {"cliente_id": nuevo})
    assert cambio.status_code == 200, cambio.text
    assert portal.get(f"/recetas/{receta['id']}").status_code == 404
    assert portal.get(f"/dispensaciones/{entrega}").status_code == 404
    assert portal.get("/recetas").json["datos"] == []


def test_sin_relacion_hay_que_decir_por_que_se_lee(clinica, paciente, receta):
    otra = clinica.como("veterinario2")
    entrega = clinica.como("veterinario").post(f"/recetas/{receta['id']}/dispensaciones", {}).json["id"]
    rutas = (
        f"/recetas/{receta['id']}", f"/pacientes/{paciente}/recetas", f"/recetas/{receta['id']}/dispensaciones",
        f"/dispensaciones/{entrega}",
    )  # fmt: skip
    for ruta in rutas:
        respuesta = otra.get(ruta)
        assert (respuesta.status_code, respuesta.json["codigo"]) == (403, "MOTIVO_REQUERIDO")
        assert otra.get(ruta, headers={"X-Motivo-Acceso": "Interconsulta"}).status_code == 200


def test_haber_recetado_es_relacion(clinica, receta):
    assert clinica.como("veterinario").get(f"/recetas/{receta['id']}").status_code == 200


def test_la_lista_de_trabajo_no_lleva_contenido_clinico(clinica, receta):
    (una,) = clinica.como("recepcion").get("/recetas").json["datos"]
    assert una["numero"] == receta["numero"]
    assert not {"indicacion", "lineas", "advertencias", "justificaciones"} & set(una)


def test_recetar_es_cosa_de_veterinarios(clinica, paciente, receta):
    for rol in ("administrador", "auxiliar", "recepcion", "cliente"):
        api = clinica.como(rol)
        assert api.post("/recetas", datos_receta(paciente)).status_code == 403
        assert api.post(f"/recetas/{receta['id']}/anulacion", {"motivo": "Porque sí"}).status_code == 403


def test_no_se_receta_en_una_sede_ajena(clinica, paciente, propietario):
    propietario.execute(
        "DELETE FROM usuarios_sedes WHERE usuario_id = %s AND sede_id = %s",
        [clinica.usuarios["veterinario2"], clinica.sede2_id],
    )
    cuerpo = datos_receta(paciente, linea(crear_medicamento(clinica)), sede_id=str(clinica.sede2_id))
    assert recetar(clinica, cuerpo, como="veterinario2").status_code == 404


def test_la_auditoria_no_cuenta_lo_recetado_a_quien_no_lee_historias(clinica, receta):
    apuntado = clinica.como("administrador").get("/auditoria?limite=100")
    assert "Pioderma" not in apuntado.text
    emision = next(uno for uno in apuntado.json["datos"] if uno["recurso"] == "recetas" and uno["accion"] == "editar")
    assert emision["cambios"]["estado"] == ["borrador", "emitida"]
