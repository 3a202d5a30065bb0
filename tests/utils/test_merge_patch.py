"""Fundir un parche: los casos del RFC 7396 que caben en un objeto."""

import pytest

from app.utils.merge_patch import merge

CASOS = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": "foo"}, {"a": {"b": "c"}}, {"a": {"b": "c"}}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    (None, {"a": 1}, {"a": 1}),
    ({"a": 1}, None, None),
]


@pytest.mark.parametrize(("antes", "parche", "despues"), CASOS)
def test_el_parche_se_funde(antes, parche, despues):
    assert merge(antes, parche) == despues


def test_fundir_no_toca_el_original():
    antes = {"a": {"b": "c"}}
    merge(antes, {"a": {"b": "d"}})
    assert antes == {"a": {"b": "c"}}
