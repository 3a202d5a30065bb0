"""Con ``clientes_compartidos_entre_sedes`` en falso, cada sede ve sólo los suyos y los que ha atendido."""

from datetime import UTC, datetime

import pytest

from tests.factories import cita_directa, crear_cliente, crear_paciente, datos_cliente, datos_paciente


def _solo_en_madrid(clinica, propietario, rol: str):
    propietario.execute(
        "DELETE FROM usuarios_sedes WHERE usuario_id = %s AND sede_id = %s", [clinica.usuarios[rol], clinica.sede2_id]
    )
    return clinica.como(rol)


@pytest.fixture
def sin_compartir(clinica, propietario):
    """La organización no comparte sus clientes entre sedes."""
    propietario.execute(
        "UPDATE organizaciones SET config = '{\"clientes_compartidos_entre_sedes\": false}' WHERE id = %s", [clinica.id]
    )


@pytest.fixture
def recepcion_mad(clinica, propietario, sin_compartir):
    """Recepción que sólo trabaja en Madrid."""
    return _solo_en_madrid(clinica, propietario, "recepcion")


@pytest.fixture
def canarias(clinica, sin_compartir):
    """Un cliente de Las Palmas y su perro, dados de alta por administración."""
    admin = clinica.como("administrador")
    cliente = admin.post("/clientes", datos_cliente(sede_habitual_id=str(clinica.sede2_id))).json
    perro = admin.post("/pacientes", datos_paciente(clinica, cliente_id=cliente["id"], nombre="Timple"))
    assert perro.status_code == 201, perro.text
    return cliente["id"], perro.json["id"]


def test_no_se_ven_los_clientes_de_otra_sede_ni_sus_pacientes(clinica, recepcion_mad, canarias):
    cliente, perro = canarias
    for ruta in (f"/clientes/{cliente}", f"/pacientes/{perro}", f"/pacientes/{perro}/pesos",
                 f"/clientes/{cliente}/consentimientos-datos", f"/clientes/{cliente}/autorizados"):  # fmt: skip
        assert recepcion_mad.get(ruta).status_code == 404, ruta
        assert clinica.como("administrador").get(ruta).status_code == 200, ruta
    assert cliente not in recepcion_mad.get("/clientes?q=ruiz").text
    assert perro not in recepcion_mad.get("/pacientes?q=timple").text
    assert perro not in recepcion_mad.get("/pacientes").text


def test_una_cita_en_la_sede_deja_ver_al_cliente_y_a_sus_pacientes(clinica, sin_compartir, propietario):
    veterinaria, titular = _solo_en_madrid(clinica, propietario, "veterinario"), str(clinica.cliente_id)
    propietario.execute("UPDATE clientes SET sede_habitual_id = %s WHERE id = %s", [clinica.sede2_id, titular])
    luna = crear_paciente(clinica)["id"]
    assert veterinaria.get(f"/clientes/{titular}").status_code == 404
    assert veterinaria.get(f"/pacientes/{luna}").status_code == 404
    cita_directa(clinica, clinica.sede_id, datetime(2026, 12, 1, 10, tzinfo=UTC), "confirmada")
    assert veterinaria.get(f"/clientes/{titular}").status_code == 200
    assert veterinaria.get(f"/pacientes/{luna}").json["titular"]["id"] == titular
    assert len(veterinaria.get("/citas").json["datos"]) == 1


def test_quien_da_de_alta_vuelve_a_ver_lo_que_dio_de_alta(clinica, recepcion_mad):
    ana = crear_cliente(clinica)
    assert ana["sede_habitual_id"] == str(clinica.sede_id)
    perro = crear_paciente(clinica, cliente_id=ana["id"])
    assert recepcion_mad.get(f"/pacientes/{perro['id']}").status_code == 200


def test_no_se_asigna_un_cliente_a_una_sede_que_no_es_la_propia(clinica, recepcion_mad):
    ajena = recepcion_mad.post("/clientes", datos_cliente(sede_habitual_id=str(clinica.sede2_id)))
    assert ajena.status_code == 404


def test_compartidos_por_defecto(clinica, propietario):
    propietario.execute(
        "DELETE FROM usuarios_sedes WHERE usuario_id = %s AND sede_id = %s",
        [clinica.usuarios["recepcion"], clinica.sede2_id],
    )
    assert clinica.como("recepcion").get(f"/clientes/{clinica.cliente_id}").status_code == 200
