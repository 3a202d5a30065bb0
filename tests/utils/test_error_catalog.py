"""El catálogo de errores explica todo código que la API puede devolver."""

import re
from pathlib import Path

import pytest

from app.utils.error_catalog import REGLAS_DE_FORMA, catalogo, codigo_de, explicar
from app.utils.errors import BusinessRule, DomainError

APP = Path(__file__).resolve().parents[2] / "app"
# Donde una regla de forma dice su código: en un validador, en una excepción de utilidad o en la puerta del cuerpo.
_REGLA = re.compile(r'(?:PydanticCustomError\(|MicrochipInvalido\(|ReglaDeForma\(|"type": )\s*"([A-Z]+(?:_[A-Z]+)*)"')


class FaltaElBozal(BusinessRule):
    """Falta el bozal.

    Este animal sólo entra en sala
    con bozal puesto.
    """


def test_la_explicacion_sale_del_docstring() -> None:
    explicacion = explicar(FaltaElBozal)
    assert (explicacion.codigo, explicacion.estado) == ("FALTA_EL_BOZAL", 422)
    assert explicacion.titulo == "Falta el bozal"
    assert explicacion.significado == "Este animal sólo entra en sala con bozal puesto."
    assert catalogo()["FALTA_EL_BOZAL"] == explicacion


def test_el_catalogo_esta_traducido_donde_hay_traduccion() -> None:
    assert catalogo("en")["SIN_PERMISO"].titulo == "Permission denied"
    assert catalogo("es")["SIN_PERMISO"].titulo == "No tiene permiso para esto"


@pytest.mark.parametrize("idioma", ["es", "en"])
def test_toda_explicacion_dice_que_hacer(idioma: str) -> None:
    assert [uno.codigo for uno in catalogo(idioma).values() if not (uno.titulo and uno.que_hacer)] == []


def test_toda_regla_de_forma_tiene_explicacion() -> None:
    usadas = {codigo for fichero in APP.rglob("*.py") for codigo in _REGLA.findall(fichero.read_text())}
    assert "DECIMAL_COMO_TEXTO" in usadas
    assert usadas - REGLAS_DE_FORMA.keys() == set()


def test_dos_clases_no_comparten_codigo() -> None:
    def todas(raiz: type[DomainError]) -> list[type[DomainError]]:
        return [raiz, *(una for hija in raiz.__subclasses__() for una in todas(hija))]

    codigos = [codigo_de(clase) for clase in set(todas(DomainError)) if clase.__module__.startswith("app.")]
    repetidos = {codigo for codigo in codigos if codigo and codigos.count(codigo) > 1}
    assert repetidos == set()
