"""La dosis en seco: los casos D1–D13, sus fronteras y lo que debe cumplirse con cualquier peso."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.utils.decimales import entre, por
from app.utils.dosis import (
    Presentacion,
    Rango,
    SinPresentacionAdecuada,
    calcular,
    con_su_dosis,
    consumo,
    por_superficie,
    rango,
)
from app.utils.fisiologia import CalculoNoDisponible
from app.utils.medicacion import Linea
from tests.utils.casos_dosis import CASOS, SIN_PRESENTACION, CasoDosis

MEDIOS = (Decimal(1), Decimal("0.5"))


def presentacion(caso: CasoDosis) -> Presentacion:
    fracciones = tuple(Decimal(una) for una in caso.fracciones) or (Decimal(1),)
    return Presentacion(Decimal(caso.concentracion), "mg", caso.unidad_base, fracciones)


def toma(caso: CasoDosis):
    pedida = rango(Decimal(caso.dosis), *(Decimal(una) for una in caso.rango))
    return calcular(caso.especie, Decimal(caso.peso), caso.unidad, pedida, presentacion(caso))


@pytest.mark.parametrize("nombre", CASOS)
def test_los_casos_resueltos(nombre):
    caso = CASOS[nombre]
    salida = toma(caso)
    assert (str(salida.cantidad), str(salida.dosis_efectiva)) == (caso.cantidad, caso.efectiva)
    if "dosis_mg" in caso.mas:
        assert (str(salida.total), salida.unidad_total) == (caso.mas["dosis_mg"], "mg")
    if "cantidad_total" in caso.mas:
        gasto = consumo(
            salida.cantidad, caso.mas["intervalo_h"], caso.mas["duracion_dias"], Decimal(caso.mas["unidades_envase"])
        )
        assert str(gasto.cantidad_total) == caso.mas["cantidad_total"]
        assert gasto.envases == caso.mas.get("envases", gasto.envases)
        assert str(gasto.porcentaje_envase) == caso.mas.get("porcentaje_envase", str(gasto.porcentaje_envase))


def test_d12_medio_comprimido_es_demasiado():
    with pytest.raises(
        SinPresentacionAdecuada, match=r"^Ninguna fracción de esa presentación queda entre la dosis mínima y la máxima$"
    ):
        toma(SIN_PRESENTACION)


def solido(dosis: str, minima: str, maxima: str | None, mg: str = "10", fracciones=MEDIOS, peso: str = "1"):
    """Con 1 kg y 10 mg, cada comprimido son 10 mg/kg."""
    pedida = Rango(Decimal(dosis), Decimal(minima), Decimal(maxima) if maxima else None)
    return calcular(
        "perro", Decimal(peso), "mg_kg", pedida, Presentacion(Decimal(mg), "mg", "comprimido", fracciones)
    ).cantidad


@pytest.mark.parametrize(
    ("dosis", "minima", "maxima", "cantidad"),
    [
        ("10", "10", "20", "1"),
        ("11", "10", "20", "1"),
        ("14", "10", "20", "1.5"),
        ("12.5", "10", "20", "1"),  # a la misma distancia de uno y de uno y medio: el menor
        ("12.5", "12.5", "20", "1.5"),  # mejor llegar al mínimo que quedarse cerca
        ("5.5", "5.5", "5.5", "0.5"),  # ninguno llega al mínimo: vale el que pasa del 90 %
        ("20", "10", "20", "2"),  # justo la máxima
        ("19", "10", "19.99", "1.5"),
        ("27", "10", None, "2.5"),  # sin techo
        ("28", "10", None, "3"),
    ],
)
def test_que_fraccion_se_elige(dosis, minima, maxima, cantidad):
    assert str(solido(dosis, minima, maxima)) == cantidad


def test_a_menos_del_noventa_por_ciento_no_hay_presentacion():
    assert str(solido("9", "10", "9.5", mg="9")) == "1"  # justo el 90 %
    assert str(solido("5.5555", "5.5555", "5.5555")) == "0.5"  # 5 mg/kg: el 90,0009 %
    with pytest.raises(SinPresentacionAdecuada):
        solido("5.6", "5.6", "5.6")


def test_se_combinan_todas_las_fracciones():
    tercios = (Decimal(1), Decimal("0.333"))
    assert str(solido("6.66", "6.66", "7", fracciones=tercios)) == "0.666"


def liquido(dosis: str, minima: str, maxima: str | None, mg_ml: str = "1", peso: str = "1"):
    pedida = Rango(Decimal(dosis), Decimal(minima), Decimal(maxima) if maxima else None)
    return calcular("perro", Decimal(peso), "mg_kg", pedida, Presentacion(Decimal(mg_ml), "mg", "ml"))


@pytest.mark.parametrize(
    ("dosis", "maxima", "cantidad"),
    [
        ("0.994", "1", "0.99"),
        ("0.995", "1", "1"),
        ("0.995", "0.996", "0.99"),
        ("1", "1", "1"),  # desde 1 mL, de décima en décima
        ("1.04", "2", "1"),
        ("1.05", "2", "1.1"),
        ("1.05", "1.09", "1"),
        ("1.05", "1.1", "1.1"),  # justo la máxima
        ("0.005", "1", "0.01"),
        ("1.05", None, "1.1"),
    ],
)
def test_a_que_paso_se_redondea_un_liquido(dosis, maxima, cantidad):
    assert str(liquido(dosis, dosis, maxima).cantidad) == cantidad


@pytest.mark.parametrize(("dosis", "minima"), [("0.004", "0.004"), ("0.004", "0"), ("0.0112", "0.0112")])
def test_un_volumen_que_no_se_puede_medir_no_tiene_presentacion(dosis, minima):
    with pytest.raises(SinPresentacionAdecuada, match=r"^El volumen es demasiado pequeño para medirlo$"):
        liquido(dosis, minima, dosis)


def test_un_liquido_que_queda_justo_en_el_noventa_por_ciento_vale():
    assert str(liquido("0.0111", "0.0111", "0.0111").cantidad) == "0.01"
    assert str(liquido("0.09", "0.1", "0.09").cantidad) == "0.09"


@pytest.mark.parametrize(
    ("minima", "maxima", "esperado"),
    [
        (None, None, Rango(Decimal(5), Decimal(5), Decimal(5))),
        (Decimal(2), Decimal(4), Rango(Decimal(5), Decimal(2), Decimal(5))),
        (Decimal(6), Decimal(8), Rango(Decimal(5), Decimal(5), Decimal(8))),
        (None, Decimal(8), Rango(Decimal(5), Decimal(5), Decimal(8))),
        (Decimal(2), None, Rango(Decimal(5), Decimal(2), None)),
    ],
)
def test_salirse_de_la_pauta_abre_el_rango_hasta_lo_pedido(minima, maxima, esperado):
    assert rango(Decimal(5), minima, maxima) == esperado


@pytest.mark.parametrize(
    ("unidad", "concentracion", "unidad_concentracion", "dosis", "cantidad", "total", "unidad_total"),
    [
        ("mg_kg", "2", "mg", "1", "5", "10", "mg"),
        ("ug_kg", "2", "mg", "1000", "5", "10", "mg"),
        ("mg_kg", "2000", "ug", "1", "5", "10", "mg"),
        ("ug_kg", "2000", "ug", "1000", "5", "10", "mg"),
        ("ui_kg", "100", "ui", "50", "5", "500", "ui"),
        ("ml_kg", "7", "mg", "0.5", "5", "5", "ml"),
        ("mg_m2", "2", "mg", "1", "0.23", "0.4688", "mg"),
        ("ug_m2", "2", "mg", "1000", "0.23", "0.4688", "mg"),
    ],
)
def test_cada_unidad_de_dosis(unidad, concentracion, unidad_concentracion, dosis, cantidad, total, unidad_total):
    viene = Presentacion(Decimal(concentracion), unidad_concentracion, "ml")
    salida = calcular("perro", Decimal(10), unidad, rango(Decimal(dosis), None, None), viene)
    assert (str(salida.cantidad), str(salida.total), salida.unidad_total) == (cantidad, total, unidad_total)
    assert por_superficie(unidad) is unidad.endswith("m2")


@pytest.mark.parametrize(
    ("unidad", "viene", "campo"),
    [
        ("ui_kg", Presentacion(Decimal(1), "mg", "ml"), "/unidad_dosis"),
        ("mg_kg", Presentacion(Decimal(1), "ui", "ml"), "/unidad_dosis"),
        ("ml_kg", Presentacion(Decimal(1), "mg", "comprimido"), "/unidad_dosis"),
    ],
)
def test_la_dosis_y_la_presentacion_se_miden_en_lo_mismo(unidad, viene, campo):
    with pytest.raises(CalculoNoDisponible) as error:
        calcular("perro", Decimal(10), unidad, rango(Decimal(1), None, None), viene)
    assert error.value.extra["errores"][0]["campo"] == campo
    assert error.value.detail in {
        "La dosis en mL es para presentaciones líquidas",
        "La dosis y la concentración se miden en cosas distintas",
    }


@pytest.mark.parametrize("peso", ["0", "-0.001"])
def test_sin_peso_no_hay_dosis(peso):
    with pytest.raises(CalculoNoDisponible, match=r"^El peso debe ser mayor que cero$") as error:
        calcular("perro", Decimal(peso), "mg_kg", rango(Decimal(1), None, None), Presentacion(Decimal(1), "mg", "ml"))
    assert error.value.extra["errores"][0]["campo"] == "/peso_kg"


def test_por_superficie_hace_falta_su_constante():
    with pytest.raises(CalculoNoDisponible):
        calcular("huron", Decimal(1), "mg_m2", rango(Decimal(1), None, None), Presentacion(Decimal(1), "mg", "ml"))


@pytest.mark.parametrize(
    ("cantidad", "intervalo", "dias", "envase", "esperado"),
    [
        ("1", 24, 10, "10", (1, "10", 1, "100.0")),
        ("1", 24, 11, "10", (1, "11", 2, "55.0")),
        ("0.5", 8, 7, "20", (3, "10.5", 1, "52.5")),
        ("1", 48, 3, "10", (None, "1.5", 1, "15.0")),
        ("1", 7, 1, "10", (None, "3.429", 1, "34.3")),  # lo que no es exacto, hacia arriba
        ("1", 36, 3, "2", (None, "2", 1, "100.0")),
        ("0.46", 24, 30, "3", (1, "13.8", 5, "92.0")),
    ],
)
def test_cuanto_hace_falta(cantidad, intervalo, dias, envase, esperado):
    gasto = consumo(Decimal(cantidad), intervalo, dias, Decimal(envase))
    assert (gasto.tomas_dia, str(gasto.cantidad_total), gasto.envases, str(gasto.porcentaje_envase)) == esperado


pesos = st.decimals("0.02", "1500", places=3)
dosis_ = st.decimals("0.01", "500", places=4)
concentraciones = st.decimals("0.1", "1000", places=3)


@given(pesos, dosis_, st.decimals("1", "3", places=2), concentraciones, st.sampled_from(["ml", "comprimido"]))
def test_la_dosis_efectiva_nunca_pasa_de_la_maxima(peso, minima, veces, concentracion, base):
    maxima = (minima * veces).quantize(Decimal("0.0001"))
    viene = Presentacion(concentracion, "mg", base, (Decimal(1), Decimal("0.5"), Decimal("0.25")))
    try:
        salida = calcular("perro", peso, "mg_kg", rango(minima, minima, max(minima, maxima)), viene)
    except SinPresentacionAdecuada:
        return
    real = entre(por(salida.cantidad, concentracion), peso)
    assert real <= max(minima, maxima)
    assert salida.dosis_efectiva <= max(minima, maxima)
    assert real >= por(Decimal("0.9"), minima)
    assert salida.cantidad > 0


@given(pesos, dosis_, concentraciones)
def test_un_solido_no_tiene_otra_fraccion_mejor(peso, dosis, concentracion):
    viene = Presentacion(concentracion, "mg", "comprimido", MEDIOS)
    pedida = Rango(dosis, dosis / 2, dosis * 2)
    try:
        elegida = calcular("perro", peso, "mg_kg", pedida, viene).cantidad
    except SinPresentacionAdecuada:
        elegida = None
    objetivo = entre(por(dosis, peso), concentracion)
    primera = int(objetivo)
    todas = [Decimal(n) / 2 for n in range(max(1, 2 * primera - 6), 2 * primera + 8)]
    caben = [una for una in todas if objetivo / 2 <= una <= objetivo * 2]
    if elegida is None:
        assert not caben
    elif caben:
        assert abs(elegida - objetivo) == min(abs(una - objetivo) for una in caben)


@given(
    st.decimals("0.01", "100", places=2), st.integers(1, 720), st.integers(1, 365),
    st.decimals("0.5", "1000", places=1),
)  # fmt: skip
def test_los_envases_cubren_la_cantidad_y_ninguno_sobra(cantidad, intervalo, dias, envase):
    gasto = consumo(cantidad, intervalo, dias, envase)
    assert gasto.envases * envase >= gasto.cantidad_total > (gasto.envases - 1) * envase
    assert gasto.cantidad_total >= entre(por(cantidad, Decimal(24 * dias)), Decimal(intervalo))
    assert 0 <= gasto.porcentaje_envase <= 100


@pytest.mark.parametrize(
    ("concentracion", "unidad", "cantidad", "kg", "dosis", "unidad_dosis"),
    [
        ("1.5", "mg", "1.7", "12.4", "0.2056", "mg_kg"),  # D1 sin redondear hacia abajo
        ("500", "ug", "0.74", "20", "0.0185", "mg_kg"),
        ("100", "ui", "2", "10", "20.0000", "ui_kg"),
    ],
)
def test_la_dosis_que_no_se_dice_sale_de_la_cantidad(concentracion, unidad, cantidad, kg, dosis, unidad_dosis):
    como = Presentacion(Decimal(concentracion), unidad, "ml")
    linea = Linea(0, "", (), "oral", cantidad=Decimal(cantidad), presentacion=como)
    suya = con_su_dosis(linea, Decimal(kg))
    assert (str(suya.dosis), suya.unidad_dosis) == (dosis, unidad_dosis)


@pytest.mark.parametrize("falta", ["cantidad", "presentacion", "peso"])
def test_sin_con_que_calcularla_la_linea_queda_como_estaba(falta):
    datos = {"cantidad": Decimal(1), "presentacion": Presentacion(Decimal(1), "mg", "ml")}
    linea = Linea(0, "", (), "oral", **{campo: None if campo == falta else dato for campo, dato in datos.items()})
    assert con_su_dosis(linea, None if falta == "peso" else Decimal(10)) is linea


def test_la_dosis_que_se_dice_no_se_cambia():
    como = Presentacion(Decimal(1), "mg", "ml")
    linea = Linea(0, "", (), "oral", Decimal(3), cantidad=Decimal(1), presentacion=como)
    assert con_su_dosis(linea, Decimal(10)) is linea
