"""Los registros dicen quién y qué, nunca un secreto."""

import json
import logging
import time

import pytest

from app.config.settings import Modo
from app.utils.context import Contexto, iniciar
from app.utils.logs import OCULTO, configure_logs, ocultar

JWT = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2VjcmV0bw"


@pytest.fixture
def lineas(capsys: pytest.CaptureFixture[str]):
    """Las líneas que salen, ya leídas; al terminar, la configuración de antes."""
    raiz = logging.getLogger()
    antes = list(raiz.handlers), raiz.level
    iniciar(Contexto())
    configure_logs(Modo.PRUEBAS)
    yield lambda: [json.loads(linea) for linea in capsys.readouterr().err.splitlines()]
    raiz.handlers, nivel = antes
    raiz.setLevel(nivel)


@pytest.mark.parametrize(
    ("texto", "secreto"),
    [
        ("Authorization: Bearer abc.def.ghi", "abc.def.ghi"),
        ("cabecera Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
        (f"el token {JWT} no vale", JWT),
        ("postgresql://servet:clave-mala@base/servet", "clave-mala"),
        ("contrasena=Hola1234 y algo más", "Hola1234"),
        ("{'token_renovacion': 'r-0001', 'x': 1}", "r-0001"),
        ('{"codigo_totp": "123456"}', "123456"),
        ("/restablecer?token=xyz123&otro=1", "xyz123"),
        ("[type=string_type, input_value='mi-clave', input_type=str]", "mi-clave"),
        ("[parameters: {'email': 'ana@example.com'}]\n(Background)", "ana@example.com"),
        ("DETAIL:  Key (email)=(ana@example.com) already exists.", "ana@example.com"),
    ],
)
def test_un_secreto_dentro_de_un_texto_no_se_registra(texto: str, secreto: str) -> None:
    limpio = ocultar(texto)
    assert secreto not in limpio
    assert OCULTO in limpio


@pytest.mark.parametrize(
    "clave", ["contrasena", "Password", "token_acceso", "secreto", "Authorization", "codigo_totp", "Set-Cookie"]
)
def test_el_valor_de_una_clave_secreta_no_se_registra_a_ninguna_profundidad(clave: str) -> None:
    assert ocultar({"datos": [{clave: "valor"}]}) == {"datos": [{clave: OCULTO}]}


@pytest.mark.parametrize("texto", ["Cita 12 cancelada", "GET /api/v1/citas", "01999f3e-7c41-7b52-9d1a-3f5c8e2b6a10"])
def test_lo_que_no_es_secreto_se_conserva(texto: str) -> None:
    assert ocultar(texto) == texto


def test_redactar_un_texto_enorme_no_se_eterniza() -> None:
    inicio = time.perf_counter()
    ocultar("a" * 200_000 + "token" * 20_000)
    assert time.perf_counter() - inicio < 2


def test_una_excepcion_sale_sin_variables_locales_ni_secretos(lineas) -> None:
    def falla() -> None:
        contrasena_leida = "variable-local"
        raise ValueError(f"password={contrasena_leida!r} {JWT}")

    try:
        falla()
    except ValueError:
        logging.getLogger("servet.prueba").exception("ha_fallado")
    (linea,) = lineas()
    assert linea["evento"] == "ha_fallado"
    assert "falla" in linea["traza"]
    assert "variable-local" not in json.dumps(linea)
    assert JWT not in json.dumps(linea)


def test_un_salto_de_linea_no_fabrica_otro_registro(lineas) -> None:
    logging.getLogger("servet.prueba").warning('hola\n{"evento": "falso"}\x1b[31m')
    (linea,) = lineas()
    assert linea["evento"].startswith("hola\n")
    assert linea["nivel"] == "warning"


def test_lo_que_registra_una_biblioteca_lleva_la_peticion_en_curso(lineas) -> None:
    iniciar(Contexto(id_peticion="peticion-1"))
    logging.getLogger("otra.biblioteca").info("hecho %s", 1, extra={"detalle": "x"})
    iniciar(Contexto())
    (linea,) = lineas()
    assert (linea["evento"], linea["id_peticion"], linea["detalle"]) == ("hecho 1", "peticion-1", "x")


def test_un_registro_ilegible_no_ensena_su_contenido(lineas) -> None:
    class Ilegible:
        def __str__(self) -> str:
            raise ValueError("contrasena=secreta")

    logging.getLogger("servet.prueba").info("hecho", extra={"dato": Ilegible()})
    assert lineas() == [{"nivel": "error", "evento": "registro_ilegible"}]
