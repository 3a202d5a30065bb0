"""El segundo factor: alta, acceso en dos pasos, códigos de un solo uso y retirada."""

import time
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest

from tests.factories import CONTRASENA, Api, acceder, poner_contrasena

pytestmark = pytest.mark.usefixtures("sin_intentos")


@pytest.fixture
def persona(clinica):
    """Administradora con contraseña, sin segundo factor."""
    return poner_contrasena(clinica, "administrador"), clinica.como("administrador")


@pytest.fixture
def con_factor(persona):
    """La misma, con el segundo factor activo: correo, cliente HTTP, generador y códigos de recuperación."""
    email, api = persona
    alta = api.post("/yo/doble-factor")
    assert alta.status_code == 200, alta.text
    totp = pyotp.TOTP(alta.json["secreto"])
    if (resto := 30 - time.time() % 30) < 3:
        time.sleep(resto)  # a punto de cambiar de paso, el anterior dejaría de ser el anterior
    # El paso anterior también vale: así queda libre el de ahora para entrar.
    confirmada = api.post("/yo/doble-factor/confirmacion", {"codigo": totp.at(time.time() - 30)})
    assert confirmada.status_code == 200, confirmada.text
    return email, api, totp, confirmada.json["codigos_recuperacion"]


def verificar(clinica, token_parcial, codigo):
    return clinica.anonimo.post("/autenticacion/doble-factor", {"token_parcial": token_parcial, "codigo": codigo})


def parcial(clinica, email):
    respuesta = acceder(clinica, email)
    assert respuesta.status_code == 200, respuesta.text
    return respuesta.json["token_parcial"]


def test_el_alta_ensenia_secreto_y_qr_y_no_cuenta_hasta_confirmarla(clinica, persona):
    email, api = persona
    alta = api.post("/yo/doble-factor").json
    assert alta["uri"].startswith("otpauth://totp/Servet:")
    assert f"secret={alta['secreto']}" in alta["uri"]
    assert alta["qr_svg"].startswith("<svg")
    assert acceder(clinica, email).json["doble_factor_requerido"] is False
    mala = api.post("/yo/doble-factor/confirmacion", {"codigo": "abcdef"})
    assert (mala.status_code, mala.json["codigo"]) == (422, "CODIGO_INCORRECTO")


def test_con_segundo_factor_la_contrasena_no_da_tokens(clinica, con_factor):
    email, _, totp, _ = con_factor
    medio = acceder(clinica, email).json
    assert medio["doble_factor_requerido"] is True
    assert medio["token_acceso"] is None
    assert medio["token_renovacion"] is None
    assert Api(clinica.flask, medio["token_parcial"]).get("/yo").status_code == 401
    assert clinica.anonimo.post(
        "/autenticacion/renovacion", {"token_renovacion": medio["token_parcial"]}
    ).status_code == 401  # fmt: skip
    dentro = verificar(clinica, medio["token_parcial"], totp.now())
    assert dentro.status_code == 200, dentro.text
    assert Api(clinica.flask, dentro.json["token_acceso"]).get("/yo").json["doble_factor"] is True


def test_un_codigo_no_vale_dos_veces(clinica, con_factor):
    email, _, totp, _ = con_factor
    codigo = totp.now()
    assert verificar(clinica, parcial(clinica, email), codigo).status_code == 200
    repetido = verificar(clinica, parcial(clinica, email), codigo)
    assert (repetido.status_code, repetido.json["codigo"]) == (401, "CREDENCIALES_INVALIDAS")


@pytest.mark.parametrize(("paso", "estado"), [(-3, 401), (0, 200), (1, 200), (3, 401)])
def test_el_margen_es_de_un_paso(clinica, con_factor, paso, estado):
    email, _, totp, _ = con_factor
    assert verificar(clinica, parcial(clinica, email), totp.at(time.time() + 30 * paso)).status_code == estado


def test_un_token_parcial_vale_una_vez_y_caduca(clinica, con_factor, propietario):
    email, _, _, codigos = con_factor
    usado = parcial(clinica, email)
    assert verificar(clinica, usado, codigos[0]).status_code == 200
    assert verificar(clinica, usado, codigos[1]).status_code == 401
    viejo = parcial(clinica, email)
    propietario.execute(
        "UPDATE enlaces SET expira_en = now() - interval '1 second' WHERE organizacion_id = %s", [clinica.id]
    )
    assert verificar(clinica, viejo, codigos[1]).status_code == 401


def test_cada_codigo_de_recuperacion_vale_una_vez(clinica, con_factor):
    email, _, _, codigos = con_factor
    assert len(set(codigos)) == 10
    assert verificar(clinica, parcial(clinica, email), codigos[0].upper().replace("-", " ")).status_code == 200
    assert verificar(clinica, parcial(clinica, email), codigos[0]).status_code == 401
    assert verificar(clinica, parcial(clinica, email), codigos[1]).status_code == 200


def test_los_codigos_se_guardan_como_huella_y_el_secreto_cifrado(clinica, con_factor, propietario):
    _, _, totp, codigos = con_factor
    fila = propietario.execute(
        "SELECT secreto_totp, codigos_recuperacion FROM usuarios WHERE organizacion_id = %s AND id = %s",
        [clinica.id, clinica.usuarios["administrador"]],
    ).fetchone()
    assert totp.secret.encode() not in fila[0]
    assert not set(fila[1]) & {codigo.replace("-", "") for codigo in codigos}
    rastro = propietario.execute(
        "SELECT string_agg(cambios::text, ' ') FROM auditoria WHERE organizacion_id = %s", [clinica.id]
    ).fetchone()[0]
    assert not any(huella in rastro for huella in fila[1])


def test_veinte_codigos_a_la_vez_son_cinco_intentos(clinica, con_factor):
    email, _, totp, _ = con_factor
    token = parcial(clinica, email)
    with ThreadPoolExecutor(8) as hilos:
        estados = list(hilos.map(lambda n: verificar(clinica, token, f"{n:06d}x").status_code, range(20)))
    assert sorted(estados) == [401] * 5 + [429] * 15
    frenado = verificar(clinica, token, totp.now())
    assert frenado.status_code == 429
    assert 0 < int(frenado.headers["Retry-After"]) <= 901


def test_retirarlo_exige_la_contrasena(clinica, con_factor):
    email, api, _, _ = con_factor
    assert (
        api.post("/yo/doble-factor/retirada", {"contrasena": "no es la mía"}).json["codigo"] == "CONTRASENA_INCORRECTA"
    )
    assert api.post("/yo/doble-factor").json["codigo"] == "DOBLE_FACTOR_YA_ACTIVO"
    retirado = api.post("/yo/doble-factor/retirada", {"contrasena": CONTRASENA})
    assert (retirado.status_code, retirado.json["doble_factor"]) == (200, False)
    assert acceder(clinica, email).json["token_acceso"]
    assert api.post("/yo/doble-factor/retirada", {"contrasena": CONTRASENA}).status_code == 409


def test_el_rol_que_lo_pide_recibe_un_aviso_y_no_un_bloqueo(clinica, con_factor, como):
    _, api, _, _ = con_factor
    assert api.get("/yo").json["avisos"] == []
    assert como("recepcion").get("/yo").json["avisos"] == []
    api.post("/yo/doble-factor/retirada", {"contrasena": CONTRASENA})
    assert [aviso["codigo"] for aviso in api.get("/yo").json["avisos"]] == ["DOBLE_FACTOR_PENDIENTE"]
