"""Lo que el calendario vacunal cumple siempre, se ponga lo que se ponga."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.utils.calendario_vacunal import Dosis, proxima
from tests.casos_vacunales import HOY, PROTOCOLOS

# Siempre los mismos casos, y sin límite de tiempo: la máquina puede ir cargada.
SIN_PRISA = settings(deadline=None, derandomize=True, database=None)
PERRO, RABIA = PROTOCOLOS["perro_esencial"], PROTOCOLOS["rabia"]
FECHAS = st.dates(date(2024, 1, 1), date(2026, 11, 23))
SERIES = st.lists(FECHAS, max_size=6, unique=True)
SIN_CADUCIDAD = st.sampled_from([PERRO, RABIA, PROTOCOLOS["leucemia_felina"]])
TODOS = st.sampled_from(list(PROTOCOLOS.values()))
NACIMIENTOS = st.none() | st.dates(date(2023, 6, 1), date(2026, 11, 23))


def puestas_en(fechas):
    return [Dosis(str(una), una) for una in sorted(fechas)]


@SIN_PRISA
@given(TODOS, SERIES, NACIMIENTOS, st.randoms())
def test_el_orden_en_que_se_leen_no_importa(protocolo, fechas, nacio, azar):
    ordenadas = puestas_en(fechas)
    revueltas = azar.sample(ordenadas, len(ordenadas))
    assert proxima(protocolo, ordenadas, nacio, HOY) == proxima(protocolo, revueltas, nacio, HOY)


@SIN_PRISA
@given(TODOS, SERIES, NACIMIENTOS)
def test_nunca_antes_de_tener_la_edad(protocolo, fechas, nacio):
    toca = proxima(protocolo, puestas_en(fechas), nacio, HOY)
    if nacio:
        assert toca.fecha >= nacio + timedelta(weeks=protocolo.edad_min_semanas)


@SIN_PRISA
@given(TODOS, SERIES, NACIMIENTOS)
def test_toca_siempre_despues_de_la_ultima_que_cuenta(protocolo, fechas, nacio):
    toca = proxima(protocolo, puestas_en(fechas), nacio, HOY)
    for una in toca.dosis:
        assert (una.numero is None) == (una.descarte is not None)
        if una.numero:
            assert toca.fecha > una.dosis.fecha
    numeros = [una.numero for una in toca.dosis if una.numero]
    assert numeros == list(range(1, toca.numero_en_serie))


@SIN_PRISA
@given(SIN_CADUCIDAD, st.lists(FECHAS, min_size=1, max_size=6, unique=True), NACIMIENTOS, st.integers(0, 800))
def test_retrasar_la_ultima_no_adelanta_la_proxima(protocolo, fechas, nacio, dias):
    puestas = puestas_en(fechas)
    ultima = puestas[-1]
    retrasada = [*puestas[:-1], Dosis(ultima.id, ultima.fecha + timedelta(days=dias))]
    lejos = date(2030, 1, 1)
    antes, despues = proxima(protocolo, puestas, nacio, lejos), proxima(protocolo, retrasada, nacio, lejos)
    if antes.numero_en_serie > 1:
        assert despues.fecha >= antes.fecha
