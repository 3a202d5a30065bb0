"""Hora local: cambios de hora de los casos del dominio, días y zonas."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.utils.horas import (
    DesfaseInvalido,
    HoraAmbigua,
    HoraInexistente,
    ZonaDesconocida,
    en_zona,
    fecha_local,
    limites_del_dia,
    primer_instante,
    resolver_hora_local,
    zona_valida,
)

MADRID, SANTIAGO, TIJUANA = "Europe/Madrid", "America/Santiago", "America/Tijuana"
ZONAS = st.sampled_from(
    [MADRID, SANTIAGO, TIJUANA, "Atlantic/Canary", "America/Bogota", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
)


def utc(texto: str) -> datetime:
    return datetime.fromisoformat(texto).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hora_local", "zona", "instante"),
    [
        ("2027-01-15T10:00", MADRID, "2027-01-15T09:00"),
        ("2027-07-15T10:00", MADRID, "2027-07-15T08:00"),
        ("2027-03-28T01:59:59", MADRID, "2027-03-28T00:59:59"),
        ("2027-03-28T03:00", MADRID, "2027-03-28T01:00"),
        ("2027-10-31T01:59", MADRID, "2027-10-30T23:59"),
        ("2027-10-31T03:00", MADRID, "2027-10-31T02:00"),
        ("2027-03-28T02:30", "America/Bogota", "2027-03-28T07:30"),
        ("2027-03-14T02:30", "America/Mexico_City", "2027-03-14T08:30"),
        ("2027-03-14T03:00", TIJUANA, "2027-03-14T10:00"),
        ("2027-09-05T01:00", SANTIAGO, "2027-09-05T04:00"),
        ("2027-04-04T00:00", SANTIAGO, "2027-04-04T04:00"),
    ],
)
def test_una_hora_unica_tiene_un_instante(hora_local: str, zona: str, instante: str) -> None:
    resuelta = resolver_hora_local(datetime.fromisoformat(hora_local), zona, None)
    assert resuelta == utc(instante)
    assert resuelta.tzinfo is UTC


@pytest.mark.parametrize("desfase", [None, "+01:00", "+02:00", "-03:00"])
@pytest.mark.parametrize(
    ("hora_local", "zona"),
    [
        pytest.param("2027-03-28T02:30", MADRID, id="C7"),
        pytest.param("2027-09-05T00:30", SANTIAGO, id="C12"),
        pytest.param("2027-03-28T02:00", MADRID, id="comienzo del salto"),
        pytest.param("2027-03-28T02:59:59", MADRID, id="final del salto"),
        pytest.param("2027-03-14T02:30", TIJUANA, id="Tijuana"),
    ],
)
def test_la_hora_que_se_salta_no_existe(hora_local: str, zona: str, desfase: str | None) -> None:
    with pytest.raises(HoraInexistente):
        resolver_hora_local(datetime.fromisoformat(hora_local), zona, desfase)


@pytest.mark.parametrize(
    ("hora_local", "zona", "opciones"),
    [
        pytest.param("2027-10-31T02:30", MADRID, {"+02:00": "2027-10-31T00:30", "+01:00": "2027-10-31T01:30"}, id="C8"),
        pytest.param(
            "2027-04-03T23:30", SANTIAGO, {"-03:00": "2027-04-04T02:30", "-04:00": "2027-04-04T03:30"}, id="C12"
        ),
        pytest.param(
            "2027-11-07T01:00", TIJUANA, {"-07:00": "2027-11-07T08:00", "-08:00": "2027-11-07T09:00"}, id="Tijuana"
        ),
        pytest.param(
            "2027-10-31T01:30",
            "Atlantic/Canary",
            {"+01:00": "2027-10-31T00:30", "+00:00": "2027-10-31T01:30"},
            id="LPA",
        ),
    ],
)
def test_la_hora_repetida_pide_desfase_y_con_el_se_resuelve(
    hora_local: str, zona: str, opciones: dict[str, str]
) -> None:
    hora = datetime.fromisoformat(hora_local)
    with pytest.raises(HoraAmbigua) as error:
        resolver_hora_local(hora, zona, None)
    assert [(opcion.desfase, opcion.inicio.isoformat()) for opcion in error.value.opciones] == [
        (desfase, f"{hora_local}:00{desfase}") for desfase in opciones
    ]
    for desfase, instante in opciones.items():
        assert resolver_hora_local(hora, zona, desfase) == utc(instante)


def test_el_desfase_cero_se_puede_decir_zeta() -> None:
    assert resolver_hora_local(datetime(2027, 10, 31, 1, 30), "Atlantic/Canary", "Z") == utc("2027-10-31T01:30")


@pytest.mark.parametrize("desfase", ["+03:00", "02:00", "+2", "", "+02:00 ", "-00:00", "verano"])
def test_un_desfase_ajeno_dice_cuales_valen(desfase: str) -> None:
    with pytest.raises(DesfaseInvalido) as error:
        resolver_hora_local(datetime(2027, 10, 31, 2, 30), MADRID, desfase)
    assert [opcion.desfase for opcion in error.value.opciones] == ["+02:00", "+01:00"]
    with pytest.raises(DesfaseInvalido):
        resolver_hora_local(datetime(2027, 1, 15, 10), MADRID, desfase)


def test_el_desfase_correcto_de_una_hora_unica_se_admite() -> None:
    assert resolver_hora_local(datetime(2027, 1, 15, 10), MADRID, "+01:00") == utc("2027-01-15T09:00")


def test_c10_la_duracion_es_tiempo_transcurrido() -> None:
    inicio = resolver_hora_local(datetime(2027, 3, 28, 1, 45), MADRID, "+01:00")
    fin = inicio + timedelta(minutes=30)
    assert fin == utc("2027-03-28T01:15")
    assert en_zona(fin, MADRID).isoformat() == "2027-03-28T03:15:00+02:00"


def test_c11_la_misma_hora_de_dos_sedes_es_el_mismo_instante() -> None:
    hora = datetime(2027, 1, 15, 10)
    assert resolver_hora_local(hora, "Atlantic/Canary") == resolver_hora_local(hora + timedelta(hours=1), MADRID)


@pytest.mark.parametrize(
    ("hora", "zona"), [(datetime(1, 1, 1), "Asia/Kathmandu"), (datetime(9999, 12, 31, 23, 59), TIJUANA)]
)
def test_una_hora_que_no_cabe_en_utc_no_existe(hora: datetime, zona: str) -> None:
    with pytest.raises(HoraInexistente):
        resolver_hora_local(hora, zona)


@pytest.mark.parametrize(
    ("hora_local", "zona", "instante"),
    [
        ("2027-03-28T02:00", MADRID, "2027-03-28T01:00"),
        ("2027-03-28T02:15", MADRID, "2027-03-28T01:00"),
        ("2027-10-31T02:15", MADRID, "2027-10-31T00:15"),
        ("2027-09-05T00:00", SANTIAGO, "2027-09-05T04:00"),
        ("2027-04-03T23:00", SANTIAGO, "2027-04-04T02:00"),
        ("2027-10-03T02:10", "Australia/Lord_Howe", "2027-10-02T15:30"),
        ("2011-12-30T12:00", "Pacific/Apia", "2011-12-30T10:00"),
    ],
)
def test_un_horario_toma_el_primer_instante_valido(hora_local: str, zona: str, instante: str) -> None:
    assert primer_instante(datetime.fromisoformat(hora_local), zona) == utc(instante)


@pytest.mark.parametrize(
    ("fecha", "zona", "inicio", "horas"),
    [
        (date(2027, 1, 15), MADRID, "2027-01-14T23:00", 24),
        (date(2027, 3, 28), MADRID, "2027-03-27T23:00", 23),
        (date(2027, 10, 31), MADRID, "2027-10-30T22:00", 25),
        (date(2027, 9, 5), SANTIAGO, "2027-09-05T04:00", 23),
        (date(2027, 4, 3), SANTIAGO, "2027-04-03T03:00", 25),
        (date(2027, 4, 4), SANTIAGO, "2027-04-04T04:00", 24),
        (date(2027, 11, 7), TIJUANA, "2027-11-07T07:00", 25),
        (date(2027, 11, 7), "America/Lima", "2027-11-07T05:00", 24),
        (date(2011, 12, 30), "Pacific/Apia", "2011-12-30T10:00", 0),
    ],
)
def test_el_dia_dura_lo_que_dura(fecha: date, zona: str, inicio: str, horas: int) -> None:
    assert limites_del_dia(fecha, zona) == (utc(inicio), utc(inicio) + timedelta(hours=horas))


@given(instante=st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC)), zona=ZONAS)
def test_un_instante_cae_en_su_dia_y_vuelve_de_su_hora_local(instante: datetime, zona: str) -> None:
    inicio, fin = limites_del_dia(fecha_local(instante, zona), zona)
    assert inicio <= instante < fin
    local = en_zona(instante, zona)
    desfase = local.replace(microsecond=0).isoformat()[19:]
    assert resolver_hora_local(local.replace(tzinfo=None, fold=0), zona, desfase) == instante


@given(fecha=st.dates(date(2000, 1, 1), date(2037, 12, 31)), zona=ZONAS)
def test_los_dias_se_siguen_sin_huecos(fecha: date, zona: str) -> None:
    assert limites_del_dia(fecha, zona)[1] == limites_del_dia(fecha + timedelta(days=1), zona)[0]


def test_la_fecha_civil_es_la_de_la_zona() -> None:
    assert fecha_local(utc("2027-01-14T23:30"), MADRID) == date(2027, 1, 15)
    assert fecha_local(utc("2027-01-15T04:30"), "America/Bogota") == date(2027, 1, 14)


@pytest.mark.parametrize("nombre", [MADRID, SANTIAGO, "America/Argentina/Buenos_Aires", "UTC"])
def test_las_zonas_iana_valen(nombre: str) -> None:
    assert zona_valida(nombre)


@pytest.mark.parametrize(
    "nombre", ["", "Madrid", "europe/madrid", "../etc/passwd", "America", "Factory", "+02:00", "a\0"]
)
def test_lo_que_no_es_zona_iana_se_rechaza(nombre: str) -> None:
    assert not zona_valida(nombre)
    with pytest.raises(ZonaDesconocida):
        resolver_hora_local(datetime(2027, 1, 15, 10), nombre)


def test_no_se_mezclan_horas_con_y_sin_zona() -> None:
    with pytest.raises(ValueError, match="no lleva zona"):
        resolver_hora_local(utc("2027-01-15T10:00"), MADRID)
    with pytest.raises(ValueError, match="desfase"):
        fecha_local(datetime(2027, 1, 15, 10), MADRID)
