"""El calendario de una sede: precedencia, dueños sin horario, dos sedes, medianoche y cambios de hora."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.api.models.agenda import ExcepcionHorario, Horario, Recurso, TipoExcepcion, TipoRecurso
from app.api.services.agenda_service import calendario, dentro_de_horario, libres
from app.config.database import transaction
from app.utils.context import Contexto, iniciar
from app.utils.records import add

VIERNES = date(2027, 1, 15)


@pytest.fixture
def sesion(clinica):
    """Una transacción en la organización, como la tendría una petición."""
    iniciar(Contexto(organizacion_id=clinica.id))
    with transaction() as session:
        yield session
        session.rollback()
    iniciar(Contexto())


def hora(texto):
    return time.fromisoformat(texto) if texto else None


def franja(clinica, inicio, fin, *, dia=5, sede="sede_id", quien="veterinario", recurso=None, **fechas):
    """Una franja semanal de una persona, de un recurso o (con ``quien=None``) de la sede."""
    return add(
        Horario(
            sede_id=getattr(clinica, sede),
            profesional_id=clinica.profesionales[quien] if quien else None,
            recurso_id=recurso,
            dia_semana=dia,
            hora_inicio=hora(inicio),
            hora_fin=hora(fin),
            **{"desde": date(2026, 1, 1), **fechas},
        )
    )


def excepcion(clinica, tipo, horas="", *, sede="sede_id", quien=None, dia=VIERNES, hasta=None, recurso=None):
    """Una excepción de la sede, de una persona o de un recurso; ``sede=None``, en todas."""
    inicio, _, fin = horas.partition("-")
    return add(
        ExcepcionHorario(
            sede_id=getattr(clinica, sede) if sede else None,
            profesional_id=clinica.profesionales[quien] if quien else None,
            recurso_id=recurso,
            tipo=TipoExcepcion(tipo),
            desde=dia,
            hasta=hasta or dia,
            hora_inicio=hora(inicio),
            hora_fin=hora(fin),
        )
    )


def sala(clinica):
    return add(Recurso(sede_id=clinica.sede_id, codigo="S", nombre="Sala", tipo=TipoRecurso.SALA_CONSULTA)).id


def texto(intervalos, zona="Europe/Madrid"):
    tz = ZoneInfo(zona)
    return [
        f"{datetime.fromtimestamp(inicio, tz):%d %H:%M}-{datetime.fromtimestamp(fin, tz):%d %H:%M}"
        for inicio, fin in intervalos
    ]


def atiende(clinica, *, quien="veterinario", sede="sede_id", desde=VIERNES, hasta=None, zona="Europe/Madrid"):
    """Los intervalos de una persona, en hora local."""
    id = clinica.profesionales[quien]
    return texto(libres([id], getattr(clinica, sede), desde, hasta or desde)[id], zona)


@pytest.mark.parametrize(
    ("excepciones", "esperado"),
    [
        pytest.param([], ["09:00-14:00"], id="horario"),
        pytest.param([("festivo", "", None)], [], id="festivo de sede"),
        pytest.param([("cierre", "12:00-13:00", None)], ["09:00-12:00", "13:00-14:00"], id="cierre de unas horas"),
        pytest.param([("vacaciones", "", "veterinario")], [], id="vacaciones"),
        pytest.param([("vacaciones", "", "veterinario2")], ["09:00-14:00"], id="vacaciones de otra"),
        pytest.param([("guardia", "16:00-18:00", "veterinario")], ["09:00-14:00", "16:00-18:00"], id="guardia suma"),
        pytest.param([("apertura_extra", "14:00-16:00", None)], ["09:00-16:00"], id="apertura extra de la sede"),
        pytest.param(
            [("festivo", "", None), ("guardia", "16:00-18:00", "veterinario")], [], id="festivo vence a guardia"
        ),
        pytest.param(
            [("vacaciones", "", "veterinario"), ("guardia", "16:00-18:00", "veterinario")],
            ["16:00-18:00"],
            id="guardia en vacaciones",
        ),
    ],
)
def test_precedencia_con_las_filas_de_la_base(clinica, sesion, excepciones, esperado):
    franja(clinica, "09:00", "14:00")
    for tipo, horas, quien in excepciones:
        excepcion(clinica, tipo, horas, quien=quien)
    assert [f"{uno[3:8]}-{uno[12:]}" for uno in atiende(clinica)] == esperado


def test_las_vacaciones_sin_sede_valen_en_todas_y_las_de_una_sede_en_ella(clinica, sesion):
    franja(clinica, "09:00", "14:00")
    franja(clinica, "15:00", "18:00", sede="sede2_id")
    excepcion(clinica, "baja", quien="veterinario", sede="sede2_id")
    assert atiende(clinica) == ["15 09:00-15 14:00"]
    assert atiende(clinica, sede="sede2_id") == []
    excepcion(clinica, "vacaciones", quien="veterinario", sede=None)
    assert atiende(clinica) == []


def test_cada_sede_atiende_en_su_hora(clinica, sesion):
    franja(clinica, "09:00", "14:00")
    franja(clinica, "15:00", "18:00", sede="sede2_id")
    id = clinica.profesionales["veterinario"]
    (en_lpa,) = libres([id], clinica.sede2_id, VIERNES, VIERNES)[id]
    assert en_lpa[0] == datetime(2027, 1, 15, 15, tzinfo=UTC).timestamp()
    assert atiende(clinica) == ["15 09:00-15 14:00"]


def test_sin_horario_en_ninguna_sede_se_sigue_el_de_la_sede(clinica, sesion):
    franja(clinica, "09:00", "14:00", quien=None)
    assert atiende(clinica) == ["15 09:00-15 14:00"]
    assert atiende(clinica, sede="sede2_id") == [], "sin horario de nadie no hay qué ofrecer"
    excepcion(clinica, "guardia", "20:00-22:00", quien="veterinario")
    assert atiende(clinica) == ["15 09:00-15 14:00", "15 20:00-15 22:00"]


def test_con_horario_en_otra_sede_aqui_solo_se_atienden_las_guardias(clinica, sesion):
    franja(clinica, "09:00", "14:00", quien=None)
    franja(clinica, "09:00", "14:00", sede="sede2_id")
    excepcion(clinica, "apertura_extra", "16:00-18:00")
    assert atiende(clinica) == []
    excepcion(clinica, "guardia", "20:00-22:00", quien="veterinario")
    assert atiende(clinica) == ["15 20:00-15 22:00"]


def test_si_nadie_ha_puesto_horarios_se_puede_reservar_a_cualquier_hora(clinica, sesion):
    medianoche = datetime(2027, 1, 15, 2, tzinfo=UTC)
    vet = clinica.profesionales["veterinario"]
    assert dentro_de_horario([vet], [], clinica.sede_id, medianoche, medianoche + timedelta(minutes=30))


def test_quien_ya_se_fue_no_atiende_las_aperturas_extra(clinica, sesion):
    franja(clinica, "09:00", "14:00", hasta=date(2027, 1, 10))
    excepcion(clinica, "apertura_extra", "09:00-14:00")
    assert atiende(clinica, desde=date(2027, 1, 4), hasta=VIERNES) == ["08 09:00-08 14:00"]


def test_una_guardia_cruza_la_medianoche_y_un_festivo_la_corta(clinica, sesion):
    franja(clinica, "22:00", "08:00")
    assert atiende(clinica, hasta=date(2027, 1, 16)) == ["15 22:00-16 08:00"]
    assert atiende(clinica, desde=date(2027, 1, 16)) == ["16 00:00-16 08:00"]
    excepcion(clinica, "festivo", dia=date(2027, 1, 16))
    assert atiende(clinica, hasta=date(2027, 1, 17)) == ["15 22:00-16 00:00"]


@pytest.mark.parametrize(
    ("dia", "horas_reales"), [(date(2027, 3, 28), 7), (date(2027, 10, 31), 9), (date(2027, 11, 7), 8)]
)
@pytest.mark.parametrize(("sede", "zona"), [("sede_id", "Europe/Madrid"), ("sede2_id", "Atlantic/Canary")])
def test_el_dia_del_cambio_de_hora_dura_lo_que_dura(clinica, sesion, dia, horas_reales, sede, zona):
    franja(clinica, "00:00", "08:00", dia=7, sede=sede)
    id = clinica.profesionales["veterinario"]
    ((inicio, fin),) = libres([id], getattr(clinica, sede), dia, dia)[id]
    assert fin - inicio == horas_reales * 3600
    assert datetime.fromtimestamp(fin, ZoneInfo(zona)).hour == 8


def test_un_recurso_sin_horario_sigue_el_de_la_sede_y_sin_el_no_cierra(clinica, sesion):
    id = sala(clinica)

    def abierta():
        return texto(calendario((), [id], clinica.sede_id, VIERNES, VIERNES).de[id])

    assert abierta() == ["15 00:00-16 00:00"]
    excepcion(clinica, "cierre", "13:00-16:00", recurso=id)
    assert abierta() == ["15 00:00-15 13:00", "15 16:00-16 00:00"]
    franja(clinica, "10:00", "20:00", quien=None)
    assert abierta() == ["15 10:00-15 13:00", "15 16:00-15 20:00"]
    franja(clinica, "08:00", "12:00", quien=None, recurso=id)
    assert abierta() == ["15 08:00-15 12:00"]


@pytest.mark.parametrize(
    ("inicio", "minutos", "esperado"),
    [("09:00", 20, True), ("08:55", 20, False), ("13:40", 20, True), ("13:41", 20, False), ("10:00", 300, False)],
)
def test_dentro_de_horario_exige_que_quepa_entera(clinica, sesion, inicio, minutos, esperado):
    franja(clinica, "09:00", "14:00")
    desde = datetime.combine(VIERNES, hora(inicio), ZoneInfo("Europe/Madrid")).astimezone(UTC)
    hasta = datetime.fromtimestamp(desde.timestamp() + minutos * 60, UTC)
    vet = clinica.profesionales["veterinario"]
    assert dentro_de_horario([vet], [], clinica.sede_id, desde, hasta) is esperado
    assert dentro_de_horario([vet], [sala(clinica)], clinica.sede_id, desde, hasta) is esperado
    assert dentro_de_horario([], [], clinica.sede_id, desde, hasta)
