"""De quién es un paciente: cambio de titular, cotitulares y lo que el anterior deja de ver."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest

from tests.factories import crear_cliente, crear_paciente, preparar_agenda


@pytest.fixture
def luna(clinica):
    return crear_paciente(clinica)


@pytest.fixture
def ana(clinica):
    return crear_cliente(clinica)["id"]


@pytest.fixture
def beto(clinica):
    return crear_cliente(clinica, nombre="Beto", telefonos=[{"numero": "+34611111111"}])["id"]


def _cambiar(api, paciente, cliente, **cambios):
    return api.post(f"/pacientes/{paciente['id']}/cambio-titular", {"cliente_id": cliente, **cambios})


def _vigentes(api, paciente):
    filas = api.get(f"/pacientes/{paciente['id']}/titularidades?vigentes=true").json["datos"]
    return {(fila["cliente_id"], fila["rol"], fila["porcentaje"]) for fila in filas}


def test_el_cambio_cierra_una_titularidad_y_abre_otra_el_mismo_dia(clinica, como, luna, ana, propietario):
    respuesta = _cambiar(como("veterinario"), luna, ana, documento="Contrato de cesión")
    assert respuesta.status_code == 200, respuesta.text
    assert (respuesta.json["cliente_id"], respuesta.json["titular"]["nombre"]) == (ana, "Ana Ruiz Peña")
    assert respuesta.json["version"] == luna["version"] + 1
    filas = como("recepcion").get(f"/pacientes/{luna['id']}/titularidades").json["datos"]
    assert {(f["cliente"], f["rol"], f["desde"], f["hasta"], f["documento"]) for f in filas} == {
        ("Ana Ruiz Peña", "titular", "2026-11-23", None, "Contrato de cesión"),
        ("Carmen Núñez Prado", "titular", "2026-11-23", "2026-11-23", None),
    }
    tarea = propietario.execute("SELECT tipo, hecha_en FROM tareas WHERE paciente_id = %s", [luna["id"]]).fetchall()
    assert tarea == [("comunicar_registro", None)]


def test_recepcion_necesita_el_documento(como, luna, ana):
    falta = _cambiar(como("recepcion"), luna, ana)
    assert (falta.status_code, falta.json["codigo"]) == (422, "DOCUMENTO_REQUERIDO")
    assert falta.json["errores"][0]["campo"] == "/documento"
    assert _cambiar(como("recepcion"), luna, ana, documento="Cesión 14").status_code == 200
    assert _cambiar(como("auxiliar"), luna, ana, documento="Cesión 14").status_code == 403


@pytest.mark.parametrize("rol", ["administrador", "veterinario"])
def test_quien_dirige_o_atiende_no_necesita_documento(como, luna, ana, rol):
    assert _cambiar(como(rol), luna, ana).status_code == 200


def test_i1_el_antiguo_titular_deja_de_verlo_al_instante(como, luna, ana):
    vet, carmen = como("veterinario"), como("cliente")
    ruta = f"/pacientes/{luna['id']}"
    peso = vet.post(f"{ruta}/pesos", {"peso_kg": "17.3", "metodo": "bascula"}).json["id"]
    alergia = vet.post(f"{ruta}/alergias", {"agente_tipo": "alimento", "agente_ref": "pollo", "gravedad": "leve"}).json[
        "id"
    ]
    suyas = [
        ruta,
        f"{ruta}/pesos",
        f"{ruta}/alergias",
        f"{ruta}/titularidades",
        f"/pesos/{peso}",
        f"/alergias/{alergia}",
    ]
    assert [carmen.get(una).status_code for una in suyas] == [200] * len(suyas)
    assert _cambiar(vet, luna, ana).status_code == 200
    assert [carmen.get(una).status_code for una in suyas] == [404] * len(suyas)
    assert carmen.get("/pacientes").json["datos"] == []
    assert carmen.get("/pacientes?q=luna").json["datos"] == []


def test_el_nuevo_titular_lo_ve_entero_y_de_la_historia_solo_lo_suyo(clinica, como, ana):
    luna = crear_paciente(clinica, cliente_id=ana)
    assert como("cliente").get(f"/pacientes/{luna['id']}").status_code == 404
    assert _cambiar(como("veterinario"), luna, str(clinica.cliente_id)).status_code == 200
    assert como("cliente").get(f"/pacientes/{luna['id']}").status_code == 200
    suyas = como("cliente").get(f"/pacientes/{luna['id']}/titularidades").json["datos"]
    assert [fila["cliente_id"] for fila in suyas] == [str(clinica.cliente_id)]
    assert set(suyas[0]) == {"id", "paciente_id", "cliente_id", "rol", "porcentaje", "desde", "hasta", "version"}


def test_los_autorizados_del_anterior_tambien_dejan_de_verlo(clinica, como, ana, beto):
    luna = crear_paciente(clinica, cliente_id=ana)
    autorizado = como("recepcion").post(
        f"/clientes/{ana}/autorizados",
        {"nombre": "Carmen", "cliente_autorizado_id": str(clinica.cliente_id), "puede_ver_historial": True},
    )
    assert autorizado.status_code == 201, autorizado.text
    assert como("cliente").get(f"/pacientes/{luna['id']}").status_code == 200
    assert _cambiar(como("veterinario"), luna, beto).status_code == 200
    assert como("cliente").get(f"/pacientes/{luna['id']}").status_code == 404


def test_dos_cambios_el_mismo_dia_y_la_vuelta_al_primero(clinica, como, luna, ana, beto):
    for cliente in (ana, beto, ana, str(clinica.cliente_id)):
        assert _cambiar(como("veterinario"), luna, cliente).status_code == 200
    assert _vigentes(como("recepcion"), luna) == {(str(clinica.cliente_id), "titular", None)}
    assert len(como("recepcion").get(f"/pacientes/{luna['id']}/titularidades").json["datos"]) == 5


def test_en_canarias_aun_es_ayer_y_el_cambio_vale(clinica, como, ana):
    luna = crear_paciente(clinica)
    assert _cambiar(como("veterinario"), luna, ana, documento="Cesión").status_code == 200
    vispera = como("veterinario").post(
        f"/pacientes/{luna['id']}/cambio-titular", {"cliente_id": str(clinica.cliente_id)},
        reloj="2026-11-22T23:30:00+01:00",
    )  # fmt: skip
    assert vispera.status_code == 200, vispera.text
    assert _vigentes(como("recepcion"), luna) == {(str(clinica.cliente_id), "titular", None)}


def test_no_se_cambia_al_que_ya_es_ni_a_quien_no_existe(clinica, vecina, como, luna, ana):
    mismo = _cambiar(como("veterinario"), luna, str(clinica.cliente_id))
    assert (mismo.status_code, mismo.json["codigo"]) == (422, "YA_ES_TITULAR")
    assert _cambiar(como("veterinario"), luna, str(vecina.cliente_id)).status_code == 404
    assert _cambiar(como("veterinario"), luna, str(uuid4())).status_code == 404
    api = como("administrador")
    baja = api.get(f"/clientes/{ana}").json
    assert api.delete(f"/clientes/{ana}", version=baja["version"]).status_code == 204
    inactivo = _cambiar(api, luna, ana)
    assert (inactivo.status_code, inactivo.json["codigo"]) == (409, "CLIENTE_NO_ACTIVO")


def test_las_citas_pendientes_pasan_al_nuevo_titular(clinica, como, ana):
    agenda = preparar_agenda(clinica, pacientes=1)
    cita = agenda.reservar().json
    respuesta = _cambiar(como("veterinario"), {"id": agenda.pacientes[0]}, ana)
    assert "CITAS_REASIGNADAS" in {aviso["codigo"] for aviso in respuesta.json["avisos"]}
    ahora = como("recepcion").get(f"/citas/{cita['id']}").json
    assert (ahora["cliente_id"], ahora["version"]) == (ana, cita["version"] + 1)
    assert como("cliente").get(f"/citas/{cita['id']}").status_code == 404


def test_la_parte_del_cotitular_sale_de_la_del_titular(clinica, como, luna, ana, beto):
    api, carmen = como("recepcion"), str(clinica.cliente_id)
    ruta = f"/pacientes/{luna['id']}/cotitulares"
    primero = api.post(ruta, {"cliente_id": ana, "porcentaje": "30.00"})
    assert primero.status_code == 200, primero.text
    assert _vigentes(api, luna) == {(carmen, "titular", "70.00"), (ana, "cotitular", "30.00")}
    assert api.post(ruta, {"cliente_id": beto, "porcentaje": "69.99"}).status_code == 200
    assert _vigentes(api, luna) == {
        (carmen, "titular", "0.01"), (ana, "cotitular", "30.00"), (beto, "cotitular", "69.99"),
    }  # fmt: skip
    de_ana = next(fila for fila in primero.json["datos"] if fila["cliente_id"] == ana)
    cierre = api.post(f"/titularidades/{de_ana['id']}/cierre")
    assert (cierre.status_code, cierre.json["hasta"]) == (200, "2026-11-23")
    assert _vigentes(api, luna) == {(carmen, "titular", "30.01"), (beto, "cotitular", "69.99")}
    repetido = api.post(f"/titularidades/{de_ana['id']}/cierre")
    assert (repetido.status_code, repetido.json["codigo"]) == (409, "TITULARIDAD_CERRADA")


def test_las_partes_no_pasan_de_cien(como, luna, ana, beto):
    api, ruta = como("recepcion"), f"/pacientes/{luna['id']}/cotitulares"
    assert api.post(ruta, {"cliente_id": ana, "porcentaje": "60"}).status_code == 200
    todo = api.post(ruta, {"cliente_id": beto, "porcentaje": "40"})
    assert (todo.status_code, todo.json["codigo"]) == (422, "PORCENTAJES_NO_SUMAN")
    assert len(_vigentes(api, luna)) == 2
    for mala in ("0", "100", "-1", "33.333"):
        assert api.post(ruta, {"cliente_id": beto, "porcentaje": mala}).status_code == 422


def test_un_titular_no_se_cierra_ni_se_repite(clinica, como, luna, ana):
    api = como("recepcion")
    unica = api.get(f"/pacientes/{luna['id']}/titularidades").json["datos"][0]
    cierre = api.post(f"/titularidades/{unica['id']}/cierre")
    assert (cierre.status_code, cierre.json["codigo"]) == (409, "TITULAR_NO_SE_CIERRA")
    repetido = api.post(f"/pacientes/{luna['id']}/cotitulares", {"cliente_id": str(clinica.cliente_id)})
    assert (repetido.status_code, repetido.json["codigo"]) == (422, "YA_ES_TITULAR")


@pytest.mark.parametrize(("mantener", "quedan"), [(True, 2), (False, 1)])
def test_el_cambio_cierra_las_cotitularidades_salvo_que_se_mantengan(clinica, como, luna, ana, beto, mantener, quedan):
    api = como("veterinario")
    api.post(f"/pacientes/{luna['id']}/cotitulares", {"cliente_id": ana, "porcentaje": "40"})
    assert _cambiar(api, luna, beto, mantener_cotitulares=mantener).status_code == 200
    vigentes = _vigentes(api, luna)
    assert len(vigentes) == quedan
    assert (beto, "titular", "60.00" if mantener else None) in vigentes


def test_el_cotitular_puede_pasar_a_titular(como, luna, ana, beto):
    api = como("veterinario")
    for cliente, parte in ((ana, "40"), (beto, "10")):
        api.post(f"/pacientes/{luna['id']}/cotitulares", {"cliente_id": cliente, "porcentaje": parte})
    assert _cambiar(api, luna, ana, mantener_cotitulares=True).status_code == 200
    assert _vigentes(api, luna) == {(ana, "titular", "90.00"), (beto, "cotitular", "10.00")}


@pytest.mark.lento
def test_diez_cambios_a_la_vez_dejan_un_solo_titular(clinica, como, luna, propietario):
    clientes = [crear_cliente(clinica, telefonos=[{"numero": f"+3461200000{n}"}])["id"] for n in range(10)]
    with ThreadPoolExecutor(10) as hilos:
        codigos = list(hilos.map(lambda uno: _cambiar(como("veterinario"), luna, uno).status_code, clientes))
    assert codigos == [200] * 10
    filas = propietario.execute(
        "SELECT cliente_id::text, hasta FROM titularidades WHERE paciente_id = %s", [luna["id"]]
    ).fetchall()
    assert len(filas) == 11
    vigentes = [cliente for cliente, hasta in filas if hasta is None]
    assert len(vigentes) == 1
    assert vigentes[0] in clientes


def test_la_base_no_admite_dos_titulares_a_la_vez(clinica, luna, ana, propietario):
    alta = (
        "INSERT INTO titularidades (organizacion_id, id, paciente_id, cliente_id, rol, desde, hasta, version, creado_en,"
        " actualizado_en) VALUES (%s, %s, %s, %s, 'titular', %s, %s, 1, now(), now())"
    )
    quien = (clinica.id, uuid4(), luna["id"], ana)
    with pytest.raises(psycopg.errors.ExclusionViolation):
        propietario.execute(alta, (*quien, "2026-11-20", "2026-11-24"))
    with pytest.raises((psycopg.errors.UniqueViolation, psycopg.errors.ExclusionViolation)):
        propietario.execute(alta, (*quien, "2027-01-01", None))
    propietario.execute(alta, (*quien, "2026-01-01", "2026-11-23"))
