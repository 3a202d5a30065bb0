"""Teléfonos: lo que se escribe en la ficha y lo que se guarda."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.utils.telefonos import TelefonoInvalido, normalizar

RAIZ = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("telefono", "pais", "e164"),
    [
        ("600 123 456", "ES", "+34600123456"),
        ("(91) 234-56.78", "ES", "+34912345678"),
        ("0034 600 123 456", "ES", "+34600123456"),
        ("+34 600 123 456", "MX", "+34600123456"),
        ("600123456", "es", "+34600123456"),
        ("55 1234 5678", "MX", "+525512345678"),
        ("300 123 4567", "CO", "+573001234567"),
        ("011 15-2345-6789", "AR", "+5491123456789"),
        ("9 8765 4321", "CL", "+56987654321"),
        ("987 654 321", "PE", "+51987654321"),
        ("+34600123456", "ZZ", "+34600123456"),
        ("６００１２３４５６", "ES", "+34600123456"),
    ],
)
def test_se_guarda_en_e164(telefono: str, pais: str, e164: str) -> None:
    assert normalizar(telefono, pais) == e164
    assert normalizar(e164, "ES") == e164


@pytest.mark.parametrize(
    ("telefono", "pais"),
    [
        ("", "ES"),
        ("123", "ES"),
        ("112", "ES"),
        ("60012345", "ES"),
        ("6001234567", "ES"),
        ("+34 123 456 789", "ES"),
        ("600123456", "ZZ"),
        ("600123456", ""),
        ("9OO 123 456", "ES"),
        ("900FLORES", "ES"),
        ("600123456 ext. 12", "ES"),
        ("600123456#12", "ES"),
        ("600 123 456 / 600 123 457", "ES"),
        ("llamar al 600123456", "ES"),
        ("+", "ES"),
    ],
)
def test_lo_que_no_se_puede_marcar_se_rechaza(telefono: str, pais: str) -> None:
    with pytest.raises(TelefonoInvalido) as error:
        normalizar(telefono, pais)
    assert error.value.mensaje


@given(st.text(max_size=30) | st.from_regex(r"\+?[0-9 ().-]{0,20}", fullmatch=True))
def test_cualquier_texto_se_normaliza_de_forma_estable_o_se_rechaza(telefono: str) -> None:
    try:
        e164 = normalizar(telefono, "ES")
    except TelefonoInvalido:
        return
    assert normalizar(e164, "PE") == e164


def test_el_arranque_no_carga_las_tablas_de_telefonos() -> None:
    programa = "import sys, app.utils.telefonos; sys.exit('phonenumbers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", programa], check=False, cwd=RAIZ).returncode == 0
