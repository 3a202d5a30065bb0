"""Instantes en segundos: lo mismo que dicen las horas locales, sin mirarlas una a una."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.utils.encoding import codificar
from app.utils.horas import ZonaDesconocida, limites_del_dia, primer_instante
from app.utils.segundos import UN_DIA, alineados, de_reloj, limites, suelo, techo, textos

MADRID = "Europe/Madrid"
# Con cambios de una hora, de media, a medianoche y ya pasada (Terranova, hasta 2011), un día que no existió y ninguno.
ZONAS = st.sampled_from(
    [MADRID, "Atlantic/Canary", "America/Santiago", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia",
     "Africa/Casablanca", "Asia/Kathmandu", "UTC"]
)  # fmt: skip
DIAS = st.dates(date(2005, 1, 1), date(2037, 12, 30))
CAMBIOS = st.sampled_from(
    [date(2027, 3, 28), date(2027, 10, 31), date(2027, 9, 5), date(2027, 4, 3), date(2027, 10, 3), date(2006, 10, 28),
     date(2006, 10, 29), date(2011, 12, 29), date(2011, 12, 30)]
)  # fmt: skip


def segundos(instante: datetime) -> int:
    return int(instante.timestamp())


@pytest.mark.parametrize(
    ("micros", "abajo", "arriba"), [(0, 0, 0), (1, 0, 1), (999_999, 0, 1), (-1, -1, 0), (1_000_000, 1, 1)]
)
def test_un_instante_cae_entre_dos_segundos(micros: int, abajo: int, arriba: int) -> None:
    instante = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    for zona in (UTC, ZoneInfo(MADRID)):
        assert (suelo(instante.astimezone(zona)), techo(instante.astimezone(zona))) == (abajo, arriba)


@given(fecha=DIAS | CAMBIOS, minuto=st.integers(0, 24 * 60 - 1), zona=ZONAS)
@example(fecha=date(2027, 3, 28), minuto=150, zona=MADRID)
@example(fecha=date(2027, 10, 31), minuto=150, zona=MADRID)
@example(fecha=date(2006, 10, 28), minuto=23 * 60 + 30, zona="America/St_Johns")
def test_la_hora_de_reloj_es_la_de_los_horarios(fecha: date, minuto: int, zona: str) -> None:
    hora = time(minuto // 60, minuto % 60)
    assert de_reloj(fecha, hora, zona) == segundos(primer_instante(datetime.combine(fecha, hora), zona))
    inicio, fin = limites_del_dia(fecha, zona)
    assert limites(fecha, zona) == (segundos(inicio), segundos(fin))


@given(
    fecha=DIAS | CAMBIOS,
    salto=st.integers(-3600, 2 * UN_DIA),
    largo=st.integers(-60, 3 * UN_DIA),
    paso=st.sampled_from([1, 5, 7, 15, 45, 60, 90]),
    zona=ZONAS,
)
@example(fecha=date(2027, 10, 30), salto=0, largo=2 * UN_DIA, paso=90, zona=MADRID)
@example(fecha=date(2006, 10, 28), salto=0, largo=2 * UN_DIA, paso=45, zona="America/St_Johns")
def test_los_alineados_son_los_que_marca_el_reloj(fecha: date, salto: int, largo: int, paso: int, zona: str) -> None:
    desde = segundos(datetime.combine(fecha, time.min, ZoneInfo(zona))) + salto
    tz = ZoneInfo(zona)
    esperados = []
    for instante in range(-(-desde // 60) * 60, desde + largo + 1, 60):
        reloj = datetime.fromtimestamp(instante, tz)
        if (reloj.hour * 60 + reloj.minute) % paso == 0:
            esperados.append(instante)
    assert alineados(desde, desde + largo, paso * 60, zona) == esperados


@pytest.mark.parametrize("paso", [0, -300, 90])
def test_el_paso_es_de_minutos_enteros(paso: int) -> None:
    with pytest.raises(ValueError, match="minutos enteros"):
        alineados(0, UN_DIA, paso, MADRID)


@given(fecha=DIAS | CAMBIOS, saltos=st.lists(st.integers(-UN_DIA, 2 * UN_DIA), max_size=20), zona=ZONAS)
@example(fecha=date(2027, 10, 31), saltos=list(range(0, UN_DIA, 1800)), zona=MADRID)
@example(fecha=date(2006, 10, 28), saltos=list(range(0, 2 * UN_DIA, 900)), zona="America/St_Johns")
@example(fecha=date(2027, 1, 15), saltos=[0, 1, 60, -1], zona="Atlantic/Canary")
def test_los_textos_son_los_del_json(fecha: date, saltos: list[int], zona: str) -> None:
    instantes = [segundos(datetime.combine(fecha, time.min, UTC)) + salto for salto in saltos]
    locales = [datetime.fromtimestamp(instante, ZoneInfo(zona)) for instante in instantes]
    assert codificar(textos(instantes, zona)) == codificar(locales)
    assert [texto[:10] for texto in textos(instantes, zona)] == [local.date().isoformat() for local in locales]


def test_una_zona_que_no_existe_se_dice() -> None:
    for pedir in (
        lambda: limites(date(2027, 1, 15), "Marte/Olimpo"),
        lambda: de_reloj(date(2027, 1, 15), time(9), "Marte/Olimpo"),
        lambda: alineados(0, UN_DIA, 300, "Marte/Olimpo"),
        lambda: textos([0], "Marte/Olimpo"),
    ):
        with pytest.raises(ZonaDesconocida):
            pedir()
