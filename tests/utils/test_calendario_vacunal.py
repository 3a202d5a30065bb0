"""El calendario vacunal: los casos del dominio, sus fronteras, sus frases y lo que siempre se cumple."""

from datetime import date, timedelta

import pytest

from app.utils.calendario_vacunal import Dosis, Protocolo, Requisito, proxima, valorar
from app.utils.edad import sumar_meses
from tests.casos_vacunales import CASOS, HOY, PROTOCOLOS

PERRO, RABIA = PROTOCOLOS["perro_esencial"], PROTOCOLOS["rabia"]
NACIO = date(2026, 7, 6)


def dosis(*fechas, **campos):
    return [Dosis(f"d{n}", date.fromisoformat(una), **campos) for n, una in enumerate(fechas)]


def semanas(*cuantas, nacio=NACIO):
    return [Dosis(f"d{n}", nacio + timedelta(weeks=una)) for n, una in enumerate(cuantas)]


@pytest.mark.parametrize("caso", CASOS, ids=lambda caso: caso.nombre)
def test_los_casos_resueltos(caso):
    requisito = Requisito(periodicidad_meses=caso.territorio) if caso.territorio else None
    puestas = dosis(*caso.dosis, validez_meses=caso.validez)
    toca = proxima(PROTOCOLOS[caso.protocolo], puestas, caso.nacimiento, caso.hoy, requisito)
    assert (str(toca.fecha), toca.fase, toca.numero_en_serie) == (caso.fecha, caso.fase, caso.numero)
    assert (toca.estado, toca.motivo.codigo) == (caso.estado, caso.regla)
    assert (toca.protocolo, toca.regla) == (caso.protocolo, caso.regla.split(".")[0])
    assert tuple(n for n, una in enumerate(toca.dosis) if una.descarte) == caso.no_cuentan


# Lo que se puso, lo que se sabe de él y la frase que lo explica.
FRASES = [
    (PERRO, [], NACIO, date(2026, 8, 16),
     "Aún no hay ninguna dosis que cuente: la primera se pone al cumplir 6 semanas"),
    (PERRO, [], NACIO, date(2026, 8, 17),
     "No hay ninguna dosis que cuente y ya tiene la edad: la primera se puede poner hoy"),
    (PERRO, [], None, HOY,
     "No hay ninguna dosis que cuente y no consta cuándo nació: se trata como adulto y la primera se puede poner hoy"),
    (PERRO, semanas(15), NACIO, HOY,
     "La serie de cachorro sigue abierta: falta una dosis a las 16 semanas o más; la siguiente, 28 días después de la"
     " última"),
    (PERRO, semanas(8, 16), NACIO, HOY,
     "La serie de cachorro está completa: el primer refuerzo se pone a las 26 semanas, y al menos 28 días después de la"
     " última"),
    (PERRO, semanas(8, 26), NACIO, HOY,
     "Ya tiene la serie y el primer refuerzo: la siguiente, 36 meses después de la última, según el protocolo"),
    (PERRO, semanas(16), NACIO, HOY,
     "Empezó con 16 semanas o más: hacen falta 2 dosis y lleva 1; la siguiente, 28 días después de la última"),
    (PERRO, semanas(16, 20), NACIO, HOY,
     "Empezó con 16 semanas o más y acabó antes de las 26: el primer refuerzo se pone a esa edad, y al menos 28 días"
     " después de la última"),
    (PERRO, semanas(22, 26), NACIO, HOY,
     "Empezó con 16 semanas o más y tiene sus 2 dosis: el primer refuerzo, 12 meses después de la última"),
    (PERRO, semanas(22, 26, 78), NACIO, HOY,
     "Empezó con 16 semanas o más y ya tiene refuerzo: la siguiente, 36 meses después de la última, según el protocolo"),
    (PROTOCOLOS["leptospira"], semanas(8), NACIO, date(2026, 9, 1),
     "Hacen falta 2 dosis iniciales y lleva 1: la siguiente, 28 días después de la última"),
    (RABIA, semanas(12), NACIO, HOY,
     "Tiene todas sus dosis iniciales: el primer refuerzo, 12 meses después de la última"),
    (RABIA, semanas(12, 64), NACIO, HOY,
     "Ya tiene refuerzos: la siguiente, 12 meses después de la última, según el plazo del primer refuerzo, porque ni la"
     " ficha técnica ni el territorio dicen otro"),
    (RABIA, [Dosis("d0", HOY, proxima_manual=date(2027, 3, 1))], NACIO, HOY,
     "La fecha la fijó a mano el veterinario al registrar o revisar la última dosis"),
]  # fmt: skip


@pytest.mark.parametrize(("protocolo", "puestas", "nacio", "hoy", "frase"), FRASES)
def test_cada_regla_se_explica(protocolo, puestas, nacio, hoy, frase):
    assert proxima(protocolo, puestas, nacio, hoy).motivo.mensaje == frase


@pytest.mark.parametrize(
    ("puestas", "codigo", "frase"),
    [
        ([Dosis("a", date(2026, 9, 1), anulada=True)], "anulada", "No cuenta: está anulada"),
        (semanas(5), "edad_insuficiente", "No cuenta: se puso con 5 semanas y el protocolo pide 6"),
        (
            [Dosis("a", date(2026, 9, 1)), Dosis("b", date(2026, 9, 14))],
            "intervalo_corto",
            "No cuenta: se puso 13 días después de la anterior válida y hacen falta 14",
        ),
    ],
)
def test_cada_descarte_se_explica(puestas, codigo, frase):
    ultima = valorar(PERRO, puestas, NACIO, HOY)[-1]
    assert ultima.dosis == puestas[-1]
    assert (ultima.numero, ultima.descarte.codigo, ultima.descarte.mensaje) == (None, codigo, frase)


def test_una_serie_que_caduca_empieza_de_nuevo_y_dice_por_que():
    lepto, nacio = PROTOCOLOS["leptospira"], date(2022, 1, 1)
    justo = dosis("2023-03-01", "2023-03-29", "2024-09-29")
    assert [una.numero for una in valorar(lepto, justo, nacio, date(2024, 9, 29))] == [1, 2, 3]
    tarde = dosis("2023-03-01", "2023-03-29", "2024-09-30")
    valoradas = valorar(lepto, tarde, nacio, date(2024, 9, 30))
    assert [una.numero for una in valoradas] == [None, None, 1]
    assert [una.dosis.id for una in valoradas] == ["d0", "d1", "d2"]
    descarte = valoradas[0].descarte
    assert (descarte.codigo, descarte.mensaje) == (
        "serie_caducada",
        "No cuenta: después pasaron más de 18 meses sin otra dosis y la serie empieza de nuevo",
    )
    toca = proxima(lepto, tarde, nacio, date(2024, 9, 30))
    assert (toca.fecha, toca.fase, toca.numero_en_serie) == (date(2024, 10, 28), "primovacunacion", 2)


def test_una_serie_tambien_caduca_por_no_haber_vuelto():
    lepto, nacio = PROTOCOLOS["leptospira"], date(2022, 1, 1)
    puestas = dosis("2023-03-01", "2023-03-29")
    assert proxima(lepto, puestas, nacio, date(2024, 9, 29)).estado == "vencida"
    caducada = proxima(lepto, puestas, nacio, date(2024, 9, 30))
    assert (caducada.fecha, caducada.estado, caducada.numero_en_serie) == (date(2024, 9, 30), "pendiente", 1)


@pytest.mark.parametrize(("dias", "cuenta"), [(13, False), (14, True)])
def test_catorce_dias_desde_la_anterior_valida(dias, cuenta):
    base = date(2026, 9, 1)
    puestas = [Dosis("a", base), Dosis("b", base + timedelta(days=dias))]
    assert (valorar(PERRO, puestas, NACIO, HOY)[1].numero is not None) is cuenta


def test_el_intervalo_se_mide_desde_la_anterior_que_cuenta():
    base = date(2026, 9, 1)
    puestas = [Dosis(n, base + timedelta(days=n)) for n in (0, 10, 20)]
    assert [una.numero for una in valorar(PERRO, puestas, NACIO, HOY)] == [1, None, 2]


@pytest.mark.parametrize(("edad", "regla"), [(-1, "4a.serie"), (0, "4b.serie")])
def test_se_empieza_de_adulto_a_las_dieciseis_semanas_justas(edad, regla):
    una = Dosis("a", NACIO + timedelta(weeks=16, days=edad))
    assert proxima(PERRO, [una], NACIO, HOY).motivo.codigo == regla


@pytest.mark.parametrize(("dias", "regla"), [(-1, "4a.refuerzo_1"), (0, "4a.refuerzo")])
def test_el_primer_refuerzo_de_cachorro_es_el_de_las_veintiseis_semanas(dias, regla):
    puestas = [*semanas(8, 16), Dosis("z", NACIO + timedelta(weeks=26, days=dias))]
    assert proxima(PERRO, puestas, NACIO, date(2027, 6, 1)).motivo.codigo == regla


@pytest.mark.parametrize(("dias", "regla"), [(-1, "4b.refuerzo_1_joven"), (0, "4b.refuerzo_1")])
def test_quien_acaba_de_joven_se_refuerza_a_las_veintiseis_semanas(dias, regla):
    puestas = [*semanas(17), Dosis("z", NACIO + timedelta(weeks=26, days=dias))]
    assert proxima(PERRO, puestas, NACIO, date(2027, 6, 1)).motivo.codigo == regla


def test_el_primer_refuerzo_espera_veintiocho_dias_aunque_tenga_la_edad():
    assert proxima(PERRO, semanas(8, 24), NACIO, HOY).fecha == NACIO + timedelta(weeks=28)
    assert proxima(PERRO, semanas(8, 21), NACIO, HOY).fecha == NACIO + timedelta(weeks=26)


def test_sin_fecha_de_nacimiento_es_adulto():
    ninguna = proxima(PERRO, [], None, HOY)
    assert (ninguna.fecha, ninguna.fase, ninguna.numero_en_serie) == (HOY, "primovacunacion", 1)
    una = proxima(PERRO, dosis("2026-10-20"), None, HOY)
    dos = proxima(PERRO, dosis("2026-10-20", "2026-11-17"), None, HOY)
    assert (una.motivo.codigo, una.fecha) == ("4b.serie", date(2026, 11, 17))
    assert (dos.motivo.codigo, dos.fecha) == ("4b.refuerzo_1", date(2027, 11, 17))


@pytest.mark.parametrize(
    ("hoy", "estado"), [("2027-11-22", "vigente"), ("2027-11-23", "vence_hoy"), ("2027-11-24", "vencida")]
)
def test_vence_el_dia_que_toca(hoy, estado):
    assert proxima(RABIA, dosis("2026-11-23"), NACIO, date.fromisoformat(hoy)).estado == estado


# Lo que dice el protocolo, la ficha técnica y el territorio, y a cuántos meses queda.
@pytest.mark.parametrize(
    ("protocolo", "ficha", "territorio", "meses", "segun"),
    [
        (None, 36, None, 36, "la ficha técnica de la vacuna"),
        (None, 36, 12, 12, "lo que exige el territorio"),
        (None, 12, 24, 12, "la ficha técnica de la vacuna"),
        (None, None, 24, 24, "lo que exige el territorio"),
        (None, None, None, 12, "el plazo del primer refuerzo, porque ni la ficha técnica ni el territorio dicen otro"),
        (24, 36, None, 24, "el protocolo"),
        (24, 12, None, 24, "el protocolo"),
        (24, 12, 18, 18, "lo que exige el territorio"),
    ],
)
def test_el_periodo_es_el_menor_de_quien_tiene_algo_que_decir(protocolo, ficha, territorio, meses, segun):
    uno = Protocolo("rabia", "dosis", 12, periodo_meses=protocolo)
    puestas = dosis("2024-06-01", "2025-05-28", validez_meses=ficha)
    toca = proxima(uno, puestas, None, HOY, Requisito(periodicidad_meses=territorio))
    assert toca.fecha == sumar_meses(date(2025, 5, 28), meses)
    assert toca.motivo.mensaje == f"Ya tiene refuerzos: la siguiente, {meses} meses después de la última, según {segun}"


def test_un_territorio_puede_pedir_mas_dosis_iniciales_y_nunca_menos():
    puestas = dosis("2026-10-20")
    assert proxima(RABIA, puestas, None, HOY, Requisito(dosis_iniciales=2)).motivo.codigo == "5.serie"
    assert proxima(RABIA, puestas, None, HOY, Requisito(dosis_iniciales=1)).motivo.codigo == "5.refuerzo_1"
    lepto = PROTOCOLOS["leptospira"]
    assert proxima(lepto, puestas, None, HOY, Requisito(dosis_iniciales=1)).motivo.codigo == "5.serie"


def test_cada_parametro_del_protocolo_se_usa():
    otro = Protocolo("x", "serie", 7, 10, 21, 15, 25, 3, 11, periodo_meses=30)
    nacio = date(2026, 1, 1)

    def toca(*puestas):
        return proxima(otro, [Dosis(n, nacio + timedelta(weeks=una)) for n, una in enumerate(puestas)], nacio, HOY)

    assert toca(7).fecha == nacio + timedelta(weeks=10)
    assert toca(7, 15).fecha == nacio + timedelta(weeks=25)
    assert toca(7, 25).fecha == sumar_meses(nacio + timedelta(weeks=25), 30)
    assert toca(15, 19).motivo.mensaje.startswith("Empezó con 15 semanas o más: hacen falta 3 dosis y lleva 2")
    assert toca(15, 20, 24).motivo.codigo == "4b.refuerzo_1_joven"
    assert toca(15, 20, 25).fecha == sumar_meses(nacio + timedelta(weeks=25), 11)
    assert toca(15, 20, 25, 30).fecha == sumar_meses(nacio + timedelta(weeks=30), 30)
    refuerzo = Protocolo("y", "dosis", 7, refuerzo_1_meses=9)
    assert proxima(refuerzo, dosis("2026-11-20"), None, HOY).fecha == date(2027, 8, 20)


def test_lo_fijado_a_mano_manda_hasta_la_dosis_siguiente():
    primera = Dosis("a", date(2025, 11, 20), proxima_manual=date(2026, 6, 1))
    fijada = proxima(RABIA, [primera], None, HOY)
    assert (fijada.fecha, fijada.fase, fijada.regla, fijada.estado) == (
        date(2026, 6, 1),
        "refuerzo_1",
        "manual",
        "vencida",
    )
    despues = proxima(RABIA, [primera, Dosis("b", date(2026, 11, 20))], None, HOY)
    assert (despues.fecha, despues.regla) == (date(2027, 11, 20), "5")


def test_de_dos_del_mismo_dia_cuenta_siempre_la_misma():
    dos = [Dosis("b", HOY, validez_meses=12), Dosis("a", HOY, validez_meses=36)]
    for puestas in (dos, dos[::-1]):
        assert [(una.dosis.id, una.numero) for una in valorar(PERRO, puestas, None, HOY)] == [("a", 1), ("b", None)]
