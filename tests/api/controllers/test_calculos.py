"""Los demás cálculos por HTTP: K1–K9, edades, conversiones y de quién sale el peso."""

import pytest

from tests.casos_edad import CASOS_EDAD
from tests.factories import crear_clinica, crear_paciente, pesar
from tests.utils.test_conversiones import CASOS as CONVERSIONES
from tests.utils.test_fisiologia import K1, K2_K3, K4_K6, K7_K8


@pytest.fixture(scope="module")
def consulta(app):
    return crear_clinica(app, nombre="Cálculos")


def calcular(consulta, que: str, rol: str = "veterinario", **cuerpo):
    return consulta.como(rol).post(f"/calculos/{que}", cuerpo)


@pytest.mark.parametrize(("kg", "kcal"), K1.items())
def test_k1_energia_en_reposo(consulta, kg, kcal):
    salida = calcular(consulta, "rer", peso_kg=kg).json
    assert (salida["rer_kcal_dia"], salida["fuente"]) == (kcal, "F34")
    assert salida["aviso_clinico"].startswith("Herramienta de apoyo")


@pytest.mark.parametrize(("especie", "kg", "dia", "hora"), K2_K3)
def test_k2_y_k3_mantenimiento(consulta, especie, kg, dia, hora):
    salida = calcular(consulta, "fluidos", especie=especie, peso_kg=kg).json
    assert (salida["mantenimiento_ml_dia"], salida["mantenimiento_ml_h"]) == (dia, hora)


@pytest.mark.parametrize("caso", K4_K6)
def test_k4_a_k6_plan_de_fluidos(consulta, caso):
    (especie, kg, deshidratacion, perdidas, horas, gotas), esperado = K4_K6[caso]
    salida = calcular(
        consulta, "fluidos", especie=especie, peso_kg=kg, deshidratacion_pct=deshidratacion, perdidas_ml=perdidas,
        horas=horas, gotas_ml=gotas,
    ).json  # fmt: skip
    campos = ("mantenimiento_ml", "deficit_ml", "total_ml", "ritmo_ml_h", "goteo_gotas_min")
    assert tuple(salida[campo] for campo in campos) == esperado
    assert (salida["leyenda"], salida["fuente"]) == ("Calculado, no prescrito", "F11")


@pytest.mark.parametrize(("especie", "kg", "m2"), K7_K8)
def test_k7_y_k8_superficie_corporal(consulta, especie, kg, m2):
    assert calcular(consulta, "superficie-corporal", especie=especie, peso_kg=kg).json["superficie_m2"] == m2


@pytest.mark.parametrize(
    ("que", "cuerpo"),
    [
        ("rer", {"peso_kg": "0"}),
        ("rer", {"peso_kg": "-2"}),
        ("rer", {"peso_kg": "2", "especie": "serpiente"}),
        ("fluidos", {"peso_kg": "0", "especie": "perro"}),
        ("fluidos", {"peso_kg": "2", "especie": "conejo"}),
        ("superficie-corporal", {"peso_kg": "0", "especie": "perro"}),
        ("superficie-corporal", {"peso_kg": "2", "especie": "huron"}),
        ("conversion", {"analito": "alt", "valor": "96", "de": "U/L", "a": "ukat/L"}),
        ("edad", {}),
        ("edad", {"fecha_nacimiento": "2026-11-24"}),
    ],
)
def test_k9_lo_que_no_se_puede_calcular(consulta, que, cuerpo):
    respuesta = calcular(consulta, que, **cuerpo)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "CALCULO_NO_DISPONIBLE")


@pytest.mark.parametrize(("nacimiento", "referencia", "partes", "semanas", "texto"), CASOS_EDAD)
def test_las_edades_resueltas(consulta, nacimiento, referencia, partes, semanas, texto):
    salida = calcular(consulta, "edad", fecha_nacimiento=nacimiento, referencia=referencia).json
    assert (salida["anios"], salida["meses"], salida["dias"]) == partes
    assert (salida["semanas"], salida["texto"]) == (semanas, texto)


@pytest.mark.parametrize(("analito", "valor", "de", "a", "esperado"), CONVERSIONES)
def test_conversiones(consulta, analito, valor, de, a, esperado):
    salida = calcular(consulta, "conversion", analito=analito, valor=valor, de=de, a=a).json
    assert (salida["valor_convertido"], salida["unidad_convertida"]) == (esperado, a)
    assert (salida["valor"], salida["unidad"]) == (valor, de)


def test_de_un_paciente_se_toman_su_especie_y_su_peso(consulta):
    perro = crear_paciente(consulta)["id"]
    sin_peso = calcular(consulta, "rer", paciente_id=perro)
    assert (sin_peso.status_code, sin_peso.json["codigo"]) == (422, "PESO_REQUERIDO")
    pesar(consulta, perro, "10", metodo="estimado", medido_en="2026-10-01T10:00:00+02:00")
    salida = calcular(consulta, "fluidos", paciente_id=perro).json
    assert (salida["peso_usado_kg"], salida["mantenimiento_ml_dia"]) == ("10.000", "742.3")
    assert [uno["codigo"] for uno in salida["avisos"]] == ["PESO_ANTIGUO", "PESO_NO_BASCULA"]
    dado = calcular(consulta, "superficie-corporal", paciente_id=perro, peso_kg="20").json
    assert (dado["superficie_m2"], dado["fuente"], dado["avisos"]) == ("0.7442", "F30", [])
    assert dado["peso_usado_kg"] == "20.000"


def test_la_edad_de_un_paciente_es_la_de_hoy_o_la_que_tenia(consulta):
    perro = crear_paciente(consulta, fecha_nacimiento="2024-05-02", precision_nacimiento="mes")["id"]
    assert calcular(consulta, "edad", paciente_id=perro).json["texto"] == "~2 años y 6 meses"
    cuerpo = {"fecha_fallecimiento": "2026-05-02"}
    assert consulta.como("veterinario").post(f"/pacientes/{perro}/fallecimiento", cuerpo).status_code == 200
    salida = calcular(consulta, "edad", paciente_id=perro).json
    assert (salida["texto"], salida["referencia"]) == ("~2 años", "2026-05-02")


@pytest.mark.parametrize("que", ["rer", "fluidos", "superficie-corporal", "edad"])
def test_un_paciente_ajeno_no_existe(consulta, vecina, que):
    ajeno = crear_paciente(vecina)["id"]
    assert calcular(consulta, que, paciente_id=ajeno).status_code == 404


@pytest.mark.parametrize(("rol", "estado"), [("recepcion", 200), ("auxiliar", 200), ("cliente", 403)])
def test_quien_calcula(consulta, rol, estado):
    assert calcular(consulta, "rer", rol, peso_kg="10").status_code == estado
