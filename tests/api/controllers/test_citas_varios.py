"""Una cita para varios animales, o para uno que aún no tiene ficha."""

from uuid import uuid4

import pytest

from tests.esperas import esperando_a
from tests.factories import Api, contar, crear_cliente, crear_paciente, preparar_agenda

V2 = "veterinario2"
OTRA_HORA = {"inicio": "2027-01-15T16:00:00+01:00"}
NUEVO = {"nombre": "Toby", "especie": "perro", "sexo": "macho", "esterilizado": "no"}


@pytest.fixture
def agenda(clinica):
    return preparar_agenda(clinica)


@pytest.fixture
def juntos(agenda):
    """Una cita de V1 a las 10 con los dos primeros pacientes."""
    respuesta = agenda.reservar(paciente_id=..., pacientes=agenda.pacientes[:2])
    assert respuesta.status_code == 201, respuesta.text
    return respuesta.json


def _otra(agenda, paciente, **cambios):
    """El mismo paciente a la misma hora con V2."""
    datos = {"paciente_id": paciente, "profesional_id": str(agenda.clinica.profesionales[V2]), **cambios}
    return agenda.reservar(**datos)


def _leer(agenda, cita):
    return agenda.clinica.como("recepcion").get(f"/citas/{cita['id']}").json


def test_vienen_en_el_orden_pedido_y_todos_quedan_ocupados(agenda, juntos):
    primero, segundo, tercero = agenda.pacientes
    assert [uno["id"] for uno in juntos["pacientes"]] == [primero, segundo]
    assert (juntos["paciente_id"], juntos["pacientes"][1]["nombre"]) == (primero, "Paciente 1")
    for paciente in (primero, segundo):
        choque = _otra(agenda, paciente)
        assert (choque.status_code, choque.json["conflictos"][0]["tipo"]) == (409, "paciente")
        assert choque.json["conflictos"][0]["id"] == paciente
    assert _otra(agenda, tercero).status_code == 201


def test_si_uno_esta_ocupado_no_se_reserva_para_ninguno(agenda):
    primero, segundo, _ = agenda.pacientes
    assert _otra(agenda, segundo).status_code == 201
    assert agenda.reservar(paciente_id=..., pacientes=[primero, segundo]).status_code == 409
    assert agenda.reservar(paciente_id=primero).status_code == 201


def test_la_cita_de_uno_tambien_lleva_la_lista(agenda):
    cita = agenda.reservar().json
    assert cita["pacientes"] == [{"id": agenda.pacientes[0], "nombre": "Paciente 0", "consulta_id": None}]


@pytest.mark.parametrize(
    ("cambios", "codigo"),
    [
        ({"paciente_id": ...}, "PACIENTE_REQUERIDO"),
        ({"paciente_id": ..., "pacientes": []}, "PACIENTE_REQUERIDO"),
        ({"pacientes": [str(uuid4())]}, "PACIENTE_DUPLICADO"),
        ({"paciente_nuevo": NUEVO}, "PACIENTE_DUPLICADO"),
        ({"paciente_id": ..., "pacientes": ["019abcde-0000-7000-8000-000000000001"] * 2}, "PACIENTE_REPETIDO"),
        ({"paciente_id": ..., "pacientes": [str(uuid4()) for _ in range(11)]}, "DATOS_INVALIDOS"),
    ],
)
def test_se_dice_quien_viene_de_una_sola_manera(agenda, cambios, codigo):
    respuesta = agenda.reservar(**cambios)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, codigo)


def test_todos_son_del_cliente_y_se_dice_cual_no(agenda, vecina):
    ajeno = crear_paciente(agenda.clinica, cliente_id=crear_cliente(agenda.clinica)["id"])["id"]
    respuesta = agenda.reservar(paciente_id=..., pacientes=[agenda.pacientes[0], ajeno])
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "PACIENTE_DE_OTRO_CLIENTE")
    assert respuesta.json["errores"][0]["campo"] == "/pacientes/1"
    for desconocido in (crear_paciente(vecina)["id"], str(uuid4())):
        respuesta = agenda.reservar(paciente_id=..., pacientes=[agenda.pacientes[0], desconocido])
        assert respuesta.status_code == 404
    portal = agenda.reservar("cliente", paciente_id=..., pacientes=[agenda.pacientes[0], ajeno])
    assert portal.status_code == 404


def test_se_encuentra_por_cualquiera_de_ellos(agenda, juntos):
    recepcion, segundo = agenda.clinica.como("recepcion"), agenda.pacientes[1]
    for direccion in (f"/citas?paciente_id={segundo}", f"/pacientes/{segundo}/citas"):
        assert [una["id"] for una in recepcion.get(direccion).json["datos"]] == [juntos["id"]]
    assert recepcion.get(f"/pacientes/{segundo}/resumen").json["proxima_cita"]["id"] == juntos["id"]


def test_al_moverla_se_mueven_todos(agenda, juntos):
    recepcion, segundo = agenda.clinica.como("recepcion"), agenda.pacientes[1]
    movida = recepcion.post(f"/citas/{juntos['id']}/reprogramacion", OTRA_HORA)
    assert movida.status_code == 200, movida.text
    assert _otra(agenda, segundo, **OTRA_HORA).status_code == 409
    assert _otra(agenda, segundo).status_code == 201


def test_al_cancelarla_quedan_libres_todos(agenda, juntos):
    agenda.clinica.como("recepcion").post(f"/citas/{juntos['id']}/cancelacion", {"motivo": "No puede venir"})
    assert _otra(agenda, agenda.pacientes[1]).status_code == 201


def test_recorre_todos_sus_pasos(agenda, juntos):
    recepcion = agenda.clinica.como("recepcion")
    for paso, estado in (("llegada", "en_sala"), ("inicio", "en_consulta"), ("finalizacion", "finalizada")):
        respuesta = recepcion.post(f"/citas/{juntos['id']}/{paso}", reloj="2027-01-15T10:00:00+01:00")
        assert (respuesta.status_code, respuesta.json["estado"]) == (200, estado), respuesta.text
        assert len(respuesta.json["pacientes"]) == 2


@pytest.mark.parametrize("muere", [0, 1])
def test_si_muere_uno_los_demas_siguen_con_la_cita(agenda, juntos, muere):
    recepcion = agenda.clinica.como("recepcion")
    difunto, queda = agenda.pacientes[muere], agenda.pacientes[1 - muere]
    recepcion.post(f"/pacientes/{difunto}/fallecimiento", {"fecha_fallecimiento": "2026-11-20"})
    cita = _leer(agenda, juntos)
    assert (cita["estado"], cita["paciente_id"], len(cita["pacientes"])) == ("confirmada", queda, 1)
    assert cita["version"] > juntos["version"]
    paso = cita["historial_cambios"][-1]
    assert (paso["accion"], paso["detalle"]) == (
        "baja-paciente", {"paciente_id": difunto, "motivo": "paciente_fallecido"},
    )  # fmt: skip
    assert recepcion.get(f"/pacientes/{difunto}/citas").json["datos"] == []
    recepcion.post(f"/pacientes/{queda}/fallecimiento", {"fecha_fallecimiento": "2026-11-20"})
    assert _leer(agenda, juntos)["estado"] == "cancelada"


@pytest.mark.parametrize("se_va", [0, 1])
def test_al_cambiar_de_titular_deja_la_cita_compartida(agenda, juntos, se_va):
    ana = crear_cliente(agenda.clinica)["id"]
    cambio = agenda.clinica.como("administrador").post(
        f"/pacientes/{agenda.pacientes[se_va]}/cambio-titular", {"cliente_id": ana}
    )
    assert "CITAS_COMPARTIDAS" in {aviso["codigo"] for aviso in cambio.json["avisos"]}
    cita = _leer(agenda, juntos)
    assert [uno["id"] for uno in cita["pacientes"]] == [agenda.pacientes[1 - se_va]]
    assert cita["cliente_id"] == str(agenda.clinica.cliente_id)


@pytest.mark.parametrize(("origen", "destino"), [(0, 1), (1, 0), (1, 2), (0, 2)])
def test_al_fundir_dos_fichas_la_cita_lleva_una_sola_vez_la_que_queda(agenda, juntos, origen, destino):
    recepcion, pacientes = agenda.clinica.como("recepcion"), agenda.pacientes
    ruta = f"/pacientes/{pacientes[origen]}/fusion"
    previa = recepcion.get(f"{ruta}?con_id={pacientes[destino]}")
    assert previa.json["se_mueve"]["citas"] == 1
    respuesta = recepcion.post(ruta, {"con_id": pacientes[destino]})
    assert respuesta.status_code == 200, respuesta.text
    esperados = {0: [1], 1: [0]}[origen] if destino < 2 else [destino if n == origen else n for n in (0, 1)]
    cita = _leer(agenda, juntos)
    assert [uno["id"] for uno in cita["pacientes"]] == [pacientes[n] for n in esperados]
    assert cita["version"] > juntos["version"]
    for n in esperados:
        assert _otra(agenda, pacientes[n]).status_code == 409


def test_el_portal_deja_de_ver_al_que_ya_no_es_suyo(agenda, juntos):
    recepcion, cliente = agenda.clinica.como("recepcion"), agenda.clinica.como("cliente")
    for paso in ("llegada", "inicio", "finalizacion"):
        recepcion.post(f"/citas/{juntos['id']}/{paso}", reloj="2027-01-15T10:00:00+01:00")
    assert len(cliente.get(f"/citas/{juntos['id']}").json["pacientes"]) == 2
    agenda.clinica.como("administrador").post(
        f"/pacientes/{agenda.pacientes[1]}/cambio-titular", {"cliente_id": crear_cliente(agenda.clinica)["id"]}
    )
    vistos = cliente.get(f"/citas/{juntos['id']}").json["pacientes"]
    assert [uno["id"] for uno in vistos] == [agenda.pacientes[0]]
    assert len(_leer(agenda, juntos)["pacientes"]) == 2


def test_el_portal_pide_cita_para_uno_que_aun_no_tiene_ficha(agenda):
    alta = agenda.reservar("cliente", paciente_id=..., profesional_id=..., paciente_nuevo=NUEVO)
    assert alta.status_code == 201, alta.text
    assert alta.json["paciente"] == "Toby"
    ficha = agenda.clinica.como("recepcion").get(f"/pacientes/{alta.json['paciente_id']}").json
    assert (ficha["estado"], ficha["cliente_id"]) == ("pendiente_validacion", str(agenda.clinica.cliente_id))


def test_recepcion_lo_da_de_alta_ya_activo(agenda):
    peso = {"peso_kg": "8.200", "metodo": "bascula"}
    alta = agenda.reservar(paciente_id=..., paciente_nuevo={**NUEVO, "peso_inicial": peso})
    ficha = agenda.clinica.como("recepcion").get(f"/pacientes/{alta.json['paciente_id']}").json
    assert (ficha["estado"], ficha["peso_actual"]["peso_kg"]) == ("activo", "8.200")


def test_si_no_hay_hueco_tampoco_hay_ficha(agenda):
    assert agenda.reservar().status_code == 201
    antes = contar("pacientes", agenda.clinica)
    choque = agenda.reservar("cliente", paciente_id=..., paciente_nuevo=NUEVO)
    assert (choque.status_code, contar("pacientes", agenda.clinica)) == (409, antes)


def test_repetir_la_peticion_no_repite_la_ficha(agenda):
    cuerpo = agenda.datos(paciente_id=..., paciente_nuevo=NUEVO)
    antes = contar("pacientes", agenda.clinica)
    una, otra = (agenda.clinica.como("cliente").post("/citas", cuerpo, clave="toby") for _ in range(2))
    assert (una.status_code, una.data) == (201, otra.data)
    assert contar("pacientes", agenda.clinica) == antes + 1


@pytest.mark.parametrize(
    ("cambios", "codigo", "campo"),
    [
        ({"raza": "siames"}, "RAZA_DE_OTRA_ESPECIE", "/paciente_nuevo/raza"),
        ({"especie": "dragon"}, "ESPECIE_DESCONOCIDA", "/paciente_nuevo/especie"),
        ({"nombre": ""}, "DATOS_INVALIDOS", "/paciente_nuevo/nombre"),
        ({"fecha_nacimiento": "2030-01-01"}, "FECHA_FUTURA", "/paciente_nuevo/fecha_nacimiento"),
        ({"estado": "activo"}, "DATOS_INVALIDOS", "/paciente_nuevo/estado"),
        ({"cliente_id": str(uuid4())}, "DATOS_INVALIDOS", "/paciente_nuevo/cliente_id"),
        ({"temperamento": "Muerde"}, "DATO_DE_LA_CLINICA", "/paciente_nuevo/temperamento"),
    ],
)
def test_lo_que_falla_de_la_ficha_nueva_se_senala_en_su_sitio(agenda, cambios, codigo, campo):
    respuesta = agenda.reservar("cliente", paciente_id=..., paciente_nuevo={**NUEVO, **cambios})
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, codigo), respuesta.text
    assert respuesta.json["errores"][0]["campo"] == campo


def test_un_cliente_dado_de_baja_se_senala_como_cliente(agenda):
    ana = crear_cliente(agenda.clinica)
    agenda.clinica.como("administrador").delete(f"/clientes/{ana['id']}", version="*")
    respuesta = agenda.reservar(paciente_id=..., cliente_id=ana["id"], paciente_nuevo=NUEVO)
    assert (respuesta.status_code, respuesta.json["errores"][0]["campo"]) == (409, "/cliente_id")


def test_no_da_altas_a_nombre_de_otro(agenda, vecina):
    for otro in (crear_cliente(agenda.clinica)["id"], str(vecina.cliente_id), str(uuid4())):
        assert agenda.reservar("cliente", paciente_id=..., cliente_id=otro, paciente_nuevo=NUEVO).status_code == 404


@pytest.mark.parametrize(
    ("ambitos", "estado"), [(["citas:escribir"], 403), (["citas:escribir", "pacientes:escribir"], 201)]
)
def test_una_integracion_necesita_tambien_el_ambito_de_pacientes(agenda, sin_intentos, ambitos, estado):
    alta = agenda.clinica.como("administrador").post("/integraciones", {"nombre": "Web", "ambitos": ambitos}).json
    credencial = {"cliente_id": alta["cliente_id"], "secreto": alta["secreto"]}
    token = agenda.clinica.anonimo.post("/autenticacion/acceso-integracion", credencial).json["token_acceso"]
    cuerpo = agenda.datos(paciente_id=..., paciente_nuevo=NUEVO)
    respuesta = Api(agenda.clinica.flask, token).post("/citas", cuerpo, clave=True)
    assert respuesta.status_code == estado, respuesta.text


def test_si_entretanto_cambia_quien_viene_no_se_toca(agenda, juntos, propietario):
    """Bloquear a quien acaba de llegar a la cita, ya con ella bloqueada, sería hacerlo al revés que los demás."""
    ruta, mover = f"/citas/{juntos['id']}/reprogramacion", {"inicio": "2027-01-16T10:00:00+01:00"}
    bloqueo = "SELECT 1 FROM pacientes WHERE id = %s FOR UPDATE"
    recepcion = agenda.clinica.como("recepcion")
    with esperando_a(propietario, bloqueo, [agenda.pacientes[1]], lambda: recepcion.post(ruta, mover)) as respuestas:
        cambio = "UPDATE citas_pacientes SET paciente_id = %s WHERE cita_id = %s AND paciente_id = %s"
        propietario.execute(cambio, [agenda.pacientes[2], juntos["id"], agenda.pacientes[1]])
    assert (respuestas[0].status_code, respuestas[0].json["codigo"]) == (409, "CONFLICTO_CONCURRENTE")
