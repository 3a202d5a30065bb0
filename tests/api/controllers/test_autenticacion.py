"""Entrar, seguir dentro y salir: contraseñas, renovaciones y cierres."""

from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter

import pytest

from app.utils.authentication import forget_identities
from tests.factories import CONTRASENA, Api, acceder, poner_contrasena

pytestmark = pytest.mark.usefixtures("sin_intentos")


@pytest.fixture
def tokens(clinica):
    """Una sesión de recepción abierta de verdad."""
    respuesta = acceder(clinica, poner_contrasena(clinica, "recepcion"))
    assert respuesta.status_code == 200, respuesta.text
    return respuesta.json


def renovar(clinica, token):
    return clinica.anonimo.post("/autenticacion/renovacion", {"token_renovacion": token})


def yo(clinica, token):
    return Api(clinica.flask, token).get("/yo")


def test_el_acceso_da_un_par_de_tokens_y_no_toca_la_version(clinica, tokens):
    assert (tokens["tipo"], tokens["expira_en"], tokens["doble_factor_requerido"]) == ("Bearer", 900, False)
    mio = yo(clinica, tokens["token_acceso"])
    assert mio.status_code == 200, mio.text
    assert (mio.json["email"], mio.json["version"]) == (f"recepcion@{clinica.codigo}.test", 1)
    assert mio.json["ultimo_acceso_en"] is not None


def test_el_correo_no_distingue_mayusculas_ni_espacios(clinica):
    email = poner_contrasena(clinica, "recepcion")
    assert acceder(clinica, f"  {email.upper()} ").status_code == 200


@pytest.mark.parametrize(
    "caso", ["desconocido", "mala", "bloqueado", "invitado", "baja", "otra_organizacion", "sin_forma"]
)
def test_todos_los_no_son_iguales(clinica, vecina, caso):
    email = poner_contrasena(clinica, "recepcion")
    if caso in ("bloqueado", "invitado", "baja"):
        poner_contrasena(clinica, "recepcion", estado=caso)
    intento = {
        "desconocido": ("nadie@ejemplo.test", CONTRASENA, {}),
        "mala": (email, "no es la contraseña", {}),
        "otra_organizacion": (email, CONTRASENA, {"organizacion": vecina.codigo}),
        "sin_forma": ("esto no es un correo", CONTRASENA, {}),
    }.get(caso, (email, CONTRASENA, {}))
    respuesta = acceder(clinica, intento[0], intento[1], **intento[2])
    assert respuesta.status_code == 401
    assert respuesta.headers["WWW-Authenticate"].startswith("Bearer")
    cuerpo = {clave: valor for clave, valor in respuesta.json.items() if clave != "id_peticion"}
    assert cuerpo == {
        "type": "/errores/CREDENCIALES_INVALIDAS",
        "title": "Las credenciales no son válidas",
        "status": 401,
        "codigo": "CREDENCIALES_INVALIDAS",
        "detail": "Las credenciales no son válidas",
        "instance": "/api/v1/autenticacion/acceso",
    }


def test_el_mismo_correo_en_dos_organizaciones(clinica, vecina):
    poner_contrasena(clinica, "recepcion", email="doble@ejemplo.test")
    poner_contrasena(vecina, "recepcion", email="doble@ejemplo.test")
    sin_decir = acceder(clinica, "doble@ejemplo.test")
    assert (sin_decir.status_code, sin_decir.json["codigo"]) == (422, "ORGANIZACION_REQUERIDA")
    assert acceder(clinica, "doble@ejemplo.test", "no es la contraseña").json["codigo"] == "CREDENCIALES_INVALIDAS"
    for una in (clinica, vecina):
        dentro = acceder(clinica, "doble@ejemplo.test", organizacion=una.codigo)
        assert yo(clinica, dentro.json["token_acceso"]).json["organizacion"]["codigo"] == una.codigo
    poner_contrasena(vecina, "recepcion", estado="bloqueado")
    assert acceder(clinica, "doble@ejemplo.test").status_code == 200


def test_desconocido_y_contrasena_mala_tardan_lo_mismo(clinica):
    email = poner_contrasena(clinica, "recepcion")
    tiempos: dict[str, list[float]] = {"existe": [], "no_existe": []}
    for n in range(6):
        for caso, correo in (("existe", email), ("no_existe", f"nadie{n}@{clinica.codigo}.test")):
            if n == 4:
                acceder(clinica, email)  # un acierto evita el bloqueo
            inicio = perf_counter()
            assert acceder(clinica, correo, "no es la contraseña").status_code == 401
            tiempos[caso].append(perf_counter() - inicio)
    razon = median(tiempos["existe"]) / median(tiempos["no_existe"])
    assert 1 / 3 < razon < 3


def test_la_renovacion_es_de_un_solo_uso_y_rotatoria(clinica, tokens):
    segunda = renovar(clinica, tokens["token_renovacion"])
    assert segunda.status_code == 200
    assert set(segunda.json) == {"token_acceso", "token_renovacion", "tipo", "expira_en"}
    assert segunda.json["token_renovacion"] != tokens["token_renovacion"]
    assert yo(clinica, segunda.json["token_acceso"]).status_code == 200
    assert renovar(clinica, segunda.json["token_renovacion"]).status_code == 200


def test_reutilizar_una_renovacion_mata_a_toda_la_familia(clinica, tokens):
    nueva = renovar(clinica, tokens["token_renovacion"]).json
    repetida = renovar(clinica, tokens["token_renovacion"])
    assert (repetida.status_code, repetida.json["codigo"]) == (401, "NO_AUTENTICADO")
    assert renovar(clinica, nueva["token_renovacion"]).status_code == 401
    assert yo(clinica, nueva["token_acceso"]).status_code == 401
    assert yo(clinica, tokens["token_acceso"]).status_code == 401


def test_de_veinte_renovaciones_a_la_vez_gana_una(clinica, tokens):
    with ThreadPoolExecutor(8) as hilos:
        estados = list(hilos.map(lambda _: renovar(clinica, tokens["token_renovacion"]).status_code, range(20)))
    assert sorted(estados) == [200] + [401] * 19


@pytest.mark.parametrize("token", ["x", ".", "a.b", "0" * 32 + ".", "0" * 32 + ".secreto", "g" * 32 + ".x", "ñ.ñ"])
def test_una_renovacion_inventada_es_401(clinica, token):
    assert renovar(clinica, token).status_code == 401


def test_una_renovacion_caducada_es_401(clinica, tokens, propietario):
    propietario.execute(
        "UPDATE renovaciones SET expira_en = now() - interval '1 second' WHERE organizacion_id = %s", [clinica.id]
    )
    assert renovar(clinica, tokens["token_renovacion"]).status_code == 401


def test_una_renovacion_no_vale_en_otra_organizacion(clinica, vecina, tokens):
    secreto = tokens["token_renovacion"].partition(".")[2]
    assert renovar(clinica, f"{vecina.id.hex}.{secreto}").status_code == 401
    assert renovar(clinica, tokens["token_renovacion"]).status_code == 200


def test_quien_ya_no_esta_activo_no_renueva(clinica, tokens):
    poner_contrasena(clinica, "recepcion", estado="bloqueado")
    assert renovar(clinica, tokens["token_renovacion"]).status_code == 401


def test_salir_revoca_la_renovacion_y_el_acceso_pero_no_otra_sesion(clinica, tokens):
    otra = acceder(clinica, f"recepcion@{clinica.codigo}.test").json
    assert Api(clinica.flask, tokens["token_acceso"]).post("/autenticacion/salida").status_code == 200
    assert yo(clinica, tokens["token_acceso"]).status_code == 401
    assert renovar(clinica, tokens["token_renovacion"]).status_code == 401
    assert yo(clinica, otra["token_acceso"]).status_code == 200


def test_el_reloj_de_negocio_no_mueve_las_credenciales(clinica):
    email = poner_contrasena(clinica, "recepcion")
    for reloj in ("1999-01-01T00:00:00Z", "2190-01-01T00:00:00Z"):
        api = Api(clinica.flask, reloj=reloj)
        dentro = api.post("/autenticacion/acceso", {"email": email, "contrasena": CONTRASENA})
        assert dentro.status_code == 200
        forget_identities()
        assert Api(clinica.flask, dentro.json["token_acceso"], reloj=reloj).get("/yo").status_code == 200
        renovada = api.post("/autenticacion/renovacion", {"token_renovacion": dentro.json["token_renovacion"]})
        assert renovada.status_code == 200


@pytest.mark.parametrize("campo", ["contrasena", "email"])
def test_lo_rechazado_no_vuelve(clinica, campo):
    datos = {"email": "a@b.test", "contrasena": "x", campo: "muy-secreto" * 50}
    respuesta = clinica.anonimo.post("/autenticacion/acceso", datos)
    assert respuesta.status_code == 422
    assert "muy-secreto" not in respuesta.text


def test_los_espacios_y_la_forma_unicode_de_la_contrasena(clinica):
    email = poner_contrasena(clinica, "recepcion")
    assert acceder(clinica, email, f" {CONTRASENA}").status_code == 401
    api = Api(clinica.flask, acceder(clinica, email).json["token_acceso"])
    assert api.post("/yo/contrasena", {"actual": CONTRASENA, "nueva": " mañana \u00fcltima "}).status_code == 200
    assert acceder(clinica, email, " man\u0303ana u\u0308ltima ").status_code == 200


def test_accesos_y_salidas_quedan_auditados(clinica, tokens, propietario):
    Api(clinica.flask, tokens["token_acceso"]).post("/autenticacion/salida")
    acciones = propietario.execute(
        "SELECT accion FROM auditoria WHERE organizacion_id = %s AND recurso = 'usuarios' AND recurso_id = %s"
        " ORDER BY numero", [clinica.id, clinica.usuarios["recepcion"]],
    ).fetchall()  # fmt: skip
    assert [fila[0] for fila in acciones][-2:] == ["acceso", "salida"]
