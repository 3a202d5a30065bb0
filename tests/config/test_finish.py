"""Confirmar con la última lectura, en el mismo viaje: nada a medias, falle lo que falle."""

from contextlib import suppress

import psycopg
import pytest

from app.config.connections import get_pool
from app.config.database import Transaction, transaction
from app.utils.db_errors import SIN_FILA

UNO = b"SELECT 1"
TODAS = b"SELECT n FROM de_prueba ORDER BY n"


def alta(actual: Transaction, n: int) -> None:
    actual.write(b"INSERT INTO de_prueba (n) VALUES ($1)", [n])


def limpia() -> bool:
    """La última conexión que volvió a la reserva está lista para otro, y no confirmará nada por su cuenta."""
    tuberia = get_pool()._libres[-1]
    return tuberia.idle and not tuberia.waiting and tuberia.before_travelling is None


def test_lo_ultimo_que_se_lee_viaja_con_lo_escrito_y_con_commit(viajes, tabla):
    with transaction() as actual:
        alta(actual, 1)
        actual.finish()
        assert actual.read(TODAS).tuples() == [(1,)]
        assert tabla() == [1]  # ya está confirmado
    assert [viaje[0] for viaje in viajes] == ["BEGIN"]
    assert viajes[0][-2:] == [TODAS.decode(), "COMMIT"]
    assert limpia()


def test_si_no_se_habia_escrito_no_hay_nada_que_confirmar(viajes):
    with transaction(reading=True) as actual:
        actual.finish()
        assert actual.read(UNO).tuples() == [(1,)]
    assert viajes == [["SELECT fijar_organizacion($1)", "SELECT 1"]]


def test_sin_nada_que_leer_se_confirma_como_siempre(tabla):
    with transaction() as actual:
        alta(actual, 1)
        actual.finish()
    assert tabla() == [1]
    assert limpia()


def test_lo_que_la_base_rechaza_se_lleva_la_lectura_y_el_commit(tabla):
    with pytest.raises(psycopg.errors.UniqueViolation), transaction() as actual:
        alta(actual, 1)
        alta(actual, 1)
        actual.finish()
        actual.read(TODAS).tuples()
    assert tabla() == []
    assert limpia()
    with transaction() as actual:
        alta(actual, 2)
    assert tabla() == [2]


@pytest.mark.parametrize(("filas", "codigo"), [(0, SIN_FILA), (2, "P0003")], ids=["ninguna", "dos"])
def test_sin_exactamente_una_fila_la_lectura_falla_y_no_se_confirma(tabla, filas, codigo):
    with pytest.raises(psycopg.DatabaseError) as fallo, transaction() as actual:
        alta(actual, 1)
        actual.finish()
        actual.read(b"SELECT exigir_una($1::bigint)", [filas]).tuples()
    assert fallo.value.sqlstate == codigo
    assert tabla() == []
    assert limpia()


def test_lo_que_se_comprueba_aqui_se_comprueba_antes_de_confirmar(viajes, tabla):
    def mal() -> None:
        raise KeyError

    with pytest.raises(KeyError), transaction() as actual:
        actual.write(b"INSERT INTO de_prueba (n) VALUES (1)").then(mal)
        actual.finish()
        actual.read(UNO).tuples()
    assert tabla() == []
    assert not any("COMMIT" in viaje for viaje in viajes)
    assert limpia()


def test_lo_que_se_lanza_antes_de_leer_deshace_y_no_deja_la_confirmacion_preparada(tabla):
    with pytest.raises(KeyError), transaction() as actual:
        alta(actual, 1)
        actual.sync()
        actual.finish()
        raise KeyError
    assert tabla() == []
    assert limpia()


def test_detras_de_confirmar_no_se_escribe(tabla):
    with suppress(RuntimeError), transaction() as actual:
        alta(actual, 1)
        actual.finish()
        actual.read(UNO).tuples()
        with pytest.raises(RuntimeError, match="Ya se confirmó"):
            alta(actual, 2)
    assert tabla() == [1]
    assert limpia()


def test_si_se_pierde_la_conexion_no_queda_nada(tabla, propietario):
    with pytest.raises(psycopg.OperationalError), transaction() as actual:
        (pid,) = actual.read(b"SELECT pg_backend_pid()").tuples()[0]
        alta(actual, 1)
        actual.finish()
        propietario.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        actual.read(UNO).tuples()
    assert tabla() == []
    with transaction() as actual:
        alta(actual, 2)
    assert tabla() == [2]
