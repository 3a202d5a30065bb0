"""La línea de tiempo: todo por fecha, sin repetir ni saltar, y a cada quien lo suyo."""

from datetime import datetime, timedelta

import pytest

from app.api.schemas.linea_tiempo_schema import ClaseEntrada
from tests.clinica import abrir, cerrar, con_todo, publicar
from tests.factories import RELOJ, crear_cliente, crear_clinica, crear_paciente, preparar_agenda
from tests.recetario import (
    con_telefono,
    crear_medicamento,
    datos_administracion,
    datos_receta,
    emitida,
    linea,
    recetar,
)
from tests.recursos import formulario
from tests.vacunas import crear_vacuna, puesta

AHORA = datetime.fromisoformat(RELOJ)
SOLO_CLINICA = {"administracion", "problema", "suceso_adverso"}


@pytest.fixture(scope="module")
def agenda(app):
    return preparar_agenda(crear_clinica(app, nombre="Línea"), pacientes=1)


@pytest.fixture(scope="module")
def vida(agenda):
    """Un animal al que le ha pasado de todo."""
    clinica = agenda.clinica
    paciente = crear_paciente(clinica, nombre="Nube")["id"]
    veterinario, raiz = clinica.como("veterinario"), f"/pacientes/{paciente}"
    publica = publicar(clinica, cerrar(clinica, con_todo(clinica, paciente)))
    privada = abrir(clinica, paciente, motivo="Vómitos", inicio="2026-11-20T12:00:00+01:00")
    anulada = abrir(clinica, paciente, motivo="Anulada")
    veterinario.post(f"/consultas/{anulada['id']}/anulacion", {"motivo": "Era otro"})
    con_telefono(clinica)
    puesta(clinica, paciente, crear_vacuna(clinica, "rabia"), "2026-11-19")
    cuerpo = datos_receta(paciente, linea(crear_medicamento(clinica)), indicacion="Pioderma SECRETO-R")
    receta = emitida(clinica, {**cuerpo, "sede_id": str(clinica.sede_id)}, reloj="2026-11-18T10:00:00+01:00")
    recetar(clinica, cuerpo)
    sede = str(clinica.sede_id)
    dada = datos_administracion(paciente, crear_medicamento(clinica, "Maropitant"), indicacion="Náuseas SECRETO-AD")
    dada |= {"sede_id": sede, "en": "2026-11-15T10:00:00+01:00"}
    suceso = {"tipo": "falta_eficacia", "descripcion": "Sigue igual SECRETO-SA", "fecha": "2026-11-14"}
    suceso |= {"paciente_id": paciente, "producto_texto": "Pipeta", "sede_id": sede}
    toma = {"tipo": "interna", "fecha": "2026-11-17", "principios": ["praziquantel"]}
    ficheros = {nombre: {"consulta_id": publica["id"], "clase": nombre} for nombre in ("clinico", "administrativo")}
    del_paciente = {"paciente_id": paciente, "clase": "administrativo"}
    a_las = {"reloj": "2026-11-16T10:00:00+01:00"}
    subidos = [
        veterinario.post("/adjuntos", data=formulario(uno), **a_las) for uno in (*ficheros.values(), del_paciente)
    ]
    publicado = veterinario.post(f"/adjuntos/{subidos[0].json['id']}/publicacion")
    pasos = [
        *subidos,
        publicado,
        veterinario.post("/administraciones", dada, clave=True),
        veterinario.post("/sucesos-adversos", suceso),
        veterinario.post(f"{raiz}/desparasitaciones", toma),
        veterinario.post(f"{raiz}/alergias", {"agente_tipo": "alimento", "agente_ref": "pollo", "gravedad": "leve"}),
        veterinario.post(f"{raiz}/alertas", {"tipo": "manejo", "texto": "Muerde SECRETO-M", "nivel": "aviso"}),
        veterinario.post(f"{raiz}/problemas", {"texto": "Artrosis SECRETO-PR", "fecha_inicio": "2026-02-01"}),
        agenda.reservar(paciente_id=paciente),
        veterinario.post(f"{raiz}/perdida", {"perdido_desde": "2026-11-23"}),
        veterinario.post(f"{raiz}/fallecimiento", {"fecha_fallecimiento": "2026-11-23", "causa": "SECRETO-CAUSA"}),
    ]
    assert all(paso.status_code in (200, 201) for paso in pasos), [paso.text for paso in pasos]
    return {
        "clinica": clinica,
        "ruta": f"{raiz}/linea-tiempo",
        "publica": publica,
        "privada": privada,
        "receta": receta,
    }


def ver(vida, rol="veterinario", **filtro):
    respuesta = vida["clinica"].como(rol).get(vida["ruta"], query_string=filtro)
    assert respuesta.status_code == 200, respuesta.text
    return respuesta


def test_la_clinica_lo_ve_todo_por_fecha_y_dicho_para_personas(vida):
    entradas = ver(vida).json["datos"]
    assert [(una["fecha"], una["titulo"]) for una in entradas] == sorted(
        ((una["fecha"], una["titulo"]) for una in entradas), key=lambda par: par[0], reverse=True
    )
    assert [(una["clase"], una["titulo"], una["resumen"]) for una in entradas] == [
        ("cita", "Cita: Consulta general (cancelada)", "Cojera"),
        *sorted(
            [
                ("peso", "Peso: 12,4 kg", None),
                ("consulta", "Consulta: Se rasca las orejas", "Otitis externa. SECRETO-V"),
                ("alerta", "Alerta: Muerde SECRETO-M", None),
                ("alergia", "Alergia: pollo", None),
            ],
            reverse=True,
        ),
        ("titularidad", "Titular: Carmen Núñez Prado", None),
        ("perdida", "Se ha perdido", None),
        ("fallecimiento", "Fallecimiento", "SECRETO-CAUSA"),
        ("consulta", "Consulta: Vómitos", "Otitis externa. SECRETO-V"),
        ("vacunacion", "Vacuna: Vacuna rabia", "Lote A123B"),
        ("receta", f"Receta {vida['receta']['numero']}", "Pioderma SECRETO-R"),
        ("desparasitacion", "Desparasitación interna: praziquantel", None),
        *[("adjunto", "Documento: nota.txt", None)] * 3,
        ("administracion", "Medicación puesta: Maropitant", "Náuseas SECRETO-AD"),
        ("suceso_adverso", "Suceso adverso: falta de eficacia", "Sigue igual SECRETO-SA"),
        ("problema", "Problema: Artrosis SECRETO-PR", None),
    ]


def test_cada_enlace_lleva_a_algo_que_existe(vida):
    for una in ver(vida).json["datos"]:
        assert vida["clinica"].como("veterinario").get(una["enlace"]).status_code == 200, una


def test_recepcion_ve_lo_que_pasa_pero_nada_clinico(vida):
    for rol in ("recepcion", "administrador"):
        respuesta = ver(vida, rol)
        assert {una["clase"] for una in respuesta.json["datos"]} == {uno.value for uno in ClaseEntrada} - SOLO_CLINICA
        # La alerta de manejo sí es suya.
        assert "SECRETO" not in respuesta.text.replace("SECRETO-M", "")
        assert {una["resumen"] for una in respuesta.json["datos"] if una["clase"] in ("consulta", "receta")} == {None}
        assert sum(una["clase"] == "adjunto" for una in respuesta.json["datos"]) == 2  # lo administrativo


def test_el_portal_ve_solo_lo_publicado_y_lo_suyo(vida):
    respuesta = ver(vida, "cliente")
    entradas = respuesta.json["datos"]
    assert "SECRETO" not in respuesta.text.replace("SECRETO-R", "")  # para qué es su receta, sí
    assert {una["clase"] for una in entradas} == {uno.value for uno in ClaseEntrada} - {*SOLO_CLINICA, "alerta"}
    assert [(una["id"], una["resumen"]) for una in entradas if una["clase"] == "consulta"] == [
        (vida["publica"]["id"], "Dos gotas cada doce horas")
    ]
    assert [una["resumen"] for una in entradas if una["clase"] == "receta"] == ["Pioderma SECRETO-R"]
    assert sum(una["clase"] == "adjunto" for una in entradas) == 1  # el publicado
    assert ver(vida, "cliente", clase="alerta").json == {"datos": [], "siguiente": None}


def test_el_portal_no_ve_a_otros_titulares(agenda):
    clinica = agenda.clinica
    paciente, otra = crear_paciente(clinica)["id"], crear_cliente(clinica, nombre="Otra persona")["id"]
    cotitular = {"cliente_id": otra, "porcentaje": "50.00"}
    alta = clinica.como("administrador").post(f"/pacientes/{paciente}/cotitulares", cotitular)
    assert alta.status_code in (200, 201), alta.text
    linea = clinica.como("cliente").get(f"/pacientes/{paciente}/linea-tiempo")
    assert "Otra persona" not in linea.text
    assert "Otra persona" in clinica.como("recepcion").get(f"/pacientes/{paciente}/linea-tiempo").text


def test_filtra_por_clase_y_por_fechas(vida):
    def clases(**filtro):
        return [una["clase"] for una in ver(vida, **filtro).json["datos"]]

    assert set(clases(clase=["peso", "consulta"])) == {"peso", "consulta"}
    assert clases(hasta="2026-11-13") == ["problema"]
    assert clases(desde="2026-11-20", hasta="2026-11-20") == ["consulta"]
    assert clases(desde="2026-11-24") == ["cita"]
    respuesta = vida["clinica"].como("veterinario").get(vida["ruta"], query_string={"clase": "factura"})
    assert respuesta.status_code == 422


@pytest.mark.parametrize("rol", ["veterinario", "recepcion", "cliente"])
def test_de_una_en_una_ni_repite_ni_salta(vida, rol):
    enteras = [una["id"] + una["clase"] for una in ver(vida, rol).json["datos"]]
    vistas, cursor = [], None
    for _ in range(len(enteras)):
        pagina = ver(vida, rol, limite=1, **({"cursor": cursor} if cursor else {})).json
        vistas += [una["id"] + una["clase"] for una in pagina["datos"]]
        cursor = pagina["siguiente"]
    assert (vistas, cursor) == (enteras, None)


def test_quien_no_lo_atiende_dice_por_que(agenda):
    clinica = agenda.clinica
    paciente = crear_paciente(clinica)["id"]
    ruta = f"/pacientes/{paciente}/linea-tiempo"
    respuesta = clinica.como("veterinario2").get(ruta)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (403, "MOTIVO_REQUERIDO")
    assert clinica.como("veterinario2").get(ruta, headers={"X-Motivo-Acceso": "Urgencia"}).status_code == 200


def test_dos_lecturas_haya_lo_que_haya(vida, agenda, sentencias):
    vacio = {"clinica": agenda.clinica, "ruta": f"/pacientes/{crear_paciente(agenda.clinica)['id']}/linea-tiempo"}
    for cual in (vida, vacio):
        ver(cual, "recepcion")
        sentencias.clear()
        ver(cual, "recepcion")
        assert len(sentencias) == 2, sentencias


def test_dos_mil_entradas_se_leen_igual(agenda, propietario, sentencias):
    clinica = agenda.clinica
    paciente = crear_paciente(clinica, nombre="Matusalén")["id"]
    desde = AHORA - timedelta(days=2000)
    propietario.execute(
        "INSERT INTO pesos (organizacion_id, id, paciente_id, peso_kg, medido_en, metodo, version, creado_en, actualizado_en)"
        " SELECT %s, gen_random_uuid(), %s, 10, %s::timestamptz + n * interval '1 day', 'bascula', 1, now(), now()"
        " FROM generate_series(1, 2000) n",
        [clinica.id, paciente, desde],
    )
    linea = {"clinica": clinica, "ruta": f"/pacientes/{paciente}/linea-tiempo"}
    ver(linea, "recepcion")
    sentencias.clear()
    vistas, cursor = 0, None
    for _ in range(3):
        pagina = ver(linea, "recepcion", limite=100, **({"cursor": cursor} if cursor else {})).json
        vistas, cursor = vistas + len(pagina["datos"]), pagina["siguiente"]
    assert (vistas, len(sentencias)) == (300, 6)


def test_sin_valoracion_se_cuentan_los_diagnosticos(agenda):
    clinica = agenda.clinica
    consulta = abrir(clinica, valoracion=...)
    for texto in ("Otitis", "Atopia"):
        cuerpo = {"texto": texto, "certeza": "presuntivo"}
        clinica.como("veterinario").post(f"/consultas/{consulta['id']}/diagnosticos", cuerpo)
    linea = {"clinica": clinica, "ruta": f"/pacientes/{consulta['paciente_id']}/linea-tiempo"}
    assert ver(linea, clase="consulta").json["datos"][0]["resumen"] == "Otitis, Atopia"
    assert ver(linea, "recepcion", clase="consulta").json["datos"][0]["resumen"] is None
