"""Horarios: precedencia de excepciones, medianoche y cambios de hora."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.utils.horarios import Excepcion, Franja, expandir
from app.utils.intervalos import Intervalo

MADRID, SANTIAGO = "Europe/Madrid", "America/Santiago"
LUNES = date(2027, 1, 18)
DOMINGO = 7
VIGENTE = date(2026, 1, 1)


def franja(dia: int, inicio: str, fin: str, desde: date = VIGENTE, hasta: date | None = None) -> Franja:
    return Franja(dia, time.fromisoformat(inicio), time.fromisoformat(fin), desde, hasta)


def excepcion(
    tipo: str, dia: date = LUNES, horas: str = "", hasta: date | None = None, ambito: str = "sede"
) -> Excepcion:
    inicio, _, fin = horas.partition("-")
    return Excepcion(
        dia,
        hasta or dia,
        time.fromisoformat(inicio) if inicio else None,
        time.fromisoformat(fin) if fin else None,
        tipo,
        ambito,
    )


def propia(tipo: str, dia: date = LUNES, horas: str = "", hasta: date | None = None) -> Excepcion:
    return excepcion(tipo, dia, horas, hasta, "profesional")


def locales(intervalos: list[Intervalo], zona: str = MADRID) -> list[str]:
    tz = ZoneInfo(zona)
    return [
        f"{datetime.fromtimestamp(inicio, tz):%d %H:%M}-{datetime.fromtimestamp(fin, tz):%d %H:%M}"
        for inicio, fin in intervalos
    ]


SEMANA = [franja(dia, "09:00", "14:00") for dia in range(1, 6)] + [franja(1, "16:00", "20:00")]


@pytest.mark.parametrize(
    ("sede", "propias", "esperado"),
    [
        pytest.param([], [], ["09:00-14:00", "16:00-20:00"], id="sin excepciones"),
        pytest.param([excepcion("festivo")], [], [], id="festivo de sede"),
        pytest.param(
            [excepcion("cierre", horas="13:00-17:00")], [], ["09:00-13:00", "17:00-20:00"], id="cierre parcial"
        ),
        pytest.param(
            [excepcion("cierre", horas="17:00-")], [], ["09:00-14:00", "16:00-17:00"], id="cierre hasta el final"
        ),
        pytest.param(
            [excepcion("cierre", horas="-10:00")], [], ["10:00-14:00", "16:00-20:00"], id="cierre desde el comienzo"
        ),
        pytest.param([], [propia("vacaciones")], [], id="vacaciones"),
        pytest.param([], [propia("baja", horas="09:00-12:00")], ["12:00-14:00", "16:00-20:00"], id="baja parcial"),
        pytest.param([], [propia("formacion", horas="18:00-20:00")], ["09:00-14:00", "16:00-18:00"], id="formacion"),
        pytest.param([], [propia("cierre")], [], id="cierre propio"),
        pytest.param([], [propia("festivo")], [], id="festivo propio"),
        pytest.param([], [propia("guardia", horas="20:00-22:00")], ["09:00-14:00", "16:00-22:00"], id="guardia suma"),
        pytest.param([], [propia("apertura_extra", horas="14:00-16:00")], ["09:00-20:00"], id="apertura propia suma"),
        pytest.param(
            [excepcion("apertura_extra", horas="08:00-09:00")], [], ["08:00-14:00", "16:00-20:00"], id="sede suma"
        ),
        pytest.param(
            [excepcion("festivo")], [propia("guardia", horas="10:00-12:00")], [], id="festivo vence a guardia"
        ),
        pytest.param([excepcion("cierre")], [propia("apertura_extra")], [], id="cierre vence a apertura propia"),
        pytest.param(
            [excepcion("festivo"), excepcion("apertura_extra", horas="10:00-12:00")],
            [],
            [],
            id="festivo vence a apertura",
        ),
        pytest.param(
            [excepcion("apertura_extra", horas="08:00-09:00")],
            [propia("vacaciones")],
            [],
            id="vacaciones vencen a apertura",
        ),
        pytest.param(
            [], [propia("vacaciones"), propia("guardia", horas="10:00-12:00")], ["10:00-12:00"], id="guardia pactada"
        ),
    ],
)
def test_precedencia_de_excepciones(sede: list[Excepcion], propias: list[Excepcion], esperado: list[str]) -> None:
    obtenido = expandir(SEMANA, sede, propias, MADRID, LUNES, LUNES)
    assert [f"{texto[3:8]}-{texto[12:]}" for texto in locales(obtenido)] == esperado


def test_ambas_fechas_estan_incluidas() -> None:
    obtenido = expandir(SEMANA, [], [], MADRID, date(2027, 1, 21), date(2027, 1, 23))
    assert locales(obtenido) == ["21 09:00-21 14:00", "22 09:00-22 14:00"]


def test_un_rango_de_excepcion_incluye_sus_dos_extremos() -> None:
    vacaciones = propia("vacaciones", date(2027, 1, 19), hasta=date(2027, 1, 20))
    obtenido = expandir(SEMANA[:5], [], [vacaciones], MADRID, LUNES, date(2027, 1, 22))
    assert [texto[:2] for texto in locales(obtenido)] == ["18", "21", "22"]


def test_una_excepcion_con_horas_se_repite_cada_dia() -> None:
    reunion = propia("formacion", horas="09:00-10:00", hasta=date(2027, 1, 20))
    obtenido = expandir(SEMANA[:5], [], [reunion], MADRID, LUNES, date(2027, 1, 21))
    assert [texto[3:8] for texto in locales(obtenido)] == ["10:00", "10:00", "10:00", "09:00"]


def test_la_franja_solo_vale_entre_sus_fechas() -> None:
    jornada = franja(1, "09:00", "14:00", desde=date(2027, 1, 18), hasta=date(2027, 1, 25))
    obtenido = expandir([jornada], [], [], MADRID, date(2027, 1, 1), date(2027, 2, 28))
    assert locales(obtenido) == ["18 09:00-18 14:00", "25 09:00-25 14:00"]


def test_la_franja_que_cruza_medianoche_llega_al_dia_siguiente() -> None:
    noche = [franja(7, "22:00", "06:00")]
    domingo = LUNES - timedelta(days=1)
    assert locales(expandir(noche, [], [], MADRID, domingo, LUNES)) == ["17 22:00-18 06:00"]
    assert locales(expandir(noche, [], [], MADRID, domingo, domingo)) == ["17 22:00-18 00:00"]
    assert locales(expandir(noche, [], [], MADRID, LUNES, LUNES)) == ["18 00:00-18 06:00"]
    assert locales(expandir(noche, [excepcion("festivo")], [], MADRID, domingo, LUNES)) == ["17 22:00-18 00:00"]


def test_una_excepcion_tambien_puede_cruzar_medianoche() -> None:
    guardia = propia("guardia", horas="22:00-08:00")
    assert locales(expandir([], [], [guardia], MADRID, LUNES, date(2027, 1, 19))) == ["18 22:00-19 08:00"]


def test_la_misma_hora_de_inicio_y_fin_es_el_dia_entero() -> None:
    siempre = [franja(dia, "00:00", "00:00") for dia in range(1, 8)]
    assert locales(expandir(siempre, [], [], MADRID, LUNES, date(2027, 1, 20))) == ["18 00:00-21 00:00"]


@pytest.mark.parametrize("dia", [date(2027, 3, 28), date(2027, 10, 31)])
def test_el_horario_es_de_reloj_los_dias_de_cambio(dia: date) -> None:
    [(inicio, fin)] = expandir([franja(DOMINGO, "09:00", "14:00")], [], [], MADRID, dia, dia)
    assert locales([(inicio, fin)]) == [f"{dia:%d} 09:00-{dia:%d} 14:00"]
    assert fin - inicio == 5 * 3600


@pytest.mark.parametrize(
    ("dia", "inicio", "fin", "zona", "desde", "minutos"),
    [
        (date(2027, 3, 28), "02:30", "05:00", MADRID, "2027-03-28T01:00", 120),
        (date(2027, 3, 28), "01:00", "02:30", MADRID, "2027-03-28T00:00", 60),
        (date(2027, 3, 28), "00:00", "00:00", MADRID, "2027-03-27T23:00", 23 * 60),
        (date(2027, 10, 31), "00:00", "00:00", MADRID, "2027-10-30T22:00", 25 * 60),
        (date(2027, 10, 31), "01:00", "03:00", MADRID, "2027-10-30T23:00", 180),
        (date(2027, 9, 5), "00:00", "08:00", SANTIAGO, "2027-09-05T04:00", 7 * 60),
        (date(2027, 9, 5), "00:30", "08:00", SANTIAGO, "2027-09-05T04:00", 7 * 60),
    ],
)
def test_una_hora_inexistente_es_el_primer_instante_posterior(
    dia: date, inicio: str, fin: str, zona: str, desde: str, minutos: int
) -> None:
    comienzo = int(datetime.fromisoformat(desde).replace(tzinfo=UTC).timestamp())
    obtenido = expandir([franja(DOMINGO, inicio, fin)], [], [], zona, dia, dia)
    assert obtenido == [(comienzo, comienzo + 60 * minutos)]


def test_una_franja_que_cabe_en_el_salto_desaparece() -> None:
    dia = date(2027, 3, 28)
    assert expandir([franja(DOMINGO, "02:15", "02:45")], [], [], MADRID, dia, dia) == []


def test_dos_franjas_contiguas_no_dejan_hueco_en_la_hora_repetida() -> None:
    turnos = [franja(DOMINGO, "00:00", "02:30"), franja(DOMINGO, "02:30", "06:00")]
    assert len(expandir(turnos, [], [], MADRID, date(2027, 10, 31), date(2027, 10, 31))) == 1


def test_un_rango_del_reves_no_tiene_horario() -> None:
    assert expandir(SEMANA, [], [], MADRID, LUNES, LUNES - timedelta(days=1)) == []


def test_una_excepcion_de_otro_ambito_o_tipo_es_un_error() -> None:
    for sede, propias in (
        ([propia("cierre")], []),
        ([], [excepcion("cierre")]),
        ([replace(excepcion("cierre"), tipo="huelga")], []),
    ):
        with pytest.raises(ValueError, match="Excepción"):
            expandir(SEMANA, sede, propias, MADRID, LUNES, LUNES)


def test_un_recurso_tiene_sus_propias_excepciones() -> None:
    averia = replace(propia("cierre", horas="09:00-12:00"), ambito="recurso")
    assert locales(expandir(SEMANA[:1], [], [averia], MADRID, LUNES, LUNES)) == ["18 12:00-18 14:00"]
