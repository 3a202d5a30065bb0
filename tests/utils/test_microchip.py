"""Microchip: casos del dominio, fronteras del prefijo y alfabetos."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.utils.microchip import DetalleMicrochip, MicrochipInvalido, avisos, detalle, normalizar, validar


@pytest.mark.parametrize(
    ("texto", "codigo", "tipo", "pais"),
    [
        pytest.param("724 098 100 111 917", "724098100111917", "pais", "ES", id="M1"),
        pytest.param("941000012345678", "941000012345678", "fabricante", None, id="M2"),
        pytest.param("724274877906943", "724274877906943", "pais", "ES", id="M5"),
        pytest.param("900263000123456", "900263000123456", "fabricante_compartido", None, id="M8"),
    ],
)
def test_casos_validos_del_dominio(texto: str, codigo: str, tipo: str, pais: str | None) -> None:
    microchip = validar(texto)
    assert microchip.codigo == codigo
    assert detalle(microchip) == DetalleMicrochip(tipo, codigo[:3], pais)  # type: ignore[arg-type]
    assert avisos(microchip) == []


@pytest.mark.parametrize(
    ("texto", "codigo"),
    [
        pytest.param("98100001234567", "MICROCHIP_FORMATO", id="M3"),
        pytest.param("999000000000001", "MICROCHIP_PRUEBAS", id="M4"),
        pytest.param("724274877906944", "MICROCHIP_FUERA_DE_RANGO", id="M6"),
        pytest.param("000123456789012", "MICROCHIP_PREFIJO", id="M7"),
        pytest.param("", "MICROCHIP_FORMATO", id="vacio"),
        pytest.param("7240981001119170", "MICROCHIP_FORMATO", id="16 digitos"),
        pytest.param("72409810011191A", "MICROCHIP_FORMATO", id="letra"),
        pytest.param("724098100111917\x00", "MICROCHIP_FORMATO", id="nulo"),
        pytest.param("７２４０９８１００１１１９１７", "MICROCHIP_FORMATO", id="cifras anchas"),
        pytest.param("٧٢٤٠٩٨١٠٠١١١٩١٧", "MICROCHIP_FORMATO", id="cifras arabes"),
        pytest.param("72409810011191²", "MICROCHIP_FORMATO", id="superindice"),
        pytest.param("999999999999999", "MICROCHIP_PRUEBAS", id="pruebas antes que rango"),
        pytest.param("000999999999999", "MICROCHIP_PREFIJO", id="prefijo antes que rango"),
        pytest.param("941274877906944", "MICROCHIP_FUERA_DE_RANGO", id="rango de fabricante"),
    ],
)
def test_codigos_imposibles(texto: str, codigo: str) -> None:
    with pytest.raises(MicrochipInvalido) as error:
        validar(texto)
    assert error.value.codigo == codigo
    assert error.value.mensaje


@pytest.mark.parametrize(
    "texto",
    ["724-098-100-111-917", "724.098.100.111.917", " 724098100111917\t", "724\u00a0098100111917", "724–098100111917"],
)
def test_los_separadores_no_cuentan(texto: str) -> None:
    assert normalizar(texto) == "724098100111917"


@pytest.mark.parametrize(
    ("prefijo", "tipo", "pais"),
    [
        ("004", "pais", "AF"),
        ("484", "pais", "MX"),
        ("170", "pais", "CO"),
        ("032", "pais", "AR"),
        ("152", "pais", "CL"),
        ("604", "pais", "PE"),
        ("894", "pais", "ZM"),
        ("900", "fabricante_compartido", None),
        ("901", "fabricante", None),
        ("998", "fabricante", None),
    ],
)
def test_el_prefijo_dice_pais_o_fabricante(prefijo: str, tipo: str, pais: str | None) -> None:
    microchip = validar(f"{prefijo}000000000001")
    assert detalle(microchip) == DetalleMicrochip(tipo, prefijo, pais)  # type: ignore[arg-type]
    assert avisos(microchip) == []


@pytest.mark.parametrize("prefijo", ["001", "200", "278", "899"])
def test_un_prefijo_de_pais_desconocido_avisa(prefijo: str) -> None:
    microchip = validar(f"{prefijo}000000000001")
    assert detalle(microchip) == DetalleMicrochip("pais", prefijo, None)
    assert [aviso.codigo for aviso in avisos(microchip)] == ["MICROCHIP_PAIS_DESCONOCIDO"]


def test_el_numero_individual_cero_avisa() -> None:
    assert [aviso.codigo for aviso in avisos(validar("724000000000000"))] == ["MICROCHIP_NUMERO_CERO"]
    assert [aviso.codigo for aviso in avisos(validar("899000000000000"))] == [
        "MICROCHIP_PAIS_DESCONOCIDO",
        "MICROCHIP_NUMERO_CERO",
    ]


@given(st.text(max_size=20) | st.from_regex(r"\d{15}", fullmatch=True))
def test_cualquier_texto_se_rechaza_o_da_15_digitos(texto: str) -> None:
    try:
        microchip = validar(texto)
    except MicrochipInvalido:
        return
    assert microchip.codigo.isascii()
    assert len(microchip.codigo) == 15


@given(prefijo=st.integers(min_value=1, max_value=998), individual=st.integers(min_value=0, max_value=2**38 - 1))
def test_todo_codigo_de_la_norma_es_valido(prefijo: int, individual: int) -> None:
    microchip = validar(f"{prefijo:03}{individual:012}")
    assert (microchip.prefijo, microchip.individual) == (f"{prefijo:03}", individual)
