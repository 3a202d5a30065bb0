"""Identificadores fiscales: la tabla del dominio y lo que la rodea."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.utils.fiscal import IdentificadorFiscal, IdentificadorFiscalInvalido, validar

CASOS = [
    ("ES", "nif", "12345678Z", "12345678Z", "12345678A"),
    ("ES", "nie", "X1234567L", "X1234567L", "X1234567A"),
    ("ES", "cif", "A58818501", "A58818501", "A58818502"),
    ("MX", "rfc", "GODE561231GR8", "GODE561231GR8", "GODE561331GR8"),
    ("CO", "nit", "213123432-1", "2131234321", "213123432-2"),
    ("AR", "cuit", "20-05536168-2", "20055361682", "20-05536168-3"),
    ("CL", "rut", "76.086.428-5", "760864285", "76.086.428-4"),
    ("PE", "ruc", "20512333797", "20512333797", "20512333798"),
]


@pytest.mark.parametrize(("pais", "tipo", "valor", "normalizado", "_invalido"), CASOS)
@pytest.mark.parametrize("declarado", [True, False])
def test_casos_validos_del_dominio(
    pais: str, tipo: str, valor: str, normalizado: str, _invalido: str, declarado: bool
) -> None:
    assert validar(pais, tipo if declarado else None, valor) == IdentificadorFiscal(pais, tipo, normalizado)


@pytest.mark.parametrize(("pais", "tipo", "_valor", "_normalizado", "invalido"), CASOS)
@pytest.mark.parametrize("declarado", [True, False])
def test_casos_invalidos_del_dominio(
    pais: str, tipo: str, _valor: str, _normalizado: str, invalido: str, declarado: bool
) -> None:
    with pytest.raises(IdentificadorFiscalInvalido) as error:
        validar(pais, tipo if declarado else None, invalido)
    assert error.value.mensaje
    assert invalido not in error.value.mensaje


@pytest.mark.parametrize(
    ("pais", "valor", "normalizado", "tipo"),
    [
        ("ES", " 12.345.678-z ", "12345678Z", "nif"),
        ("ES", "ES12345678Z", "12345678Z", "nif"),
        ("ES", "x-1234567-l", "X1234567L", "nie"),
        ("ES", "M1234567L", "M1234567L", "nif"),
        ("es", "A-58818501", "A58818501", "cif"),
        ("CL", "12.531.909-2", "125319092", "rut"),
        ("CL", "10.000.013-k", "10000013K", "rut"),
        ("CO", "213.123.432–1", "2131234321", "nit"),
        ("MX", "mab-930714-8t4", "MAB9307148T4", "rfc"),
    ],
)
def test_se_normaliza_lo_que_se_escribe_a_mano(pais: str, valor: str, normalizado: str, tipo: str) -> None:
    assert validar(pais, None, valor) == IdentificadorFiscal(pais.upper(), tipo, normalizado)


@pytest.mark.parametrize("valor", ["A00110122", "A0011012B", "Q2826000H", "G58818501", "G5881850A"])
def test_el_control_de_una_entidad_es_letra_o_digito_segun_su_clave(valor: str) -> None:
    assert validar("ES", "cif", valor).valor_normalizado == valor


@pytest.mark.parametrize("valor", ["A5881850A", "B5881850A", "Q28260008", "P58818501"])
def test_el_control_de_otra_clase_no_vale(valor: str) -> None:
    with pytest.raises(IdentificadorFiscalInvalido, match="control"):
        validar("ES", "cif", valor)


@pytest.mark.parametrize(
    ("tipo", "valor"),
    [("nie", "12345678Z"), ("cif", "12345678Z"), ("cif", "X1234567L"), ("nie", "A58818501"), ("dni", "X1234567L")],
)
def test_el_tipo_declarado_ha_de_ser_el_del_valor(tipo: str, valor: str) -> None:
    with pytest.raises(IdentificadorFiscalInvalido, match=tipo.upper()):
        validar("ES", tipo, valor)


@pytest.mark.parametrize(
    ("tipo", "valor"), [("nif", "X1234567L"), ("NIF", "A58818501"), ("dni", "12345678Z"), ("nif", "12345678Z")]
)
def test_todos_los_espanoles_son_nif(tipo: str, valor: str) -> None:
    assert validar("ES", tipo, valor).tipo == tipo.lower()


@pytest.mark.parametrize("valor", ["XAXX010101000", "XEXX010101000"])
def test_los_rfc_genericos_se_admiten_sin_aviso(valor: str) -> None:
    assert validar("MX", "rfc", valor) == IdentificadorFiscal("MX", "rfc", valor)


@pytest.mark.parametrize("valor", ["VACE460910SX6", "GODE561231GR9", "MAB9307148T5"])
def test_la_homoclave_equivocada_solo_avisa(valor: str) -> None:
    identificador = validar("MX", "rfc", valor)
    assert identificador.valor_normalizado == valor
    assert [aviso.codigo for aviso in identificador.avisos] == ["RFC_HOMOCLAVE"]


@pytest.mark.parametrize("valor", ["GODE561231", "GODE560230GR8", "MAB9302308T4", "GODE56123GR8", "G1DE561231GR8"])
def test_el_rfc_lleva_homoclave_y_fecha_valida(valor: str) -> None:
    with pytest.raises(IdentificadorFiscalInvalido):
        validar("MX", "rfc", valor)


@pytest.mark.parametrize(
    ("pais", "valor"), [("PE", "30512333797"), ("AR", "99-05536168-2"), ("CO", "1"), ("ES", "1234567L"), ("CL", "K")]
)
def test_prefijo_o_longitud_ajenos_se_rechazan(pais: str, valor: str) -> None:
    with pytest.raises(IdentificadorFiscalInvalido):
        validar(pais, None, valor)


@pytest.mark.parametrize(
    ("pais", "tipo", "codigo"),
    [("FR", None, "PAIS_SIN_VALIDACION"), ("FR", "siren", "PAIS_SIN_VALIDACION"), ("PE", "dni", "TIPO_SIN_VALIDACION")],
)
def test_lo_que_no_tiene_regla_se_admite_con_aviso(pais: str, tipo: str | None, codigo: str) -> None:
    identificador = validar(pais, tipo, " ab-12.3 ")
    assert (identificador.tipo, identificador.valor_normalizado) == (tipo, "ab-12.3")
    assert [aviso.codigo for aviso in identificador.avisos] == [codigo]


@pytest.mark.parametrize("pais", ["ES", "FR"])
def test_un_valor_vacio_no_identifica(pais: str) -> None:
    with pytest.raises(IdentificadorFiscalInvalido, match="vacío"):
        validar(pais, None, "  ")


@given(
    pais=st.sampled_from(["ES", "MX", "CO", "AR", "CL", "PE"]),
    valor=st.text(max_size=15) | st.from_regex(r"[A-ZÑ&]{0,4}[0-9]{5,11}[A-Z0-9]{0,3}", fullmatch=True),
)
def test_cualquier_texto_se_normaliza_de_forma_estable_o_se_rechaza(pais: str, valor: str) -> None:
    try:
        identificador = validar(pais, None, valor)
    except IdentificadorFiscalInvalido:
        return
    assert validar(pais, identificador.tipo, identificador.valor_normalizado) == identificador
