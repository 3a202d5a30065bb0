"""Pedir sólo unos campos, las fichas relacionadas o el total: igual en todas las lecturas."""

from uuid import uuid4

import pytest

from app.config.permissions import Rol
from app.utils import pagination
from app.utils.representation import elemento, relaciones
from tests.factories import Api, crear_cliente, crear_clinica, crear_paciente, preparar_agenda
from tests.recursos import RUTAS, consulta_minima, crear_ejemplares, nombre, permitidos, publica

LECTURAS = [ruta for ruta in RUTAS if ruta.method == "GET" and ruta.output and not publica(ruta)]
# Cada lectura como la ve la clínica y, si el portal la tiene, como la ve el titular.
CON_PAPEL = [(ruta, permitidos(ruta)[0]) for ruta in LECTURAS]
CON_PAPEL += [(ruta, Rol.CLIENTE) for ruta in LECTURAS if Rol.CLIENTE in permitidos(ruta)]
DE_AGENDA = {"cliente", "paciente", "profesional", "sede", "tipo_cita"}


@pytest.fixture
def agenda(clinica):
    return preparar_agenda(clinica)


@pytest.fixture
def cita(agenda):
    respuesta = agenda.reservar()
    assert respuesta.status_code == 201, respuesta.text
    return respuesta.json


@pytest.fixture(scope="module")
def ejemplares(app):
    ejemplares = crear_ejemplares(crear_clinica(app, nombre="Vista"))
    clinica = ejemplares.clinica
    ejemplares.ids["otros-clientes"] = crear_cliente(clinica)["id"]
    ejemplares.ids["otros-pacientes"] = crear_paciente(clinica)["id"]
    consentido = {"finalidad": "imagenes_redes", "otorgado": True, "texto_version": "1"}
    respuesta = clinica.como("recepcion").post(f"/clientes/{clinica.cliente_id}/consentimientos-datos", consentido)
    assert respuesta.status_code == 201, respuesta.text
    ejemplares.ids["consentimientos-datos"] = respuesta.json["id"]
    publicar(ejemplares)
    return ejemplares


def publicar(ejemplares):
    """Una consulta entera a la vista del titular, y un fichero: lo que los ejemplares tienen está sin publicar."""
    veterinario, paciente = ejemplares.clinica.como("veterinario"), ejemplares.ids["pacientes"]
    cuerpo = {"sede_id": ejemplares.ids["sedes"], "motivo": "Tos", "valoracion": "Traqueítis", "plan": "Reposo"}
    consulta = veterinario.post(f"/pacientes/{paciente}/consultas", cuerpo).json["id"]
    diagnostico = {"texto": "Traqueítis", "certeza": "presuntivo", "publicado": True}
    ejemplares.ids["diagnosticos"] = veterinario.post(f"/consultas/{consulta}/diagnosticos", diagnostico).json["id"]
    veterinario.post(f"/consultas/{consulta}/constantes", {"temperatura": "38.5"})
    for accion in ("cierre", "publicacion"):
        respuesta = veterinario.post(f"/consultas/{consulta}/{accion}", *([{}] if accion == "cierre" else []))
        assert respuesta.status_code == 200, respuesta.text
    enmienda = {"seccion": "recomendaciones_cliente", "texto": "Y reposo", "motivo": "Se olvidó"}
    ejemplares.ids["enmiendas"] = veterinario.post(f"/consultas/{consulta}/enmiendas", enmienda).json["id"]
    ejemplares.ids["consultas"] = consulta
    respuesta = veterinario.post(f"/adjuntos/{ejemplares.ids['adjuntos']}/publicacion")
    assert respuesta.status_code == 200, respuesta.text


def elementos(ruta, respuesta):
    return respuesta.json["datos"] if elemento(ruta.output) is not ruta.output else [respuesta.json]


def consulta_con_ids(ejemplares, ruta):
    """Los parámetros obligatorios, con los ejemplares de la clínica."""
    propios = {"sede_id": "sedes", "tipo_cita_id": "tipos-cita", "con_id": f"otros-{ruta.tag.lower()}"}
    en_json = {"formato": "json"} if ruta.query and "formato" in ruta.query.model_fields else {}
    return en_json | {
        clave: ejemplares.ids[propios[clave]] if clave in propios else valor
        for clave, valor in consulta_minima(ruta).items()
    }


def integracion(clinica, *ambitos):
    alta = clinica.como("administrador").post("/integraciones", {"nombre": "Web", "ambitos": list(ambitos)}).json
    credencial = {"cliente_id": alta["cliente_id"], "secreto": alta["secreto"]}
    token = clinica.anonimo.post("/autenticacion/acceso-integracion", credencial).json["token_acceso"]
    return Api(clinica.flask, token)


@pytest.mark.parametrize("ruta", LECTURAS, ids=nombre)
def test_un_campo_que_no_existe_es_un_422_en_toda_lectura(ejemplares, ruta):
    api = ejemplares.clinica.como(permitidos(ruta)[0].value)
    respuesta = api.get(f"{ejemplares.direccion(ruta)}?campos=nada")
    assert (respuesta.status_code, respuesta.json["errores"][0]["campo"]) in {(422, "/campos"), (422, "/sede_id")} | {
        (422, f"/{uno}")
        for uno, campo in (ruta.query.model_fields if ruta.query else {}).items()
        if campo.is_required()
    }


@pytest.mark.parametrize(("ruta", "rol"), CON_PAPEL, ids=lambda uno: getattr(uno, "value", None) or nombre(uno))
def test_lo_recortado_es_igual_que_en_el_todo(ejemplares, ruta, rol):
    api = ejemplares.clinica.como(rol.value)
    api.cabeceras["X-Motivo-Acceso"] = "Prueba"
    direccion, consulta = ejemplares.direccion(ruta), consulta_con_ids(ejemplares, ruta)
    todo = api.get(direccion, query_string=consulta)
    assert todo.status_code == 200, todo.text
    de_cada = elementos(ruta, todo)
    campos = sorted({campo for uno in de_cada for campo in uno} or elemento(ruta.output).model_fields)[::2]
    recorte = api.get(direccion, query_string={**consulta, "campos": ",".join(campos)})
    assert recorte.status_code == 200, recorte.text
    assert elementos(ruta, recorte) == [{campo: uno[campo] for campo in campos if campo in uno} for uno in de_cada]


def test_campos_recorta_cada_elemento_y_el_elemento_suelto(clinica, como):
    luna = crear_paciente(clinica)
    lista = como("recepcion").get("/pacientes?campos=id,nombre").json
    assert lista == {"datos": [{"id": luna["id"], "nombre": "Luna"}], "siguiente": None}
    suelto = como("recepcion").get(f"/pacientes/{luna['id']}?campos=nombre, especie")
    assert suelto.json == {"nombre": "Luna", "especie": "perro"}
    assert suelto.headers["ETag"] == '"1"'


def test_el_cursor_sirve_con_los_campos_recortados(clinica, como):
    for n in range(3):
        crear_paciente(clinica, nombre=f"Animal {n}")
    pagina = como("recepcion").get("/pacientes?limite=2&campos=nombre")
    assert "campos=nombre" in pagina.headers["Link"]
    resto = como("recepcion").get(f"/pacientes?limite=2&campos=nombre&cursor={pagina.json['siguiente']}").json
    assert resto["datos"] == [{"nombre": "Animal 2"}]


@pytest.mark.parametrize("campos", ["nada", "id,nada", "", "id,", "datos", "siguiente", "notas_internas"])
def test_un_campo_desconocido_no_se_ignora(clinica, como, campos):
    respuesta = como("recepcion").get(f"/pacientes?campos={campos}")
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "CAMPO_DESCONOCIDO")
    repetido = como("recepcion").get("/pacientes?campos=id&campos=nombre")
    assert (repetido.status_code, repetido.json["codigo"]) == (422, "PARAMETRO_REPETIDO")


def test_el_portal_no_pide_campos_que_no_son_suyos(clinica, como):
    cliente = como("cliente")
    for campos in ("notas_internas", "limite_credito", "bloqueo_morosidad"):
        assert cliente.get(f"/clientes/{clinica.cliente_id}?campos={campos}").status_code == 422
    assert cliente.get(f"/clientes/{clinica.cliente_id}?campos=nombre").json == {"nombre": "Carmen"}


def test_solo_las_lecturas_se_recortan(clinica, como):
    luna = crear_paciente(clinica)
    respuesta = como("recepcion").patch(f"/pacientes/{luna['id']}?campos=id", {"capa": "negra"}, version=1)
    assert respuesta.status_code == 422


def test_incluir_trae_las_fichas_relacionadas(agenda, cita):
    recepcion = agenda.clinica.como("recepcion")
    leida = recepcion.get(f"/citas/{cita['id']}?incluir={','.join(DE_AGENDA)}").json
    assert set(leida["incluido"]) == DE_AGENDA
    for relacion, ruta in (("cliente", "clientes"), ("paciente", "pacientes"), ("sede", "sedes"),
                           ("profesional", "profesionales"), ("tipo_cita", "tipos-cita")):  # fmt: skip
        ficha = recepcion.get(f"/{ruta}/{leida[f'{relacion}_id']}").json
        # Lo que le toca ponerse se calcula al leer su ficha: al lado de una cita no viene.
        ficha.pop("proximas_vacunas", None)
        assert leida["incluido"][relacion] == ficha, relacion
    assert "incluido" not in recepcion.get(f"/citas/{cita['id']}").json


def test_incluir_en_las_listas_y_con_campos(agenda, cita):
    recepcion = agenda.clinica.como("recepcion")
    agenda.reservar(inicio="2027-01-15T12:00:00+01:00", paciente_id=agenda.pacientes[1], profesional_id=...)
    datos = recepcion.get("/citas?incluir=paciente,profesional&campos=id").json["datos"]
    assert [set(una) for una in datos] == [{"id", "incluido"}] * 2
    assert [una["incluido"]["paciente"]["nombre"] for una in datos] == ["Paciente 0", "Paciente 1"]
    assert datos[0]["incluido"]["profesional"]["nombre"] == "Persona veterinario"
    assert datos[1]["incluido"]["profesional"] is None
    (luna, *_) = recepcion.get("/pacientes?incluir=cliente").json["datos"]
    assert luna["incluido"]["cliente"]["nombre_completo"] == "Carmen Núñez Prado"


def test_incluir_cuesta_una_sentencia_por_relacion_sean_cuantas_sean(agenda, cita, sentencias):
    recepcion = agenda.clinica.como("recepcion")

    def cuantas(direccion):
        recepcion.get(direccion)
        sentencias.clear()
        assert recepcion.get(direccion).status_code == 200
        return len(sentencias)

    solas, con_dos = cuantas("/citas"), cuantas("/citas?incluir=cliente,paciente")
    assert con_dos == solas + 2
    for n in range(3):
        agenda.reservar(inicio=f"2027-01-15T{12 + n}:00:00+01:00", paciente_id=agenda.pacientes[n])
    assert cuantas("/citas?incluir=cliente,paciente") == con_dos


@pytest.mark.parametrize("incluir", ["nada", "cliente,nada", "", "organizacion", "cita"])
def test_lo_que_no_se_puede_incluir_se_dice(agenda, cita, incluir):
    respuesta = agenda.clinica.como("recepcion").get(f"/citas?incluir={incluir}")
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "RELACION_DESCONOCIDA")
    assert respuesta.json["errores"][0]["campo"] == "/incluir"


def test_incluir_no_da_lo_que_no_se_puede_leer(agenda, cita, sin_intentos):
    limitada = integracion(agenda.clinica, "citas:leer")
    assert limitada.get(f"/citas/{cita['id']}").status_code == 200
    respuesta = limitada.get(f"/citas/{cita['id']}?incluir=cliente")
    assert (respuesta.status_code, respuesta.json["codigo"]) == (403, "SIN_PERMISO")
    completa = integracion(agenda.clinica, "citas:leer", "clientes:leer")
    assert completa.get(f"/citas/{cita['id']}?incluir=cliente").status_code == 200


def test_el_portal_incluye_con_su_lista_blanca(agenda, cita):
    cliente = agenda.clinica.como("cliente")
    leida = cliente.get(f"/citas/{cita['id']}?incluir=paciente,profesional").json
    assert leida["incluido"]["paciente"] == cliente.get(f"/pacientes/{cita['paciente_id']}").json
    assert set(leida["incluido"]["profesional"]) == set(cliente.get(f"/profesionales/{cita['profesional_id']}").json)
    assert cliente.get(f"/citas/{cita['id']}?incluir=cliente").status_code == 422


def test_con_algo_incluido_no_se_responde_304(agenda, cita):
    recepcion = agenda.clinica.como("recepcion")
    sin_cambios = {"If-None-Match": f'"{cita["version"]}"'}
    assert recepcion.get(f"/citas/{cita['id']}?campos=id", headers=sin_cambios).status_code == 304
    assert recepcion.get(f"/citas/{cita['id']}?incluir=cliente", headers=sin_cambios).status_code == 200


def test_toda_relacion_tiene_su_id_en_el_mismo_esquema():
    for ruta in LECTURAS:
        for esquema in filter(None, (ruta.output, ruta.portal)):
            campos = elemento(esquema).model_fields
            assert {f"{relacion}_id" for relacion in relaciones(esquema)} <= campos.keys(), nombre(ruta)


def test_el_total_solo_sale_si_se_pide(clinica, como):
    for n in range(3):
        crear_paciente(clinica, nombre=f"Animal {n}", especie="gato" if n else "perro", raza=...)
    recepcion = como("recepcion")
    assert "total" not in recepcion.get("/pacientes").json
    assert "total" not in recepcion.get("/pacientes?total=false").json
    assert recepcion.get("/pacientes?total=true&limite=1").json["total"] == 3
    assert recepcion.get("/pacientes?total=true&especie=gato").json["total"] == 2
    assert recepcion.get("/pacientes?total=true&q=animal").json["total"] == 3
    pagina = recepcion.get("/pacientes?total=true&limite=2").json
    siguiente = recepcion.get(f"/pacientes?total=true&limite=2&cursor={pagina['siguiente']}").json
    assert (siguiente["total"], len(siguiente["datos"])) == (3, 1)
    assert recepcion.get("/pacientes?total=quizas").status_code == 422


def test_el_total_cuenta_solo_lo_que_se_puede_ver(clinica, vecina, como):
    crear_paciente(clinica)
    crear_paciente(clinica, cliente_id=crear_cliente(clinica)["id"])
    crear_paciente(vecina)
    assert como("recepcion").get("/pacientes?total=true").json["total"] == 2
    assert como("cliente").get("/pacientes?total=true").json["total"] == 1
    assert como("cliente").get(f"/pacientes?total=true&cliente_id={uuid4()}").json["total"] == 0


def test_si_son_demasiados_no_se_cuentan(clinica, como, monkeypatch):
    monkeypatch.setattr(pagination, "MAXIMO_CONTADO", 2)
    for _ in range(2):
        crear_paciente(clinica)
    assert como("recepcion").get("/pacientes?total=true").json["total"] == 2
    crear_paciente(clinica)
    assert "total" not in como("recepcion").get("/pacientes?total=true").json
