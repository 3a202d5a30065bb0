"""El filtro de vacunas vencidas y lo que las mueve: calendarios, territorios, parámetros y fichas técnicas."""

import pytest

from app.api.services import busqueda_pacientes_service
from tests.vacunas import animal, crear_vacuna, del_plan, puesta


@pytest.fixture
def luna(clinica):
    return animal(clinica, nacimiento="2023-01-01", nombre="Luna")


def _vencidos(como, consulta="vacuna_vencida=true", **opciones):
    datos = como("recepcion").get(f"/pacientes?{consulta}", **opciones).json["datos"]
    return {uno["nombre"] for uno in datos}


def test_vencida_es_desde_el_dia_siguiente(clinica, como, luna):
    animal(clinica, nombre="Sin vacunas")
    puesta(clinica, luna, crear_vacuna(clinica, "rabia"), "2025-11-22")
    assert _vencidos(como, reloj="2026-11-22T12:00:00+01:00") == set()
    assert _vencidos(como, reloj="2026-11-23T12:00:00+01:00") == {"Luna"}
    assert _vencidos(como, "vacuna_vencida=false") == {"Sin vacunas"}
    assert _vencidos(como, "vacuna_vencida=true&q=lun") == {"Luna"}
    assert _vencidos(como, "vacuna_vencida=false&q=lun") == set()


def test_da_lo_mismo_que_sean_pocos_o_muchos(clinica, como, luna, monkeypatch):
    otro = animal(clinica, nombre="Nube")
    animal(clinica, nombre="Sin vacunas")
    for paciente in (luna, otro):
        puesta(clinica, paciente, crear_vacuna(clinica, "rabia"), "2025-10-01")
    for pocos in (2, 1):
        monkeypatch.setattr(busqueda_pacientes_service, "POCOS_VENCIDOS", pocos)
        assert _vencidos(como) == {"Luna", "Nube"}


def test_cada_protocolo_por_separado_y_los_muertos_no_cuentan(clinica, como, luna):
    puesta(clinica, luna, crear_vacuna(clinica, "rabia"), "2025-10-01")
    puesta(clinica, luna, crear_vacuna(clinica, "perro_esencial"), "2026-11-20")
    assert _vencidos(como) == {"Luna"}
    como("veterinario").post(f"/pacientes/{luna}/fallecimiento", {"fecha_fallecimiento": "2026-11-20"})
    assert _vencidos(como) == set()
    assert _vencidos(como, "vacuna_vencida=false") == {"Luna"}
    como("administrador").post(f"/pacientes/{luna}/reversion-fallecimiento", {"motivo": "Error de registro"})
    assert _vencidos(como) == {"Luna"}


def test_la_siguiente_dosis_la_pone_al_dia(clinica, como, luna):
    rabia = crear_vacuna(clinica, "rabia")
    puesta(clinica, luna, rabia, "2025-10-01")
    puesta(clinica, luna, rabia, "2026-11-20")
    assert _vencidos(como) == set()


def _protocolo(api, codigo):
    return api.get(f"/protocolos-vacunales?codigo={codigo}").json["datos"][0]


def test_cambiar_un_protocolo_mueve_las_fechas_menos_las_fijadas_a_mano(clinica, como, luna):
    rabia, otro, vet = crear_vacuna(clinica, "rabia"), animal(clinica, nombre="Nube"), como("veterinario")
    suya = puesta(clinica, luna, rabia, "2026-06-01")
    a_mano = puesta(clinica, otro, rabia, "2026-06-01")
    vet.patch(f"/vacunaciones/{a_mano['id']}", {"fecha_proxima": "2028-01-01", "motivo": "Prueba"}, version=1)
    protocolo = _protocolo(vet, "rabia")
    cambio = vet.patch(
        f"/protocolos-vacunales/{protocolo['id']}", {"refuerzo_1_meses": 3}, version=protocolo["version"]
    )
    assert cambio.status_code == 200, cambio.text
    assert vet.get(f"/vacunaciones/{suya['id']}").json["fecha_proxima"] == "2026-09-01"
    assert vet.get(f"/vacunaciones/{a_mano['id']}").json["fecha_proxima"] == "2028-01-01"
    assert del_plan(clinica, luna, "rabia")["fecha_proxima"] == "2026-09-01"
    assert _vencidos(como) == {"Luna"}


def test_dar_de_baja_un_protocolo_lo_saca_del_plan(clinica, como, luna):
    suya, vet = puesta(clinica, luna, crear_vacuna(clinica, "rabia"), "2025-06-01"), como("veterinario")
    protocolo = _protocolo(vet, "rabia")
    assert vet.delete(f"/protocolos-vacunales/{protocolo['id']}", version=protocolo["version"]).status_code == 204
    assert "rabia" not in {uno["protocolo"] for uno in vet.get(f"/pacientes/{luna}/plan-vacunal").json["datos"]}
    assert vet.get(f"/vacunaciones/{suya['id']}").json["protocolos"] == []
    assert _vencidos(como) == set()


def test_un_requisito_territorial_mueve_las_fechas(clinica, como, luna):
    rabia, admin = crear_vacuna(clinica, "rabia", validez_meses=36), como("administrador")
    for fecha in ("2024-06-01", "2025-05-28"):
        suya = puesta(clinica, luna, rabia, fecha)
    assert suya["fecha_proxima"] == "2028-05-28"
    cuerpo = {"territorio": "ES-XX", "especie": "perro", "obligatoria": True, "periodicidad_meses": 12,
              "vigente_desde": "2020-01-01", "fuente": "Norma de prueba"}  # fmt: skip
    requisito = admin.post("/requisitos-territoriales", cuerpo).json

    def leida():
        return admin.get(f"/vacunaciones/{suya['id']}").json["fecha_proxima"]

    assert leida() == "2028-05-28"  # la sede aún no está en ese territorio
    admin.patch(f"/sedes/{clinica.sede_id}", {"territorio_sanitario": "ES-XX"}, version=1)
    assert leida() == "2026-05-28"
    assert _vencidos(como) == {"Luna"}
    ruta = f"/requisitos-territoriales/{requisito['id']}"
    cambiado = admin.patch(ruta, {"periodicidad_meses": 24}, version=1).json
    assert leida() == "2027-05-28"
    assert admin.delete(ruta, version=cambiado["version"]).status_code == 204
    assert leida() == "2028-05-28"


@pytest.mark.parametrize(
    ("parametro", "protocolo", "fechas", "antes", "despues"),
    [
        ("refuerzo_adulto_meses", "perro_esencial", ("2026-09-01", "2026-10-01"), "2027-10-01", "2027-04-01"),
        ("lepto_caducidad_meses", "leptospira", ("2025-11-01", "2026-09-01"), "2027-09-01", "2026-09-29"),
    ],
)
def test_un_parametro_de_la_organizacion_mueve_las_fechas(
    clinica, como, luna, parametro, protocolo, fechas, antes, despues
):
    producto, admin = crear_vacuna(clinica, protocolo), como("administrador")
    for fecha in fechas:
        suya = puesta(clinica, luna, producto, fecha)
    assert suya["fecha_proxima"] == antes
    version = admin.get("/organizacion").json["version"]
    admin.patch("/organizacion", {"config": {parametro: 6}}, version=version)
    assert admin.get(f"/vacunaciones/{suya['id']}").json["fecha_proxima"] == despues


def test_corregir_lo_que_cubre_o_dura_una_vacuna_mueve_las_fechas(clinica, como, luna):
    producto, admin = crear_vacuna(clinica, "rabia", validez_meses=12), como("administrador")
    for fecha in ("2024-06-01", "2025-05-28"):
        suya = puesta(clinica, luna, producto, fecha)
    ficha = admin.get(f"/productos/{producto}").json
    corregida = {**ficha["vacuna"], "validez_meses": 36}
    cambio = admin.patch(f"/productos/{producto}", {"vacuna": corregida}, version=ficha["version"])
    assert (cambio.status_code, cambio.json["version"]) == (200, ficha["version"] + 1), cambio.text
    assert admin.get(f"/vacunaciones/{suya['id']}").json["fecha_proxima"] == "2028-05-28"
    corregida["protocolos"] = ["perro_esencial"]
    admin.patch(f"/productos/{producto}", {"vacuna": corregida}, version=cambio.json["version"])
    leida = admin.get(f"/vacunaciones/{suya['id']}").json
    assert [uno["protocolo"] for uno in leida["protocolos"]] == ["perro_esencial"]


def test_el_resumen_dice_la_proxima_vacuna(clinica, como, luna):
    assert como("recepcion").get(f"/pacientes/{luna}/resumen").json["proxima_vacuna"]["estado"] == "pendiente"
    puesta(clinica, luna, crear_vacuna(clinica, "rabia"), "2025-10-01")
    proxima = como("recepcion").get(f"/pacientes/{luna}/resumen").json["proxima_vacuna"]
    assert proxima == {
        "protocolo": "rabia", "nombre": "Rabia", "fecha_proxima": "2026-10-01", "fase": "refuerzo_1",
        "numero_en_serie": 2, "estado": "vencida",
    }  # fmt: skip
    conejo = animal(clinica, "conejo")
    assert como("recepcion").get(f"/pacientes/{conejo}/resumen").json["proxima_vacuna"] is None
