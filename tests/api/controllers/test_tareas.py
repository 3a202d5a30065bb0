"""Las tareas que el sistema deja: se ven por vencimiento y se dan por hechas una vez."""

import pytest

from app.utils.authentication import forget_identities
from tests.factories import crear_cliente, crear_paciente


@pytest.fixture
def tareas(clinica, como):
    """Una de pérdida, que vence, y una de cambio de titular, que no."""
    luna, toby = crear_paciente(clinica), crear_paciente(clinica, nombre="Toby")
    como("administrador").post(f"/pacientes/{luna['id']}/cambio-titular", {"cliente_id": crear_cliente(clinica)["id"]})
    como("recepcion").post(f"/pacientes/{toby['id']}/perdida", {"perdido_desde": "2026-11-22"})
    return {"luna": luna["id"], "toby": toby["id"]}


def test_primero_las_que_antes_vencen(como, tareas):
    datos = como("recepcion").get("/tareas").json["datos"]
    vistas = [(una["tipo"], una["vence"], una["estado"], una["paciente_id"]) for una in datos]
    assert vistas == [
        ("comunicar_perdida", "2026-11-24", "pendiente", tareas["toby"]),
        ("comunicar_registro", None, "pendiente", tareas["luna"]),
    ]
    assert "Toby (PAC-000002)" in datos[0]["texto"]
    pagina = como("recepcion").get("/tareas?limite=1").json
    resto = como("recepcion").get(f"/tareas?limite=1&cursor={pagina['siguiente']}").json
    assert [una["id"] for una in resto["datos"]] == [datos[1]["id"]]


@pytest.mark.parametrize(
    ("consulta", "cuantas"),
    [
        ("tipo=comunicar_perdida", 1),
        ("estado=hecha", 0),
        ("estado=pendiente", 2),
        ("estado=pendiente&estado=hecha", 2),
        ("vence_hasta=2026-11-23", 0),
        ("vence_hasta=2026-11-24", 1),
        ("paciente_id=019abcde-0000-7000-8000-000000000001", 0),
        ("orden=-creado_en", 2),
    ],
)
def test_se_filtran(como, tareas, consulta, cuantas):
    assert len(como("auxiliar").get(f"/tareas?{consulta}").json["datos"]) == cuantas


def test_se_da_por_hecha_una_sola_vez(como, tareas):
    recepcion = como("recepcion")
    tarea = recepcion.get("/tareas?incluir=paciente").json["datos"][0]
    assert tarea["incluido"]["paciente"]["nombre"] == "Toby"
    ruta = f"/tareas/{tarea['id']}"
    hecha = recepcion.post(f"{ruta}/realizacion")
    assert (hecha.status_code, hecha.json["estado"], hecha.json["hecha_en"]) == (
        200, "hecha", "2026-11-23T10:00:00+01:00",
    )  # fmt: skip
    assert recepcion.get(ruta).json == hecha.json
    repetida = recepcion.post(f"{ruta}/realizacion")
    assert (repetida.status_code, repetida.json["codigo"]) == (409, "TRANSICION_INVALIDA")
    assert recepcion.post(f"{ruta}/realizacion", version=1).status_code == 412
    assert [una["tipo"] for una in recepcion.get("/tareas?estado=pendiente").json["datos"]] == ["comunicar_registro"]
    assert recepcion.get(f"/pacientes/{tareas['toby']}/resumen").json["tareas"] == []


def test_quien_no_ve_al_paciente_no_ve_su_tarea(clinica, como, tareas):
    admin = como("administrador")
    config = {"config": {"clientes_compartidos_entre_sedes": False}}
    assert admin.patch("/organizacion", config, version="*").status_code == 200
    forget_identities()
    tarea = admin.get("/tareas").json["datos"][0]["id"]
    recepcion = como("recepcion")
    assert recepcion.get("/tareas").json["datos"] == []
    assert recepcion.get(f"/tareas/{tarea}").status_code == 404
    assert recepcion.post(f"/tareas/{tarea}/realizacion").status_code == 404
    assert admin.post(f"/tareas/{tarea}/realizacion").status_code == 200
