"""Exigir las alertas al recetar: qué bloquea, qué se justifica, qué queda auditado y qué cuenta como tratamiento."""

import pytest

from tests.factories import crear_clinica, crear_medicamento, preparar_medicacion
from tests.recetario import datos_receta, emitida, linea, paciente_pesado, recetar


@pytest.fixture(scope="module")
def botica(app):
    clinica = crear_clinica(app, nombre="Exigente")
    clinica.principios = preparar_medicacion(clinica)
    sedes = clinica.como("administrador")
    for sede in (clinica.sede_id, clinica.sede2_id):
        sedes.patch(f"/sedes/{sede}", {"telefono": "+34910000000"}, version=1)
    return clinica


def medicamento(botica, codigo: str, mg: str = "10") -> str:
    return crear_medicamento(botica, {botica.principios[codigo]: mg}, nombre=codigo)


def receta(botica, paciente: str, codigo: str, *, dosis: str | None = None, **cambios):
    campos = {campo: cambios.pop(campo) for campo in ("via", "duracion_dias", "intervalo_h") if campo in cambios}
    suya = linea(medicamento(botica, codigo), dosis=dosis or ..., unidad_dosis="mg_kg" if dosis else ..., **campos)
    return datos_receta(paciente, suya, **cambios)


def codigos(respuesta) -> list[str]:
    return [una["codigo"] for una in respuesta.json["alertas_medicacion"]]


def test_a1_un_bloqueo_no_se_justifica(botica):
    gato = paciente_pesado(botica, "4", especie="gato", raza=...)
    justificada = [{"codigo": "AL01", "motivo": "Lo pide el titular por escrito"}]
    cuerpo = receta(botica, gato, "paracetamol", dosis="10", justificaciones=justificada)
    respuesta = recetar(botica, cuerpo)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "ALERTAS_MEDICACION")
    (alerta,) = respuesta.json["alertas_medicacion"]
    assert (alerta["codigo"], alerta["gravedad"], alerta["justificable"]) == ("AL01", "bloqueo", False)
    assert respuesta.json["detail"] == alerta["mensaje"]


def test_a2_lo_grave_se_justifica_con_un_motivo_y_queda_auditado(botica, propietario):
    collie = paciente_pesado(botica, raza="collie")
    motivo = "Prueba MDR1 negativa 12/2025"
    sin_nada = recetar(botica, receta(botica, collie, "ivermectina", dosis="0.3"))
    assert (sin_nada.status_code, codigos(sin_nada)) == (422, ["AL03"])
    otra = [{"codigo": "AL04", "motivo": motivo}]
    de_otra = recetar(botica, receta(botica, collie, "ivermectina", dosis="0.3", justificaciones=otra))
    assert (de_otra.status_code, codigos(de_otra)) == (422, ["AL03"])
    suya = [{"codigo": "AL03", "motivo": motivo}]
    hecha = recetar(botica, receta(botica, collie, "ivermectina", dosis="0.3", justificaciones=suya))
    assert hecha.status_code == 201, hecha.text
    asientos = botica.como("administrador").get("/auditoria?recurso=pacientes&accion=justificar_alertas").json["datos"]
    assert asientos[0]["recurso_id"] == collie
    # El motivo queda escrito, aunque quien administra sin acceso clínico no lo lea por la auditoría.
    assert motivo not in str(asientos[0]["cambios"])
    escrito = propietario.execute(
        "SELECT cambios FROM auditoria WHERE recurso_id = %s AND accion = 'justificar_alertas'", [collie]
    ).fetchone()
    assert motivo in str(escrito[0])


def test_una_justificacion_es_de_su_linea(botica):
    collie = paciente_pesado(botica, raza="collie")
    dos = [linea(medicamento(botica, "ivermectina"), dosis="0.3") for _ in range(2)]
    una = [{"codigo": "AL03", "motivo": "Prueba MDR1 negativa", "linea": 1}]
    respuesta = recetar(botica, datos_receta(collie, *dos, justificaciones=una))
    assert [(alerta["codigo"], alerta["linea"]) for alerta in respuesta.json["alertas_medicacion"]] == [("AL03", 0)]


B = {"motivo": "Resistente a todo lo demás"}


@pytest.mark.parametrize(
    "justificacion",
    [None, B, {"prueba_sensibilidad": "Antibiograma 12/2026"}, {**B, "prueba_sensibilidad": "  "}],
)
def test_un_antibiotico_b_pide_su_justificacion_entera(botica, justificacion):
    gato = paciente_pesado(botica, "4", especie="gato", raza=...)
    cuerpo = receta(
        botica, gato, "cefovecina", dosis="8", via="subcutanea", duracion_dias=1, justificacion_categoria=justificacion,
        finalidad_antimicrobiana="terapeutica",
    )  # fmt: skip
    respuesta = recetar(botica, cuerpo)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "JUSTIFICACION_REQUERIDA")
    assert respuesta.json["alertas_medicacion"][0]["categoria_ema"] == "B"
    assert respuesta.json["errores"][0]["campo"] == "/justificacion_categoria"


@pytest.mark.parametrize("prueba", [{"prueba_sensibilidad": "Antibiograma"}, {"sin_prueba_motivo": "No hay muestra"}])
def test_un_antibiotico_b_con_su_justificacion_se_receta(botica, prueba):
    gato = paciente_pesado(botica, "4", especie="gato", raza=...)
    cuerpo = receta(
        botica, gato, "cefovecina", dosis="8", via="subcutanea", duracion_dias=1,
        justificacion_categoria={**B, **prueba}, finalidad_antimicrobiana="terapeutica",
    )  # fmt: skip
    assert recetar(botica, cuerpo).status_code == 201


def test_un_aviso_acompania_y_no_impide(botica):
    perro = paciente_pesado(botica)
    hecha = recetar(botica, receta(botica, perro, "amoxicilina_clavulanico", dosis="12.5"))
    assert hecha.status_code == 201, hecha.text
    assert "AL16" in {uno["codigo"] for uno in hecha.json["avisos"]}


def evaluar(botica, paciente: str, codigo: str, reloj: str | None = None, **cuerpo) -> set[str]:
    dada = {"principios": [botica.principios[codigo]], "via": "oral"}
    respuesta = botica.como("veterinario").post(
        "/alertas-medicacion/evaluacion", {"paciente_id": paciente, "lineas": [dada], **cuerpo}, reloj=reloj
    )
    assert respuesta.status_code == 200, respuesta.text
    return {una["codigo"] for una in respuesta.json["alertas_medicacion"]}


def test_lo_recetado_cuenta_desde_que_se_emite_y_hasta_que_acaba(botica):
    perro = paciente_pesado(botica)
    borrador = recetar(botica, receta(botica, perro, "prednisolona", duracion_dias=7, intervalo_h=24)).json
    assert "AL04" not in evaluar(botica, perro, "meloxicam")
    assert botica.como("veterinario").post(f"/recetas/{borrador['id']}/emision").status_code == 200
    assert "AL04" in evaluar(botica, perro, "meloxicam")
    # La que se está tocando no cuenta.
    assert "AL04" not in evaluar(botica, perro, "meloxicam", sin_receta_id=borrador["id"])
    # Última toma, a los seis días; con siete de lavado, hasta los trece.
    assert "AL04" in evaluar(botica, perro, "meloxicam", reloj="2026-12-06T09:59:00+01:00")
    assert "AL04" not in evaluar(botica, perro, "meloxicam", reloj="2026-12-06T10:01:00+01:00")


def test_lo_anulado_y_lo_caducado_sin_dispensar_no_cuentan(botica):
    perro = paciente_pesado(botica)
    anulada = emitida(botica, receta(botica, perro, "prednisolona", duracion_dias=90))
    assert "AL04" in evaluar(botica, perro, "meloxicam")
    caducada = anulada["valida_hasta"]
    assert "AL04" in evaluar(botica, perro, "meloxicam", reloj=f"{caducada}T23:00:00+01:00")
    despues = f"{caducada[:8]}{int(caducada[8:]) + 1:02}T09:00:00+01:00"
    assert "AL04" not in evaluar(botica, perro, "meloxicam", reloj=despues)
    anulacion = botica.como("veterinario").post(f"/recetas/{anulada['id']}/anulacion", {"motivo": "Error de paciente"})
    assert anulacion.status_code == 200, anulacion.text
    assert "AL04" not in evaluar(botica, perro, "meloxicam")


def test_lo_dispensado_cuenta_aunque_la_receta_haya_caducado(botica):
    perro = paciente_pesado(botica)
    hecha = emitida(botica, receta(botica, perro, "prednisolona", duracion_dias=90))
    entrega = botica.como("veterinario").post(
        f"/recetas/{hecha['id']}/dispensaciones", {"origen": "farmacia"}, clave=True
    )
    assert entrega.status_code in (200, 201), entrega.text
    assert "AL04" in evaluar(botica, perro, "meloxicam", reloj="2027-02-10T09:00:00+01:00")


def test_la_deshidratacion_de_la_consulta_cuenta_dos_dias(botica):
    perro = paciente_pesado(botica)
    veterinario = botica.como("veterinario")
    consulta = veterinario.post(f"/pacientes/{perro}/consultas", {"motivo": "Vómitos", "sede_id": str(botica.sede_id)})
    assert consulta.status_code == 201, consulta.text
    tomada = veterinario.post(f"/consultas/{consulta.json['id']}/constantes", {"deshidratacion_pct": "6.0"})
    assert tomada.status_code == 201, tomada.text
    assert "AL07" in evaluar(botica, perro, "carprofeno")
    assert "AL07" in evaluar(botica, perro, "carprofeno", reloj="2026-11-25T09:59:00+01:00")
    assert "AL07" not in evaluar(botica, perro, "carprofeno", reloj="2026-11-25T10:01:00+01:00")
    veterinario.post(f"/consultas/{consulta.json['id']}/anulacion", {"motivo": "No era este perro"})
    assert "AL07" not in evaluar(botica, perro, "carprofeno")
