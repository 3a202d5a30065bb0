"""La política de acceso como tabla: cada ruta, con cada papel, permitida y denegada por HTTP."""

from pathlib import Path
from uuid import uuid4

import pytest

from tests.factories import Api, crear_clinica
from tests.recursos import RUTAS, crear_ejemplares, nombre, publica

TABLA = Path(__file__).with_name("politica.txt")
PAPELES = {"adm": "administrador", "vet": "veterinario", "aux": "auxiliar", "rec": "recepcion", "cli": "cliente"}


def leer_tabla() -> dict[str, dict[str, object]]:
    """Ruta -> papeles que pueden y ámbito de las integraciones."""
    tabla = {}
    for linea in TABLA.read_text("utf-8").splitlines():
        if not linea or linea.startswith("#"):
            continue
        metodo, camino, *resto = linea.split()
        if resto == ["público"]:
            tabla[f"{metodo} {camino}"] = {"publica": True}
            continue
        columnas, ambito = resto[:5], resto[5]
        pueden = {PAPELES[columna] for columna in columnas if columna in PAPELES}
        tabla[f"{metodo} {camino}"] = {"publica": False, "pueden": pueden, "ambito": ambito}
    return tabla


ESPERADO = leer_tabla()
CASOS = [(ruta, papel) for ruta in RUTAS if not publica(ruta) for papel in PAPELES.values()]


@pytest.fixture(scope="module")
def ejemplares(app):
    return crear_ejemplares(crear_clinica(app, nombre="Política"))


def pedir_sin_tocar(api: Api, ruta, direccion: str):
    """Una petición que pasa o no la puerta, pero que nunca llega a cambiar nada: el id no existe y el cuerpo sobra."""
    cuerpo = {"data": b"[]", "content_type": "application/json"} if ruta.method != "GET" else {}
    return api.pedir(ruta.method, direccion, **cuerpo)


def test_la_tabla_tiene_todas_las_rutas_y_ninguna_mas():
    assert {nombre(ruta) for ruta in RUTAS} == set(ESPERADO)
    assert {nombre(ruta) for ruta in RUTAS if publica(ruta)} == {
        uno for uno, fila in ESPERADO.items() if fila["publica"]
    }


@pytest.mark.parametrize(("ruta", "papel"), CASOS, ids=lambda uno: uno if isinstance(uno, str) else nombre(uno))
def test_cada_papel_puede_lo_que_dice_la_tabla(ejemplares, ruta, papel):
    respuesta = pedir_sin_tocar(ejemplares.clinica.como(papel), ruta, ejemplares.direccion(ruta, uuid4()))
    if papel in ESPERADO[nombre(ruta)]["pueden"]:
        assert respuesta.status_code not in (401, 403), respuesta.text
    else:
        assert (respuesta.status_code, respuesta.json["codigo"]) == (403, "SIN_PERMISO")


@pytest.fixture(scope="module")
def integraciones(app, ejemplares):
    """Un cliente HTTP por ámbito, y otro con todos los demás para lo que cada ruta exige."""
    from app.config.permissions import AMBITOS

    admin = ejemplares.clinica.como("administrador")

    def credencial(ambitos: list[str]) -> Api:
        alta = admin.post("/integraciones", {"nombre": "Programa", "ambitos": ambitos}).json
        acceso = {"cliente_id": alta["cliente_id"], "secreto": alta["secreto"]}
        token = Api(app).post("/autenticacion/acceso-integracion", acceso).json["token_acceso"]
        return Api(app, token)

    con = {ambito: credencial([ambito]) for ambito in AMBITOS}
    sin = {ambito: credencial([otro for otro in AMBITOS if otro != ambito]) for ambito in AMBITOS}
    return con, sin, credencial(list(AMBITOS))


@pytest.mark.parametrize("ruta", [ruta for ruta in RUTAS if not publica(ruta)], ids=nombre)
def test_una_integracion_solo_llega_a_donde_su_ambito(ejemplares, integraciones, ruta):
    con, sin, todos = integraciones
    ambito, direccion = ESPERADO[nombre(ruta)]["ambito"], ejemplares.direccion(ruta, uuid4())
    if ambito == "*":
        assert pedir_sin_tocar(todos, ruta, direccion).status_code not in (401, 403)
    elif ambito == "—":
        assert pedir_sin_tocar(todos, ruta, direccion).status_code == 403
    else:
        assert pedir_sin_tocar(con[ambito], ruta, direccion).status_code not in (401, 403)
        assert pedir_sin_tocar(sin[ambito], ruta, direccion).status_code == 403
