"""El motor de alertas al recetar y al administrar: qué para, qué se justifica y qué queda escrito."""

import pytest

from tests.factories import crear_clinica, crear_medicamento, preparar_medicacion
from tests.recetario import con_telefono, datos_administracion, datos_receta, linea, paciente_pesado, recetar

MDR1 = "Prueba MDR1 negativa 12/2025"


@pytest.fixture(scope="module")
def clinica(app):
    clinica = crear_clinica(app, nombre="Alertas al recetar")
    con_telefono(clinica)
    return clinica


@pytest.fixture(scope="module")
def principios(clinica):
    return preparar_medicacion(clinica)


@pytest.fixture(scope="module")
def farmaco(clinica, principios):
    hechos: dict[str, str] = {}

    def farmaco(codigo, **cambios):
        if codigo not in hechos:
            hechos[codigo] = crear_medicamento(clinica, {principios[codigo]: "50"}, nombre=codigo, **cambios)
        return hechos[codigo]

    return farmaco


def suya(medicamento, **cambios):
    return linea(medicamento, **{"cantidad_por_toma": "1", "duracion_dias": 5, "intervalo_h": 24, **cambios})


def codigos(respuesta):
    return {una["codigo"] for una in respuesta.json["alertas_medicacion"]}


def test_a1_paracetamol_en_gato_no_lo_justifica_nadie(clinica, farmaco):
    gato = paciente_pesado(clinica, "4.200", especie="gato", raza=...)
    cuerpo = datos_receta(
        gato, suya(farmaco("paracetamol"), dosis="10"), justificaciones=[{"codigo": "AL01", "motivo": MDR1}]
    )
    respuesta = recetar(clinica, cuerpo)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "ALERTAS_MEDICACION")
    assert "AL01" in codigos(respuesta)
    assert clinica.como("veterinario").get(f"/pacientes/{gato}/recetas").json["datos"] == []


def test_a2_ivermectina_en_collie_se_justifica_y_queda_escrito(clinica, farmaco, propietario):
    collie = paciente_pesado(clinica, "20.000", raza="collie")
    cuerpo = datos_receta(collie, suya(farmaco("ivermectina"), dosis="0.3"))
    rechazada = recetar(clinica, cuerpo)
    assert (rechazada.status_code, rechazada.json["codigo"]) == (422, "ALERTAS_MEDICACION")
    assert codigos(rechazada) == {"AL03"}
    justificada = {**cuerpo, "justificaciones": [{"codigo": "AL03", "motivo": MDR1}]}
    receta = recetar(clinica, justificada)
    assert receta.status_code == 201, receta.text
    assert "AL03" in codigos(receta)
    assert receta.json["justificaciones"][0]["motivo"] == MDR1
    apuntado = propietario.execute(
        "SELECT cambios FROM auditoria WHERE organizacion_id = %s AND accion = 'justificar_alertas'"
        " AND recurso_id = %s",
        [clinica.id, collie],
    ).fetchall()
    assert any(MDR1 in str(fila[0]) for fila in apuntado)
    emitida = clinica.como("veterinario").post(f"/recetas/{receta.json['id']}/emision")
    assert emitida.status_code == 200, emitida.text


def test_al_editar_la_linea_se_vuelve_a_mirar(clinica, farmaco):
    gato = paciente_pesado(clinica, "4.200", especie="gato", raza=...)
    receta = recetar(clinica, datos_receta(gato)).json
    cambio = {"lineas": [suya(farmaco("paracetamol"), dosis="10")]}
    respuesta = clinica.como("veterinario").patch(f"/recetas/{receta['id']}", cambio, version=1)
    assert respuesta.json["codigo"] == "ALERTAS_MEDICACION"


def test_al_emitir_se_vuelve_a_mirar(clinica, farmaco):
    """Al borrador no le pasaba nada; antes de emitirlo, el animal resulta alérgico."""
    perro = paciente_pesado(clinica, "20.000", raza="beagle")
    receta = recetar(clinica, datos_receta(perro, suya(farmaco("maropitant"), dosis="2")))
    assert receta.status_code == 201, receta.text
    alergia = {"agente_tipo": "principio_activo", "agente_ref": "maropitant", "gravedad": "anafilaxia"}
    assert clinica.como("veterinario").post(f"/pacientes/{perro}/alergias", alergia).status_code == 201
    respuesta = clinica.como("veterinario").post(f"/recetas/{receta.json['id']}/emision")
    assert respuesta.json["codigo"] == "ALERTAS_MEDICACION"
    assert "AL11" in codigos(respuesta)


def test_un_antibiotico_b_pide_su_justificacion(clinica, farmaco):
    perro = paciente_pesado(clinica, "20.000", raza="beagle")
    suyo = suya(farmaco("enrofloxacino"), dosis="5")
    cuerpo = datos_receta(perro, suyo, finalidad_antimicrobiana="terapeutica")
    respuesta = recetar(clinica, cuerpo)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "JUSTIFICACION_REQUERIDA")
    categoria = {"motivo": "Resistente a los de categoría C y D", "prueba_sensibilidad": "Antibiograma 2026-118"}
    receta = recetar(clinica, {**cuerpo, "justificacion_categoria": categoria})
    assert receta.status_code == 201, receta.text
    assert receta.json["justificacion_categoria"]["prueba_sensibilidad"] == "Antibiograma 2026-118"


def test_fuera_de_ficha_avisa_al_escribirla_y_al_corregirla(clinica, farmaco):
    perro = paciente_pesado(clinica, "20.000", raza="beagle")
    cuerpo = datos_receta(perro, suya(farmaco("maropitant"), dosis="2"))
    excepcional = recetar(clinica, {**cuerpo, "clase": "excepcional"})
    assert "AL15" in {uno["codigo"] for uno in excepcional.json["avisos"]}
    ordinaria = recetar(clinica, cuerpo).json
    assert "AL15" not in {uno["codigo"] for uno in ordinaria["avisos"]}
    ruta, cambio = f"/recetas/{ordinaria['id']}", {"clase": "excepcional"}
    corregida = clinica.como("veterinario").patch(ruta, cambio, version=1).json
    assert "AL15" in {uno["codigo"] for uno in corregida["avisos"]}


def test_al_administrar_tambien_se_mira(clinica, farmaco):
    gato = paciente_pesado(clinica, "4.200", especie="gato", raza=...)
    cuerpo = datos_administracion(gato, farmaco("paracetamol"))
    respuesta = clinica.como("veterinario").post("/administraciones", cuerpo, clave=True)
    assert respuesta.json["codigo"] == "ALERTAS_MEDICACION"


def test_lo_recien_recetado_cuenta_como_tratamiento(clinica, farmaco):
    """A3: con un corticoide en curso, un AINE avisa como grave."""
    perro = paciente_pesado(clinica, "20.000", raza="beagle")
    primera = recetar(clinica, datos_receta(perro, suya(farmaco("prednisolona"), dosis="1")))
    assert clinica.como("veterinario").post(f"/recetas/{primera.json['id']}/emision").status_code == 200
    respuesta = recetar(clinica, datos_receta(perro, suya(farmaco("meloxicam"), dosis="0.1")))
    assert respuesta.json["codigo"] == "ALERTAS_MEDICACION"
    assert "AL04" in codigos(respuesta)


def test_al_dispensar_se_justifica_lo_que_ha_cambiado(clinica, farmaco):
    perro = paciente_pesado(clinica, "20.000", raza="beagle")
    receta = recetar(clinica, datos_receta(perro, suya(farmaco("maropitant"), dosis="2"))).json["id"]
    veterinario = clinica.como("veterinario")
    assert veterinario.post(f"/recetas/{receta}/emision").status_code == 200
    alergia = {"agente_tipo": "principio_activo", "agente_ref": "maropitant", "gravedad": "leve"}
    veterinario.post(f"/pacientes/{perro}/alergias", alergia)
    rechazada = veterinario.post(f"/recetas/{receta}/dispensaciones", {})
    assert codigos(rechazada) == {"AL11"}
    motivo = {"codigo": "AL11", "motivo": "Reacción leve ya conocida por el dueño"}
    hecha = veterinario.post(f"/recetas/{receta}/dispensaciones", {"justificaciones": [motivo]})
    assert hecha.status_code == 201, hecha.text


def test_el_motivo_de_una_linea_no_pasa_a_otra_al_entregar_una_parte(clinica, farmaco):
    perro, veterinario = paciente_pesado(clinica, "20.000", raza="beagle"), clinica.como("veterinario")
    for agente in ("maropitant", "furosemida"):
        alergia = {"agente_tipo": "principio_activo", "agente_ref": agente, "gravedad": "leve"}
        assert veterinario.post(f"/pacientes/{perro}/alergias", alergia).status_code == 201
    dos = (suya(farmaco("maropitant"), dosis="2", via=...), suya(farmaco("furosemida"), dosis="2"))
    motivo = {"codigo": "AL11", "motivo": "Reacción leve ya conocida por el dueño", "linea": 1}
    # Una línea a medias, sin vía, no se mira todavía: el motivo sigue siendo el de la segunda.
    borrador = recetar(clinica, datos_receta(perro, *dos, justificaciones=[motivo]))
    assert borrador.status_code == 201, borrador.text
    enteras = [suya(farmaco("maropitant"), dosis="2"), dos[1]]
    falta = veterinario.patch(f"/recetas/{borrador.json['id']}", {"lineas": enteras}, version="*")
    assert [una["linea"] for una in falta.json["alertas_medicacion"]] == [0]
    ambos = {"lineas": enteras, "justificaciones": [motivo, {**motivo, "linea": 0}]}
    assert veterinario.patch(f"/recetas/{borrador.json['id']}", ambos, version="*").status_code == 200
    emitida = veterinario.post(f"/recetas/{borrador.json['id']}/emision")
    assert emitida.status_code == 200, emitida.text
    segunda = {"linea_receta_id": emitida.json["lineas"][1]["id"], "envases": 1}
    hecha = veterinario.post(f"/recetas/{borrador.json['id']}/dispensaciones", {"lineas": [segunda]})
    assert hecha.status_code == 201, hecha.text
    assert {una["linea"] for una in hecha.json["alertas_medicacion"]} == {1}


def test_dos_lotes_de_la_misma_linea_no_son_un_tratamiento_duplicado(clinica, farmaco):
    perro = paciente_pesado(clinica, "20.000", raza="beagle")
    receta = recetar(clinica, datos_receta(perro, suya(farmaco("meloxicam"), dosis="0.1", envases=2))).json
    veterinario, ruta = clinica.como("veterinario"), f"/recetas/{receta['id']}"
    assert veterinario.post(f"{ruta}/emision").status_code == 200
    lotes = [{"linea_receta_id": receta["lineas"][0]["id"], "envases": 1, "lote": lote} for lote in ("L-1", "L-2")]
    hecha = veterinario.post(f"{ruta}/dispensaciones", {"lineas": lotes})
    assert hecha.status_code == 201, hecha.text
    assert "AL13" not in {una["codigo"] for una in hecha.json.get("alertas_medicacion", [])}


def test_callar_la_dosis_no_esconde_que_se_pasa(clinica, farmaco):
    """Medio comprimido de 50 mg son 5 mg/kg en un gato de 5 kg: cien veces la de mantenimiento."""
    gato = paciente_pesado(clinica, "5.000", especie="gato", raza=...)
    cuerpo = datos_administracion(gato, farmaco("meloxicam"))
    respuesta = clinica.como("veterinario").post("/administraciones", cuerpo, clave=True)
    assert respuesta.json["codigo"] == "ALERTAS_MEDICACION"
    (alerta,) = respuesta.json["alertas_medicacion"]
    assert (alerta["codigo"], alerta["razon"], alerta["limite"]) == ("AL12", "25.00", "0.2")
    receta = recetar(clinica, datos_receta(gato, suya(farmaco("meloxicam"), cantidad_por_toma="0.5", unidad_dosis=...)))
    assert "AL12" in codigos(receta)
