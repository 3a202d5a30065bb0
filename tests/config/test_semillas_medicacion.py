"""Los catálogos de medicación: que digan lo que dice el dominio y que se puedan cargar."""

import csv
import json
import re
from decimal import Decimal

import pytest

from app.api.schemas.parametros_regla_schema import parametros_de
from app.api.schemas.principio_activo_schema import PautaCampos
from app.config import semillas, semillas_medicacion
from app.config.catalogos_csv import CARPETA
from app.utils.alertas_medicacion import TipoRegla

PRINCIPIOS = {uno["codigo"]: uno for uno in semillas_medicacion.principios_activos()}
REGLAS = semillas_medicacion.reglas_alerta()


def test_son_41_principios_con_pauta_y_los_codigos_no_se_repiten():
    assert len([uno for uno in PRINCIPIOS.values() if uno["pautas"]]) == 41
    assert len(PRINCIPIOS) == len(semillas_medicacion.principios_activos())
    assert all(re.fullmatch(r"[a-z0-9_]{1,60}", codigo) for codigo in PRINCIPIOS)


def test_toda_pauta_es_de_un_principio_y_se_puede_guardar_como_una_escrita_a_mano():
    with (CARPETA / "pautas.csv").open(encoding="utf-8", newline="") as origen:
        filas = list(csv.DictReader(origen))
    assert {una["principio"] for una in filas} <= set(PRINCIPIOS)
    assert sum(len(uno["pautas"]) for uno in PRINCIPIOS.values()) == len(filas)
    especies = {una.codigo for una in semillas.especies()}
    for uno in PRINCIPIOS.values():
        for pauta in uno["pautas"]:
            PautaCampos.model_validate_json(json.dumps(pauta))
            assert pauta["especie"] in especies
            assert re.fullmatch(r"F\d+( F\d+)*", pauta["fuente"])
            assert pauta["estado_validacion"] == "orientativo"


@pytest.mark.parametrize(
    ("codigo", "especie", "via", "minima", "maxima", "unidad"),
    [
        ("amoxicilina_clavulanico", "perro", "oral", "12.5", "25", "mg_kg"),
        ("enrofloxacino", "gato", "oral", None, "5", "mg_kg"),
        ("enrofloxacino", "perro", "oral", "5", "20", "mg_kg"),
        ("dexmedetomidina", "perro", "intramuscular", "500", "500", "ug_m2"),
        ("dexmedetomidina", "gato", "intramuscular", "40", "40", "ug_kg"),
        ("metadona", "gato", "intramuscular", "0.3", "0.6", "mg_kg"),
        ("pimobendan", "perro", "oral", "0.25", "0.25", "mg_kg"),
        ("fluralaner", "gato", "topica", "40", None, "mg_kg"),
        ("praziquantel", "gato", "oral", None, None, "mg_kg"),
    ],
)
def test_las_pautas_del_dominio(codigo, especie, via, minima, maxima, unidad):
    (pauta,) = (una for una in PRINCIPIOS[codigo]["pautas"] if (una["especie"], una["via"]) == (especie, via))
    assert (pauta["dosis_min"], pauta["dosis_max"], pauta["unidad_dosis"]) == (minima, maxima, unidad)


@pytest.mark.parametrize(
    ("codigo", "especie"),
    [("cefalexina", "gato"), ("doxiciclina", "gato"), ("firocoxib", "gato"), ("atipamezol", "gato"),
     ("afoxolaner", "gato"), ("pimobendan", "gato")],
)  # fmt: skip
def test_lo_que_no_tiene_dato_no_propone_nada(codigo, especie):
    assert not [una for una in PRINCIPIOS[codigo]["pautas"] if una["especie"] == especie]


def test_los_controlados_y_los_antibioticos():
    control = {codigo: uno["control"] for codigo, uno in PRINCIPIOS.items() if uno["control"] != "ninguno"}
    assert (control.pop("metadona"), control.pop("buprenorfina")) == ("estupefaciente", "psicotropo")
    assert set(control.values()) == {"por_revisar"}
    de_b = {codigo for codigo, uno in PRINCIPIOS.items() if uno["categoria_ema"] == "B"}
    assert de_b == {"cefovecina", "enrofloxacino", "marbofloxacino"}
    assert all((uno["grupo"] == "antibiotico") is bool(uno["categoria_ema"]) for uno in PRINCIPIOS.values())


def test_la_suma_se_dice_y_sus_componentes_se_conocen():
    suma = PRINCIPIOS["amoxicilina_clavulanico"]
    assert suma["componentes"] == ["amoxicilina", "acido_clavulanico"]
    assert suma["expresion"].startswith("Suma")


def test_las_reglas_son_al01_a_al22_con_parametros_validos_y_fuente():
    assert {una["codigo"] for una in REGLAS} == {f"AL{n:02}" for n in range(1, 23)}
    assert len({(una["codigo"], una["variante"]) for una in REGLAS}) == len(REGLAS)
    for regla in REGLAS:
        assert parametros_de(TipoRegla(regla["tipo"]), regla["parametros"]) is not None
        assert re.fullmatch(r"(F\d+|D|NV)( F\d+)*", regla["fuente"])
        assert regla["mensaje"][0].isupper()


def test_las_reglas_nombran_principios_y_grupos_que_existen():
    grupos = {uno["grupo"] for uno in PRINCIPIOS.values()}
    for regla in REGLAS:
        lados = [regla["parametros"], *(regla["parametros"].get(lado, {}) for lado in ("uno", "otro"))]
        for lado in lados:
            assert set(lado.get("principios", ())) <= set(PRINCIPIOS)
            assert set(lado.get("grupos", ())) <= grupos


def test_ninguna_dosis_lleva_mas_de_cuatro_decimales():
    """Con más, la dosis efectiva podría mostrarse por encima de su máximo."""
    for uno in PRINCIPIOS.values():
        for pauta in uno["pautas"]:
            for dosis in filter(None, (pauta["dosis_min"], pauta["dosis_max"])):
                assert Decimal(dosis).as_tuple().exponent >= -4
