"""Tokens de acceso falsificados, caducados o ajenos: siempre 401, nunca otra cosa."""

import base64
import hashlib
import hmac
import json
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.utils import authentication, tokens
from app.utils.authentication import forget_identities
from app.utils.tokens import ACCESO_S, forget_keys
from tests.factories import Api, poner_contrasena


def b64(contenido: bytes | dict) -> str:
    crudo = contenido if isinstance(contenido, bytes) else json.dumps(contenido).encode()
    return base64.urlsafe_b64encode(crudo).decode().rstrip("=")


def partes(clinica, rol="recepcion"):
    """Cabecera y carga de un token bueno."""
    bueno = clinica.tokens[rol]
    return jwt.get_unverified_header(bueno), jwt.decode(bueno, options={"verify_signature": False})


def firmar(clinica, cabecera=None, quitar=(), **cambios):
    """Un token firmado con la clave verdadera y la carga cambiada."""
    kid, privada = tokens._llavero.para_firmar()
    carga = {clave: valor for clave, valor in {**partes(clinica)[1], **cambios}.items() if clave not in quitar}
    return jwt.encode(carga, privada, algorithm="EdDSA", headers={"kid": kid, "typ": "at+jwt", **(cabecera or {})})


def exigir_401(clinica, token):
    forget_identities()
    respuesta = Api(clinica.flask, token).get("/yo")
    assert respuesta.status_code == 401, respuesta.text
    assert respuesta.content_type == "application/problem+json"
    assert respuesta.json["codigo"] == "NO_AUTENTICADO"
    assert respuesta.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_el_token_bueno_si_entra(clinica):
    assert Api(clinica.flask, firmar(clinica)).get("/yo").status_code == 200


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", "", "HS256", "RS256", "ES256", "EdDSA "])
def test_alg_none_y_otros_algoritmos(clinica, alg):
    cabecera, carga = partes(clinica)
    firma = clinica.tokens["recepcion"].rsplit(".", 1)[1]
    for final in ("", firma):
        exigir_401(clinica, f"{b64({**cabecera, 'alg': alg})}.{b64(carga)}.{final}")


def test_confusion_de_clave_hmac_con_la_publica(clinica):
    cabecera, carga = partes(clinica)
    publica = tokens._llavero.todas()[cabecera["kid"]].publica
    pem = publica.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    jwk = json.dumps(clinica.anonimo.get("/.well-known/jwks.json").json["keys"][0])
    for clave in (publica.public_bytes(Encoding.Raw, PublicFormat.Raw), pem, pem.strip(), jwk.encode(), b""):
        base = f"{b64({**cabecera, 'alg': 'HS256'})}.{b64(carga)}"
        exigir_401(clinica, f"{base}.{b64(hmac.new(clave, base.encode(), hashlib.sha256).digest())}")


def test_carga_o_firma_alteradas(clinica):
    cabecera, carga, firma = clinica.tokens["recepcion"].split(".")
    otra = b64({**partes(clinica)[1], "sub": str(clinica.usuarios["administrador"])})
    exigir_401(clinica, f"{cabecera}.{otra}.{firma}")
    cambiada = ("A" if firma[0] != "A" else "B") + firma[1:]
    exigir_401(clinica, f"{cabecera}.{carga}.{cambiada}")
    exigir_401(clinica, f"{cabecera}.{carga}.")
    exigir_401(clinica, f"{cabecera}.{carga}")
    exigir_401(clinica, f"{cabecera}.{carga}.{firma}.{firma}")


@pytest.mark.parametrize(
    "cambios",
    [
        {"exp": int(time.time()) - 1},
        {"exp": "9999999999"},
        {"exp": True},
        {"exp": 1e308},
        {"exp": None},
        {"nbf": int(time.time()) + 3600},
        {"iat": int(time.time()) + 3600},
        {"iat": "ayer"},
        {"aud": "otra-api"},
        {"aud": ["servet-api", "otra-api"]},
        {"iss": "otro"},
        {"sub": "no-es-un-uuid"},
        {"sub": 7},
        {"sub": str(uuid4())},
        {"sid": str(uuid4())},
        {"sid": "x"},
        {"sid": ["x"]},
        {"tipo": "administrador"},
        {"tipo": "integracion"},
        {"tipo": None},
        {"org": str(uuid4())},
        {"org": "x"},
        {"org": None},
        {"gen": 1},
    ],
    ids=lambda cambios: next(iter(cambios), "nada"),  # sin valores: la hora y el azar cambian de un proceso a otro
)
def test_cargas_que_no_valen_aunque_la_firma_sea_buena(clinica, cambios):
    exigir_401(clinica, firmar(clinica, **cambios))


@pytest.mark.parametrize("falta", ["exp", "iat", "nbf", "aud", "iss", "sub", "org", "tipo", "sid"])
def test_lo_que_no_puede_faltar(clinica, falta):
    exigir_401(clinica, firmar(clinica, quitar=(falta,)))


@pytest.mark.parametrize(
    "cabecera",
    [
        {"typ": "JWT"},
        {"typ": None},
        {"typ": "rt+jwt"},
        {"kid": "inventado"},
        {"kid": None},
        {"kid": "../../etc/passwd"},
        {"kid": "' OR 1=1 --"},
        {"crit": ["exp"]},
        {"crit": []},
        {"b64": False, "crit": ["b64"]},
    ],
    ids=str,
)
def test_cabeceras_que_no_valen_aunque_la_firma_sea_buena(clinica, cabecera):
    bueno = firmar(clinica)
    original = jwt.get_unverified_header(bueno)
    nueva = {clave: valor for clave, valor in {**original, **cabecera}.items() if valor is not None}
    base = f"{b64(nueva)}.{bueno.split('.')[1]}"
    firma = tokens._llavero.para_firmar()[1].sign(base.encode())
    exigir_401(clinica, f"{base}.{b64(firma)}")


def test_la_clave_que_trae_el_token_no_cuenta(clinica):
    mia = Ed25519PrivateKey.generate()
    _, carga = partes(clinica)
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": b64(mia.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))}
    kid = partes(clinica)[0]["kid"]
    for extra in ({"jwk": jwk}, {"jku": "https://example.com/jwks.json"}, {"x5u": "https://example.com"}):
        exigir_401(clinica, jwt.encode(carga, mia, algorithm="EdDSA", headers={"typ": "at+jwt", "kid": kid, **extra}))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        "...",
        "é.ñ.ü",
        "\x7f\x01",
        "eyJhbGciOiJFZERTQSJ9..",
        "A" * 200_000,
        "eyJ." * 50_000,
        "null.null.null",
    ],
    ids=lambda token: repr(token[:12]),
)
def test_basura(clinica, token):
    exigir_401(clinica, token.encode("latin-1").decode("latin-1"))


@pytest.mark.parametrize("cabecera", ["Basic YTpi", "Bearer", "Bearer ", "bearerx y", "Token {}", "{}"])
def test_otros_esquemas(clinica, cabecera):
    valor = cabecera.format(clinica.tokens["recepcion"])
    respuesta = Api(clinica.flask).get("/yo", headers={"Authorization": valor})
    assert respuesta.status_code == 401


def test_una_carga_json_anidada_sin_fin(clinica):
    cabecera = partes(clinica)[0]
    exigir_401(clinica, f"{b64(cabecera)}.{b64(b'[' * 2500)}.{b64(b'x')}")


def test_un_token_de_acceso_no_renueva_ni_al_reves(clinica):
    respuesta = clinica.anonimo.post(
        "/autenticacion/renovacion", {"token_renovacion": clinica.tokens["recepcion"][:200]}
    )
    assert respuesta.status_code == 401
    exigir_401(clinica, f"{clinica.id.hex}.{'x' * 43}")


def test_la_clave_retirada_vale_lo_que_duran_sus_tokens(clinica, propietario):
    from app.api.services.instalacion_service import rotar_clave

    viejo = clinica.tokens["recepcion"]
    kid = jwt.get_unverified_header(viejo)["kid"]
    nueva = rotar_clave()
    assert Api(clinica.flask, viejo).get("/yo").status_code == 200
    publicadas = {clave["kid"] for clave in clinica.anonimo.get("/.well-known/jwks.json").json["keys"]}
    assert {kid, nueva} <= publicadas
    assert jwt.get_unverified_header(firmar(clinica))["kid"] == nueva
    propietario.execute(
        "UPDATE claves_firma SET retirada_en = %s WHERE kid = %s", [datetime.now(UTC) - timedelta(seconds=1), kid]
    )
    forget_keys()
    exigir_401(clinica, viejo)
    assert kid not in {clave["kid"] for clave in clinica.anonimo.get("/.well-known/jwks.json").json["keys"]}


def test_una_clave_recien_rotada_por_otro_proceso_se_reconoce(clinica, monkeypatch):
    from app.api.services.instalacion_service import rotar_clave

    assert Api(clinica.flask, clinica.tokens["recepcion"]).get("/yo").status_code == 200
    con_la_vieja = (dict(tokens._llavero._claves), time.monotonic())
    rotar_clave()
    nuevo = firmar(clinica)
    # Este proceso aún no ha releído las claves: sólo tiene las de antes.
    tokens._llavero._claves, tokens._llavero._leidas = con_la_vieja
    monkeypatch.setattr(tokens, "_RELECTURA_MINIMA_S", 0)
    assert Api(clinica.flask, nuevo).get("/yo").status_code == 200


@pytest.mark.parametrize("estado", ["bloqueado", "baja", "invitado"])
def test_quien_ya_no_esta_activo(clinica, estado):
    poner_contrasena(clinica, "recepcion", estado=estado)
    exigir_401(clinica, clinica.tokens["recepcion"])


def test_lo_emitido_antes_de_un_cambio_de_contrasena(clinica):
    poner_contrasena(clinica, "recepcion", valida_desde=datetime.now(UTC) + timedelta(seconds=5))
    exigir_401(clinica, clinica.tokens["recepcion"])


def test_la_organizacion_del_token_se_comprueba_tambien_con_la_identidad_ya_leida(clinica, vecina):
    assert Api(clinica.flask, clinica.tokens["recepcion"]).get("/yo").status_code == 200
    assert Api(clinica.flask, firmar(clinica, org=str(vecina.id))).get("/yo").status_code == 401
    assert Api(clinica.flask, firmar(clinica, tipo="integracion")).get("/yo").status_code == 401


def test_los_cambios_se_notan_en_cuanto_caduca_la_identidad_leida(clinica, como, monkeypatch):
    assert authentication.VIGENCIA_IDENTIDAD_S <= 60
    assert como("recepcion").get("/yo").json["roles"] == ["recepcion"]
    poner_contrasena(clinica, "recepcion", roles=["auxiliar"])
    assert como("recepcion").get("/yo").json["roles"] == ["recepcion"]
    ahora = time.monotonic()
    monkeypatch.setattr(authentication.time, "monotonic", lambda: ahora + authentication.VIGENCIA_IDENTIDAD_S + 1)
    assert como("recepcion").get("/yo").json["roles"] == ["auxiliar"]
    poner_contrasena(clinica, "recepcion", estado="bloqueado")
    monkeypatch.setattr(authentication.time, "monotonic", lambda: ahora + 2 * authentication.VIGENCIA_IDENTIDAD_S + 2)
    assert como("recepcion").get("/yo").status_code == 401


def test_un_token_con_todos_los_roles_y_sedes_cabe(clinica):
    datos = {
        "tipo": "usuario", "org": str(uuid4()), "sid": str(uuid4()), "cliente_id": str(uuid4()),
        "roles": ["administrador", "auxiliar", "recepcion", "veterinario"], "sedes": [str(uuid4()) for _ in range(50)],
    }  # fmt: skip
    token = tokens.issue_access(uuid4(), datos)
    assert len(token) < tokens.LONGITUD_MAXIMA
    assert tokens.verify_access(token)["exp"] - tokens.verify_access(token)["iat"] == ACCESO_S
