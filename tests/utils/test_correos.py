"""Correos: cómo se guardan y cuáles no se admiten."""

import pytest

from app.utils.correos import normalizar


@pytest.mark.parametrize(
    ("escrito", "guardado"),
    [
        ("Ana.Ruiz@Ejemplo.COM", "ana.ruiz@ejemplo.com"),
        (" ana+gatos@demo.test ", "ana+gatos@demo.test"),
        ("ana@España.es", "ana@españa.es"),
    ],
)
def test_un_correo_se_guarda_en_minusculas(escrito, guardado):
    assert normalizar(escrito) == guardado


@pytest.mark.parametrize(
    "escrito", ["", "ana", "ana@", "@demo.test", "a b@demo.test", "ana@localhost", "a" * 250 + "@x.es"]
)
def test_lo_que_no_es_un_correo_no_se_admite(escrito):
    with pytest.raises(ValueError, match=r".+"):
        normalizar(escrito)
