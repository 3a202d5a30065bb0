"""Los datos que son de la consulta van escritos en ella; los de la petición, nunca."""

from functools import cache

import pytest
from sqlalchemy import func, literal, select

from app.api.models.paciente import EstadoPaciente, Paciente
from app.api.models.sede import Sede
from app.config.database import transaction
from app.config.pipeline import Pipeline
from app.utils.context import Contexto, iniciar
from app.utils.records import dato, rows

RARO = "D'Or \\ 50 % :x $1"


@cache
def _fija():
    junto = func.concat_ws(" ", Sede.codigo, "x").label("junto")
    return select(Sede.codigo, literal(RARO).label("raro"), junto).limit(1)


@cache
def _con_dato():
    return select(Sede.codigo).where(Sede.codigo == dato("codigo"), Sede.nombre != "ninguna")


@cache
def _con_lista():
    return select(Sede.codigo).where(Sede.codigo.in_(["MAD", RARO]))


@cache
def _por_estado():
    return select(Paciente.id).where(Paciente.estado == EstadoPaciente.ACTIVO)


@pytest.fixture
def enviado(clinica, monkeypatch):
    """Lo que viaja a la base desde la organización de una clínica: (texto, datos)."""
    salida, enviar = [], Pipeline._send

    def mirar(self, sql, params, reply):
        salida.append((sql.decode(), list(params)))
        return enviar(self, sql, params, reply)

    monkeypatch.setattr(Pipeline, "_send", mirar)
    iniciar(Contexto(organizacion_id=clinica.id))
    with transaction(reading=True):
        yield salida
    iniciar(Contexto())


def test_lo_que_es_siempre_igual_va_en_el_texto(enviado, clinica):
    fila = rows(_fija)[0]
    assert (fila.raro, fila.junto) == (RARO, f"{fila.codigo} x")
    texto, datos = enviado[-1]
    assert "LIMIT 1" in texto
    assert datos == [clinica.id]


def test_una_lista_fija_tambien_y_no_se_rehace_cada_vez(enviado, clinica):
    assert rows(_con_lista).scalars() == ["MAD"]
    assert enviado[-1][1] == [clinica.id]
    assert "D''Or" in enviado[-1][0]


def test_lo_que_se_da_al_ejecutar_viaja_aparte(enviado):
    assert rows(_con_dato, codigo=RARO).scalars() == []
    texto, datos = enviado[-1]
    assert RARO in datos
    assert "D''Or" not in texto
    assert "'ninguna'" in texto


def test_lo_que_trae_la_peticion_viaja_aparte_aunque_la_consulta_sea_fija(enviado):
    assert rows(_fija, Sede.nombre == RARO, Sede.codigo.in_([RARO])).all() == []
    texto, datos = enviado[-1]
    assert datos.count(RARO) == 2
    assert texto.count("D''Or") == 1  # sólo el de la consulta


def test_una_consulta_hecha_para_la_ocasion_no_lleva_nada_escrito(enviado):
    assert rows(select(Sede.codigo).where(Sede.nombre == RARO).limit(1)).all() == []
    texto, datos = enviado[-1]
    assert RARO in datos
    assert 1 in datos
    assert "D''Or" not in texto


def test_un_estado_sigue_siendo_un_dato(enviado):
    rows(_por_estado).all()
    assert EstadoPaciente.ACTIVO in enviado[-1][1]
