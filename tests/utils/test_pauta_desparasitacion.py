"""La pauta de desparasitación, en sus fronteras."""

from datetime import date, timedelta

import pytest

from app.utils.pauta_desparasitacion import externa, interna, primera, tras

NACIO = date(2026, 1, 31)
MEDIO_ANIO = date(2026, 7, 31)


def a_las(semanas, dias=0):
    return NACIO + timedelta(weeks=semanas, days=dias)


@pytest.mark.parametrize(
    ("especie", "fecha", "codigo", "proxima"),
    [
        ("perro", a_las(2), "quincenal", a_las(4)),
        ("perro", a_las(12, -1), "quincenal", a_las(14, -1)),
        ("perro", a_las(12), "mensual", date(2026, 5, 25)),
        ("perro", MEDIO_ANIO - timedelta(days=1), "mensual", date(2026, 8, 30)),
        ("perro", MEDIO_ANIO, "trimestral", date(2026, 10, 31)),
        ("perro", date(2026, 11, 30), "trimestral", date(2027, 2, 28)),
        ("gato", a_las(3), "quincenal", a_las(5)),
        ("gato", a_las(9, -1), "quincenal", a_las(11, -1)),
        ("gato", a_las(9), "mensual", date(2026, 5, 4)),
        ("gato", MEDIO_ANIO, "trimestral", date(2026, 10, 31)),
        ("conejo", a_las(9), "sin_pauta", None),
    ],
)
def test_la_interna_segun_la_edad(especie, fecha, codigo, proxima):
    toca = interna(especie, NACIO, fecha)
    assert (toca.codigo, toca.fecha) == (codigo, proxima)


def test_sin_saber_cuando_nacio_es_un_adulto():
    assert interna("gato", None, date(2026, 1, 31)).fecha == date(2026, 4, 30)


@pytest.mark.parametrize(("dias", "fecha"), [(30, date(2026, 3, 2)), (84, date(2026, 4, 25))])
def test_la_externa_segun_lo_que_dura_el_producto(dias, fecha):
    toca = externa(NACIO, dias)
    assert (toca.fecha, toca.mensaje) == (fecha, f"Según lo que dura el producto: {dias} días")


@pytest.mark.parametrize(
    ("tipo", "especie", "fecha", "duracion", "codigo", "proxima"),
    [
        ("interna", "perro", MEDIO_ANIO, 30, "trimestral", date(2026, 10, 31)),
        ("interna", "perro", a_las(4), None, "quincenal", a_las(6)),
        ("externa", "perro", MEDIO_ANIO, 30, "duracion", date(2026, 8, 30)),
        ("externa", "perro", MEDIO_ANIO, None, "sin_duracion", None),
        ("mixta", "perro", MEDIO_ANIO, 30, "duracion", date(2026, 8, 30)),
        ("mixta", "perro", MEDIO_ANIO, 120, "trimestral", date(2026, 10, 31)),
        ("mixta", "perro", MEDIO_ANIO, 92, "trimestral", date(2026, 10, 31)),
        ("mixta", "perro", MEDIO_ANIO, None, "trimestral", date(2026, 10, 31)),
        ("mixta", "conejo", MEDIO_ANIO, 30, "duracion", date(2026, 8, 30)),
        ("mixta", "conejo", MEDIO_ANIO, None, "sin_pauta", None),
        ("interna", "conejo", MEDIO_ANIO, 30, "sin_pauta", None),
    ],
)
def test_de_la_mixta_lo_primero_que_venza(tipo, especie, fecha, duracion, codigo, proxima):
    toca = tras(tipo, especie, NACIO, fecha, duracion)
    assert (toca.codigo, toca.fecha) == (codigo, proxima)


@pytest.mark.parametrize(
    ("especie", "nacimiento", "hoy", "codigo", "fecha"),
    [
        ("perro", NACIO, a_las(2, -1), "primera", a_las(2)),
        ("perro", NACIO, a_las(2), "primera_ya", a_las(2)),
        ("gato", NACIO, a_las(3, -1), "primera", a_las(3)),
        ("gato", NACIO, a_las(3), "primera_ya", a_las(3)),
        ("gato", None, NACIO, "primera_ya", NACIO),
        ("conejo", NACIO, NACIO, "sin_pauta", None),
    ],
)
def test_la_primera_en_cuanto_tenga_la_edad(especie, nacimiento, hoy, codigo, fecha):
    toca = primera(especie, nacimiento, hoy)
    assert (toca.codigo, toca.fecha) == (codigo, fecha)


@pytest.mark.parametrize(
    ("funcion", "datos", "frase"),
    [
        (primera, ("perro", NACIO, NACIO), "Sin ninguna puesta: la primera se da a las 2 semanas"),
        (primera, ("perro", None, NACIO), "Sin ninguna puesta y ya tiene la edad: se puede dar hoy"),
        (interna, ("perro", NACIO, NACIO), "Hasta las 12 semanas, cada 14 días"),
        (interna, ("gato", NACIO, a_las(10)), "De las 9 semanas a los 6 meses, cada mes"),
        (interna, ("gato", None, NACIO), "Desde los 6 meses, cada 3 meses"),
        (interna, ("conejo", None, NACIO), "No hay pauta por defecto para esta especie: la decide el veterinario"),
        (externa, (NACIO, None), "Para la externa hace falta saber cuántos días dura el producto"),
    ],
)
def test_se_explica(funcion, datos, frase):
    # Se llama aquí y no en la tabla: así la mutación también se nota.
    assert funcion(*datos).mensaje == frase
