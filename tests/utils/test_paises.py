"""Países: la tabla concuerda con otra fuente independiente."""

from babel.core import get_global

from app.utils.paises import ALFA2_POR_NUMERICO


def test_cada_codigo_numerico_es_el_de_su_pais() -> None:
    equivalencias = get_global("territory_aliases")
    assert {numerico: [alfa2] for numerico, alfa2 in ALFA2_POR_NUMERICO.items()} == {
        numerico: equivalencias[numerico] for numerico in ALFA2_POR_NUMERICO
    }


def test_no_falta_ni_se_repite_ningun_pais() -> None:
    assert len(ALFA2_POR_NUMERICO) == len(set(ALFA2_POR_NUMERICO.values())) == 249
