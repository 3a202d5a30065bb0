"""Buscar pacientes: por nombre, por titular, por ambos, con erratas, por teléfono, microchip o código."""

import pytest

from tests.factories import crear_cliente, crear_paciente


@pytest.fixture
def mostrador(clinica):
    """Recepción, con unos cuantos pacientes de tres titulares."""
    garcia = crear_cliente(clinica, nombre="Elena", apellidos="García Soler", telefonos=[{"numero": "+34611222333"}])[
        "id"
    ]
    empresa = crear_cliente(clinica, tipo="empresa", nombre=..., apellidos=..., razon_social="Granja La Peña")["id"]
    for nombre, cliente, cambios in (
        ("Luna", None, {}),
        ("Luna", garcia, {"microchip": "724098100111917"}),
        ("Luna Bella", empresa, {}),
        ("Lunares", None, {}),
        ("Toby", garcia, {"especie": "gato", "raza": ...}),
        ("Tobías", None, {}),
        ("Señor Guapo", empresa, {}),
        ("Ñoño", garcia, {"especie": "gato", "raza": ...}),
        ("D'Artagnan", None, {}),
    ):
        crear_paciente(clinica, nombre=nombre, **({"cliente_id": cliente} if cliente else {}), **cambios)
    return clinica.como("recepcion")


def _buscar(api, texto, **filtros):
    respuesta = api.pedir("GET", "/pacientes", query_string={"q": texto, **filtros})
    assert respuesta.status_code == 200, respuesta.text
    return [(uno["nombre"], uno["titular"]["nombre"].split()[0]) for uno in respuesta.json["datos"]]


def test_primero_el_exacto_despues_lo_que_empieza_y_luego_lo_parecido(mostrador):
    nombres = [nombre for nombre, _ in _buscar(mostrador, "luna")]
    assert nombres[:2] == ["Luna", "Luna"]
    assert set(nombres[2:4]) == {"Luna Bella", "Lunares"}
    assert "Señor Guapo" not in nombres


@pytest.mark.parametrize(
    ("texto", "primero"),
    [
        ("luna garcía", ("Luna", "Elena")),
        ("GARCIA LUNA", ("Luna", "Elena")),
        ("luna nuñez", ("Luna", "Carmen")),
        ("toby elena garcia", ("Toby", "Elena")),
        ("luna granja", ("Luna Bella", "Granja")),
        ("guapo", ("Señor Guapo", "Granja")),
        ("senor guapo", ("Señor Guapo", "Granja")),
        ("nono", ("Ñoño", "Elena")),
        ("artagnan", ("D'Artagnan", "Carmen")),
        ("d'art", ("D'Artagnan", "Carmen")),
    ],
)
def test_sin_tildes_ni_mayusculas_y_con_palabras_del_titular(mostrador, texto, primero):
    assert _buscar(mostrador, texto)[0] == primero


@pytest.mark.parametrize(
    ("texto", "esperado"),
    [
        ("tovias", "Tobías"),  # una letra por otra
        ("tobas", "Tobías"),  # falta una
        ("tobiias", "Tobías"),  # sobra una
        ("tboias", "Tobías"),  # dos bailadas
        ("lnua", "Luna"),
        ("roby", "Toby"),  # en la primera
        ("luna garsia", "Luna"),
        ("senor guapi", "Señor Guapo"),
    ],
)
def test_tolera_una_errata(mostrador, texto, esperado):
    assert esperado in [nombre for nombre, _ in _buscar(mostrador, texto)]


@pytest.mark.parametrize("texto", ["611 222 333", "+34 611222333", "0034611222333", "611-22-23-33", "222333"])
def test_por_telefono_completo_o_sus_ultimas_cifras(mostrador, texto):
    assert sorted(nombre for nombre, _ in _buscar(mostrador, texto)) == ["Luna", "Toby", "Ñoño"]


def test_por_microchip_o_por_codigo(mostrador):
    assert _buscar(mostrador, "724 098 100 111 917") == [("Luna", "Elena")]
    assert _buscar(mostrador, "pac-000003") == [("Luna Bella", "Granja")]
    assert _buscar(mostrador, "724098100111918") == []


@pytest.mark.parametrize("texto", ["%%", "__", "''", "\\\\", "& | !", "():*", "a' | 'b", "zzzz qqqq"])
def test_lo_raro_no_rompe_ni_encuentra(mostrador, texto):
    assert _buscar(mostrador, texto) == []


def test_los_filtros_se_aplican_antes_de_quedarse_con_los_mejores(clinica):
    for _ in range(3):
        crear_paciente(clinica)
    gata = crear_paciente(clinica, especie="gato", raza=...)
    api = clinica.como("recepcion")
    api.post(f"/pacientes/{gata['id']}/perdida", {})
    for filtro in ("especie=gato", "estado=perdido", "especie=gato&estado=perdido&nacido_desde=2024-05-02"):
        assert [uno["id"] for uno in api.get(f"/pacientes?q=luna&{filtro}").json["datos"]] == [gata["id"]]
    assert api.get("/pacientes?q=luna&raza=caniche").json["datos"] == []
    assert len(api.get("/pacientes?q=luna&raza=border_collie").json["datos"]) == 3


def test_las_paginas_de_una_busqueda_ni_repiten_ni_saltan(clinica):
    esperados = {crear_paciente(clinica)["id"] for _ in range(7)}
    api, leidos, cursor = clinica.como("recepcion"), [], ""
    while cursor is not None:
        pagina = api.get(f"/pacientes?q=luna&limite=3{cursor and '&cursor=' + cursor}").json
        leidos += [uno["id"] for uno in pagina["datos"]]
        cursor = pagina["siguiente"]
    assert (len(leidos), set(leidos)) == (7, esperados)


def test_la_busqueda_sigue_a_los_cambios_de_nombre_y_de_titular(clinica, mostrador):
    luna = mostrador.get("/pacientes?q=724098100111917").json["datos"][0]
    editada = mostrador.patch(f"/pacientes/{luna['id']}", {"nombre": "Kira"}, version=luna["version"])
    assert editada.status_code == 200
    assert _buscar(mostrador, "kira garcia") == [("Kira", "Elena")]
    cliente = mostrador.get(f"/clientes/{luna['cliente_id']}").json
    cambio = {"apellidos": "Zubizarreta", "telefonos": [{"numero": "+34655444333"}]}
    assert mostrador.patch(f"/clientes/{cliente['id']}", cambio, version=cliente["version"]).status_code == 200
    assert _buscar(mostrador, "kira zubizareta") == [("Kira", "Elena")]
    assert sorted(nombre for nombre, _ in _buscar(mostrador, "655444333")) == ["Kira", "Toby", "Ñoño"]
    assert _buscar(mostrador, "611222333") == []
    cesion = {"cliente_id": str(clinica.cliente_id), "documento": "Cesión"}
    assert mostrador.post(f"/pacientes/{luna['id']}/cambio-titular", cesion).status_code == 200
    assert _buscar(mostrador, "kira nuñez") == [("Kira", "Carmen")]
    assert _buscar(mostrador, "kira zubizarreta") == []


def test_otra_organizacion_no_aparece_ni_presta_sus_palabras(clinica, vecina):
    crear_paciente(vecina, nombre="Zarpitas")
    api = clinica.como("recepcion")
    assert _buscar(api, "zarpitas") == []
    crear_paciente(clinica, nombre="Zapatos")
    assert _buscar(vecina.como("recepcion"), "zapatos") == []
