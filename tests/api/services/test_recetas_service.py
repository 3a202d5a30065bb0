"""Recetas por HTTP: del borrador a la emisión, con su plazo, su número y su contenido mínimo."""

import hashlib
import json

import pytest

from tests.esperas import esperando_a
from tests.factories import contar, crear_cliente, crear_clinica, crear_paciente
from tests.recetario import (
    con_telefono,
    crear_medicamento,
    datos_receta,
    emitida,
    linea,
    numero_de,
    paciente_pesado,
    recetar,
)


@pytest.fixture(scope="module")
def clinica(app):
    clinica = crear_clinica(app, nombre="Recetas")
    con_telefono(clinica)
    return clinica


@pytest.fixture(scope="module")
def medicamentos(clinica):
    return {
        "general": crear_medicamento(clinica),
        "antibiotico": crear_medicamento(clinica, "Amoxicilina 250 mg", grupo="antibiotico", categoria="D"),
        "estupefaciente": crear_medicamento(
            clinica, "Metadona 10 mg/mL", control="estupefaciente", unidad_base="ml", forma="inyectable"
        ),
        "psicotropo": crear_medicamento(clinica, "Ketamina 100 mg/mL", control="psicotropo", unidad_base="ml"),
    }


@pytest.fixture(scope="module")
def paciente(clinica):
    return paciente_pesado(clinica)


def emitir(clinica, receta, **opciones):
    return clinica.como("veterinario").post(f"/recetas/{receta['id']}/emision", **opciones)


def campos(respuesta):
    return {uno["campo"] for uno in respuesta.json["errores"]}


PLAZOS = {
    "RX1": ("2026-11-23", "seguimiento", "general", "2026-12-23"),
    "RX2": ("2026-11-23", "seguimiento", "antibiotico", "2026-11-28"),
    "RX3": ("2026-11-23", "cronico", "general", "2027-02-23"),
    "RX4": ("2026-11-23", "preventivo", "general", "2027-05-23"),
    "RX5": ("2026-11-23", "seguimiento", "estupefaciente", "2026-12-03"),
    "RX6": ("2026-11-30", "cronico", "general", "2027-02-28"),
    "RX7": ("2026-01-31", "seguimiento", "general", "2026-02-28"),
    "RX8": ("2026-11-23", "cronico", "antibiotico", "2026-11-28"),
    "psicotropo cronico": ("2026-11-23", "cronico", "psicotropo", "2026-12-23"),
}


@pytest.mark.parametrize(("dia", "tratamiento", "que", "hasta"), PLAZOS.values(), ids=PLAZOS)
def test_hasta_cuando_vale_una_receta(clinica, medicamentos, dia, tratamiento, que, hasta):
    reloj = f"{dia}T12:00:00+01:00"
    paciente = crear_paciente(clinica)["id"]
    cuerpo = datos_receta(
        paciente, linea(medicamentos[que], dosis=..., unidad_dosis=...), tratamiento=tratamiento,
        finalidad_antimicrobiana="terapeutica" if que == "antibiotico" else None,
    )  # fmt: skip
    receta = emitida(clinica, cuerpo, reloj=reloj)
    assert (receta["fecha_emision"], receta["valida_hasta"]) == (dia, hasta)


def test_las_cantidades_se_calculan_si_no_se_dan(clinica, medicamentos, paciente):
    (una,) = recetar(clinica, datos_receta(paciente, linea(medicamentos["general"]))).json["lineas"]
    dichas = {campo: una[campo] for campo in ("cantidad_total", "envases", "porcentaje_envase", "peso_usado_kg")}
    assert dichas == {
        "cantidad_total": "21.000", "envases": 3, "porcentaje_envase": "70.0", "peso_usado_kg": "23.000",
    }  # fmt: skip
    assert una["posologia"] == "1,5 comprimidos por vía oral cada 12 horas durante 7 días"


def test_las_cantidades_que_se_dan_se_respetan(clinica, medicamentos, paciente):
    pedida = linea(medicamentos["general"], cantidad_total="20", envases=4)
    (una,) = recetar(clinica, datos_receta(paciente, pedida)).json["lineas"]
    assert (una["cantidad_total"], una["envases"], una["porcentaje_envase"]) == ("20.000", 4, "50.0")


def test_el_borrador_se_corrige_y_sus_lineas_se_sustituyen(clinica, medicamentos, paciente):
    receta = recetar(clinica, datos_receta(paciente, linea(medicamentos["general"]))).json
    cambios = {"indicacion": "Otitis", "lineas": [linea(medicamentos["psicotropo"], dosis=..., unidad_dosis=...)]}
    respuesta = clinica.como("veterinario").patch(f"/recetas/{receta['id']}", cambios, version=1)
    assert respuesta.status_code == 200, respuesta.text
    assert respuesta.json["indicacion"] == "Otitis"
    assert [una["medicamento"] for una in respuesta.json["lineas"]] == ["Ketamina 100 mg/mL"]


def test_emitir_dice_todo_lo_que_falta(clinica, medicamentos, paciente):
    incompleta = linea(medicamentos["antibiotico"], cantidad_por_toma=..., via=..., duracion_dias=..., intervalo_h=...)
    receta = recetar(clinica, datos_receta(paciente, incompleta, indicacion=..., tratamiento="general")).json
    respuesta = emitir(clinica, receta)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "RECETA_INCOMPLETA")
    assert campos(respuesta) == {
        "/consulta_id", "/indicacion", "/finalidad_antimicrobiana", "/lineas/0/cantidad_por_toma",
        "/lineas/0/intervalo_h", "/lineas/0/via", "/lineas/0/duracion_dias", "/lineas/0/cantidad_total",
        "/lineas/0/envases", "/lineas/0/porcentaje_envase",
    }  # fmt: skip


def test_sin_lineas_no_se_emite(clinica, paciente):
    respuesta = emitir(clinica, recetar(clinica, datos_receta(paciente)).json)
    assert respuesta.json["codigo"] == "RECETA_INCOMPLETA"
    assert campos(respuesta) == {"/lineas"}


def test_sin_telefono_del_titular_no_se_emite_en_espana(clinica, medicamentos):
    sin_telefono = crear_cliente(clinica, telefonos=[], email="sin@telefono.test")["id"]
    paciente = paciente_pesado(clinica, cliente_id=sin_telefono)
    respuesta = emitir(clinica, recetar(clinica, datos_receta(paciente, linea(medicamentos["general"]))).json)
    assert campos(respuesta) == {"/titular/telefono"}


def test_en_produccion_hacen_falta_rega_examen_y_tiempo_de_espera(clinica, medicamentos):
    grupo = {"especie": "ovino", "numero_animales": 40, "lote": "Nave 3"}
    cuerpo = datos_receta(..., linea(medicamentos["general"]), grupo=grupo, cliente_id=str(clinica.cliente_id))
    assert campos(emitir(clinica, recetar(clinica, cuerpo).json)) == {
        "/consulta_id", "/animal/rega", "/lineas/0/tiempo_espera",
    }  # fmt: skip


def test_un_grupo_se_receta_por_su_lote(clinica, medicamentos):
    ganadero = str(clinica.cliente_id)
    grupo = {"especie": "ovino", "numero_animales": 40, "lote": "Nave 3", "destino": "compania"}
    sin_espera = {"producto": "carne", "valor": 0, "unidad": "dias"}
    cuerpo = datos_receta(
        ..., linea(medicamentos["general"], tiempo_espera=[sin_espera]), grupo=grupo, cliente_id=ganadero
    )
    receta = emitida(clinica, cuerpo)
    assert receta["grupo"]["numero_animales"] == 40
    assert receta["paciente"] is None


def test_fuera_de_espana_vale_el_minimo_comun(app):
    mexicana = crear_clinica(app, nombre="Clínica", pais="MX")
    paciente = paciente_pesado(mexicana)
    receta = emitida(mexicana, datos_receta(paciente, linea(crear_medicamento(mexicana)), indicacion=...))
    assert receta["valida_hasta"] is None


def test_quien_no_esta_colegiado_no_receta(clinica, medicamentos, paciente):
    from sqlalchemy import update

    from app.api.models.profesional import Profesional
    from app.config.database import transaction
    from app.utils.context import Contexto, iniciar
    from app.utils.records import execute

    iniciar(Contexto(organizacion_id=clinica.id))
    with transaction():
        suya = Profesional.id == clinica.profesionales["veterinario2"]
        execute(update(Profesional).where(suya).values(num_colegiado=None))
    iniciar(Contexto())
    respuesta = recetar(clinica, datos_receta(paciente, linea(medicamentos["general"])), como="veterinario2")
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "PROFESIONAL_SIN_COLEGIACION")


def test_nadie_firma_por_otro(app):
    clinica = crear_clinica(app)
    con_telefono(clinica)
    receta = recetar(clinica, datos_receta(paciente_pesado(clinica), linea(crear_medicamento(clinica)))).json
    motivo = {"X-Motivo-Acceso": "Suplencia"}
    respuesta = clinica.como("veterinario2").post(f"/recetas/{receta['id']}/emision", headers=motivo)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "FIRMANTE_NO_AUTORIZADO")


def test_la_huella_es_la_del_contenido_firmado(clinica, medicamentos, paciente, propietario):
    receta = emitida(clinica, datos_receta(paciente, linea(medicamentos["general"])))
    consulta = "SELECT contenido, firma FROM recetas WHERE id = %s"
    contenido, firma = propietario.execute(consulta, [receta["id"]]).fetchone()
    canonico = json.dumps({**contenido, "firma": firma}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert receta["huella"] == hashlib.sha256(canonico.encode()).hexdigest()
    assert contenido["numero"] == receta["numero"]
    assert receta["firma"]["num_colegiado"] == "2801234"


def test_los_numeros_van_seguidos_por_prescriptor_y_sede(app):
    clinica = crear_clinica(app)
    con_telefono(clinica)
    paciente, medicamento = paciente_pesado(clinica), crear_medicamento(clinica)
    sedes = [str(clinica.sede_id), str(clinica.sede2_id), str(clinica.sede_id)]
    numeros = [emitida(clinica, datos_receta(paciente, linea(medicamento), sede_id=sede))["numero"] for sede in sedes]
    assert numeros == ["MAD-2801234-000001", "LPA-2801234-000001", "MAD-2801234-000002"]


def test_una_emision_que_falla_no_gasta_numero(clinica, medicamentos, paciente):
    cuerpo = datos_receta(paciente, linea(medicamentos["general"]))
    antes = numero_de(emitida(clinica, cuerpo))
    assert emitir(clinica, recetar(clinica, datos_receta(paciente)).json).status_code == 422
    assert numero_de(emitida(clinica, cuerpo)) == antes + 1


def test_un_estupefaciente_va_solo_y_por_un_mes(clinica, medicamentos, paciente):
    suya = linea(medicamentos["estupefaciente"], dosis=..., unidad_dosis=...)
    juntos = emitir(clinica, recetar(clinica, datos_receta(paciente, suya, linea(medicamentos["general"]))).json)
    assert (juntos.json["codigo"], campos(juntos)) == ("ESTUPEFACIENTE_MAL_RECETADO", {"/lineas"})
    largo = emitir(clinica, recetar(clinica, datos_receta(paciente, {**suya, "duracion_dias": 31})).json)
    assert (largo.json["codigo"], campos(largo)) == ("ESTUPEFACIENTE_MAL_RECETADO", {"/lineas/0/duracion_dias"})
    assert (
        emitir(clinica, recetar(clinica, datos_receta(paciente, {**suya, "duracion_dias": 30})).json).status_code == 200
    )


def test_el_plazo_se_puede_acortar_y_no_alargar(clinica, medicamentos, paciente):
    una = linea(medicamentos["general"])
    assert emitida(clinica, datos_receta(paciente, una, valida_hasta="2026-12-01"))["valida_hasta"] == "2026-12-01"
    respuesta = emitir(clinica, recetar(clinica, datos_receta(paciente, una, valida_hasta="2026-12-24")).json)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "PLAZO_EXCEDIDO")


def abrir_consulta(clinica, paciente):
    cuerpo = {"sede_id": str(clinica.sede_id), "motivo": "Picor"}
    respuesta = clinica.como("veterinario").post(f"/pacientes/{paciente}/consultas", cuerpo)
    assert respuesta.status_code == 201, respuesta.text
    return respuesta.json["id"]


def test_con_su_consulta_una_receta_general_se_emite_en_la_sede_de_la_consulta(clinica, medicamentos, paciente):
    consulta = abrir_consulta(clinica, paciente)
    cuerpo = datos_receta(
        paciente, linea(medicamentos["general"]), tratamiento="general", consulta_id=consulta, sede_id=...
    )
    receta = emitida(clinica, cuerpo)
    assert (receta["consulta_id"], receta["sede_id"]) == (consulta, str(clinica.sede_id))
    anulacion = clinica.como("veterinario").post(f"/consultas/{consulta}/anulacion", {"motivo": "Por error"})
    assert (anulacion.status_code, anulacion.json["codigo"]) == (409, "CONSULTA_CON_ACTOS")


def test_la_consulta_ha_de_ser_de_ese_paciente_y_seguir_en_pie(clinica, medicamentos, paciente):
    ajena = abrir_consulta(clinica, paciente_pesado(clinica))
    respuesta = recetar(clinica, datos_receta(paciente, consulta_id=ajena))
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "CONSULTA_DE_OTRO_PACIENTE")
    suya = abrir_consulta(clinica, paciente)
    receta = recetar(clinica, datos_receta(paciente, linea(medicamentos["general"]), consulta_id=suya)).json
    assert clinica.como("veterinario").post(f"/consultas/{suya}/anulacion", {"motivo": "Por error"}).status_code == 200
    assert emitir(clinica, receta).json["codigo"] == "CONSULTA_DE_OTRO_PACIENTE"


@pytest.mark.parametrize(
    "desmedida", [{"cantidad_por_toma": "999999.999", "intervalo_h": 1, "duracion_dias": 3650},
                  {"cantidad_por_toma": "100", "duracion_dias": 100}]
)  # fmt: skip
def test_una_cantidad_desmedida_se_rechaza(clinica, medicamentos, paciente, desmedida):
    respuesta = recetar(clinica, datos_receta(paciente, linea(medicamentos["general"], **desmedida)))
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "CANTIDAD_EXCESIVA")


def test_un_grupo_es_de_una_especie_conocida(clinica):
    grupo = {"especie": "unicornio", "numero_animales": 1, "lote": "Nave 3"}
    respuesta = recetar(clinica, datos_receta(..., grupo=grupo, cliente_id=str(clinica.cliente_id)))
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "ESPECIE_DESCONOCIDA")


def test_a_un_fallecido_no_se_le_receta(clinica, medicamentos):
    paciente = paciente_pesado(clinica)
    clinica.como("veterinario").post(
        f"/pacientes/{paciente}/fallecimiento", {"fecha_fallecimiento": "2026-11-23", "eutanasia": False}
    )
    respuesta = recetar(clinica, datos_receta(paciente, linea(medicamentos["general"])))
    assert respuesta.json["codigo"] == "PACIENTE_FALLECIDO"


def test_un_borrador_rechazado_no_deja_nada(app):
    clinica = crear_clinica(app)
    respuesta = recetar(clinica, datos_receta(paciente_pesado(clinica), linea("01990000-0000-7000-8000-000000000000")))
    assert respuesta.status_code == 404
    assert contar("recetas", clinica) == 0


def test_la_receta_se_bloquea_despues_que_su_paciente(clinica, medicamentos, paciente, propietario):
    """Como lo hace quien fusiona: al revés, se interbloquearían."""
    receta = recetar(clinica, datos_receta(paciente, linea(medicamentos["general"]))).json
    bloqueo = "SELECT 1 FROM pacientes WHERE id = %s FOR UPDATE"
    with esperando_a(propietario, bloqueo, [paciente], lambda: emitir(clinica, receta)) as respuestas:
        propietario.execute("SELECT 1 FROM recetas WHERE id = %s FOR UPDATE NOWAIT", [receta["id"]])
    assert respuestas[0].status_code == 200, respuestas[0].text


def test_se_receta_al_titular_que_queda_si_se_lo_estan_cambiando(clinica, medicamentos, propietario):
    paciente, nuevo = paciente_pesado(clinica), crear_cliente(clinica)["id"]
    bloqueo = "SELECT 1 FROM pacientes WHERE id = %s FOR UPDATE"
    escribir = lambda: recetar(clinica, datos_receta(paciente, linea(medicamentos["general"])))  # noqa: E731
    with esperando_a(propietario, bloqueo, [paciente], escribir) as respuestas:
        propietario.execute("UPDATE titularidades SET cliente_id = %s WHERE paciente_id = %s", [nuevo, paciente])
    assert (respuestas[0].status_code, respuestas[0].json["cliente_id"]) == (201, nuevo)
