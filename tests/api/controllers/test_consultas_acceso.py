"""Quién lee qué de una consulta: la clínica con su relación, recepción el resumen y el portal su lista blanca."""

import pytest
from sqlalchemy import select

from tests.clinica import abrir, cerrar, con_todo, enmendar, publicar
from tests.factories import Api, crear_cliente, crear_clinica, crear_paciente
from tests.recetario import con_telefono, crear_medicamento, datos_receta, emitida, linea, recetar
from tests.recursos import formulario
from tests.vacunas import crear_vacuna, puesta

PORTAL = {
    "id", "paciente_id", "paciente", "sede_id", "sede", "veterinario", "motivo", "inicio", "recomendaciones_cliente",
    "proxima_revision", "publicada_en", "pesos", "constantes", "diagnosticos", "enmiendas", "version", "vacunas",
    "recetas", "adjuntos",
}  # fmt: skip
RESUMEN = {
    "id", "paciente_id", "paciente", "sede_id", "sede", "veterinario_id", "veterinario", "cita_id", "tipo", "motivo",
    "inicio", "estado", "proxima_revision", "cerrada_en", "publicada_en", "version", "avisos",
}  # fmt: skip
CLINICAS = ("constantes", "diagnosticos", "enmiendas", "exploracion", "verificacion-cadena")


@pytest.fixture(scope="module")
def clinica(app):
    return crear_clinica(app, nombre="Acceso")


@pytest.fixture
def como(clinica):
    return clinica.como


@pytest.fixture
def cerrada(clinica):
    return cerrar(clinica, con_todo(clinica))


def problema(respuesta, estado, codigo):
    assert (respuesta.status_code, respuesta.json["codigo"]) == (estado, codigo), respuesta.text
    return True


def con_acceso_clinico(clinica) -> Api:
    from app.api.models.usuario import Usuario
    from app.config.database import transaction
    from app.utils.authentication import forget_identities
    from app.utils.context import Contexto, iniciar
    from app.utils.records import change, entities

    iniciar(Contexto(organizacion_id=clinica.id))
    with transaction():
        (admin,) = entities(select(Usuario).where(Usuario.id == clinica.usuarios["administrador"]))
        change(admin, {"acceso_clinico": True})
    iniciar(Contexto())
    forget_identities()
    return clinica.como("administrador")


def test_el_portal_solo_ve_lo_cerrado_y_publicado(clinica, como, cerrada):
    abierta, cliente = abrir(clinica, cerrada["paciente_id"]), como("cliente")
    for id in (abierta["id"], cerrada["id"]):
        assert problema(cliente.get(f"/consultas/{id}"), 404, "NO_ENCONTRADO")
    lista = f"/pacientes/{cerrada['paciente_id']}/consultas"
    assert cliente.get(lista).json["datos"] == []
    publicar(clinica, cerrada)
    assert [una["id"] for una in cliente.get(lista).json["datos"]] == [cerrada["id"]]
    assert cerrada["id"] in {una["id"] for una in cliente.get("/consultas").json["datos"]}


def test_la_vista_de_cliente_es_una_lista_blanca_exacta(clinica, como, cerrada):
    enmendar(clinica, cerrada["id"], seccion="objetivo", texto="SECRETO-X")
    enmendar(clinica, cerrada["id"], seccion="recomendaciones_cliente", texto="Tres gotas, no dos")
    publicar(clinica, cerrada)
    for ruta in (f"/consultas/{cerrada['id']}", f"/pacientes/{cerrada['paciente_id']}/consultas", "/consultas"):
        respuesta = como("cliente").get(ruta)
        vista = respuesta.json if "datos" not in respuesta.json else respuesta.json["datos"][0]
        assert set(vista) == PORTAL
        assert "SECRETO" not in respuesta.text
        assert set(vista["constantes"][0]) == {
            "id", "tomadas_en", "temperatura", "frecuencia_cardiaca", "frecuencia_respiratoria", "trc", "pas", "pad",
            "pam", "spo2", "glucemia", "deshidratacion_pct", "mucosas", "dolor",
        }  # fmt: skip
        assert [(uno["texto"], set(uno)) for uno in vista["diagnosticos"]] == [
            ("Otitis", {"id", "consulta_id", "certeza", "texto", "version"})
        ]
        assert [(una["texto"], set(una)) for una in vista["enmiendas"]] == [
            ("Tres gotas, no dos", {"id", "consulta_id", "seccion", "texto", "en"})
        ]
        assert vista["pesos"] == [{"peso_kg": "12.400", "medido_en": "2026-11-23T10:00:00+01:00"}]


def test_lo_que_cuelga_tampoco_se_escapa_por_su_ruta(clinica, como, cerrada):
    oculta = enmendar(clinica, cerrada["id"], seccion="plan", texto="SECRETO-X").json["id"]
    publico, privado = ((uno["id"], uno["texto"]) for uno in cerrada["diagnosticos"])
    cliente, raiz = como("cliente"), f"/consultas/{cerrada['id']}"
    assert problema(cliente.get(f"{raiz}/diagnosticos"), 404, "NO_ENCONTRADO")
    assert problema(cliente.get(f"/diagnosticos/{publico[0]}"), 404, "NO_ENCONTRADO")
    publicar(clinica, cerrada)
    assert [uno["texto"] for uno in cliente.get(f"{raiz}/diagnosticos").json["datos"]] == ["Otitis"]
    assert cliente.get(f"/diagnosticos/{publico[0]}").json["texto"] == "Otitis"
    assert problema(cliente.get(f"/diagnosticos/{privado[0]}"), 404, "NO_ENCONTRADO")
    assert cliente.get(f"{raiz}/enmiendas").json["datos"] == []
    assert problema(cliente.get(f"/enmiendas/{oculta}"), 404, "NO_ENCONTRADO")
    for suelta in ("constantes", "exploracion", "verificacion-cadena"):
        assert problema(cliente.get(f"{raiz}/{suelta}"), 403, "SIN_PERMISO")


def test_el_titular_anterior_deja_de_verla_y_el_nuevo_la_ve(clinica, como, cerrada):
    publicar(clinica, cerrada)
    otro = crear_cliente(clinica)["id"]
    cambio = como("administrador").post(f"/pacientes/{cerrada['paciente_id']}/cambio-titular", {"cliente_id": otro})
    assert cambio.status_code == 200, cambio.text
    assert problema(como("cliente").get(f"/consultas/{cerrada['id']}"), 404, "NO_ENCONTRADO")


@pytest.mark.parametrize("rol", ["recepcion", "administrador"])
def test_sin_acceso_clinico_solo_el_resumen(clinica, como, rol, app):
    clinica = crear_clinica(app, nombre="Resumen")
    cerrada = cerrar(clinica, con_todo(clinica))
    api = clinica.como(rol)
    for ruta in (f"/consultas/{cerrada['id']}", f"/pacientes/{cerrada['paciente_id']}/consultas"):
        respuesta = api.get(ruta)
        vista = respuesta.json if "datos" not in respuesta.json else respuesta.json["datos"][0]
        assert set(vista) == RESUMEN
        assert "SECRETO" not in respuesta.text
        assert problema(api.get(f"{ruta}?campos=plan"), 422, "CAMPO_DESCONOCIDO")
    for ruta in CLINICAS:
        assert problema(api.get(f"/consultas/{cerrada['id']}/{ruta}"), 403, "SIN_PERMISO")
    assert problema(api.get(f"/pacientes/{cerrada['paciente_id']}/problemas"), 403, "SIN_PERMISO")


def test_el_administrador_con_acceso_clinico_lee_con_motivo_y_queda_apuntado(app, propietario):
    clinica = crear_clinica(app, nombre="Con acceso")
    cerrada = cerrar(clinica, con_todo(clinica))
    admin, motivo = con_acceso_clinico(clinica), {"X-Motivo-Acceso": "Reclamaci%C3%B3n%20del%20titular"}
    raiz = f"/consultas/{cerrada['id']}"
    assert problema(admin.get(raiz), 403, "MOTIVO_REQUERIDO")
    assert admin.get(raiz, headers=motivo).json["plan"].endswith("SECRETO-P")
    for ruta in CLINICAS:
        assert admin.get(f"{raiz}/{ruta}", headers=motivo).status_code == 200
    # Leer no es escribir.
    for respuesta in (admin.patch(raiz, {"plan": "x"}, version="*"), admin.post(f"{raiz}/publicacion")):
        assert problema(respuesta, 403, "SIN_PERMISO")
    asientos = propietario.execute(
        "SELECT accion, motivo, count(*) FROM auditoria WHERE recurso_id = %s AND quien = %s GROUP BY 1, 2",
        [cerrada["id"], clinica.usuarios["administrador"]],
    ).fetchall()
    assert asientos == [("acceso_excepcional", "Reclamación del titular", 6)]


def test_sin_relacion_asistencial_hay_que_decir_por_que(app, propietario):
    clinica = crear_clinica(app, nombre="Sin relación")
    # Fue en la otra sede y hace días: nadie más de la clínica lo atiende ahora.
    consulta = cerrar(clinica, abrir(clinica, inicio="2026-11-10T10:00:00+01:00", sede_id=str(clinica.sede2_id)))
    otra, motivo = clinica.como("veterinario2"), {"X-Motivo-Acceso": "Viene%20de%20urgencias"}
    rutas = [f"/consultas/{consulta['id']}", f"/pacientes/{consulta['paciente_id']}/consultas",
             f"/pacientes/{consulta['paciente_id']}/problemas",
             *(f"/consultas/{consulta['id']}/{una}" for una in CLINICAS)]  # fmt: skip
    for ruta in rutas:
        respuesta = otra.get(ruta)
        assert problema(respuesta, 403, "MOTIVO_REQUERIDO")
        assert "SECRETO" not in respuesta.text
        assert otra.get(ruta, headers=motivo).status_code == 200
    assert clinica.como("veterinario").get(rutas[0]).status_code == 200
    acciones = propietario.execute(
        "SELECT accion, count(*) FROM auditoria WHERE organizacion_id = %s AND accion IN ('leer', 'acceso_excepcional')"
        " AND quien = %s GROUP BY 1",
        [clinica.id, clinica.usuarios["veterinario2"]],
    ).fetchall()
    assert acciones == [("acceso_excepcional", len(rutas))]


def test_recepcion_y_el_titular_no_dan_explicaciones(clinica, como, cerrada):
    publicar(clinica, cerrada)
    for rol in ("recepcion", "cliente"):
        assert como(rol).get(f"/consultas/{cerrada['id']}").status_code == 200


def test_escribir_en_la_historia_de_un_desconocido_tambien_pide_motivo(app):
    clinica = crear_clinica(app, nombre="Escribir")
    consulta = abrir(clinica, inicio="2026-11-10T10:00:00+01:00")
    otra, ruta = clinica.como("veterinario2"), f"/consultas/{consulta['id']}"
    assert problema(otra.patch(ruta, {"plan": "x"}, version=1), 403, "MOTIVO_REQUERIDO")
    motivo = {"X-Motivo-Acceso": "Sustituye%20a%20su%20compa%C3%B1era"}
    assert otra.patch(ruta, {"plan": "x"}, version=1, headers=motivo).status_code == 200
    assert otra.get(ruta).status_code == 200  # ya ha escrito en ella: lo atiende


def test_el_permiso_es_del_programa_y_no_pide_motivo(clinica, como, cerrada, app):
    alta = como("administrador").post("/integraciones", {"nombre": "Laboratorio", "ambitos": ["consultas:leer"]}).json
    acceso = {"cliente_id": alta["cliente_id"], "secreto": alta["secreto"]}
    token = Api(app).post("/autenticacion/acceso-integracion", acceso).json["token_acceso"]
    programa = Api(app, token)
    assert programa.get(f"/consultas/{cerrada['id']}").json["plan"].endswith("SECRETO-P")
    assert problema(programa.patch(f"/consultas/{cerrada['id']}", {"plan": "x"}, version=1), 403, "SIN_PERMISO")


def test_yo_dice_los_permisos_que_da_el_acceso_clinico(app):
    clinica = crear_clinica(app, nombre="Yo")
    antes = clinica.como("administrador").get("/yo").json["permisos"]
    despues = con_acceso_clinico(clinica).get("/yo").json["permisos"]
    assert "consultas:leer" not in str(antes)
    assert "consultas:leer" in str(despues)


def test_un_paciente_sin_consultas_tiene_su_lista_vacia(clinica, como):
    paciente = crear_paciente(clinica)["id"]
    assert como("recepcion").get(f"/pacientes/{paciente}/consultas").json["datos"] == []


def test_lo_que_salio_de_la_consulta_va_con_ella_y_en_el_portal_solo_lo_publicado(app):
    clinica = crear_clinica(app, nombre="Documentos de consulta")
    con_telefono(clinica)
    veterinario, consulta = clinica.como("veterinario"), con_todo(clinica)
    paciente, raiz = consulta["paciente_id"], f"/consultas/{consulta['id']}"
    puesta(clinica, paciente, crear_vacuna(clinica, "rabia"), "2026-11-23")
    puesta(clinica, paciente, crear_vacuna(clinica, "leptospira"), "2026-11-22")
    de_ella = {"consulta_id": consulta["id"], "sede_id": str(clinica.sede_id)}
    cuerpo = datos_receta(paciente, linea(crear_medicamento(clinica)), **de_ella)
    receta = emitida(clinica, cuerpo)
    recetar(clinica, cuerpo)  # la que se queda en borrador
    subidos = [
        veterinario.post("/adjuntos", data=formulario({"consulta_id": consulta["id"], "clase": "clinico"}))
        for _ in range(2)
    ]
    assert [uno.status_code for uno in subidos] == [201, 201], subidos[0].text
    publicado = subidos[0].json
    assert veterinario.post(f"/adjuntos/{publicado['id']}/publicacion").status_code == 200
    publicar(clinica, cerrar(clinica, consulta))
    entera, portal = veterinario.get(raiz).json, clinica.como("cliente").get(raiz).json
    assert [una["nombre"] for una in entera["vacunas"]] == ["Vacuna rabia"]
    assert portal["vacunas"] == entera["vacunas"]
    assert {una["numero"] for una in entera["recetas"]} == {receta["numero"], None}
    assert [una["numero"] for una in portal["recetas"]] == [receta["numero"]]
    assert {uno["id"] for uno in entera["adjuntos"]} == {uno.json["id"] for uno in subidos}
    assert [uno["id"] for uno in portal["adjuntos"]] == [publicado["id"]]


def test_no_se_anula_la_consulta_de_la_que_ha_salido_una_receta(app):
    clinica = crear_clinica(app, nombre="Con receta")
    veterinario, consulta = clinica.como("veterinario"), abrir(clinica)
    con_telefono(clinica)
    de_ella = {"consulta_id": consulta["id"], "sede_id": str(clinica.sede_id)}
    emitida(clinica, datos_receta(consulta["paciente_id"], linea(crear_medicamento(clinica)), **de_ella))
    respuesta = veterinario.post(f"/consultas/{consulta['id']}/anulacion", {"motivo": "Era otro animal"})
    assert problema(respuesta, 409, "CONSULTA_CON_ACTOS")


def test_la_auditoria_no_es_una_puerta_trasera_a_lo_clinico(app):
    clinica = crear_clinica(app, nombre="Auditoría clínica")
    cerrada = cerrar(clinica, con_todo(clinica))
    enmendar(clinica, cerrada["id"], texto="SECRETO-X")
    clinica.como("veterinario").post(
        f"/pacientes/{cerrada['paciente_id']}/problemas", {"texto": "SECRETO-PR", "fecha_inicio": "2026-01-01"}
    )
    ruta = "/auditoria?limite=100"
    sin = clinica.como("administrador").get(ruta)
    assert "SECRETO" not in sin.text
    cierre = next(uno for uno in sin.json["datos"] if uno["recurso"] == "consultas" and uno["accion"] == "editar")
    assert cierre["cambios"]["estado"] == ["abierta", "cerrada"]
    assert cierre["cambios"]["firma"] == ["***", "***"]
    con = con_acceso_clinico(clinica).get(ruta)
    assert all(uno in con.text for uno in ("SECRETO-S", "SECRETO-X", "SECRETO-PR"))


def test_corregir_lo_que_cuelga_de_la_historia_de_un_desconocido_pide_motivo(app):
    clinica = crear_clinica(app, nombre="Corregir")
    consulta = abrir(clinica, inicio="2026-11-10T10:00:00+01:00")
    dueno, otra = clinica.como("veterinario"), clinica.como("veterinario2")
    toma = dueno.post(f"/consultas/{consulta['id']}/constantes", {"temperatura": "38.5"}).json
    cuerpo = {"texto": "Otitis", "certeza": "presuntivo"}
    diagnostico = dueno.post(f"/consultas/{consulta['id']}/diagnosticos", cuerpo).json
    cuerpo = {"texto": "Artrosis", "fecha_inicio": "2026-01-01"}
    suyo = dueno.post(f"/pacientes/{consulta['paciente_id']}/problemas", cuerpo).json
    rutas = [f"/constantes/{toma['id']}", f"/diagnosticos/{diagnostico['id']}", f"/problemas/{suyo['id']}"]
    for ruta in rutas:
        assert problema(otra.patch(ruta, {}, version=1), 403, "MOTIVO_REQUERIDO")
