"""La huella: la misma para lo mismo, sin que importe el orden de las claves ni el desfase de los instantes."""

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.models.consulta import TipoConsulta
from app.utils.huellas import canonico, huella, instante

valores = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda hijos: st.lists(hijos, max_size=4) | st.dictionaries(st.text("abcñ", max_size=4), hijos, max_size=4),
    max_leaves=12,
)


def test_el_json_canonico_se_escribe_de_una_sola_manera():
    documento = {
        "ñu": "«sí»", "b": [Decimal("38.50"), None, True], "a": date(2026, 11, 23), "tipo": TipoConsulta.URGENCIA,
        "id": UUID(int=1), "en": datetime(2026, 11, 23, 10, 0, 0, 5, timezone(timedelta(hours=1))),
    }  # fmt: skip
    escrito = (
        '{"a":"2026-11-23","b":["38.50",null,true],"en":"2026-11-23T09:00:00.000005Z",'
        '"id":"00000000-0000-0000-0000-000000000001","tipo":"urgencia","ñu":"«sí»"}'
    )
    assert canonico(documento) == escrito.encode()
    assert huella(documento) == hashlib.sha256(escrito.encode()).hexdigest()


@given(st.dictionaries(st.text("abcñz", max_size=4), valores, max_size=5))
def test_el_orden_de_las_claves_no_cambia_la_huella(documento):
    assert huella(dict(reversed(documento.items()))) == huella(documento)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2199, 1, 1)), st.integers(-14, 14))
def test_el_desfase_con_que_se_dice_un_instante_no_la_cambia(momento, horas):
    exacto = momento.replace(tzinfo=UTC)
    assert instante(exacto.astimezone(timezone(timedelta(hours=horas)))) == instante(exacto)


@given(valores, valores)
def test_dos_documentos_distintos_no_comparten_json(uno, otro):
    def llano(valor):
        return repr(valor) if not isinstance(valor, dict) else {k: llano(valor[k]) for k in sorted(valor)}

    if llano({"a": uno}) != llano({"a": otro}) and uno != otro:
        assert canonico({"a": uno}) != canonico({"a": otro})


@pytest.mark.parametrize("malo", [1.5, [0.1], {"a": float("nan")}])
def test_la_coma_flotante_no_entra(malo):
    with pytest.raises(TypeError):
        huella({"valor": malo})


def test_un_instante_sin_desfase_no_entra():
    with pytest.raises(ValueError, match="desfase"):
        instante(datetime(2026, 1, 1))
