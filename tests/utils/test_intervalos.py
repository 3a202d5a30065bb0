"""Intervalos en segundos: álgebra y huecos, contra comprobadores ingenuos que miran instantes y relojes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.utils.intervalos import Intervalo, huecos, intersecar, restar, unir
from app.utils.segundos import alineados, suelo

BASE = datetime(2027, 1, 15, tzinfo=UTC)
# Vísperas de cambio de hora: de una hora, de media, a medianoche; y desfases que no son de horas enteras.
COMIENZOS = st.sampled_from(
    [
        ("Europe/Madrid", datetime(2027, 3, 27, 20, tzinfo=UTC)),
        ("Europe/Madrid", datetime(2027, 10, 30, 20, tzinfo=UTC)),
        ("America/Santiago", datetime(2027, 9, 5, 0, tzinfo=UTC)),
        ("America/Santiago", datetime(2027, 4, 3, 23, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2027, 10, 2, 12, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2027, 4, 3, 12, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2027, 1, 15, 14, tzinfo=UTC)),
        ("Europe/Madrid", datetime(2027, 1, 15, 20, tzinfo=UTC)),
    ]
)


def en_minutos(comienzo: datetime, pares: list[tuple[int, int]]) -> list[Intervalo]:
    cero = int(comienzo.timestamp())
    return [(cero + 60 * a, cero + 60 * (a + largo)) for a, largo in pares]


def listas(alcance: int, largo: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    return st.lists(st.tuples(st.integers(0, alcance), st.integers(0, largo)), max_size=6)


def minutos(intervalos: list[Intervalo]) -> set[int]:
    cero = int(BASE.timestamp())
    return {minuto for inicio, fin in intervalos for minuto in range((inicio - cero) // 60, (fin - cero) // 60)}


def comprobar_canonico(intervalos: list[Intervalo]) -> None:
    assert all(inicio < fin for inicio, fin in intervalos)
    assert all(anterior[1] < siguiente[0] for anterior, siguiente in pairwise(intervalos))


@given(a=listas(60, 30), b=listas(60, 30))
def test_el_algebra_es_la_de_los_conjuntos_de_minutos(a: list[tuple[int, int]], b: list[tuple[int, int]]) -> None:
    unos, otros = en_minutos(BASE, a), en_minutos(BASE, b)
    for resultado, esperado in (
        (unir(unos + otros), minutos(unos) | minutos(otros)),
        (restar(unos, otros), minutos(unos) - minutos(otros)),
        (intersecar(unos, otros), minutos(unos) & minutos(otros)),
    ):
        comprobar_canonico(resultado)
        assert minutos(resultado) == esperado


def test_unir_funde_los_contiguos_y_olvida_los_vacios() -> None:
    assert unir(en_minutos(BASE, [(10, 10), (0, 10), (50, 0), (30, 5)])) == en_minutos(BASE, [(0, 20), (30, 5)])


def test_se_comparan_instantes_y_no_relojes() -> None:
    madrid = ZoneInfo("Europe/Madrid")
    repetida = datetime(2027, 10, 31, 2, 30, tzinfo=madrid)
    # De 02:30+02:00 a 02:15+01:00 hay 45 minutos, aunque el reloj retroceda.
    hora = (suelo(repetida), suelo(repetida.replace(minute=15, fold=1)))
    assert unir([hora]) == en_minutos(datetime(2027, 10, 31, 0, 30, tzinfo=UTC), [(0, 45)])


def test_un_intervalo_del_reves_es_un_error() -> None:
    with pytest.raises(ValueError, match="antes de empezar"):
        unir(en_minutos(BASE, [(0, -1)]))


def huecos_ingenuos(
    libres: list[Intervalo], ocupados: list[Intervalo], datos: tuple[int, int, int, int], desde: datetime, zona: str
) -> list[datetime]:
    """Mira cada minuto del alcance con la definición del dominio."""
    duracion, antes, despues, paso = (timedelta(minutes=dato) for dato in datos)
    if not libres:
        return []
    resultado = []
    abiertos = minutos(libres)
    tomados = [(datetime.fromtimestamp(a, UTC), datetime.fromtimestamp(b, UTC)) for a, b in ocupados]
    instante = datetime.fromtimestamp(min(inicio for inicio, _ in libres), UTC)
    while instante.timestamp() < max(fin for _, fin in libres):
        reloj = instante.astimezone(ZoneInfo(zona))
        primero = (instante - BASE) // timedelta(minutes=1)
        if (
            instante >= desde
            and not timedelta(hours=reloj.hour, minutes=reloj.minute) % paso
            and all(minuto in abiertos for minuto in range(primero, primero + datos[0]))
            and not any(a < b and a < instante + duracion + despues and instante - antes < b for a, b in tomados)
        ):
            resultado.append(instante)
        instante += timedelta(minutes=1)
    return resultado


@given(
    comienzo=COMIENZOS,
    libres=listas(900, 700),
    ocupados=listas(900, 60),
    datos=st.tuples(
        st.integers(1, 90), st.integers(0, 30), st.integers(0, 30), st.sampled_from([1, 5, 10, 15, 20, 45, 60, 90, 120])
    ),
    desde=st.integers(-60, 600),
)
@example(
    comienzo=("Europe/Madrid", datetime(2027, 10, 30, 20, tzinfo=UTC)),
    libres=[(0, 900)],
    ocupados=[],
    datos=(20, 0, 5, 120),
    desde=0,
)
def test_los_huecos_son_los_del_comprobador_ingenuo(
    comienzo: tuple[str, datetime],
    libres: list[tuple[int, int]],
    ocupados: list[tuple[int, int]],
    datos: tuple[int, int, int, int],
    desde: int,
) -> None:
    zona, origen = comienzo
    abiertos, tomados = en_minutos(origen, libres), en_minutos(origen, ocupados)
    limite = origen + timedelta(minutes=desde)
    duracion, antes, despues, paso = (60 * dato for dato in datos)
    ((primero, ultimo),) = en_minutos(limite, [(0, 3000)])
    posibles = alineados(primero, ultimo, paso, zona)
    encontrados = huecos(abiertos, tomados, posibles, duracion=duracion, antes=antes, despues=despues)
    esperados = huecos_ingenuos(abiertos, tomados, datos, limite, zona)
    assert encontrados == [int(instante.timestamp()) for instante in esperados]


def buscar(ocupados: list[tuple[int, int]], *, paso: int = 300, **cambios: int) -> list[str]:
    """Huecos de 10:00 a 11:30 de Madrid el 15-1-2027, para citas de 20 + 5 min."""
    tiempos = {"duracion": 1200, "antes": 0, "despues": 300} | cambios
    diez = datetime(2027, 1, 15, 9, tzinfo=UTC)
    abierto = en_minutos(diez, [(0, 90)])
    posibles = alineados(*abierto[0], paso, "Europe/Madrid")
    encontrados = huecos(abierto, en_minutos(diez, ocupados), posibles, **tiempos)
    return [f"{datetime.fromtimestamp(instante, ZoneInfo('Europe/Madrid')):%H:%M}" for instante in encontrados]


def test_la_cita_ocupada_con_su_margen_deja_libre_desde_su_final() -> None:
    # Otra cita de 10:00 a 10:20 ocupa hasta las 10:25; el margen propio sí puede pasar del cierre.
    assert buscar([(0, 25)]) == [
        "10:25",
        "10:30",
        "10:35",
        "10:40",
        "10:45",
        "10:50",
        "10:55",
        "11:00",
        "11:05",
        "11:10",
    ]


def test_el_hueco_justo_entre_dos_citas_vale() -> None:
    assert buscar([(0, 25), (50, 40)]) == ["10:25"]
    assert buscar([(0, 25), (49, 41)]) == []


def test_el_margen_previo_tambien_necesita_sitio() -> None:
    assert buscar([(0, 25), (60, 30)], antes=600) == ["10:35"]


@pytest.mark.parametrize(
    "cambios",
    [
        {"duracion": 0},
        {"antes": -60},
        {"despues": -60},
        {"paso": 0},
        {"paso": 90},
    ],
)
def test_una_peticion_sin_sentido_es_un_error(cambios: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"positiva y los márgenes|minutos enteros"):
        buscar([], **cambios)
