"""La evaluación de alertas por HTTP, con pacientes, medicamentos y reglas de verdad: A1–A5, D11, W1 y W2."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.clinica import abrir
from tests.factories import (
    RELOJ,
    crear_cliente,
    crear_clinica,
    crear_medicamento,
    crear_paciente,
    pesar,
    preparar_medicacion,
)


@pytest.fixture(scope="module")
def botica(app):
    """Una clínica con los principios y reglas de partida, y un medicamento de cada principio según se piden."""
    clinica = crear_clinica(app, nombre="Alertas")
    clinica.principios = preparar_medicacion(clinica)
    return clinica


def animal(botica, especie: str = "perro", kg: str = "10", **cambios) -> str:
    paciente = crear_paciente(botica, especie=especie, **{"raza": ..., **cambios})["id"]
    pesar(botica, paciente, kg)
    return paciente


def evaluar(botica, paciente: str, *lineas: dict, rol: str = "veterinario", **cuerpo):
    respuesta = botica.como(rol).post(
        "/alertas-medicacion/evaluacion",
        {"paciente_id": paciente, "lineas": list(lineas), **cuerpo},
        headers={"X-Motivo-Acceso": "Segunda%20opini%C3%B3n"},
    )
    assert respuesta.status_code == 200, respuesta.text
    return respuesta.json


def linea(botica, codigo: str, via: str = "oral", **campos) -> dict:
    return {"principios": [botica.principios[codigo]], "via": via, **campos}


def saltan(salida) -> dict[str, dict]:
    return {una["codigo"]: una for una in salida["alertas_medicacion"]}


@pytest.mark.parametrize("rol", ["veterinario", "administrador"])
def test_a1_el_paracetamol_en_un_gato_no_lo_justifica_nadie(botica, rol):
    gato = animal(botica, "gato", "4")
    salida = evaluar(botica, gato, linea(botica, "paracetamol", dosis="10"), rol=rol)
    assert salida["impide"] is True
    assert (saltan(salida)["AL01"]["gravedad"], saltan(salida)["AL01"]["justificable"]) == ("bloqueo", False)
    assert salida["aviso_clinico"].startswith("Herramienta de apoyo")


def test_a2_un_collie_y_la_ivermectina(botica):
    collie = animal(botica, raza="collie")
    alerta = saltan(evaluar(botica, collie, linea(botica, "ivermectina", dosis="0.3")))["AL03"]
    assert (alerta["gravedad"], alerta["justificable"], alerta["razon"], alerta["limite"]) == (
        "grave", True, "25.00", "12",
    )  # fmt: skip


def test_a3_un_corticoide_hasta_ayer_y_un_aine_hoy(botica):
    perro = animal(botica)
    poner_tratamiento(botica, perro, "prednisolona", hasta=timedelta(days=1))
    alerta = saltan(evaluar(botica, perro, linea(botica, "meloxicam", dosis="0.2", duracion_dias=1)))["AL04"]
    assert (alerta["gravedad"], alerta["principio"], alerta["linea"]) == ("grave", "prednisolona", 0)


def test_a4_un_border_collie_con_la_prueba_normal(botica):
    probado = animal(botica, raza="border_collie", mdr1="normal")
    assert "AL03" not in saltan(evaluar(botica, probado, linea(botica, "ivermectina", dosis="0.3")))


def test_a5_un_conejo_y_la_amoxicilina_por_boca(botica):
    conejo = animal(botica, "conejo", "2")
    assert saltan(evaluar(botica, conejo, linea(botica, "amoxicilina")))["AL10"]["gravedad"] == "bloqueo"
    combinada = crear_medicamento(botica, {botica.principios["amoxicilina_clavulanico"]: "50"})
    salida = evaluar(botica, conejo, {"medicamento_id": combinada, "via": "oral"})
    assert saltan(salida)["AL10"]["principio"] == "amoxicilina_clavulanico"


def test_d11_el_doble_de_la_maxima_y_de_categoria_b(botica):
    gato = animal(botica, "gato", "3.800")
    salida = saltan(evaluar(botica, gato, linea(botica, "enrofloxacino", dosis="10")))
    assert (salida["AL12"]["gravedad"], salida["AL12"]["razon"]) == ("grave", "2.00")
    assert salida["AL16"]["categoria_ema"] == "B"


CADA_REGLA = {
    "AL05": ("perro", {}, ("meloxicam", {}), ("carprofeno", {}), "grave"),
    "AL06": ("gato", {}, ("carprofeno", {}), None, "bloqueo"),
    "AL06 repetido": ("gato", {}, ("carprofeno", {"via": "subcutanea", "duracion_dias": 2}), None, "grave"),
    "AL07 cachorro": ("perro", {"fecha_nacimiento": "2026-10-13"}, ("meloxicam", {}), None, "grave"),
    "AL08 edad": ("perro", {"fecha_nacimiento": "2026-07-24"}, ("robenacoxib", {}), None, "grave"),
    "AL08 peso": ("perro", {"kg": "2.499"}, ("robenacoxib", {}), None, "grave"),
    "AL09": ("perro", {"fecha_nacimiento": "2025-11-24"}, ("oclacitinib", {}), None, "grave"),
    "AL12 minima": ("perro", {}, ("furosemida", {"dosis": "2.1"}), None, "aviso"),
    "AL12 duracion": ("perro", {}, ("fenbendazol", {"dosis": "50", "duracion_dias": 4}), None, "aviso"),
    "AL13": ("perro", {}, ("furosemida", {}), ("furosemida", {}), "aviso"),
    "AL15": ("perro", {}, ("furosemida", {"fuera_de_ficha": True}), None, "aviso"),
    "AL17 edad": ("perro", {"fecha_nacimiento": "2026-09-29"}, ("maropitant", {}), None, "aviso"),
    "AL17 calcio": ("perro", {}, ("maropitant", {}), ("amlodipino", {}), "aviso"),
    "AL18 perro": ("perro", {"fecha_nacimiento": "2026-09-29"}, ("metadona", {}), None, "aviso"),
    "AL18 gato": ("gato", {"fecha_nacimiento": "2026-06-24"}, ("metadona", {}), None, "aviso"),
    "AL19 perro": ("perro", {"fecha_nacimiento": "2026-10-13"}, ("selamectina", {"via": "topica"}), None, "aviso"),
    "AL19 gato": ("gato", {"fecha_nacimiento": "2026-09-29"}, ("selamectina", {"via": "topica"}), None, "aviso"),
    "AL19 fluralaner": ("perro", {"kg": "1.999"}, ("fluralaner", {}), None, "aviso"),
    "AL21": ("perro", {}, ("furosemida", {"caducidad_lote": "2026-11-22"}), None, "bloqueo"),
}


@pytest.mark.parametrize("caso", CADA_REGLA)
def test_las_demas_reglas_por_http(botica, caso):
    especie, suyo, una, otra, gravedad = CADA_REGLA[caso]
    paciente = animal(botica, especie, **suyo)
    lineas = [linea(botica, codigo, **campos) for codigo, campos in filter(None, (una, otra))]
    assert saltan(evaluar(botica, paciente, *lineas))[caso.split()[0]]["gravedad"] == gravedad


def test_a_un_deshidratado_no_se_le_da_un_aine_sin_mas(botica):
    perro = animal(botica)
    consulta = abrir(botica, perro)["id"]
    for pct, salta in (("4.9", False), ("5", True)):
        toma = botica.como("veterinario").post(f"/consultas/{consulta}/constantes", {"deshidratacion_pct": pct})
        assert toma.status_code == 201, toma.text
        assert ("AL07" in saltan(evaluar(botica, perro, linea(botica, "carprofeno")))) is salta


@pytest.mark.parametrize(
    ("producto", "valor", "unidad", "ultima", "desde"),
    [
        ("carne", 28, "dias", "2026-11-23T10:00:00+01:00", "2026-12-22T00:00:00+01:00"),  # W1
        ("leche", 72, "horas", "2026-11-23T07:30:00+01:00", "2026-11-26T07:30:00+01:00"),  # W2
    ],
)
def test_w1_y_w2_desde_cuando_se_puede_consumir(botica, producto, valor, unidad, ultima, desde):
    oveja = animal(botica, "ovino", "60", destino="produccion")
    espera = [{"producto": producto, "valor": valor, "unidad": unidad}]
    dada = linea(botica, "meloxicam", tiempo_espera=espera, ultima_administracion=ultima)
    salida = evaluar(botica, oveja, dada)
    assert salida["esperas"] == [{"producto": producto, "apto_desde": desde}]
    assert "AL20" not in saltan(salida)


def test_de_varios_medicamentos_vale_la_espera_mayor_y_la_de_la_ficha_si_no_se_dice(botica):
    oveja = animal(botica, "ovino", "60", destino="produccion")
    esperas = [
        {"especie": "ovino", "producto": "carne", "valor": 10, "unidad": "dias"},
        {"especie": "bovino", "producto": "carne", "valor": 99, "unidad": "dias"},
    ]
    con_ficha = crear_medicamento(botica, {botica.principios["doxiciclina"]: "50"}, tiempos_espera=esperas)
    corta = linea(botica, "meloxicam", tiempo_espera=[{"producto": "carne", "valor": 2, "unidad": "dias"}])
    salida = evaluar(botica, oveja, {"medicamento_id": con_ficha, "via": "oral", "duracion_dias": 3}, corta)
    assert salida["esperas"] == [{"producto": "carne", "apto_desde": "2026-12-06T00:00:00+01:00"}]


def test_en_produccion_callar_el_tiempo_de_espera_bloquea(botica):
    oveja = animal(botica, "ovino", "60", destino="produccion")
    assert saltan(evaluar(botica, oveja, linea(botica, "meloxicam")))["AL20"]["gravedad"] == "bloqueo"
    assert "AL20" not in saltan(evaluar(botica, oveja, linea(botica, "meloxicam", tiempo_espera=[])))


def test_un_caballo_excluido_del_consumo_no_es_de_produccion(botica):
    caballo = animal(botica, "caballo", "450", destino="produccion", apto_consumo=False)
    assert "AL20" not in saltan(evaluar(botica, caballo, linea(botica, "meloxicam")))


def test_la_permetrina_avisa_si_en_casa_hay_un_gato(botica):
    titular = crear_cliente(botica, nombre="Con gato")["id"]
    perro = animal(botica, cliente_id=titular)
    permetrina = linea(botica, "permetrina", "topica")
    assert "AL02" not in saltan(evaluar(botica, perro, permetrina))
    animal(botica, "gato", "4", cliente_id=titular)
    assert saltan(evaluar(botica, perro, permetrina))["AL02"]["gravedad"] == "aviso"


def test_el_gato_que_murio_ya_no_convive(botica):
    titular = crear_cliente(botica, nombre="Sin gato")["id"]
    perro, gato = animal(botica, cliente_id=titular), animal(botica, "gato", "4", cliente_id=titular)
    cuerpo = {"fecha_fallecimiento": "2026-11-22", "causa": "Vejez"}
    hecho = botica.como("veterinario").post(f"/pacientes/{gato}/fallecimiento", cuerpo)
    assert hecho.status_code == 200, hecho.text
    assert "AL02" not in saltan(evaluar(botica, perro, linea(botica, "permetrina", "topica")))


def test_una_alergia_apuntada_salta_y_una_anafilaxia_bloquea(botica):
    perro = animal(botica)
    alergia = {"agente_tipo": "principio_activo", "agente_ref": "Amoxicilina", "gravedad": "moderada"}
    hecha = botica.como("veterinario").post(f"/pacientes/{perro}/alergias", alergia).json
    clavulanico = linea(botica, "amoxicilina_clavulanico", dosis="12.5")
    assert saltan(evaluar(botica, perro, clavulanico))["AL11"]["gravedad"] == "grave"
    botica.como("veterinario").patch(f"/alergias/{hecha['id']}", {"gravedad": "anafilaxia"}, version=hecha["version"])
    assert saltan(evaluar(botica, perro, clavulanico))["AL11"]["gravedad"] == "bloqueo"
    botica.como("veterinario").delete(f"/alergias/{hecha['id']}", version="*")
    assert "AL11" not in saltan(evaluar(botica, perro, clavulanico))


def test_la_gestacion_caduca_a_los_75_dias(botica):
    perra = animal(botica)
    ficha = botica.como("veterinario").get(f"/pacientes/{perra}").json
    carprofeno = linea(botica, "carprofeno")
    for dias, salta in ((75, True), (76, False)):
        desde = (datetime.fromisoformat(RELOJ) - timedelta(days=dias)).date().isoformat()
        cambio = botica.como("veterinario").patch(
            f"/pacientes/{perra}", {"gestante_desde": desde}, version=ficha["version"]
        )
        assert cambio.status_code == 200, cambio.text
        ficha = cambio.json
        assert ("AL07" in saltan(evaluar(botica, perra, carprofeno))) is salta


def test_sin_peso_y_con_peso_antiguo(botica):
    nuevo = crear_paciente(botica, nombre="Sin pesar")["id"]
    maropitant = linea(botica, "maropitant", "subcutanea", dosis="1")
    assert saltan(evaluar(botica, nuevo, maropitant))["AL14"]["gravedad"] == "grave"
    pesar(botica, nuevo, "10", medido_en="2026-10-23T10:00:00+01:00")
    assert saltan(evaluar(botica, nuevo, maropitant))["AL14"]["gravedad"] == "aviso"
    pesar(botica, nuevo, "10")
    assert "AL14" not in saltan(evaluar(botica, nuevo, maropitant))


def test_un_antibiotico_c_calla_si_se_dice_por_que_no_uno_d(botica):
    perro = animal(botica)
    dada = linea(botica, "amoxicilina_clavulanico", dosis="12.5")
    assert saltan(evaluar(botica, perro, dada))["AL16"]["gravedad"] == "aviso"
    motivo = {"motivo": "Cultivo resistente a doxiciclina"}
    assert "AL16" not in saltan(evaluar(botica, perro, dada, justificacion_categoria=motivo))


def test_evaluar_solo_apunta_su_lectura_y_cuesta_lo_mismo_con_veinte_lineas(botica, sentencias):
    perro = animal(botica)
    una, veinte = ([linea(botica, "meloxicam", dosis="0.1")] * n for n in (1, 20))
    evaluar(botica, perro, *una)
    sentencias.clear()
    evaluar(botica, perro, *una)
    con_una = list(sentencias)
    sentencias.clear()
    evaluar(botica, perro, *veinte)
    assert len(con_una) == len(sentencias) <= 10
    assert all(sentencia.startswith(("SELECT", "WITH")) for sentencia in sentencias)


def test_evaluar_o_calcular_no_es_leer_la_historia_sin_motivo(botica):
    perro, motivo = animal(botica), {"X-Motivo-Acceso": "Segunda%20opini%C3%B3n"}
    calculo = {"paciente_id": perro, "dosis": "1", "presentacion": {"concentracion": "50"}}
    pedidas = {
        "/alertas-medicacion/evaluacion": {"paciente_id": perro, "lineas": [linea(botica, "meloxicam")]},
        "/calculos/dosis": calculo,
    }
    for ruta, cuerpo in pedidas.items():
        ajena = botica.como("veterinario2").post(ruta, cuerpo)
        assert (ajena.status_code, ajena.json["codigo"]) == (403, "MOTIVO_REQUERIDO")
        assert botica.como("veterinario2").post(ruta, cuerpo, headers=motivo).status_code == 200
        assert botica.como("veterinario").post(ruta, cuerpo).status_code == 200
    suelto = {"especie": "perro", "peso_kg": "20", **{k: v for k, v in calculo.items() if k != "paciente_id"}}
    assert botica.como("veterinario2").post("/calculos/dosis", suelto).status_code == 200


def test_lo_de_otra_organizacion_no_existe(botica, vecina):
    ajeno = crear_paciente(vecina)["id"]
    cuerpo = {"paciente_id": ajeno, "lineas": [linea(botica, "meloxicam")]}
    assert botica.como("veterinario").post("/alertas-medicacion/evaluacion", cuerpo).status_code == 404
    de_fuera = preparar_medicacion(vecina)["meloxicam"]
    cuerpo = {"paciente_id": animal(botica), "lineas": [{"principios": [de_fuera], "via": "oral"}]}
    assert botica.como("veterinario").post("/alertas-medicacion/evaluacion", cuerpo).status_code == 404


@pytest.mark.parametrize(("rol", "estado"), [("auxiliar", 200), ("recepcion", 403), ("cliente", 403)])
def test_quien_evalua(botica, rol, estado):
    cuerpo = {"paciente_id": animal(botica), "lineas": [linea(botica, "meloxicam")]}
    motivo = {"X-Motivo-Acceso": "Relevo"}
    assert botica.como(rol).post("/alertas-medicacion/evaluacion", cuerpo, headers=motivo).status_code == estado


def poner_tratamiento(botica, paciente: str, codigo: str, *, hasta: timedelta, via: str = "oral", dias: int = 1) -> str:
    """Una administración de ese principio hace ese tiempo, escrita en la base; devuelve el medicamento."""
    from uuid import UUID

    from app.api.models.administracion import Administracion
    from app.config.database import transaction
    from app.utils.context import Contexto, iniciar
    from app.utils.records import add

    medicamento = crear_medicamento(botica, {botica.principios[codigo]: "5"})
    cuando = datetime.fromisoformat(RELOJ) - hasta
    iniciar(Contexto(organizacion_id=botica.id))
    with transaction():
        add(
            Administracion(
                sede_id=botica.sede_id, paciente_id=UUID(paciente), medicamento_id=UUID(medicamento), en=cuando,
                veterinario_id=botica.profesionales["veterinario"], fecha=cuando.date(), indicacion="Prueba",
                cantidad=Decimal(dias), unidad="comprimido", via=via, lote="L1", caducidad_lote=cuando.date(),
            )
        )  # fmt: skip
    iniciar(Contexto())
    return medicamento
