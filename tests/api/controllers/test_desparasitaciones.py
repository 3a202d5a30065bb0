"""Desparasitaciones: la próxima según la pauta, qué se exige y cómo se anulan."""

import pytest

from tests.vacunas import animal, crear_vacuna


def _apuntar(api, paciente, tipo="interna", fecha="2026-11-20", **cambios):
    cuerpo = {"tipo": tipo, "fecha": fecha, "principios": ["praziquantel"], **cambios}
    return api.post(f"/pacientes/{paciente}/desparasitaciones", {k: v for k, v in cuerpo.items() if v is not ...})


@pytest.mark.parametrize(
    ("especie", "nacimiento", "fecha", "proxima"),
    [
        ("perro", "2026-09-01", "2026-11-23", "2026-12-07"),
        ("perro", "2026-08-31", "2026-11-23", "2026-12-23"),
        ("perro", "2026-05-24", "2026-11-23", "2026-12-23"),
        ("perro", "2026-05-23", "2026-11-23", "2027-02-23"),
        ("perro", None, "2026-11-23", "2027-02-23"),
        ("gato", "2026-09-22", "2026-11-23", "2026-12-07"),
        ("gato", "2026-09-21", "2026-11-23", "2026-12-23"),
    ],
)
def test_la_interna_segun_la_edad(clinica, como, especie, nacimiento, fecha, proxima):
    paciente = animal(clinica, especie, nacimiento)
    respuesta = _apuntar(como("veterinario"), paciente, fecha=fecha)
    assert (respuesta.status_code, respuesta.json["fecha_proxima"]) == (201, proxima)


def test_la_externa_segun_lo_que_dura(clinica, como):
    paciente, api = animal(clinica), como("veterinario")
    assert _apuntar(api, paciente, "externa", duracion_dias=84).json["fecha_proxima"] == "2027-02-12"
    sin_saber = _apuntar(api, paciente, "externa").json
    assert (sin_saber["fecha_proxima"], sin_saber["avisos"][0]["codigo"]) == (None, "SIN_PROXIMA_FECHA")
    mixta = _apuntar(api, paciente, "mixta").json
    assert (mixta["fecha_proxima"], mixta["avisos"][0]["codigo"]) == ("2027-02-20", "SIN_DURACION")
    assert _apuntar(api, paciente, "mixta", duracion_dias=30).json["fecha_proxima"] == "2026-12-20"


def test_sin_pauta_para_la_especie_avisa(clinica, como):
    respuesta = _apuntar(como("veterinario"), animal(clinica, "conejo")).json
    assert (respuesta["fecha_proxima"], respuesta["avisos"][0]["codigo"]) == (None, "SIN_PROXIMA_FECHA")


def test_hace_falta_un_producto_o_sus_principios(clinica, como):
    paciente, api = animal(clinica), como("veterinario")
    falta = _apuntar(api, paciente, principios=...)
    assert (falta.status_code, falta.json["codigo"]) == (422, "PRODUCTO_REQUERIDO")
    producto = crear_vacuna(clinica, "rabia")
    con_producto = _apuntar(api, paciente, principios=..., producto_id=producto).json
    assert (con_producto["producto_id"], con_producto["producto"]) == (producto, "Vacuna rabia")


@pytest.mark.parametrize(("fecha", "codigo"), [("2026-11-24", "FECHA_FUTURA"), ("2024-05-01", "FECHAS_INCOHERENTES")])
def test_ni_manana_ni_antes_de_nacer(clinica, como, fecha, codigo):
    respuesta = _apuntar(como("veterinario"), animal(clinica), fecha=fecha)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, codigo)


def test_a_quien_ha_muerto_no_se_le_apunta_nada(clinica, como):
    paciente, api = animal(clinica), como("veterinario")
    api.post(f"/pacientes/{paciente}/fallecimiento", {"fecha_fallecimiento": "2026-11-20"})
    assert _apuntar(api, paciente).json["codigo"] == "PACIENTE_FALLECIDO"


def test_se_anula_con_motivo_y_una_sola_vez(clinica, como):
    paciente, api = animal(clinica), como("veterinario")
    una = _apuntar(api, paciente).json
    ruta = f"/desparasitaciones/{una['id']}/anulacion"
    assert como("auxiliar").post(ruta, {"motivo": "Error de registro"}).status_code == 403
    assert api.post(ruta, {}).status_code == 422
    assert api.post(ruta, {"motivo": "Error de registro"}).json["anulacion_motivo"] == "Error de registro"
    otra = api.post(ruta, {"motivo": "Error de registro"})
    assert (otra.status_code, otra.json["codigo"]) == (409, "TRANSICION_INVALIDA")
    assert (otra.json["estado_actual"], otra.json["acciones_permitidas"]) == ("anulado", [])
    lista = f"/pacientes/{paciente}/desparasitaciones"
    assert api.get(lista).json["datos"] == []
    assert len(api.get(f"{lista}?incluir_anuladas=true").json["datos"]) == 1
    assert como("cliente").get(f"{lista}?incluir_anuladas=true").json["datos"] == []
    assert como("cliente").get(f"/desparasitaciones/{una['id']}").status_code == 404


@pytest.mark.parametrize(
    ("rol", "estado"), [("auxiliar", 201), ("recepcion", 201), ("administrador", 403), ("cliente", 403)]
)
def test_quien_la_apunta(clinica, como, rol, estado):
    assert _apuntar(como(rol), animal(clinica)).status_code == estado


def test_la_lista_de_la_sede_se_filtra(clinica, como):
    paciente, api = animal(clinica), como("veterinario")
    _apuntar(api, paciente, "externa", "2026-11-10", duracion_dias=30, sede_id=str(clinica.sede2_id))
    _apuntar(api, paciente, "interna", "2026-11-20", sede_id=str(clinica.sede_id))

    def tipos(consulta):
        return [uno["tipo"] for uno in api.get(f"/desparasitaciones?{consulta}").json["datos"]]

    assert tipos("") == ["interna", "externa"]
    assert tipos("tipo=externa") == tipos("hasta=2026-11-10") == tipos(f"sede_id={clinica.sede2_id}") == ["externa"]
    assert tipos("desde=2026-11-11") == ["interna"]


def test_la_cartilla_lo_reune_todo_por_lista_blanca(clinica, como):
    paciente = animal(clinica, microchip="941000012345678", fecha_microchip="2024-07-01")
    vet, rabia = como("veterinario"), crear_vacuna(clinica, "rabia", fabricante="Laboratorio")
    dosis = {"producto_id": rabia, "fecha": "2026-11-20", "lote": "A1", "caducidad_lote": "2027-06-30"}
    vet.post(f"/pacientes/{paciente}/vacunaciones", dosis)
    anulada = vet.post(f"/pacientes/{paciente}/vacunaciones", {**dosis, "fecha": "2026-11-10"}).json
    vet.post(f"/vacunaciones/{anulada['id']}/anulacion", {"motivo": "Error de registro"})
    _apuntar(vet, paciente, "externa", "2026-11-01", duracion_dias=30)
    _apuntar(vet, paciente, "mixta", "2026-10-01", duracion_dias=60)
    vet.post(f"/pacientes/{paciente}/pesos", {"peso_kg": "17.300", "metodo": "bascula"})
    cartilla = como("cliente").get(f"/portal/pacientes/{paciente}/cartilla").json
    assert set(cartilla) == {
        "paciente", "vacunas", "desparasitaciones", "pesos", "proximas_vacunas", "proximas_desparasitaciones",
    }  # fmt: skip
    assert (cartilla["paciente"]["nombre"], cartilla["paciente"]["microchip"]) == ("Luna", "941000012345678")
    assert "temperamento" not in cartilla["paciente"]
    (vacuna,) = cartilla["vacunas"]
    assert (vacuna["lote"], vacuna["fabricante"], vacuna["num_colegiado"]) == ("A1", "Laboratorio", "2801234")
    assert (vacuna["valida_ue_desde"], vacuna["valida_ue_hasta"]) == ("2026-12-11", "2027-11-19")
    assert [uno["tipo"] for uno in cartilla["desparasitaciones"]] == ["externa", "mixta"]
    assert [uno["peso_kg"] for uno in cartilla["pesos"]] == ["17.300"]
    assert [(uno["tipo"], uno["fecha"]) for uno in cartilla["proximas_desparasitaciones"]] == [
        ("interna", "2027-01-01"), ("externa", "2026-12-01"),
    ]  # fmt: skip
    assert "rabia" in {uno["protocolo"] for uno in cartilla["proximas_vacunas"]}


def test_la_cartilla_de_quien_ha_muerto_no_anuncia_nada(clinica, como):
    paciente = animal(clinica)
    como("veterinario").post(f"/pacientes/{paciente}/fallecimiento", {"fecha_fallecimiento": "2026-11-20"})
    cartilla = como("cliente").get(f"/portal/pacientes/{paciente}/cartilla").json
    assert (cartilla["proximas_vacunas"], cartilla["proximas_desparasitaciones"]) == ([], [])
