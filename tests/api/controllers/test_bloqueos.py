"""Dos a la vez sobre el mismo cliente: quien lo cierra gana, y nada queda colgado de una ficha cerrada."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.factories import crear_cliente, crear_paciente

CIERRES = {
    "fusionado": "estado = 'fusionado', activo = false, fusionado_en_id = %(con)s",
    "anonimizado": "estado = 'anonimizado', activo = false",
    "inactivo": "estado = 'inactivo', activo = false",
}


@pytest.fixture
def ana(clinica):
    return crear_cliente(clinica)["id"]


def _esperando(conexion) -> bool:
    return conexion.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    ).fetchone()[0]


def mientras_se_cierra(propietario, cliente, con, cierre, pedir):
    """Pide con el cliente a medio cerrar en otra transacción, que confirma cuando la petición ya espera."""
    with (
        psycopg.connect(os.environ["SERVET_DATABASE_URL_PROPIETARIO"]) as otra,
        ThreadPoolExecutor(1) as hilo,
    ):
        otra.execute("SELECT id FROM clientes WHERE id = %s FOR UPDATE", [cliente])
        respuesta = hilo.submit(pedir)
        limite = time.monotonic() + 5
        while not _esperando(propietario) and not respuesta.done():
            assert time.monotonic() < limite, "La petición ni espera ni acaba"
            time.sleep(0.02)
        otra.execute(f"UPDATE clientes SET {CIERRES[cierre]} WHERE id = %(id)s", {"id": cliente, "con": con})
        otra.commit()
        return respuesta.result(10)


@pytest.mark.parametrize("cierre", CIERRES)
@pytest.mark.parametrize("accion", ["cambio-titular", "cotitulares", "autorizados", "usuarios"])
def test_nada_se_cuelga_de_un_cliente_que_se_esta_cerrando(clinica, propietario, ana, accion, cierre):
    luna = crear_paciente(clinica)["id"]
    queda = crear_cliente(clinica, nombre="Ana María")["id"]
    api = clinica.como("administrador")
    pedir = {
        "cambio-titular": lambda: api.post(f"/pacientes/{luna}/cambio-titular", {"cliente_id": ana}),
        "cotitulares": lambda: api.post(f"/pacientes/{luna}/cotitulares", {"cliente_id": ana}),
        "autorizados": lambda: api.post(
            f"/clientes/{clinica.cliente_id}/autorizados", {"nombre": "Ana", "cliente_autorizado_id": ana}
        ),
        "usuarios": lambda: api.post(
            "/usuarios", {"email": "ana@casa.test", "nombre": "Ana", "roles": ["cliente"], "cliente_id": ana}
        ),
    }[accion]
    respuesta = mientras_se_cierra(propietario, ana, queda, cierre, pedir)
    if accion == "autorizados" and cierre == "inactivo":
        # Dado de baja no es cerrado: su ficha admite cambios.
        assert respuesta.status_code == 201, respuesta.text
        return
    assert respuesta.status_code == 409, respuesta.text
    assert respuesta.json["codigo"] in {"CLIENTE_NO_ACTIVO", "CLIENTE_CERRADO"}
    colgadas = propietario.execute(
        "SELECT (SELECT count(*) FROM titularidades WHERE cliente_id = %(id)s)"
        " + (SELECT count(*) FROM usuarios WHERE cliente_id = %(id)s)"
        " + (SELECT count(*) FROM autorizados WHERE cliente_autorizado_id = %(id)s)",
        {"id": ana},
    ).fetchone()[0]
    assert colgadas == 0


@pytest.mark.lento
def test_autorizarse_el_uno_al_otro_a_la_vez_no_se_interbloquea(clinica, propietario, ana):
    api, carmen = clinica.como("recepcion"), str(clinica.cliente_id)
    consulta = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    antes = propietario.execute(consulta).fetchone()[0]
    pares = [(ana, carmen), (carmen, ana)] * 15
    with ThreadPoolExecutor(8) as hilos:
        estados = list(
            hilos.map(
                lambda par: api.post(f"/clientes/{par[0]}/autorizados", {"cliente_autorizado_id": par[1]}).status_code,
                pares,
            )
        )
    assert set(estados) == {201}
    propietario.execute("SELECT pg_stat_force_next_flush()")
    assert propietario.execute(consulta).fetchone()[0] == antes
