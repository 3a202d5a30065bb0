"""Administración directa: lo que la ley pide, el tiempo de espera, el libro y la comunicación."""

import pytest

from tests.factories import contar, crear_clinica
from tests.recetario import crear_medicamento, datos_administracion, paciente_pesado


@pytest.fixture(scope="module")
def clinica(app):
    return crear_clinica(app, nombre="Administraciones")


@pytest.fixture(scope="module")
def paciente(clinica):
    return paciente_pesado(clinica, "4.200", especie="gato", raza=...)


@pytest.fixture(scope="module")
def maropitant(clinica):
    return crear_medicamento(clinica, "Maropitant 10 mg/mL", unidad_base="ml", unidades_envase=20)


def dar(clinica, paciente, medicamento, *, como="veterinario", clave=True, reloj=None, **cambios):
    cuerpo = datos_administracion(paciente, medicamento, **cambios)
    return clinica.como(como).post("/administraciones", cuerpo, clave=clave, reloj=reloj)


def error(respuesta):
    return respuesta.status_code, respuesta.json["codigo"]


def test_se_guarda_lo_que_llevaria_la_receta(clinica, paciente, maropitant):
    hecha = dar(clinica, paciente, maropitant, cantidad="0.42", via="subcutanea", dosis="1", unidad_dosis="mg_kg").json
    vistos = {campo: hecha[campo] for campo in ("cantidad", "unidad", "peso_usado_kg", "envases", "porcentaje_envase")}
    assert vistos == {
        "cantidad": "0.420", "unidad": "ml", "peso_usado_kg": "4.200", "envases": 1, "porcentaje_envase": "2.1",
    }  # fmt: skip
    assert hecha["veterinario_id"] == str(clinica.profesionales["veterinario"])
    assert clinica.como("veterinario").get(f"/administraciones/{hecha['id']}").json["indicacion"] == "Dolor agudo"
    lista = clinica.como("auxiliar").get(f"/administraciones?paciente_id={paciente}&lote=L-1").json["datos"]
    assert hecha["id"] in {una["id"] for una in lista}
    assert "indicacion" not in lista[0]


def test_pide_clave_de_idempotencia(clinica, paciente, maropitant):
    assert error(dar(clinica, paciente, maropitant, clave=None)) == (400, "FALTA_IDEMPOTENCY_KEY")


def test_con_la_misma_clave_se_da_una_sola_vez(clinica, maropitant):
    paciente = paciente_pesado(clinica, "4.200", especie="gato", raza=...)
    una, otra = (dar(clinica, paciente, maropitant, clave=f"misma-{paciente}") for _ in range(2))
    assert una.data == otra.data
    assert len(clinica.como("veterinario").get(f"/administraciones?paciente_id={paciente}").json["datos"]) == 1


@pytest.mark.parametrize("falta", ["lote", "caducidad_lote", "indicacion", "via", "cantidad"])
def test_lo_que_la_ley_pide_es_obligatorio(clinica, paciente, maropitant, falta):
    respuesta = dar(clinica, paciente, maropitant, **{falta: ...})
    assert error(respuesta) == (422, "DATOS_INVALIDOS")
    assert respuesta.json["errores"][0]["campo"] == f"/{falta}"


def test_un_lote_caducado_no_se_pone(clinica, paciente, maropitant):
    assert error(dar(clinica, paciente, maropitant, caducidad_lote="2026-11-22")) == (422, "LOTE_CADUCADO")
    assert dar(clinica, paciente, maropitant, caducidad_lote="2026-11-23").status_code == 201


def test_no_se_da_en_el_futuro_ni_antes_de_nacer(clinica, paciente, maropitant):
    assert error(dar(clinica, paciente, maropitant, en="2026-11-23T10:00:01+01:00")) == (422, "FECHA_FUTURA")
    assert error(dar(clinica, paciente, maropitant, en="2024-05-01T10:00:00+02:00")) == (422, "FECHAS_INCOHERENTES")


def test_solo_lo_apunta_un_veterinario(clinica, paciente, maropitant):
    assert dar(clinica, paciente, maropitant, como="auxiliar").status_code == 403


ESPERAS = {
    "W1": ("carne", 28, "dias", "2026-11-23T10:00:00+01:00", "2026-12-22"),
    "W2": ("leche", 72, "horas", "2026-11-23T07:30:00+01:00", "2026-11-26T07:30:00+01:00"),
    "cero": ("huevos", 0, "dias", "2026-11-23T10:00:00+01:00", "2026-11-24"),
}


@pytest.mark.parametrize(("producto", "valor", "unidad", "en", "apto"), ESPERAS.values(), ids=ESPERAS)
def test_el_tiempo_de_espera_dice_desde_cuando_se_puede_consumir(
    clinica, paciente, maropitant, producto, valor, unidad, en, apto
):
    espera = {"producto": producto, "valor": valor, "unidad": unidad}
    hecha = dar(clinica, paciente, maropitant, en=en, tiempo_espera=[espera])
    assert hecha.status_code == 201, hecha.text
    assert hecha.json["tiempo_espera"] == [{**espera, "apto_desde": apto}]


def test_en_produccion_hay_que_decir_el_tiempo_de_espera(clinica, maropitant):
    cabra = paciente_pesado(clinica, "40.000", especie="caprino", raza=..., destino="produccion")
    respuesta = dar(clinica, cabra, maropitant)
    assert error(respuesta) == (422, "ADMINISTRACION_INCOMPLETA")
    assert [uno["campo"] for uno in respuesta.json["errores"]] == ["/tiempo_espera"]
    assert dar(clinica, cabra, maropitant, tiempo_espera=[]).status_code == 201


def test_un_controlado_deja_su_asiento_en_la_misma_transaccion(clinica, paciente):
    metadona = crear_medicamento(clinica, "Metadona", control="estupefaciente", unidad_base="ml")
    sede = str(clinica.sede_id)
    antes = contar("administraciones", clinica)
    assert error(dar(clinica, paciente, metadona, sede_id=sede)) == (422, "SALDO_CONTROLADO_NEGATIVO")
    assert contar("administraciones", clinica) == antes
    entrada = {"medicamento_id": metadona, "tipo": "entrada", "cantidad": "10", "sede_id": sede}
    clinica.como("veterinario").post("/registro-controlados", entrada)
    hecha = dar(clinica, paciente, metadona, cantidad="0.76", via="intravenosa", sede_id=sede).json
    asiento = clinica.como("veterinario").get(f"/registro-controlados?medicamento_id={metadona}").json["datos"][0]
    vistos = {campo: asiento[campo] for campo in ("tipo", "saldo", "administracion_id", "paciente_id", "lote")}
    assert vistos == {
        "tipo": "administracion", "saldo": "9.240", "administracion_id": hecha["id"], "paciente_id": paciente,
        "lote": "L-1",
    }  # fmt: skip


def test_un_antibiotico_dice_para_que_y_se_comunica_sin_numero_de_receta(clinica, paciente):
    amoxicilina = crear_medicamento(clinica, "Amoxicilina", grupo="antibiotico", categoria="D")
    incompleta = dar(clinica, paciente, amoxicilina)
    assert error(incompleta) == (422, "ADMINISTRACION_INCOMPLETA")
    hecha = dar(clinica, paciente, amoxicilina, finalidad_antimicrobiana="terapeutica").json
    lista = clinica.como("veterinario").get("/comunicaciones-antibioticos?limite=100").json["datos"]
    (suya,) = [una for una in lista if una["administracion_id"] == hecha["id"]]
    vistos = {campo: suya[campo] for campo in ("num_receta", "tipo_dispensacion", "especie", "medicamento", "estado")}
    assert vistos == {
        "num_receta": None, "tipo_dispensacion": "botiquin", "especie": "gato", "medicamento": "Amoxicilina",
        "estado": "pendiente",
    }  # fmt: skip


def test_a_un_fallecido_no_se_le_da_nada(clinica, maropitant):
    paciente = paciente_pesado(clinica)
    muerte = {"fecha_fallecimiento": "2026-11-23", "eutanasia": False}
    assert clinica.como("veterinario").post(f"/pacientes/{paciente}/fallecimiento", muerte).status_code == 200
    assert error(dar(clinica, paciente, maropitant)) == (422, "PACIENTE_FALLECIDO")
