"""Los viajes a la base: qué va junto, qué pasa cuando algo falla y que nada queda a medias."""

import threading
from contextlib import suppress

import psycopg
import pytest

from app.config import pipeline
from app.config.database import Transaction, transaction
from app.utils.context import Contexto, iniciar

UNO = b"SELECT 1"


def alta(actual: Transaction, n: int) -> pipeline.Reply:
    return actual.write(b"INSERT INTO de_prueba (n) VALUES ($1)", [n])


def test_leer_es_un_viaje_sin_transaccion(viajes):
    with transaction(reading=True) as actual:
        respuestas = [actual.read(b"SELECT $1::int", [n]) for n in range(3)]
        assert viajes == []
        assert [respuesta.tuples() for respuesta in respuestas] == [[(0,)], [(1,)], [(2,)]]
    assert viajes == [["SELECT fijar_organizacion($1)", *["SELECT $1::int"] * 3]]


def test_cada_viaje_de_una_lectura_fija_su_organizacion(viajes):
    with transaction(reading=True) as actual:
        for _ in range(2):
            actual.read(UNO).tuples()
    assert viajes == [["SELECT fijar_organizacion($1)", "SELECT 1"]] * 2


def test_escribir_confirma_con_lo_ultimo(viajes, tabla):
    with transaction() as actual:
        alta(actual, 1)
        alta(actual, 2)
        assert viajes == []
    assert [viaje[0] for viaje in viajes] == ["BEGIN"]
    assert viajes[0][-1] == "COMMIT"
    assert tabla() == [1, 2]


def test_quien_solo_leia_abre_transaccion_al_escribir(viajes, tabla):
    with transaction(reading=True) as actual:
        actual.read(UNO)
        alta(actual, 1)
    assert [viaje[0] for viaje in viajes] == ["SELECT fijar_organizacion($1)", "BEGIN"]
    assert tabla() == [1]


def test_sin_nada_que_hacer_no_se_toma_conexion(viajes):
    with transaction() as actual, transaction(reading=True):
        pass
    assert viajes == []
    assert actual._pipeline is None


def test_un_fallo_deshace_todo_y_la_conexion_sigue_sirviendo(tabla):
    with pytest.raises(psycopg.errors.UniqueViolation), transaction() as actual:
        alta(actual, 1)
        alta(actual, 1)
        alta(actual, 2)
    assert tabla() == []
    with transaction() as actual:
        alta(actual, 3)
    assert tabla() == [3]


def test_lo_que_iba_detras_de_un_fallo_no_llego_a_ejecutarse(tabla):
    with pytest.raises(psycopg.errors.DivisionByZero), transaction() as actual:
        antes = actual.read(UNO)
        actual.read(b"SELECT 1 / 0")
        detras = actual.read(UNO)
        actual.sync()
    assert antes.tuples() == [(1,)]
    with pytest.raises(RuntimeError):
        detras.tuples()


def test_una_sentencia_que_no_se_puede_preparar_no_se_da_por_preparada():
    for _ in range(2):
        with pytest.raises(psycopg.errors.UndefinedTable), transaction(reading=True) as actual:
            actual.read(b"SELECT * FROM no_existe").tuples()


def test_lo_que_se_lanza_deshace_lo_escrito(tabla):
    with pytest.raises(KeyError), transaction() as actual:
        alta(actual, 1)
        actual.sync()
        raise KeyError
    assert tabla() == []


@pytest.mark.parametrize("ya_viajo", [True, False])
def test_el_punto_de_guarda_deshace_solo_lo_de_dentro(tabla, ya_viajo):
    with transaction() as actual:
        alta(actual, 1)
        with suppress(KeyError), actual.savepoint():
            alta(actual, 2)
            if ya_viajo:
                actual.sync()
            raise KeyError
        with actual.savepoint():
            alta(actual, 3)
    assert tabla() == [1, 3]


def test_un_fallo_dentro_del_punto_de_guarda_deja_seguir(tabla):
    with transaction() as actual:
        alta(actual, 1)
        with suppress(psycopg.errors.UniqueViolation), actual.savepoint():
            alta(actual, 1)
        alta(actual, 2)
    assert tabla() == [1, 2]


def test_lo_comprobado_al_llegar_se_lanza_en_ese_viaje(viajes, tabla):
    def nunca() -> None:
        raise KeyError

    with pytest.raises(KeyError), transaction() as actual:
        alta(actual, 1).then(nunca)
        actual.read(UNO).tuples()
    assert tabla() == []


def test_una_transaccion_dentro_de_otra_va_por_su_cuenta(tabla):
    with pytest.raises(KeyError), transaction() as fuera:
        alta(fuera, 1)
        fuera.sync()
        with transaction() as dentro:
            alta(dentro, 2)
        raise KeyError
    assert tabla() == [2]


def test_mucho_de_una_vez_no_se_atasca(tabla):
    """Más de lo que cabe en los búferes de ida y de vuelta: se lee mientras se escribe."""
    grande = "ñ" * 200_000
    with transaction() as actual:
        respuestas = [actual.read(b"SELECT $1::text", [grande]) for _ in range(60)]
        assert all(respuesta.tuples() == [(grande,)] for respuesta in respuestas)


def test_las_sentencias_viejas_dejan_sitio_a_las_nuevas(monkeypatch):
    monkeypatch.setattr(pipeline, "MAXIMO_PREPARADAS", 5)
    for _ in range(2):
        with transaction(reading=True) as actual:
            leidas = [actual.read(f"SELECT {n}".encode()).tuples() for n in range(12)]
        assert leidas == [[(n,)] for n in range(12)]
    with transaction() as actual:
        assert len(actual._open()._prepared) <= 5


@pytest.mark.parametrize("maximo", range(1, 9))
def test_deshacer_no_espera_a_que_haya_sitio_para_preparar(tabla, monkeypatch, maximo):
    monkeypatch.setattr(pipeline, "MAXIMO_PREPARADAS", maximo)
    for vuelta in range(3):
        with transaction() as actual:
            for n in (1, 2, 3):
                with suppress(psycopg.errors.UniqueViolation), actual.savepoint():
                    alta(actual, 10 * vuelta + n)
                    alta(actual, 10 * vuelta + 2)
        with pytest.raises(psycopg.errors.UniqueViolation), transaction() as actual:
            alta(actual, 10 * vuelta + 1)
            alta(actual, 10 * vuelta + 1)
    assert tabla() == [1, 2, 11, 12, 21, 22]


def test_si_la_base_cierra_la_conexion_la_siguiente_peticion_va_por_otra(propietario):
    with pytest.raises(psycopg.OperationalError), transaction() as actual:
        (pid,) = actual.read(b"SELECT pg_backend_pid()").tuples()[0]
        propietario.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        actual.read(UNO).tuples()
    with transaction() as actual:
        assert actual.read(UNO).tuples() == [(1,)]


def test_lo_que_no_se_confirma_no_se_da_por_confirmado(tabla):
    """Si alguien se traga un fallo, COMMIT deshace sin decirlo: aquí se dice."""
    with pytest.raises(RuntimeError, match="deshizo"), transaction() as actual:
        alta(actual, 1)
        actual.sync()
        with suppress(psycopg.Error):
            actual.read(b"SELECT 1 / 0").tuples()
    assert tabla() == []


def test_hilos_a_la_vez_cada_uno_por_su_conexion():
    vistos: set[int] = set()
    barrera = threading.Barrier(4)

    def leer() -> None:
        iniciar(Contexto())
        with transaction() as actual:
            (pid,) = actual.read(b"SELECT pg_backend_pid()").tuples()[0]
            barrera.wait(timeout=10)
            vistos.add(pid)

    hilos = [threading.Thread(target=leer) for _ in range(4)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    assert len(vistos) == 4
