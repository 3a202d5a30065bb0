"""Lo que un titular, un autorizado o un programa intentan sacar de la historia clínica sin que les toque."""

import pytest

from tests.clinica import abrir
from tests.factories import Api, crear_cliente, crear_paciente
from tests.recetario import con_telefono, crear_medicamento, datos_receta, emitida, linea, paciente_pesado, recetar

PERSONALES = ("12345678Z", "+34600000001", "Carmen")


@pytest.fixture
def receta(clinica) -> dict:
    """Una receta ya emitida a nombre de Carmen, que tiene NIF y teléfono."""
    con_telefono(clinica)
    fiscal = {"identificador_fiscal": "12345678Z", "tipo_identificador": "nif", "pais_identificador": "ES"}
    hecho = clinica.como("recepcion").patch(f"/clientes/{clinica.cliente_id}", fiscal, version="*")
    assert hecho.status_code == 200, hecho.text
    return emitida(clinica, datos_receta(paciente_pesado(clinica), linea(crear_medicamento(clinica))))


def portal_de(clinica, cliente_id) -> Api:
    """El portal, con la cuenta de la clínica de prueba puesta a nombre de otro cliente."""
    from sqlalchemy import update

    from app.api.models.usuario import Usuario
    from app.config.database import transaction
    from app.utils.authentication import forget_identities
    from app.utils.context import Contexto, iniciar
    from app.utils.records import execute

    iniciar(Contexto(organizacion_id=clinica.id))
    with transaction():
        execute(update(Usuario).where(Usuario.id == clinica.usuarios["cliente"]).values(cliente_id=cliente_id))
    iniciar(Contexto())
    forget_identities()
    return clinica.como("cliente")


def documento(api: Api, receta: dict):
    return api.get(f"/recetas/{receta['id']}/documento?formato=json")


def test_el_documento_de_una_receta_lleva_los_datos_de_su_titular_cuando_lo_pide_el(clinica, como, receta):
    titular = documento(como("cliente"), receta).json["titular"]
    assert (titular["nombre"], titular["identificador_fiscal"]) == ("Carmen Núñez Prado", "12345678Z")


def test_el_titular_nuevo_lee_la_receta_antigua_sin_los_datos_del_anterior(clinica, como, receta):
    ana = crear_cliente(clinica)["id"]
    cambio = como("administrador").post(f"/pacientes/{receta['paciente_id']}/cambio-titular", {"cliente_id": ana})
    assert cambio.status_code == 200
    nuevo = portal_de(clinica, ana)
    leido = documento(nuevo, receta)
    assert leido.status_code == 200
    assert not any(dato in leido.text for dato in PERSONALES)
    assert nuevo.get(f"/recetas/{receta['id']}/documento?formato=pdf").status_code == 200
    assert not any(dato in nuevo.get(f"/recetas/{receta['id']}").text for dato in PERSONALES)


def test_un_autorizado_lee_de_quien_es_la_receta_y_nada_mas_del_titular(clinica, como, receta):
    luis = crear_cliente(clinica, nombre="Luis")["id"]
    alta = {"nombre": "Luis", "cliente_autorizado_id": luis, "puede_ver_historial": True, "desde": "2026-01-01"}
    hecho = como("recepcion").post(f"/clientes/{clinica.cliente_id}/autorizados", alta)
    assert hecho.status_code == 201, hecho.text
    titular = documento(portal_de(clinica, luis), receta).json["titular"]
    assert titular.pop("nombre") == "Carmen Núñez Prado"
    assert set(titular.values()) == {None}


def test_un_autorizado_sin_ver_historial_no_ve_nada(clinica, como, receta):
    luis, paciente = crear_cliente(clinica, nombre="Luis")["id"], receta["paciente_id"]
    alta = {"nombre": "Luis", "cliente_autorizado_id": luis, "puede_pedir_cita": True, "desde": "2026-01-01"}
    assert como("recepcion").post(f"/clientes/{clinica.cliente_id}/autorizados", alta).status_code == 201
    suyo = portal_de(clinica, luis)
    rutas = ("recetas", "consultas", "vacunaciones", "desparasitaciones", "adjuntos", "linea-tiempo", "cartilla",
             "plan-vacunal", "pesos", "pesos/curva", "alergias")  # fmt: skip
    assert {ruta: suyo.get(f"/pacientes/{paciente}/{ruta}").status_code for ruta in rutas} == dict.fromkeys(rutas, 404)
    assert suyo.get("/recetas").json["datos"] == []
    for ruta in (f"/recetas/{receta['id']}", f"/recetas/{receta['id']}/documento",
                 f"/recetas/{receta['id']}/dispensaciones", f"/portal/pacientes/{paciente}/cartilla"):  # fmt: skip
        assert suyo.get(ruta).status_code == 404


def test_quien_deja_de_ser_titular_pierde_todo_al_instante(clinica, como, receta):
    paciente, cliente = receta["paciente_id"], como("cliente")
    consulta = abrir(clinica, paciente)
    for accion in ("cierre", "publicacion"):
        assert como("veterinario").post(f"/consultas/{consulta['id']}/{accion}", {} if accion == "cierre" else None)
    entrega = como("veterinario").post(f"/recetas/{receta['id']}/dispensaciones", {"origen": "farmacia"}).json["id"]
    suyas = [
        f"/recetas/{receta['id']}", f"/recetas/{receta['id']}/documento", f"/dispensaciones/{entrega}",
        f"/consultas/{consulta['id']}", f"/consultas/{consulta['id']}/diagnosticos",
        f"/pacientes/{paciente}/linea-tiempo", f"/pacientes/{paciente}/cartilla", f"/pacientes/{paciente}/consultas",
        f"/pacientes/{paciente}/recetas", f"/pacientes/{paciente}/adjuntos",
    ]  # fmt: skip
    assert {ruta: cliente.get(ruta).status_code for ruta in suyas} == dict.fromkeys(suyas, 200)
    ana = crear_cliente(clinica)["id"]
    como("administrador").post(f"/pacientes/{paciente}/cambio-titular", {"cliente_id": ana})
    vistas = {ruta: cliente.get(ruta) for ruta in suyas}
    listas = {ruta for ruta, una in vistas.items() if una.status_code == 200}
    assert all(vistas[ruta].json["datos"] == [] for ruta in listas), listas
    assert f"/recetas/{receta['id']}" not in listas
    for lista in ("/recetas", "/consultas", "/adjuntos", "/vacunaciones", "/desparasitaciones"):
        assert cliente.get(lista).json["datos"] == []


def test_no_se_receta_a_nombre_de_un_cliente_que_no_existe_o_es_de_otra_clinica(clinica, vecina):
    paciente, suya = paciente_pesado(clinica), linea(crear_medicamento(clinica))
    for ajeno in (str(vecina.cliente_id), "01a210ef-0000-7000-8000-000000000000"):
        assert recetar(clinica, datos_receta(paciente, suya, cliente_id=ajeno)).status_code == 404


@pytest.fixture
def programa(app, clinica):
    """Un programa con los ámbitos que se digan."""

    def entrar(*ambitos: str) -> Api:
        alta = clinica.como("administrador").post("/integraciones", {"nombre": "Programa", "ambitos": list(ambitos)})
        acceso = {"cliente_id": alta.json["cliente_id"], "secreto": alta.json["secreto"]}
        respuesta = Api(app).post("/autenticacion/acceso-integracion", acceso)
        assert respuesta.status_code == 200, respuesta.text
        return Api(app, respuesta.json["token_acceso"])

    return entrar


def test_un_programa_no_lee_en_la_linea_de_tiempo_lo_que_su_ambito_no_dice(clinica, como, receta, programa):
    paciente = receta["paciente_id"]
    abrir(clinica, paciente)
    toma = {"tipo": "interna", "fecha": "2026-01-20", "principios": ["praziquantel"]}
    assert como("veterinario").post(f"/pacientes/{paciente}/desparasitaciones", toma).status_code == 201

    def clases(*ambitos: str) -> set[str]:
        leida = programa("pacientes:leer", *ambitos).get(f"/pacientes/{paciente}/linea-tiempo")
        return {una["clase"] for una in leida.json["datos"]}

    de_la_ficha = {"peso", "titularidad"}
    assert clases() == de_la_ficha
    assert clases("recetas:leer") == {*de_la_ficha, "receta"}
    assert clases("vacunas:leer") == {*de_la_ficha, "desparasitacion"}
    assert clases("consultas:leer") == {*de_la_ficha, "consulta"}


def test_los_borradores_y_lo_no_publicado_no_salen_por_ninguna_lista_del_portal(clinica, como):
    paciente = crear_paciente(clinica)["id"]
    consulta = abrir(clinica, paciente)
    borrador = recetar(clinica, datos_receta(paciente, linea(crear_medicamento(clinica)))).json["id"]
    cliente = como("cliente")
    for lista in ("recetas", "consultas", f"pacientes/{paciente}/recetas", f"pacientes/{paciente}/consultas",
                  f"pacientes/{paciente}/linea-tiempo", f"recetas?estado=borrador&paciente_id={paciente}"):  # fmt: skip
        texto = cliente.get(f"/{lista}").text
        assert [uno for uno in (borrador, consulta["id"], "SECRETO") if uno in texto] == []
