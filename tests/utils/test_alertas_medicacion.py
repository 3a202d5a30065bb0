"""El motor de alertas, en seco: cada regla salta cuando debe, calla cuando no, y dice cuánto y de qué."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.utils.alertas_medicacion import DE_LINEA, TipoRegla, evaluar
from app.utils.medicacion import Alerta, Gravedad, Hallazgo, Regla
from tests.utils.casos_alertas import (
    AMOXI_CLAV,
    CASOS,
    GATO,
    PERRO,
    REGLAS,
    animal,
    linea,
    principio,
    situacion,
)


def de(codigo: str, cual) -> list[Alerta]:
    return [una for una in evaluar(cual, REGLAS) if una.codigo == codigo]


@pytest.mark.parametrize("nombre", CASOS)
def test_cada_regla_salta_o_calla(nombre):
    caso = CASOS[nombre]
    assert tuple(str(una.gravedad) for una in de(caso.codigo, caso.situacion)) == caso.gravedades


def test_cada_codigo_se_prueba_saltando_y_sin_saltar():
    for codigo in {una.codigo for una in REGLAS}:
        saltan = {bool(caso.gravedades) for caso in CASOS.values() if caso.codigo == codigo}
        assert saltan == {True, False}, codigo


def test_cada_regla_semilla_salta_en_algun_caso():
    """Todas menos las de categoría A, de la que no hay ningún principio de partida."""
    for regla in REGLAS:
        if regla.parametros.get("categorias") != ["A"]:
            assert any(evaluar(caso.situacion, [regla]) for caso in CASOS.values()), regla


def test_hay_una_comprobacion_por_tipo_y_la_del_peso():
    assert {*DE_LINEA, TipoRegla.PESO} == set(TipoRegla)


@pytest.mark.parametrize(
    ("gravedad", "justificable"), [(Gravedad.BLOQUEO, False), (Gravedad.GRAVE, True), (Gravedad.AVISO, False)]
)
def test_solo_lo_grave_se_justifica(gravedad, justificable):
    assert Alerta("AL01", gravedad, "").justificable is justificable


@pytest.mark.parametrize(
    ("destino", "gravedad"),
    [("produccion", "bloqueo"), ("compania", "grave"), ("trabajo", "bloqueo"), ("zoologico", "bloqueo")],
)
def test_la_categoria_a_solo_en_compania(destino, gravedad):
    con_a = replace(principio("enrofloxacino"), categoria_ema="A")
    dado = situacion(animal(destino=destino), replace(AMOXI_CLAV, principios=(con_a,)))
    assert [(str(una.gravedad), una.categoria_ema) for una in de("AL16", dado)] == [(gravedad, "A")]


def test_lo_que_se_pasa_se_dice_cuanto_y_de_que():
    (alerta,) = de("AL12", situacion(GATO, linea("enrofloxacino", dosis="10")))
    assert (alerta.razon, alerta.limite, alerta.unidad) == (Decimal("2.00"), Decimal(5), "mg_kg")
    assert (alerta.principio, alerta.linea) == ("enrofloxacino", 0)
    (corta,) = de("AL12", situacion(PERRO, linea("amoxicilina_clavulanico", dosis="10")))
    assert (corta.razon, corta.limite, corta.unidad, corta.principio) == (
        Decimal("0.80"), Decimal("12.5"), "mg_kg", "amoxicilina_clavulanico",
    )  # fmt: skip
    (larga,) = de("AL12", situacion(PERRO, linea("maropitant", "subcutanea", "1", duracion_dias=6)))
    assert (larga.razon, larga.limite, larga.unidad, larga.principio) == (None, Decimal(5), "dias", "maropitant")


def test_el_ritmo_cuenta_en_la_razon():
    (alerta,) = de("AL12", situacion(PERRO, linea("meloxicam", dosis="0.1", intervalo_h=8, duracion_dias=5)))
    assert alerta.razon == Decimal("3.00")


def test_la_ivermectina_dice_cuantas_veces_la_preventiva():
    collie = animal(raza_mdr1=True)
    (alerta,) = de("AL03", situacion(collie, linea("ivermectina", dosis="0.3")))
    assert (alerta.razon, alerta.limite, alerta.unidad, alerta.principio) == (
        Decimal("25.00"), Decimal(12), "ug_kg", "ivermectina",
    )  # fmt: skip
    (sin_dosis,) = de("AL03", situacion(collie, linea("ivermectina")))
    assert (sin_dosis.razon, sin_dosis.limite, sin_dosis.unidad) == (None, Decimal(12), "ug_kg")
    assert sin_dosis.principio == "ivermectina"


@pytest.mark.parametrize(
    ("codigo", "cual", "culpable"),
    [
        ("AL01", situacion(GATO, linea("paracetamol")), "paracetamol"),
        ("AL04", situacion(PERRO, linea("meloxicam"), linea("prednisolona")), "prednisolona"),
        ("AL06", situacion(GATO, linea("carprofeno", "subcutanea", duracion_dias=2)), "carprofeno"),
        ("AL07", situacion(animal(gestante=True), linea("carprofeno")), "carprofeno"),
        ("AL13", situacion(PERRO, AMOXI_CLAV, linea("cefalexina")), "cefalexina"),
        ("AL16", situacion(GATO, linea("cefovecina", "subcutanea")), "cefovecina"),
    ],
)
def test_dice_con_que_principio_choca(codigo, cual, culpable):
    assert de(codigo, cual)[0].principio == culpable


def test_la_alergia_dice_a_que():
    caso = CASOS["AL11 alergia a la familia"]
    assert de("AL11", caso.situacion)[0].principio == "amoxicilina_clavulanico"


def test_el_peso_antiguo_dice_cuantos_dias_valen_y_no_es_de_ninguna_linea():
    (alerta,) = de("AL14", CASOS["AL14 cachorro, peso de 7 días y un minuto"].situacion)
    assert (alerta.linea, alerta.limite, alerta.unidad) == (None, Decimal(7), "dias")


def test_van_de_mas_a_menos_grave_y_por_codigo():
    dado = situacion(
        animal("gato", peso=None, nacimiento=None), linea("cefovecina", "subcutanea"), linea("paracetamol"),
        linea("permetrina", "topica"), linea("doxiciclina"),
    )  # fmt: skip
    orden = [(str(una.gravedad), una.codigo, una.linea) for una in evaluar(dado, reversed(REGLAS))]
    assert orden == [
        ("bloqueo", "AL01", 1), ("bloqueo", "AL02", 2), ("grave", "AL14", None), ("grave", "AL16", 0),
        ("aviso", "AL13", 0), ("aviso", "AL13", 3),
    ]  # fmt: skip


def test_dos_reglas_que_dicen_lo_mismo_lo_dicen_una_vez():
    regla = Regla("AL50", "duplicidad", "aviso", "Ya lo toma")
    dado = situacion(PERRO, AMOXI_CLAV, linea("cefalexina"))
    assert len(evaluar(dado, [regla, regla])) == 2  # una por línea


def test_cada_alerta_dice_el_mensaje_de_su_regla():
    regla = Regla("AL50", "fuera_de_ficha", "aviso", "Fuera de ficha")
    (alerta,) = evaluar(situacion(PERRO, replace(AMOXI_CLAV, fuera_de_ficha=True)), [regla])
    assert (alerta.codigo, alerta.mensaje, alerta.gravedad) == ("AL50", "Fuera de ficha", "aviso")


def test_sin_reglas_no_hay_alertas():
    assert evaluar(situacion(GATO, linea("paracetamol")), []) == []


def test_una_linea_sin_principios_no_dice_nada_de_ellos():
    vacia = replace(linea("meloxicam"), principios=())
    assert evaluar(situacion(PERRO, vacia), REGLAS) == []


def test_un_hallazgo_vacio_tambien_es_un_hallazgo():
    assert bool(Hallazgo())
