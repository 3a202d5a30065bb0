"""Vacunas puestas: qué se exige, de qué se avisa, cómo se anulan y quién las registra."""

import pytest

from tests.factories import crear_paciente
from tests.vacunas import animal, crear_vacuna, del_plan, poner, puesta


@pytest.fixture
def rabia(clinica):
    return crear_vacuna(clinica, "rabia", edad_min_semanas=12, validez_meses=36)


@pytest.fixture
def luna(clinica):
    return animal(clinica, microchip="941000012345678", fecha_microchip="2024-07-01")


def _codigos(respuesta):
    return {uno["codigo"] for uno in respuesta["avisos"]}


@pytest.mark.parametrize(("caducidad", "estado"), [("2026-11-19", 422), ("2026-11-20", 201), ("2026-11-21", 201)])
def test_el_lote_vale_hasta_su_ultimo_dia_incluido(clinica, luna, rabia, caducidad, estado):
    respuesta = poner(clinica, luna, rabia, "2026-11-20", caducidad_lote=caducidad)
    assert respuesta.status_code == estado
    if estado == 422:
        assert respuesta.json["codigo"] == "LOTE_CADUCADO"
        assert respuesta.json["errores"][0]["campo"] == "/caducidad_lote"


@pytest.mark.parametrize(
    ("fecha", "codigo"),
    [("2026-11-24", "FECHA_FUTURA"), ("2024-05-01", "FECHAS_INCOHERENTES")],
)
def test_ni_manana_ni_antes_de_nacer(clinica, luna, rabia, fecha, codigo):
    respuesta = poner(clinica, luna, rabia, fecha)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, codigo)
    assert poner(clinica, luna, rabia, "2026-11-23").status_code == 201


@pytest.mark.parametrize("campo", ["lote", "caducidad_lote"])
def test_solo_la_de_otro_centro_admite_lote_desconocido(clinica, luna, rabia, campo):
    falta = poner(clinica, luna, rabia, "2026-11-20", **{campo: ...})
    assert (falta.status_code, falta.json["codigo"]) == (422, "DATO_DE_VACUNA_REQUERIDO")
    assert falta.json["errores"][0]["campo"] == f"/{campo}"
    externa = puesta(clinica, luna, rabia, "2026-11-20", externa=True, **{campo: ...})
    assert (externa["externa"], externa["sede_id"], externa["veterinario_id"]) == (True, None, None)


def test_la_via_es_la_de_la_ficha_si_no_se_dice_otra(clinica, luna):
    sin_via = crear_vacuna(clinica, "leptospira", via=None)
    falta = poner(clinica, luna, sin_via, "2026-11-20")
    assert (falta.json["codigo"], falta.json["errores"][0]["campo"]) == ("DATO_DE_VACUNA_REQUERIDO", "/via")
    assert puesta(clinica, luna, sin_via, "2026-11-20", via="intramuscular")["via"] == "intramuscular"
    assert puesta(clinica, luna, crear_vacuna(clinica, "rabia"), "2026-11-20")["via"] == "subcutanea"


def test_avisa_de_la_edad_y_la_especie_de_la_ficha_tecnica(clinica, rabia):
    cachorro = animal(clinica, nacimiento="2026-09-01")
    joven = puesta(clinica, cachorro, rabia, "2026-11-23")
    assert _codigos(joven) == {"EDAD_INFERIOR_A_FICHA", "DOSIS_NO_COMPUTA"}
    assert (joven["fecha_proxima"], joven["numero_en_serie"]) == (None, None)
    assert del_plan(clinica, cachorro, "rabia")["dosis"][0]["no_cuenta"] == {
        "codigo": "edad_insuficiente",
        "mensaje": "No cuenta: se puso con 11 semanas y el protocolo pide 12",
    }
    conejo = puesta(clinica, animal(clinica, "conejo"), rabia, "2026-11-23")
    assert _codigos(conejo) == {"ESPECIE_FUERA_DE_FICHA"}
    assert (conejo["protocolos"], conejo["fecha_proxima"]) == ([], None)


def test_sin_protocolo_dura_lo_que_dice_su_ficha_tecnica(clinica, luna):
    tos = crear_vacuna(clinica, antigenos=["bordetella"], validez_meses=12)
    assert puesta(clinica, luna, tos, "2026-11-20")["fecha_proxima"] == "2027-11-20"


def test_un_producto_que_no_es_vacuna_o_esta_de_baja_no_se_pone(clinica, como, luna, rabia):
    gasas = {"sku": "GAS-1", "nombre": "Gasas", "tipo": "material", "unidad_base": "caja"}
    gasas = como("administrador").post("/productos", gasas).json["id"]
    assert poner(clinica, luna, gasas, "2026-11-20").json["codigo"] == "PRODUCTO_NO_ES_VACUNA"
    como("administrador").delete(f"/productos/{rabia}", version=1)
    assert poner(clinica, luna, rabia, "2026-11-20").json["codigo"] == "PRODUCTO_NO_ES_VACUNA"


def test_responde_el_veterinario_que_la_registra_u_otro_que_se_diga(clinica, luna, rabia):
    propia = puesta(clinica, luna, rabia, "2026-11-20")
    assert propia["veterinario_id"] == str(clinica.profesionales["veterinario"])
    assert propia["veterinario"] == "Persona veterinario"
    otro = str(clinica.profesionales["veterinario2"])
    assert puesta(clinica, luna, rabia, "2026-10-20", veterinario_id=otro)["veterinario_id"] == otro
    auxiliar = str(clinica.profesionales["auxiliar"])
    negada = poner(clinica, luna, rabia, "2026-09-20", veterinario_id=auxiliar)
    assert (negada.status_code, negada.json["codigo"]) == (422, "VETERINARIO_INVALIDO")


def test_el_auxiliar_solo_con_la_orden_de_un_veterinario(clinica, luna, rabia):
    sin_orden = poner(clinica, luna, rabia, "2026-11-20", como="auxiliar")
    assert (sin_orden.status_code, sin_orden.json["codigo"]) == (422, "ORDEN_VETERINARIA_REQUERIDA")
    de_auxiliar = {"orden_veterinario_id": str(clinica.profesionales["auxiliar"])}
    assert poner(clinica, luna, rabia, "2026-11-20", como="auxiliar", **de_auxiliar).status_code == 422
    orden = str(clinica.profesionales["veterinario"])
    con_orden = puesta(clinica, luna, rabia, "2026-11-20", como="auxiliar", orden_veterinario_id=orden)
    assert (con_orden["veterinario_id"], con_orden["orden_veterinario_id"]) == (orden, orden)


@pytest.mark.parametrize("rol", ["administrador", "recepcion", "cliente"])
def test_los_demas_no_registran_vacunas(clinica, luna, rabia, rol):
    assert poner(clinica, luna, rabia, "2026-11-20", como=rol).status_code == 403


def test_la_misma_dosis_dos_veces_no_entra_y_anulada_la_primera_si(clinica, como, luna, rabia):
    primera = puesta(clinica, luna, rabia, "2026-11-20")
    otra = poner(clinica, luna, rabia, "2026-11-20", lote="B-2")
    assert (otra.status_code, otra.json["codigo"]) == (409, "VACUNACION_DUPLICADA")
    como("veterinario").post(f"/vacunaciones/{primera['id']}/anulacion", {"motivo": "Era otro animal"})
    assert poner(clinica, luna, rabia, "2026-11-20").status_code == 201


def test_con_la_misma_clave_es_la_misma_vacuna(clinica, como, luna, rabia):
    cuerpo = {"producto_id": rabia, "fecha": "2026-11-20", "lote": "A1", "caducidad_lote": "2027-01-31"}
    una, dos = (como("veterinario").post(f"/pacientes/{luna}/vacunaciones", cuerpo, clave="doble-clic") for _ in "ab")
    assert (una.status_code, dos.data) == (201, una.data)
    assert dos.headers["Idempotency-Replayed"] == "true"


def test_anular_pide_motivo_y_la_anterior_vuelve_a_regir(clinica, como, luna, rabia):
    puesta(clinica, luna, rabia, "2025-11-20")
    segunda = puesta(clinica, luna, rabia, "2026-11-10")
    assert del_plan(clinica, luna, "rabia")["fecha_proxima"] == "2029-11-10"
    ruta, vet = f"/vacunaciones/{segunda['id']}/anulacion", como("veterinario")
    assert vet.post(ruta, {}).status_code == 422
    anulada = vet.post(ruta, {"motivo": "Apuntada en otro animal"})
    assert (anulada.status_code, anulada.json["anulacion_motivo"]) == (200, "Apuntada en otro animal")
    assert (anulada.json["protocolos"], anulada.json["fecha_proxima"]) == ([], None)
    plan = del_plan(clinica, luna, "rabia")
    assert (plan["fecha_proxima"], plan["estado"]) == ("2026-11-20", "vencida")
    assert plan["dosis"][1]["no_cuenta"]["codigo"] == "anulada"
    repetida = vet.post(ruta, {"motivo": "Otra vez"})
    assert (repetida.status_code, repetida.json["codigo"]) == (409, "TRANSICION_INVALIDA")


def test_las_anuladas_solo_se_ven_si_se_piden_y_nunca_en_el_portal(clinica, como, luna, rabia):
    una = puesta(clinica, luna, rabia, "2026-11-20")
    como("veterinario").post(f"/vacunaciones/{una['id']}/anulacion", {"motivo": "Error de registro"})
    ruta = f"/pacientes/{luna}/vacunaciones"
    assert como("veterinario").get(ruta).json["datos"] == []
    assert len(como("veterinario").get(f"{ruta}?incluir_anuladas=true").json["datos"]) == 1
    assert como("cliente").get(f"{ruta}?incluir_anuladas=true").json["datos"] == []
    assert como("cliente").get(f"/vacunaciones/{una['id']}").status_code == 404


def test_la_proxima_fecha_se_fija_a_mano_con_su_motivo(clinica, como, luna, rabia):
    una, vet = puesta(clinica, luna, rabia, "2026-11-20"), como("veterinario")
    ruta = f"/vacunaciones/{una['id']}"
    sin_motivo = vet.patch(ruta, {"fecha_proxima": "2027-03-01"}, version=1)
    assert (sin_motivo.status_code, sin_motivo.json["codigo"]) == (422, "PROXIMA_SIN_MOTIVO")
    pasada = vet.patch(ruta, {"fecha_proxima": "2026-11-20", "motivo": "Prueba"}, version=1)
    assert (pasada.status_code, pasada.json["codigo"]) == (422, "FECHAS_INCOHERENTES")
    fijada = vet.patch(ruta, {"fecha_proxima": "2027-03-01", "motivo": "Viaja en marzo"}, version=1)
    assert (fijada.json["fecha_proxima"], fijada.json["proxima_a_mano"]) == ("2027-03-01", True)
    # Lo fijado a mano no alarga ni acorta la validez legal.
    assert fijada.json["valida_ue_hasta"] == "2027-11-19"
    plan = del_plan(clinica, luna, "rabia")
    assert (plan["fecha_proxima"], plan["regla"]) == ("2027-03-01", "manual")
    calculada = vet.patch(ruta, {"fecha_proxima": None}, version=fijada.json["version"])
    assert (calculada.json["fecha_proxima"], calculada.json["proxima_a_mano"]) == ("2027-11-20", False)
    assert vet.patch(ruta, {"lote": "X"}, version=calculada.json["version"]).status_code == 422


def test_una_anulada_no_se_toca(clinica, como, luna, rabia):
    una, vet = puesta(clinica, luna, rabia, "2026-11-20"), como("veterinario")
    anulada = vet.post(f"/vacunaciones/{una['id']}/anulacion", {"motivo": "Error de registro"}).json
    cambio = {"fecha_proxima": "2027-03-01", "motivo": "Viaja en marzo"}
    respuesta = vet.patch(f"/vacunaciones/{una['id']}", cambio, version=anulada["version"])
    assert (respuesta.status_code, respuesta.json["codigo"]) == (409, "VACUNACION_ANULADA")


def test_poner_y_anular_cambian_la_version_del_paciente(clinica, como, luna, rabia):
    api, ruta = como("veterinario"), f"/pacientes/{luna}"
    versiones = [api.get(ruta).json["version"]]
    una = puesta(clinica, luna, rabia, "2026-11-20")
    versiones.append(api.get(ruta).json["version"])
    api.post(f"/vacunaciones/{una['id']}/anulacion", {"motivo": "Error de registro"})
    versiones.append(api.get(ruta).json["version"])
    assert len(set(versiones)) == 3


def test_la_lista_de_la_sede_se_filtra(clinica, como, luna, rabia):
    otra = crear_vacuna(clinica, "leptospira")
    puesta(clinica, luna, rabia, "2026-11-20", lote="R-1", sede_id=str(clinica.sede_id))
    puesta(clinica, luna, otra, "2026-11-10", lote="L-1", sede_id=str(clinica.sede2_id))
    api = como("veterinario")

    def lotes(consulta):
        return [uno["lote"] for uno in api.get(f"/vacunaciones?{consulta}").json["datos"]]

    assert lotes("") == ["R-1", "L-1"]
    assert lotes("lote=R-1") == lotes("protocolo=rabia") == lotes(f"producto_id={rabia}") == ["R-1"]
    assert lotes(f"sede_id={clinica.sede2_id}") == lotes("hasta=2026-11-10") == ["L-1"]
    assert lotes("desde=2026-11-11&hasta=2026-11-20") == ["R-1"]
    assert lotes("orden=fecha") == ["L-1", "R-1"]


def test_el_portal_ve_lo_suyo_por_lista_blanca(clinica, como, luna, rabia):
    una = puesta(clinica, luna, rabia, "2026-11-20", sitio="Hombro", peso_kg="17.300")
    vista = como("cliente").get(f"/vacunaciones/{una['id']}").json
    assert set(vista) == {
        "id", "paciente_id", "producto_id", "producto", "fabricante", "antigenos", "fecha", "lote", "via", "externa",
        "veterinario", "protocolos", "fecha_proxima", "numero_en_serie", "valida_ue_desde", "valida_ue_hasta", "version",
    }  # fmt: skip
    assert set(vista["protocolos"][0]) == {"protocolo", "numero_en_serie", "fecha_proxima"}
    ajena = crear_paciente(clinica, cliente_id=_otro_titular(como))["id"]
    suya = puesta(clinica, ajena, rabia, "2026-11-20")
    assert como("cliente").get(f"/vacunaciones/{suya['id']}").status_code == 404
    assert [uno["id"] for uno in como("cliente").get("/vacunaciones").json["datos"]] == [una["id"]]


def _otro_titular(como):
    cuerpo = {"tipo": "persona", "nombre": "Otra", "telefonos": [{"numero": "+34600000009"}]}
    return como("recepcion").post("/clientes", cuerpo).json["id"]


def test_al_fusionar_las_vacunas_pasan_al_destino_sin_repetirse(clinica, como, luna, rabia):
    doble = animal(clinica, nombre="Luna bis")
    for paciente in (luna, doble):
        puesta(clinica, paciente, rabia, "2025-11-20")
    puesta(clinica, doble, rabia, "2026-11-10")
    toma = {"tipo": "interna", "fecha": "2026-11-10", "principios": ["praziquantel"]}
    como("veterinario").post(f"/pacientes/{doble}/desparasitaciones", toma)
    fusion = como("veterinario").post(f"/pacientes/{doble}/fusion", {"con_id": luna})
    assert fusion.status_code == 200, fusion.text
    datos = como("veterinario").get(f"/pacientes/{luna}/vacunaciones").json["datos"]
    assert [(uno["fecha"], uno["numero_en_serie"]) for uno in datos] == [("2026-11-10", 2), ("2025-11-20", 1)]
    todas = como("veterinario").get(f"/pacientes/{luna}/vacunaciones?incluir_anuladas=true").json["datos"]
    assert [uno["anulacion_motivo"] for uno in todas if uno["anulado_en"]] == [
        "Repetida en la ficha con la que se fusionó"
    ]
    assert len(como("veterinario").get(f"/pacientes/{luna}/desparasitaciones").json["datos"]) == 1
    assert del_plan(clinica, luna, "rabia")["fecha_proxima"] == "2029-11-10"
