"""Cerrar una consulta: qué hace falta, qué se firma y que después nadie la toca, ni por debajo."""

import hashlib
import json
import os
from datetime import UTC, datetime

import psycopg
import pytest

from tests.clinica import abrir, cerrar, con_todo, publicar
from tests.factories import RELOJ, crear_clinica, crear_paciente


def problema(respuesta, estado, codigo):
    assert (respuesta.status_code, respuesta.json["codigo"]) == (estado, codigo), respuesta.text
    return True


def sin_nada(**cambios):
    nada = dict.fromkeys(("subjetivo", "objetivo", "valoracion", "plan", "recomendaciones_cliente"), ...)
    return {**nada, **cambios}


@pytest.mark.parametrize(
    ("cambios", "faltan"),
    [
        (sin_nada(), ["/valoracion", "/plan"]),
        (sin_nada(valoracion="Sana"), ["/plan"]),
        (sin_nada(plan="Nada"), ["/valoracion"]),
        (sin_nada(valoracion="Sana", plan="Nada"), []),
    ],
)
def test_no_se_cierra_una_consulta_incompleta(clinica, como, cambios, faltan):
    consulta = abrir(clinica, **cambios)
    respuesta = como("veterinario").post(f"/consultas/{consulta['id']}/cierre", {})
    if not faltan:
        assert respuesta.json["estado"] == "cerrada"
        return
    assert problema(respuesta, 422, "CONSULTA_INCOMPLETA")
    assert [uno["campo"] for uno in respuesta.json["errores"]] == faltan
    assert como("veterinario").get(f"/consultas/{consulta['id']}").json["estado"] == "abierta"


def test_un_diagnostico_hace_las_veces_de_valoracion(clinica, como):
    consulta = abrir(clinica, **sin_nada(plan="Gotas"))
    como("veterinario").post(f"/consultas/{consulta['id']}/diagnosticos", {"texto": "Otitis", "certeza": "presuntivo"})
    assert cerrar(clinica, consulta)["estado"] == "cerrada"


@pytest.mark.parametrize("cambio", ["num_colegiado = NULL", "activo = false", "categoria = 'auxiliar'"])
def test_no_firma_quien_no_esta_colegiado(clinica, como, propietario, cambio):
    consulta = abrir(clinica)
    propietario.execute(f"UPDATE profesionales SET {cambio} WHERE id = %s", [clinica.profesionales["veterinario"]])
    respuesta = como("veterinario").post(f"/consultas/{consulta['id']}/cierre", {})
    assert problema(respuesta, 422, "PROFESIONAL_SIN_COLEGIACION")


def test_la_firma_dice_quien_cuando_y_a_quien(clinica):
    cerrada = cerrar(clinica, abrir(clinica))
    assert cerrada["firma"] == {
        "usuario_id": str(clinica.usuarios["veterinario"]), "veterinario": "Persona veterinario",
        "num_colegiado": "2801234", "firmado_en": "2026-11-23T09:00:00.000000Z", "metodo_firma": "contrasena",
        "paciente_id": cerrada["paciente_id"],
    }  # fmt: skip
    assert cerrada["cerrada_en"] == "2026-11-23T10:00:00+01:00"
    assert len(cerrada["huella"]) == 64


def como_tercero(consulta: dict) -> str:
    """La huella recalculada sólo con lo que devuelve la API y lo que dice la decisión 0013."""

    def utc(texto):
        return datetime.fromisoformat(texto).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    de = ("id", "sede_id", "veterinario_id", "cita_id", "tipo", "motivo", "motivo_codigo", "subjetivo", "objetivo",
          "valoracion", "plan", "recomendaciones_cliente", "notas_clinicas_privadas", "proxima_revision",
          "firma")  # fmt: skip
    suyo = {
        "constantes": ["id", "temperatura", "frecuencia_cardiaca", "frecuencia_respiratoria", "trc", "pas", "pad", "pam", "spo2", "glucemia", "deshidratacion_pct", "mucosas", "dolor", "referencias"],
        "diagnosticos": ["id", "certeza", "texto", "sistema_codigo", "codigo", "version_sistema", "publicado", "sustituye_a_id"],
        "pesos": ["id", "peso_kg", "metodo", "bcs", "mcs"],
    }  # fmt: skip
    documento = {campo: consulta[campo] for campo in de} | {"inicio": utc(consulta["inicio"])}
    for nombre, campos in suyo.items():
        filas = sorted(consulta[nombre], key=lambda una: una["id"])
        instante = {"constantes": "tomadas_en", "pesos": "medido_en"}.get(nombre)
        documento[nombre] = [
            {campo: una[campo] for campo in campos} | ({instante: utc(una[instante])} if instante else {})
            for una in filas
        ]
    documento["exploracion"] = [uno for uno in consulta["exploracion"] if uno["estado"] != "no_explorado"]
    texto = json.dumps(documento, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(texto.encode()).hexdigest()


def test_un_tercero_recalcula_la_huella_con_lo_que_lee(clinica, como):
    cerrada = cerrar(clinica, con_todo(clinica))
    assert como_tercero(cerrada) == cerrada["huella"]
    leida = como("auxiliar").get(f"/consultas/{cerrada['id']}").json
    assert como_tercero(leida) == cerrada["huella"]
    # La huella lo cubre todo: cambiar cualquier parte la cambia.
    for nombre in ("constantes", "diagnosticos", "exploracion", "pesos"):
        assert como_tercero({**leida, nombre: []}) != cerrada["huella"]
    assert como_tercero({**leida, "plan": "Otro"}) != cerrada["huella"]


def test_publicar_y_volver_a_publicar_no_cambia_la_huella(clinica, como):
    cerrada = cerrar(clinica, abrir(clinica))
    publicada = publicar(clinica, cerrada)
    assert publicada["publicada_en"] == "2026-11-23T10:00:00+01:00"
    despues = como("veterinario").post(f"/consultas/{cerrada['id']}/publicacion", reloj="2026-11-25T10:00:00+01:00")
    assert (despues.json["publicada_en"], despues.json["huella"]) == (publicada["publicada_en"], cerrada["huella"])


def test_una_abierta_no_se_publica(clinica, como):
    respuesta = como("veterinario").post(f"/consultas/{abrir(clinica)['id']}/publicacion")
    assert problema(respuesta, 409, "TRANSICION_INVALIDA")


def test_cerrada_es_inmutable_en_todo_lo_suyo(clinica, como):
    consulta, veterinario = con_todo(clinica), como("veterinario")
    cerrar(clinica, consulta)
    raiz = f"/consultas/{consulta['id']}"
    toma, diagnostico, peso = (consulta[n][0]["id"] for n in ("constantes", "diagnosticos", "pesos"))
    de_mas = {"peso_kg": "12.5", "metodo": "bascula", "consulta_id": consulta["id"]}
    intentos = [
        veterinario.patch(raiz, {"plan": "Otro"}, version="*"),
        veterinario.put(f"{raiz}/exploracion", {"sistemas": []}, version="*"),
        veterinario.post(f"{raiz}/constantes", {"temperatura": "38.5"}),
        veterinario.patch(f"/constantes/{toma}", {"temperatura": "38.5"}, version="*"),
        veterinario.post(f"{raiz}/diagnosticos", {"texto": "Otro", "certeza": "definitivo"}),
        veterinario.patch(f"/diagnosticos/{diagnostico}", {"publicado": False}, version="*"),
        veterinario.post(f"/pacientes/{consulta['paciente_id']}/pesos", de_mas),
        veterinario.post(f"/pesos/{peso}/anulacion", {"motivo": "Se tecleó mal"}),
    ]
    for respuesta in intentos:
        assert problema(respuesta, 409, "CONSULTA_CERRADA")
    assert problema(veterinario.post(f"{raiz}/cierre", {}), 409, "TRANSICION_INVALIDA")


TOCAR = [
    "UPDATE consultas SET plan = 'Otro' WHERE id = %(c)s",
    "UPDATE consultas SET estado = 'abierta', cerrada_en = NULL, huella = NULL, firma = NULL WHERE id = %(c)s",
    "UPDATE consultas SET publicada_en = NULL WHERE id = %(c)s",
    "UPDATE consultas SET paciente_id = %(otro)s WHERE id = %(c)s",
    "UPDATE constantes SET temperatura = 38 WHERE consulta_id = %(c)s",
    "UPDATE diagnosticos SET publicado = false WHERE consulta_id = %(c)s",
    "UPDATE pesos SET peso_kg = 3 WHERE consulta_id = %(c)s",
    "UPDATE pesos SET consulta_id = NULL WHERE consulta_id = %(c)s",
    "UPDATE pesos SET paciente_id = %(otro)s WHERE consulta_id = %(c)s",
    "INSERT INTO diagnosticos SELECT organizacion_id, gen_random_uuid(), consulta_id, certeza, texto, NULL, NULL, NULL,"
    " false, NULL, 1, now(), NULL, now(), NULL FROM diagnosticos WHERE consulta_id = %(c)s LIMIT 1",
    "DELETE FROM constantes WHERE consulta_id = %(c)s",
    "DELETE FROM consultas WHERE id = %(c)s",
]


@pytest.fixture(scope="module")
def cerrada(app):
    clinica = crear_clinica(app, nombre="Cerrada")
    consulta = publicar(clinica, cerrar(clinica, con_todo(clinica)))
    return {"clinica": clinica, "c": consulta["id"], "otro": crear_paciente(clinica)["id"]}


@pytest.mark.parametrize("orden", TOCAR, ids=lambda uno: uno[:60])
@pytest.mark.parametrize("rol", ["servet_app", "propietario"])
def test_ni_la_base_deja_tocar_una_cerrada(cerrada, orden, rol):
    url = os.environ["DATABASE_URL" if rol == "servet_app" else "SERVET_DATABASE_URL_PROPIETARIO"]
    with psycopg.connect(url) as conexion:
        conexion.execute("SELECT fijar_organizacion(%s)", [str(cerrada["clinica"].id)])
        datos = {clave: valor for clave, valor in cerrada.items() if clave != "clinica"}
        borrar_sin_permiso = orden.startswith("DELETE") and rol == "servet_app"
        esperado = psycopg.errors.InsufficientPrivilege if borrar_sin_permiso else psycopg.errors.CheckViolation
        with pytest.raises(esperado):
            conexion.execute(orden, datos)


def test_al_fundir_dos_fichas_lo_cerrado_se_va_con_su_animal_y_sigue_integro(clinica, como, propietario):
    consulta = cerrar(clinica, con_todo(clinica))
    destino = crear_paciente(clinica)["id"]
    fusion = como("veterinario").post(f"/pacientes/{consulta['paciente_id']}/fusion", {"con_id": destino})
    assert fusion.status_code == 200, fusion.text
    leida = como("veterinario").get(f"/consultas/{consulta['id']}").json
    assert (leida["paciente_id"], leida["firma"]["paciente_id"]) == (destino, consulta["paciente_id"])
    assert como("veterinario").get(f"/consultas/{consulta['id']}/verificacion-cadena").json["integra"] is True
    assert como_tercero(leida) == consulta["huella"]


def test_el_reloj_de_la_firma_es_el_de_la_peticion(clinica, como):
    consulta = abrir(clinica)
    cerrada = como("veterinario").post(f"/consultas/{consulta['id']}/cierre", {}, reloj="2026-11-24T00:30:00+01:00")
    assert cerrada.json["firma"]["firmado_en"] == "2026-11-23T23:30:00.000000Z"
    assert cerrada.json["cerrada_en"] > RELOJ
