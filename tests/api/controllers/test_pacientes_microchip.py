"""Microchip e identificación por HTTP: casos M1–M8, duplicados y lo que la ley española pide."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.factories import crear_clinica, crear_paciente, datos_paciente

CHIP = "724098100111917"


def _avisos(paciente):
    return {aviso["codigo"] for aviso in paciente["avisos"]}


@pytest.mark.parametrize(
    ("escrito", "guardado", "detalle"),
    [
        pytest.param("724 098 100 111 917", CHIP, ("pais", "724", "ES"), id="M1"),
        pytest.param("941000012345678", "941000012345678", ("fabricante", "941", None), id="M2"),
        pytest.param("724274877906943", "724274877906943", ("pais", "724", "ES"), id="M5"),
        pytest.param("900263000123456", "900263000123456", ("fabricante_compartido", "900", None), id="M8"),
        pytest.param("724-0981.0011 1917", CHIP, ("pais", "724", "ES"), id="separadores"),
    ],
)
def test_microchips_validos(clinica, escrito, guardado, detalle):
    luna = crear_paciente(clinica, microchip=escrito)
    leido = luna["microchip_detalle"]
    assert (luna["microchip"], leido["tipo_prefijo"], leido["prefijo"], leido["pais"]) == (guardado, *detalle)


@pytest.mark.parametrize(
    ("escrito", "codigo"),
    [
        pytest.param("98100001234567", "MICROCHIP_FORMATO", id="M3"),
        pytest.param("999000000000001", "MICROCHIP_PRUEBAS", id="M4"),
        pytest.param("724274877906944", "MICROCHIP_FUERA_DE_RANGO", id="M6"),
        pytest.param("000123456789012", "MICROCHIP_PREFIJO", id="M7"),
        pytest.param("AVID*012*345", "MICROCHIP_FORMATO", id="no ISO"),
        pytest.param("", "MICROCHIP_FORMATO", id="vacío"),
    ],
)
@pytest.mark.parametrize("al", ["alta", "edicion"])
def test_microchips_invalidos(clinica, como, escrito, codigo, al):
    api = como("recepcion")
    if al == "alta":
        respuesta = api.post("/pacientes", datos_paciente(clinica, microchip=escrito))
    else:
        luna = crear_paciente(clinica)
        respuesta = api.patch(f"/pacientes/{luna['id']}", {"microchip": escrito}, version=luna["version"])
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, codigo)
    assert respuesta.json["errores"][0]["campo"] == "/microchip"
    assert not escrito or escrito not in respuesta.text


@pytest.mark.parametrize(("chip", "aviso"), [
    ("899000012345678", "MICROCHIP_PAIS_DESCONOCIDO"), ("724000000000000", "MICROCHIP_NUMERO_CERO"),
])  # fmt: skip
def test_microchips_dudosos_se_admiten_con_aviso(clinica, chip, aviso):
    assert aviso in _avisos(crear_paciente(clinica, microchip=chip))


def test_el_duplicado_no_revela_nada_del_otro(clinica, como):
    otro = crear_paciente(clinica, nombre="Secreta", microchip=CHIP)
    choque = como("recepcion").post("/pacientes", datos_paciente(clinica, microchip=CHIP))
    assert (choque.status_code, choque.json["codigo"]) == (409, "MICROCHIP_DUPLICADO")
    for dato in ("Secreta", otro["id"], otro["codigo"], CHIP, "Carmen"):
        assert dato not in choque.text


def test_otra_organizacion_puede_tener_el_mismo_chip(clinica, vecina):
    crear_paciente(clinica, microchip=CHIP)
    assert crear_paciente(vecina, microchip=CHIP)["microchip"] == CHIP


def test_el_chip_queda_libre_al_fusionar_y_no_al_dar_de_baja(clinica, como):
    admin = como("administrador")
    viejo, queda = crear_paciente(clinica, microchip=CHIP), crear_paciente(clinica, microchip="941000012345678")
    nuevo = datos_paciente(clinica, microchip=CHIP)
    assert admin.delete(f"/pacientes/{viejo['id']}", version=viejo["version"]).status_code == 204
    assert admin.post("/pacientes", nuevo).json["codigo"] == "MICROCHIP_DUPLICADO"
    assert admin.post(f"/pacientes/{viejo['id']}/fusion", {"con_id": queda["id"]}).status_code == 200
    assert admin.post("/pacientes", nuevo).status_code == 201


@pytest.mark.lento
def test_veinte_altas_a_la_vez_con_el_mismo_chip_dejan_una(clinica, como):
    cuerpo = datos_paciente(clinica, microchip=CHIP)
    with ThreadPoolExecutor(20) as hilos:
        respuestas = list(hilos.map(lambda _: como("recepcion").post("/pacientes", cuerpo), range(20)))
    assert sorted(una.status_code for una in respuestas) == [201] + [409] * 19
    assert {una.json["codigo"] for una in respuestas if una.status_code == 409} == {"MICROCHIP_DUPLICADO"}
    assert len(como("recepcion").get(f"/pacientes?microchip={CHIP}").json["datos"]) == 1


def test_cambiar_el_chip_obliga_a_verificarlo_otra_vez(clinica, como):
    luna = crear_paciente(clinica, microchip=CHIP, verificado_lector=True)
    ruta, api = f"/pacientes/{luna['id']}", como("recepcion")
    assert "MICROCHIP_SIN_VERIFICAR" not in _avisos(luna)
    otro = api.patch(ruta, {"microchip": "941000012345678"}, version=luna["version"]).json
    assert (otro["verificado_lector"], "MICROCHIP_SIN_VERIFICAR" in _avisos(otro)) == (False, True)
    igual = api.patch(ruta, {"microchip": "941000012345678", "verificado_lector": True}, version=otro["version"]).json
    assert igual["verificado_lector"] is True


def test_los_chips_no_iso_y_el_pasaporte_se_guardan_como_vienen(clinica, como):
    otros = [{"tipo": "microchip_secundario", "valor": "AVID*012*345"}, {"tipo": "anilla", "valor": "ES 24 A-1"}]
    luna = crear_paciente(clinica, identificadores=otros, pasaporte_ue="es28abc01234567")
    leida = como("recepcion").get(f"/pacientes/{luna['id']}").json
    assert (leida["identificadores"], leida["pasaporte_ue"]) == (otros, "ES28ABC01234567")
    for malo in ("1S2801234567", "ES", "ES280123456789012", "ES-28"):
        respuesta = como("recepcion").post("/pacientes", datos_paciente(clinica, pasaporte_ue=malo))
        assert (respuesta.status_code, respuesta.json["errores"][0]["campo"]) == (422, "/pasaporte_ue")
    desconocido = datos_paciente(clinica, identificadores=[{"tipo": "tarjeta", "valor": "1"}])
    assert como("recepcion").post("/pacientes", desconocido).status_code == 422


@pytest.mark.parametrize(
    ("cambios", "avisa"),
    [
        ({"especie": "perro"}, True),
        ({"especie": "perro", "microchip": CHIP}, False),
        ({"especie": "huron"}, True),
        ({"especie": "gato"}, True),
        ({"especie": "ave_psitacida"}, True),
        ({"especie": "ave_psitacida", "identificadores": [{"tipo": "anilla", "valor": "ES24"}]}, False),
        ({"especie": "ave_psitacida", "microchip": CHIP}, True),
        ({"especie": "conejo"}, False),
        ({"especie": "bovino"}, False),
    ],
)
def test_en_espana_avisa_de_la_identificacion_obligatoria(clinica, cambios, avisa):
    assert ("SIN_IDENTIFICACION" in _avisos(crear_paciente(clinica, raza=..., **cambios))) is avisa


@pytest.mark.parametrize(
    ("cambios", "avisa"),
    [
        ({"fecha_nacimiento": "2026-05-23", "esterilizado": "no"}, True),
        ({"fecha_nacimiento": "2026-05-24", "esterilizado": "no"}, False),
        ({"fecha_nacimiento": "2024-05-02", "esterilizado": "desconocido"}, True),
        ({"fecha_nacimiento": "2024-05-02", "esterilizado": "si"}, False),
        ({"fecha_nacimiento": ..., "precision_nacimiento": ..., "esterilizado": "no"}, False),
        ({"especie": "perro", "fecha_nacimiento": "2024-05-02", "esterilizado": "no"}, False),
    ],
)
def test_en_espana_avisa_del_gato_sin_esterilizar_desde_los_seis_meses(clinica, cambios, avisa):
    gato = crear_paciente(clinica, **{"especie": "gato", "raza": ..., **cambios})
    assert ("GATO_SIN_ESTERILIZAR" in _avisos(gato)) is avisa


def test_los_avisos_espanoles_solo_rigen_en_espana_y_si_no_se_desactivan(app, clinica, como, propietario):
    gato = {"especie": "gato", "raza": ..., "esterilizado": "no"}
    legales = {"SIN_IDENTIFICACION", "GATO_SIN_ESTERILIZAR"}
    assert _avisos(crear_paciente(clinica, **gato)) >= legales
    propietario.execute("""UPDATE organizaciones SET config = '{"validaciones_pais": "desactivadas"}' WHERE id = %s""",
                        [clinica.id])  # fmt: skip
    assert not _avisos(crear_paciente(clinica, **gato)) & legales
    mexicana = crear_clinica(app, pais="MX")
    assert not _avisos(crear_paciente(mexicana, **gato)) & legales
    perdida = mexicana.como("recepcion").post(f"/pacientes/{crear_paciente(mexicana)['id']}/perdida", {})
    assert "COMUNICAR_PERDIDA" not in _avisos(perdida.json)
