"""El plan vacunal por HTTP: los casos resueltos, su explicación y de qué depende."""

import pytest

from tests.casos_vacunales import CASOS
from tests.factories import crear_cliente, crear_paciente
from tests.vacunas import animal, crear_vacuna, del_plan, poner, puesta

ESCRITOS = ("perro_esencial", "gato_esencial", "rabia", "leptospira", "leucemia_felina", "leishmania")


def _territorio(clinica, meses, protocolo="rabia", **cambios):
    admin = clinica.como("administrador")
    sede = admin.get(f"/sedes/{clinica.sede_id}").json
    admin.patch(f"/sedes/{clinica.sede_id}", {"territorio_sanitario": "ES-XX"}, version=sede["version"])
    cuerpo = {
        "territorio": "ES-XX", "especie": "perro", "protocolo": protocolo, "obligatoria": True, "edad_min_dias": 90,
        "periodicidad_meses": meses, "vigente_desde": "2020-01-01", "fuente": "Norma de prueba", **cambios,
    }  # fmt: skip
    respuesta = admin.post("/requisitos-territoriales", cuerpo)
    assert respuesta.status_code == 201, respuesta.text
    return respuesta.json


@pytest.mark.parametrize("caso", CASOS, ids=lambda caso: caso.nombre)
def test_los_casos_resueltos(clinica, caso):
    paciente = animal(clinica, caso.especie, str(caso.nacimiento))
    if caso.territorio:
        _territorio(clinica, caso.territorio)
    producto = crear_vacuna(clinica, caso.protocolo, validez_meses=caso.validez)
    reloj = f"{caso.hoy}T10:00:00+01:00"
    for fecha in caso.dosis:
        puesta(clinica, paciente, producto, fecha, reloj=reloj)
    toca = del_plan(clinica, paciente, caso.protocolo, reloj)
    assert (toca["fecha_proxima"], toca["fase"], toca["numero_en_serie"]) == (caso.fecha, caso.fase, caso.numero)
    assert (toca["estado"], toca["explicacion"]["codigo"]) == (caso.estado, caso.regla)
    assert toca["regla"] == caso.regla.split(".")[0]
    assert tuple(n for n, una in enumerate(toca["dosis"]) if una["no_cuenta"]) == caso.no_cuentan
    resumen = clinica.como("recepcion").get(f"/pacientes/{paciente}", reloj=reloj).json["proximas_vacunas"]
    assert {"protocolo", "fecha_proxima", "fase", "numero_en_serie"} <= set(resumen[0])
    assert next(uno["fecha_proxima"] for uno in resumen if uno["protocolo"] == caso.protocolo) == caso.fecha


def test_v19_validez_para_viajar(clinica):
    paciente = animal(clinica, microchip="941000012345678", fecha_microchip="2026-11-23")
    vacuna = puesta(clinica, paciente, crear_vacuna(clinica, "rabia", validez_meses=36), "2026-11-23")
    assert (vacuna["valida_ue_desde"], vacuna["valida_ue_hasta"]) == ("2026-12-14", "2027-11-22")
    assert (vacuna["fecha_proxima"], vacuna["numero_en_serie"]) == ("2027-11-23", 1)


@pytest.mark.parametrize(
    "chip",
    [{}, {"microchip": "941000012345678"}, {"microchip": "941000012345678", "fecha_microchip": "2026-11-23"}],
)
def test_sin_microchip_anterior_no_vale_para_viajar_y_avisa(clinica, chip):
    paciente = animal(clinica, **chip)
    vacuna = puesta(clinica, paciente, crear_vacuna(clinica, "rabia"), "2026-11-22")
    assert (vacuna["valida_ue_desde"], vacuna["valida_ue_hasta"]) == (None, None)
    assert {"SIN_VALIDEZ_UE"} == {uno["codigo"] for uno in vacuna["avisos"]}


def test_apuntar_el_microchip_despues_da_validez_a_la_vacuna(clinica, como):
    paciente = animal(clinica)
    vacuna = puesta(clinica, paciente, crear_vacuna(clinica, "rabia"), "2026-11-22")
    ficha = como("recepcion").get(f"/pacientes/{paciente}").json
    chip = {"microchip": "941000012345678", "fecha_microchip": "2026-11-20"}
    como("recepcion").patch(f"/pacientes/{paciente}", chip, version=ficha["version"])
    assert como("veterinario").get(f"/vacunaciones/{vacuna['id']}").json["valida_ue_desde"] == "2026-12-13"


def test_cambiar_la_fecha_de_nacimiento_rehace_el_calendario(clinica, como):
    paciente = animal(clinica, nacimiento="2026-09-01")
    vacuna = puesta(clinica, paciente, crear_vacuna(clinica, "perro_esencial"), "2026-10-06")
    assert vacuna["numero_en_serie"] is None
    assert [uno["descarte"] for uno in vacuna["protocolos"]] == ["edad_insuficiente"]
    assert "DOSIS_NO_COMPUTA" in {uno["codigo"] for uno in vacuna["avisos"]}
    ficha = como("recepcion").get(f"/pacientes/{paciente}").json
    como("recepcion").patch(f"/pacientes/{paciente}", {"fecha_nacimiento": "2026-08-20"}, version=ficha["version"])
    leida = como("veterinario").get(f"/vacunaciones/{vacuna['id']}").json
    assert (leida["numero_en_serie"], leida["fecha_proxima"]) == (1, "2026-11-03")


def test_una_vacuna_puede_cubrir_varios_protocolos(clinica):
    paciente = animal(clinica, nacimiento="2022-03-10")
    octavalente = crear_vacuna(clinica, "perro_esencial", "leptospira")
    vacuna = puesta(clinica, paciente, octavalente, "2026-11-23")
    assert [uno["protocolo"] for uno in vacuna["protocolos"]] == ["leptospira", "perro_esencial"]
    assert vacuna["fecha_proxima"] == "2026-12-21"
    for protocolo in ("perro_esencial", "leptospira"):
        assert len(del_plan(clinica, paciente, protocolo)["dosis"]) == 1
    assert del_plan(clinica, paciente, "rabia")["dosis"] == []


def test_el_plan_trae_los_protocolos_de_la_especie_por_fecha(clinica, como):
    gato = animal(clinica, "gato", "2026-11-01")
    datos = como("cliente").get(f"/pacientes/{gato}/plan-vacunal").json["datos"]
    assert [uno["protocolo"] for uno in datos] == ["gato_esencial", "leucemia_felina", "rabia"]
    assert [uno["fecha_proxima"] for uno in datos] == sorted(uno["fecha_proxima"] for uno in datos)
    assert como("veterinario").get(f"/pacientes/{animal(clinica, 'conejo')}/plan-vacunal").json["datos"] == []


def test_el_territorio_es_el_de_su_sede_y_no_el_de_otro_paciente(clinica):
    _territorio(clinica, 12)
    producto = crear_vacuna(clinica, "rabia", validez_meses=36)
    suyo, otro = animal(clinica), animal(clinica)
    for paciente, sede, fecha in ((suyo, clinica.sede_id, "2025-11-01"), (otro, clinica.sede2_id, "2025-11-02")):
        for dia in (fecha.replace("2025", "2024"), fecha):
            puesta(clinica, paciente, producto, dia, sede_id=str(sede))
    assert del_plan(clinica, suyo, "rabia")["requisito"]["territorio"] == "ES-XX"
    assert del_plan(clinica, otro, "rabia")["requisito"] is None
    for paciente, fecha in ((suyo, "2026-11-01"), (otro, "2028-11-02")):
        ficha = clinica.como("veterinario").get(f"/pacientes/{paciente}").json["proximas_vacunas"]
        assert {uno["protocolo"]: uno["fecha_proxima"] for uno in ficha}["rabia"] == fecha


def test_la_ficha_y_el_plan_dicen_lo_mismo(clinica):
    varias = [crear_vacuna(clinica, uno) for uno in ("perro_esencial", "rabia", "leptospira")]
    paciente = animal(clinica, nacimiento="2024-05-02")
    for n, producto in enumerate(varias):
        puesta(clinica, paciente, producto, f"2024-09-0{n + 1}")
        una = puesta(clinica, paciente, producto, f"2025-10-0{n + 1}")
        if n == 0:
            a_mano = {"fecha_proxima": "2026-01-15", "motivo": "Viaja en enero"}
            fijada = clinica.como("veterinario").patch(f"/vacunaciones/{una['id']}", a_mano, version=una["version"])
            assert fijada.status_code == 200, fijada.text
    anulada = clinica.como("veterinario").post(
        f"/vacunaciones/{una['id']}/anulacion", {"motivo": "Se apuntó dos veces"}, version=una["version"]
    )
    assert anulada.status_code == 200, anulada.text
    for reloj in ("2026-01-15T10:00:00+01:00", "2027-06-01T10:00:00+02:00"):
        plan = clinica.como("veterinario").get(f"/pacientes/{paciente}/plan-vacunal", reloj=reloj).json["datos"]
        ficha = clinica.como("veterinario").get(f"/pacientes/{paciente}", reloj=reloj).json["proximas_vacunas"]
        assert ficha == [{campo: uno[campo] for campo in ficha[0]} for uno in plan]


def test_el_territorio_dice_si_es_obligatoria_y_desde_cuando(clinica):
    paciente = animal(clinica, nacimiento="2026-09-07")
    assert del_plan(clinica, paciente, "rabia")["requisito"] is None
    _territorio(clinica, 12)
    assert del_plan(clinica, paciente, "rabia")["requisito"] == {
        "territorio": "ES-XX", "obligatoria": True, "obligatoria_desde": "2026-12-06", "periodicidad_meses": 12,
        "fuente": "Norma de prueba",
    }  # fmt: skip


def test_rige_el_territorio_de_la_sede_que_lo_vacuno(clinica, como):
    paciente, producto = animal(clinica), crear_vacuna(clinica, "rabia", validez_meses=36)
    _territorio(clinica, 12)
    for fecha in ("2024-08-01", "2025-07-20"):
        puesta(clinica, paciente, producto, fecha, sede_id=str(clinica.sede2_id))
    assert del_plan(clinica, paciente, "rabia")["fecha_proxima"] == "2028-07-20"
    puesta(clinica, paciente, producto, "2026-07-20", sede_id=str(clinica.sede_id))
    assert del_plan(clinica, paciente, "rabia")["fecha_proxima"] == "2027-07-20"


def test_sin_dosis_rige_la_sede_habitual_de_su_titular(clinica, como):
    _territorio(clinica, 12)
    cliente = crear_cliente(clinica, sede_habitual_id=str(clinica.sede2_id))
    paciente = crear_paciente(clinica, cliente_id=cliente["id"])["id"]
    assert del_plan(clinica, paciente, "rabia")["requisito"] is None


def test_de_quien_ha_muerto_no_toca_nada(clinica, como):
    paciente = animal(clinica)
    como("veterinario").post(f"/pacientes/{paciente}/fallecimiento", {"fecha_fallecimiento": "2026-11-20"})
    assert como("veterinario").get(f"/pacientes/{paciente}/plan-vacunal").json["datos"] == []
    assert como("veterinario").get(f"/pacientes/{paciente}").json["proximas_vacunas"] == []
    negada = poner(clinica, paciente, crear_vacuna(clinica, "rabia"), "2026-11-01")
    assert (negada.status_code, negada.json["codigo"]) == (422, "PACIENTE_FALLECIDO")
