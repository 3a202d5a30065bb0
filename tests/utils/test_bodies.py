"""La puerta del cuerpo: qué texto no pasa, aunque mida lo que el esquema pide."""

import json

import pytest

from tests.factories import crear_cliente, datos_cliente

INVISIBLES = [
    "\u200b",
    "\u200e",
    "\u200f",
    "\u2028",
    "\u202e",
    "\u2060",
    "\u2064",
    "\u2066",
    "\u2069",
    "\ufeff",
    "\x07",
    "\x7f",
]
SOLO_UNIDORES = ["\u200d", "\u200c", " \u200d\u200c "]


@pytest.mark.parametrize("escapado", [False, True])
@pytest.mark.parametrize("texto", [*INVISIBLES, *SOLO_UNIDORES, *(f"An{uno}a" for uno in INVISIBLES)])
def test_lo_que_no_se_ve_no_se_guarda(clinica, texto, escapado):
    cuerpo = json.dumps(datos_cliente(nombre=texto), ensure_ascii=escapado).encode()
    respuesta = clinica.como("recepcion").post("/clientes", data=cuerpo, headers={"Content-Type": "application/json"})
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "CARACTER_DE_CONTROL"), ascii(texto)
    assert respuesta.json["errores"][0]["campo"] == "/nombre"


@pytest.mark.parametrize("texto", ["Ana 👩\u200d⚕️", "می\u200cخواهم", "Iñaki", "李", "A\u00a0B", "« Ana »"])
def test_los_unidores_de_emojis_y_escrituras_si_pasan(clinica, texto):
    assert crear_cliente(clinica, nombre=texto)["nombre"] == texto


@pytest.mark.parametrize("texto", ["%E2%80%8B", "lu%E2%80%AEna", "%E2%80%8D"])
def test_ni_en_la_consulta(clinica, texto):
    respuesta = clinica.como("recepcion").get(f"/pacientes?q={texto}")
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "CARACTER_DE_CONTROL")
