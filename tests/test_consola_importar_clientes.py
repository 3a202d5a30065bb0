"""Importar clientes y, con ellos, sus animales: los ficheros de ejemplo y las reglas de contacto."""

import pytest

from tests.factories import crear_cliente
from tests.importacion import MAPAS, Consola

CLIENTES = MAPAS / "clientes_ejemplo.csv", MAPAS / "clientes_ejemplo.toml"
PACIENTES = MAPAS / "pacientes_ejemplo.csv", MAPAS / "pacientes_ejemplo.toml"
MAPA = """
entidad = "clientes"
[columnas]
id_externo = "Id"
nombre = "Nombre"
identificador_fiscal = "NIF"
telefono = "Tel"
email = "Correo"
[fijos]
tipo = "persona"
"""
CABECERA = "Id,Nombre,NIF,Tel,Correo\n"


@pytest.fixture
def consola(clinica, tmp_path):
    return Consola(clinica, tmp_path)


def _fichas(clinica, coleccion):
    datos = clinica.como("recepcion").get(f"/{coleccion}?limite=100").json["datos"]
    return {uno["id_externo"]: uno for uno in datos if uno["id_externo"]}


def test_los_ejemplos_se_importan_y_repetirlos_no_cambia_nada(consola, clinica):
    assert consola.ensayar_y_aplicar(*CLIENTES).codigo == 0
    assert consola.ensayar_y_aplicar(*PACIENTES).codigo == 0
    clientes, pacientes = _fichas(clinica, "clientes"), _fichas(clinica, "pacientes")
    lucia, inigo = clientes["C-001"], clientes["C-002"]
    assert {"nombre": "Lucía", "apellidos": "Romero Gil", "identificador_fiscal": "12345678Z", "canal_preferido": "telefono",
            "email": "lucia.romero@correo.example"}.items() <= lucia.items()  # fmt: skip
    assert {"calle": "Calle Mayor, 12", "cp": "28013", "municipio": "Madrid", "pais": "ES"}.items() <= lucia[
        "direccion"
    ].items()
    assert [(uno["numero"], uno["principal"]) for uno in inigo["telefonos"]] == [
        ("+34699112233", True), ("+34912345678", False),
    ]  # fmt: skip
    assert inigo["descuento_pct"] == "5.00"
    assert clientes["C-004"]["razon_social"] == 'Protectora "Huellas"'
    assert {id: (uno["titular"]["id"], uno["raza"], uno["raza_texto"]) for id, uno in pacientes.items()} == {
        "A-001": (lucia["id"], "border_collie", None),
        "A-002": (lucia["id"], "comun_europeo", None),
        "A-003": (inigo["id"], None, "Podenco valenciano"),
        "A-004": (clientes["C-004"]["id"], None, None),
    }
    assert (pacientes["A-001"]["microchip"], pacientes["A-004"]["esterilizado"]) == ("941000012345678", "desconocido")
    for par in (CLIENTES, PACIENTES):
        assert {linea["resultado"] for linea in consola.ensayar_y_aplicar(*par).informe} == {"sin_cambios"}
    assert (_fichas(clinica, "clientes"), _fichas(clinica, "pacientes")) == (clientes, pacientes)


def test_un_animal_sin_su_titular_se_rechaza(consola, clinica):
    salida = consola.ensayar_y_aplicar(*PACIENTES)
    assert salida.codigo == 3
    assert {(linea["campo"], linea["motivo"]) for linea in salida.informe} == {
        ("cliente_id_externo", "Ningún cliente tiene ese identificador externo")
    }
    assert _fichas(clinica, "pacientes") == {}


def test_cambiar_de_titular_no_es_cosa_de_importar(consola, clinica):
    consola.ensayar_y_aplicar(*CLIENTES)
    consola.ensayar_y_aplicar(*PACIENTES)
    luna, inigo = _fichas(clinica, "pacientes")["A-001"], _fichas(clinica, "clientes")["C-002"]
    cesion = {"cliente_id": inigo["id"], "documento": "Contrato de cesión 2026/14"}
    cambio = clinica.como("recepcion").post(f"/pacientes/{luna['id']}/cambio-titular", cesion)
    assert cambio.status_code == 200, cambio.text
    salida = consola.ensayar_y_aplicar(*PACIENTES)
    assert [(una["id_externo"], una["motivo"]) for una in salida.de("aviso")] == [
        ("A-001", "El titular ya no es el del fichero: no se cambia al importar")
    ]
    assert _fichas(clinica, "pacientes")["A-001"]["titular"]["id"] == inigo["id"]


def test_las_reglas_de_contacto_son_las_de_la_api(consola, clinica):
    crear_cliente(clinica, nombre="Zoe", identificador_fiscal="87654321X")
    filas = [
        "1,Ana,12345678Z,612345678,ana@prueba.test\n",
        "2,Sin contacto,,,\n",
        "3,Mal NIF,12345678A,612345678,\n",
        "4,Mal teléfono,,12,\n",
        "5,Mal correo,,,ana@\n",
        "6,Mismo NIF,12.345.678-Z,612345678,\n",
        "7,NIF de Zoe,87654321X,612345678,\n",
        ",Sin id,,612345678,\n",
    ]
    salida = consola.ensayar_y_aplicar(consola.fichero(CABECERA + "".join(filas)), consola.mapa(MAPA))
    assert salida.codigo == 3
    assert [(una["id_externo"], una["campo"]) for una in salida.de("error")] == [
        ("2", "telefonos"), ("3", "identificador_fiscal"), ("4", "telefonos/0/numero"), ("5", "email"),
        ("6", "identificador_fiscal"), ("7", "identificador_fiscal"), ("", "id_externo"),
    ]  # fmt: skip
    assert list(_fichas(clinica, "clientes")) == ["1"]


def test_al_actualizar_se_suma_y_no_se_borra(consola, clinica):
    mapa = consola.mapa(MAPA)
    consola.ensayar_y_aplicar(consola.fichero(CABECERA + "1,Ana,12345678Z,612345678,ana@prueba.test\n"), mapa)
    salida = consola.ensayar_y_aplicar(consola.fichero(CABECERA + "1,Anna,,699112233,\n"), mapa)
    assert [(una["resultado"], una["campo"]) for una in salida.informe] == [("actualizar", "nombre, telefonos")]
    ana = _fichas(clinica, "clientes")["1"]
    assert (ana["nombre"], ana["email"], ana["identificador_fiscal"]) == ("Anna", "ana@prueba.test", "12345678Z")
    assert [uno["numero"] for uno in ana["telefonos"]] == ["+34612345678", "+34699112233"]


def test_el_mismo_correo_y_telefono_de_otro_cliente_se_avisa(consola, clinica):
    otra = crear_cliente(clinica, email="ana@prueba.test", telefonos=[{"numero": "612345678"}])
    salida = consola.ensayar_y_aplicar(
        consola.fichero(CABECERA + "1,Ana,,612 345 678,ANA@prueba.test\n"), consola.mapa(MAPA)
    )
    assert [una["motivo"] for una in salida.de("aviso")] == [
        f"Tiene el correo y un teléfono del cliente {otra['codigo']}"
    ]
    assert salida.codigo == 0
