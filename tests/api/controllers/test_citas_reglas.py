"""Citas por HTTP: lo que cada paso vuelve a comprobar, lo que el portal no decide y lo que la clave no guarda."""

import pytest

from tests.esperas import esperando_a
from tests.factories import crear_cliente, crear_paciente, preparar_agenda

HORA = "2027-01-15T10:05:00+01:00"


@pytest.fixture
def agenda(clinica):
    return preparar_agenda(clinica)


@pytest.fixture
def recepcion(clinica):
    return clinica.como("recepcion")


def baja(clinica, ruta):
    admin = clinica.como("administrador")
    respuesta = admin.delete(ruta, version="*")
    assert respuesta.status_code == 204, respuesta.text


@pytest.mark.parametrize(
    ("campo", "valor"),
    [
        ("fin", "2027-01-16T10:00:00+01:00"),
        ("notas_internas", "VIP"),
        ("prioridad", "urgente"),
        ("forzar", True),
        ("auxiliar_id", "auxiliar"),
        ("recursos", "quirofano"),
    ],
)
def test_el_portal_no_decide_lo_que_es_de_la_clinica(agenda, clinica, campo, valor):
    if campo == "auxiliar_id":
        valor = str(clinica.profesionales["auxiliar"])
    if campo == "recursos":
        admin = clinica.como("administrador")
        quirofano = {"sede_id": str(clinica.sede_id), "codigo": "Q1", "nombre": "Quirófano", "tipo": "quirofano"}
        valor = [admin.post("/recursos", quirofano).json["id"]]
    extra = {"motivo_forzado": "Porque sí"} if campo == "forzar" else {}
    respuesta = agenda.reservar(rol="cliente", **{campo: valor}, **extra)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "CAMPO_DE_LA_CLINICA"), respuesta.text
    assert respuesta.json["errores"][0]["campo"].startswith(f"/{campo}")


@pytest.mark.parametrize("inicio", ["2027-01-15T10:03:00+01:00", "2027-01-15T10:00:17+01:00"])
def test_el_portal_reserva_en_la_rejilla(agenda, inicio):
    respuesta = agenda.reservar(rol="cliente", inicio=inicio)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "INICIO_DESAJUSTADO")
    assert agenda.reservar(inicio=inicio).status_code == 201, "recepción sí puede"


def test_un_recurso_dado_de_baja_no_rompe_los_pasos_siguientes(agenda, clinica, recepcion):
    llega = agenda.reservar(origen="sin_cita", inicio=..., recursos=[agenda.salas[0]], reloj=HORA)
    assert llega.status_code == 201, llega.text
    clinica.como("administrador").delete(f"/recursos/{agenda.salas[0]}", version="*")
    inicio = recepcion.post(f"/citas/{llega.json['id']}/inicio", {}, reloj=HORA)
    assert inicio.status_code == 200, inicio.text


def test_empezar_exige_un_profesional_que_pueda(agenda, clinica, vecina, recepcion):
    cita = agenda.reservar().json["id"]
    assert recepcion.post(f"/citas/{cita}/llegada", reloj=HORA).status_code == 200
    auxiliar = {"profesional_id": str(clinica.profesionales["auxiliar"])}
    respuesta = recepcion.post(f"/citas/{cita}/inicio", auxiliar, reloj=HORA)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "PROFESIONAL_INADECUADO")
    ajeno = {"profesional_id": str(vecina.profesionales["veterinario"])}
    assert recepcion.post(f"/citas/{cita}/inicio", ajeno, reloj=HORA).status_code == 404


def test_sin_cita_tambien_comprueba_recursos_y_quien_fuerza(agenda, clinica, recepcion):
    lpa = {"sede_id": str(clinica.sede2_id), "codigo": "S9", "nombre": "Sala LPA", "tipo": "sala_consulta"}
    otra = clinica.como("administrador").post("/recursos", lpa).json["id"]
    for recursos, esperado in (([otra], 422), ([str(clinica.id)], 404), ([agenda.salas[0]] * 2, 422)):
        respuesta = agenda.reservar(origen="sin_cita", inicio=..., recursos=recursos, reloj=HORA)
        assert respuesta.status_code == esperado, respuesta.text
    forzada = {"origen": "sin_cita", "inicio": ..., "forzar": True, "motivo_forzado": "Porque sí", "reloj": HORA}
    assert agenda.reservar(rol="veterinario", **forzada).status_code == 403


def test_una_cita_forzada_lo_sigue_siendo(agenda, recepcion):
    agenda.reservar()
    urgencia = agenda.reservar(
        tipo_cita_id=agenda.tipos["urgencia"], paciente_id=agenda.pacientes[1], forzar=True, motivo_forzado="Atropello"
    ).json["id"]
    assert recepcion.post(f"/citas/{urgencia}/llegada", reloj=HORA).status_code == 200
    quien = {"profesional_id": str(agenda.clinica.profesionales["veterinario"])}
    assert recepcion.post(f"/citas/{urgencia}/inicio", quien, reloj=HORA).status_code == 200


def test_un_paciente_fallecido_ya_no_llega(agenda, recepcion):
    cita = agenda.reservar().json["id"]
    tarde = "2027-01-15T10:20:00+01:00"
    assert recepcion.post(f"/citas/{cita}/no-presentacion", reloj=tarde).status_code == 200
    muerte = {"fecha_fallecimiento": "2027-01-15"}
    assert recepcion.post(f"/pacientes/{agenda.pacientes[0]}/fallecimiento", muerte, reloj=tarde).status_code == 200
    respuesta = recepcion.post(f"/citas/{cita}/llegada", reloj=tarde)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "PACIENTE_FALLECIDO")


def test_confirmar_comprueba_que_no_haya_pasado(agenda, recepcion):
    pedida = agenda.reservar(
        rol="cliente", tipo_cita_id=agenda.tipos["especialidad"], reloj="2027-01-15T08:00:00+01:00"
    )
    assert pedida.status_code == 201, pedida.text
    respuesta = recepcion.post(f"/citas/{pedida.json['id']}/confirmacion", reloj="2027-01-16T12:00:00+01:00")
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, "CITA_EN_EL_PASADO")


def test_reprogramar_conserva_la_duracion_y_se_puede_pisar_a_si_misma(agenda, recepcion):
    cita = agenda.reservar(fin="2027-01-15T11:00:00+01:00").json["id"]
    movida = recepcion.post(f"/citas/{cita}/reprogramacion", {"inicio": "2027-01-15T10:30:00+01:00"})
    assert (movida.status_code, movida.json["fin"]) == (200, "2027-01-15T11:30:00+01:00")
    sin_nadie = recepcion.post(
        f"/citas/{cita}/reprogramacion", {"inicio": "2027-01-15T10:30:00+01:00", "profesional_id": None}
    )
    assert (sin_nadie.status_code, sin_nadie.json["profesional_id"]) == (200, None)


def test_quien_solo_puede_pedir_cita_la_pide_y_la_ve_sin_ver_al_paciente(agenda, clinica, recepcion):
    duena = crear_cliente(clinica, nombre="Dueña")["id"]
    cambio = {"cliente_id": duena, "documento": "Cesión 1"}
    assert recepcion.post(f"/pacientes/{agenda.pacientes[0]}/cambio-titular", cambio).status_code == 200
    portal = clinica.como("cliente")
    assert agenda.reservar(rol="cliente").status_code == 404
    autorizada = {
        "nombre": "Carmen", "cliente_autorizado_id": str(clinica.cliente_id), "puede_pedir_cita": True, "desde": "2026-01-01",
    }  # fmt: skip
    assert recepcion.post(f"/clientes/{duena}/autorizados", autorizada).status_code == 201
    cita = agenda.reservar(rol="cliente")
    assert cita.status_code == 201, cita.text
    assert portal.get(f"/citas/{cita.json['id']}").status_code == 200
    assert portal.get(f"/pacientes/{agenda.pacientes[0]}").status_code == 404
    assert portal.post(f"/citas/{cita.json['id']}/cancelacion", {}).status_code == 200


def test_la_clave_no_guarda_lo_pasajero(agenda, clinica, recepcion, propietario):
    cita = agenda.reservar().json
    ruta, cuerpo = f"/citas/{cita['id']}/cancelacion", {"motivo": "No viene"}
    assert recepcion.post(ruta, cuerpo, clave="k", version=99).status_code == 412
    assert recepcion.post(ruta, cuerpo, clave="k", version=cita["version"]).status_code == 200
    with propietario.transaction():
        propietario.execute("SELECT 1 FROM pacientes WHERE id = %s FOR UPDATE", [agenda.pacientes[1]])
        ocupada = recepcion.post("/citas", agenda.datos(paciente_id=agenda.pacientes[1]), clave="k2")
        assert (ocupada.status_code, ocupada.json["codigo"]) == (409, "CONFLICTO_CONCURRENTE")
    assert recepcion.post("/citas", agenda.datos(paciente_id=agenda.pacientes[1]), clave="k2").status_code == 201


def test_quien_espera_a_un_cambio_de_titular_lo_ve_hecho(agenda, clinica, recepcion, propietario):
    nueva = crear_cliente(clinica, nombre="Nueva")["id"]
    bloqueo = "SELECT 1 FROM pacientes WHERE id = %s FOR UPDATE"
    with esperando_a(propietario, bloqueo, [agenda.pacientes[0]], agenda.reservar) as respuestas:
        propietario.execute(
            "UPDATE titularidades SET cliente_id = %s WHERE paciente_id = %s AND hasta IS NULL",
            [nueva, agenda.pacientes[0]],
        )
    assert (respuestas[0].status_code, respuestas[0].json["codigo"]) == (422, "PACIENTE_DE_OTRO_CLIENTE")


@pytest.mark.parametrize("motivo", ["%00", "hola%0Aadios", "x" * 501])
def test_un_motivo_de_acceso_con_caracteres_de_control_se_rechaza(agenda, recepcion, motivo):
    respuesta = recepcion.get(f"/pacientes/{agenda.pacientes[0]}", headers={"X-Motivo-Acceso": motivo})
    assert (respuesta.status_code, respuesta.json["codigo"]) == (400, "PETICION_MAL_FORMADA")


def test_if_match_en_una_lectura_no_da_304(agenda, recepcion):
    assert recepcion.get(f"/pacientes/{agenda.pacientes[0]}", headers={"If-Match": "*"}).status_code == 200


def esperar(agenda, n, **cambios):
    cuerpo = {
        "sede_id": str(agenda.clinica.sede_id), "cliente_id": str(agenda.clinica.cliente_id),
        "paciente_id": agenda.pacientes[n], "tipo_cita_id": agenda.tipos["consulta_general"], **cambios,
    }  # fmt: skip
    return agenda.clinica.como("recepcion").post("/lista-espera", cuerpo, reloj="2027-01-10T09:00:00+01:00")


def test_no_se_ofrece_lo_que_no_se_podria_aceptar(agenda, clinica, recepcion):
    antes = "2027-01-12T09:00:00+01:00"
    otra = crear_cliente(clinica, nombre="De baja")
    auxiliar = str(clinica.profesionales["auxiliar"])
    pesada = agenda.reservar(tipo_cita_id=agenda.tipos["desparasitacion_peso"], profesional_id=auxiliar,
                             fin="2027-01-15T11:00:00+01:00").json["id"]  # fmt: skip
    de_veterinario = esperar(agenda, 1).json["id"]
    assert recepcion.post(f"/citas/{pesada}/cancelacion", {"motivo": "No viene"}, reloj=antes).status_code == 200
    assert recepcion.get(f"/lista-espera/{de_veterinario}", reloj=antes).json["estado"] == "activa"
    # Sus márgenes no caben: otra cita empieza justo al acabar.
    cita = agenda.reservar(profesional_id=str(clinica.profesionales["veterinario2"]), inicio="2027-01-16T10:00:00+01:00",
                           paciente_id=agenda.pacientes[2], tipo_cita_id=agenda.tipos["urgencia"]).json["id"]  # fmt: skip
    ocupa = agenda.reservar(profesional_id=str(clinica.profesionales["veterinario2"]), inicio="2027-01-16T10:30:00+01:00",
                            paciente_id=agenda.pacientes[0], tipo_cita_id=agenda.tipos["urgencia"])  # fmt: skip
    assert ocupa.status_code == 201, ocupa.text
    justa = esperar(agenda, 2, tipo_cita_id=agenda.tipos["exoticos"]).json["id"]
    recepcion.delete(f"/lista-espera/{de_veterinario}", version="*")
    assert recepcion.post(f"/citas/{cita}/cancelacion", {"motivo": "No viene"}, reloj=antes).status_code == 200
    assert recepcion.get(f"/lista-espera/{justa}", reloj=antes).json["estado"] == "activa"
    baja(clinica, f"/clientes/{otra['id']}")


def test_dos_ofertas_vivas_no_se_pisan_y_nadie_espera_dos_veces_lo_mismo(agenda, clinica, recepcion):
    v1 = str(clinica.profesionales["veterinario"])
    primera, segunda = esperar(agenda, 1).json["id"], esperar(agenda, 2).json["id"]
    assert (esperar(agenda, 1).status_code, esperar(agenda, 1).json["codigo"]) == (409, "YA_EN_ESPERA")
    a_las_diez = {"inicio": "2027-01-15T10:00:00+01:00", "profesional_id": v1}
    assert recepcion.post(f"/lista-espera/{primera}/oferta", a_las_diez).status_code == 200
    pisa = recepcion.post(f"/lista-espera/{segunda}/oferta", {**a_las_diez, "inicio": "2027-01-15T10:05:00+01:00"})
    assert (pisa.status_code, pisa.json["codigo"]) == (409, "HUECO_YA_OFERTADO")
    tarde = "2026-11-23T13:00:00+01:00"  # la oferta dura dos horas
    assert [uno["id"] for uno in recepcion.get("/lista-espera?estado=caducada", reloj=tarde).json["datos"]] == [primera]
    assert recepcion.get("/lista-espera?estado=ofertada", reloj=tarde).json["datos"] == []
    assert recepcion.post(f"/lista-espera/{segunda}/oferta", a_las_diez, reloj=tarde).status_code == 200


def test_un_recurso_de_dos_plazas_admite_dos_a_la_vez_y_nunca_tres(agenda, clinica, recepcion, propietario):
    """Las plazas no tienen dueño: si nunca hay más de dos a la vez, cabe, aunque haya que recolocar."""
    dos = {
        "sede_id": str(clinica.sede_id),
        "codigo": "P2",
        "nombre": "Peluquería",
        "tipo": "peluqueria",
        "capacidad": 2,
    }
    sitio = clinica.como("administrador").post("/recursos", dos).json["id"]
    animales = [crear_paciente(clinica, nombre=f"Greñas {n}")["id"] for n in range(7)]

    def pedir(n, desde, hasta):
        return agenda.reservar(
            tipo_cita_id=agenda.tipos["urgencia"], profesional_id=..., recursos=[sitio], paciente_id=animales[n],
            inicio=f"2027-01-15T{desde}:00+01:00", fin=f"2027-01-15T{hasta}:00+01:00",
        )  # fmt: skip

    primera, segunda = pedir(0, "10:00", "11:00"), pedir(1, "10:00", "11:00")
    assert (primera.status_code, segunda.status_code) == (201, 201)
    assert pedir(2, "10:30", "10:45").status_code == 409
    assert recepcion.post(f"/citas/{primera.json['id']}/cancelacion", {}).status_code == 200
    assert (pedir(2, "09:00", "10:00").status_code, pedir(3, "11:00", "12:00").status_code) == (201, 201)
    with propietario.transaction():
        # Recolocar toca la cita de al lado: con el turno cogido ya no se espera a quien la tenga.
        propietario.execute("SELECT 1 FROM citas WHERE id = %s FOR UPDATE", [segunda.json["id"]])
        ocupada = pedir(4, "09:00", "12:00")
        assert (ocupada.status_code, ocupada.json["codigo"]) == (409, "CONFLICTO_CONCURRENTE")
    assert pedir(4, "09:00", "12:00").status_code == 201, "nunca hay más de dos a la vez"
    assert pedir(5, "10:30", "10:45").status_code == 409
    assert pedir(6, "12:00", "13:00").status_code == 201
