"""Editar es dos viajes: leer bloqueando, y escribir, releer y confirmar. Lo que falle no deja nada escrito."""

import pytest

from app.api.models.paciente import Paciente
from app.api.services import pacientes_service
from app.config.connections import get_pool
from app.config.database import transaction
from app.utils import encoding
from app.utils.context import Contexto, iniciar
from app.utils.errors import ConflictoConcurrente
from app.utils.records import Reread, change, find
from tests.factories import crear_cliente, crear_paciente


@pytest.fixture
def asientos(clinica):
    """Cuántos asientos de auditoría tiene la clínica."""

    def contar() -> int:
        return clinica.como("administrador").get("/auditoria?total=true&limite=1").json["total"]

    return contar


def test_editar_son_dos_viajes_y_el_segundo_confirma(clinica, sentencias):
    paciente, veterinario = crear_paciente(clinica), clinica.como("veterinario")
    veterinario.get("/yo")  # quién pide ya está leído
    sentencias.clear()
    respuesta = veterinario.patch(f"/pacientes/{paciente['id']}", {"nombre": "Nala"}, version=1)
    assert (respuesta.status_code, respuesta.json["nombre"], respuesta.headers["ETag"]) == (200, "Nala", '"2"')
    assert sentencias.viajes == 2
    assert sentencias[-1].startswith("SELECT auditoria_anotar")


def test_lo_que_la_base_rechaza_no_deja_nada(clinica, como, asientos):
    chip = "941000024680135"
    crear_paciente(clinica, microchip=chip)
    otro = crear_paciente(clinica, nombre="Otro", microchip=None)
    antes = asientos()
    cambios = {"nombre": "Nala", "microchip": chip}
    respuesta = como("veterinario").patch(f"/pacientes/{otro['id']}", cambios, version=otro["version"])
    assert (respuesta.status_code, respuesta.json["codigo"]) == (409, "MICROCHIP_DUPLICADO")
    assert get_pool()._libres[-1].idle
    leido = como("veterinario").get(f"/pacientes/{otro['id']}").json
    assert (leido["nombre"], leido["version"], asientos()) == ("Otro", otro["version"], antes)


def test_una_version_vieja_no_escribe_ni_deja_asiento(clinica, como, asientos):
    cliente = crear_cliente(clinica)
    como("recepcion").patch(f"/clientes/{cliente['id']}", {"nombre": "Eva"}, version=1)
    antes = asientos()
    assert como("recepcion").patch(f"/clientes/{cliente['id']}", {"nombre": "Sara"}, version=1).status_code == 412
    assert (como("recepcion").get(f"/clientes/{cliente['id']}").json["nombre"], asientos()) == ("Eva", antes)


def test_lo_que_otro_cambio_sin_que_estuviera_bloqueado_no_se_confirma(clinica, propietario, asientos):
    paciente, antes = crear_paciente(clinica), asientos()
    iniciar(Contexto(organizacion_id=clinica.id))

    def cambiar() -> None:
        with transaction():
            suyo = find(Paciente, paciente["id"])
            propietario.execute("UPDATE pacientes SET version = version + 1 WHERE id = %s", [paciente["id"]])
            change(suyo, {"nombre": "Nala"})
            Reread(pacientes_service.obtener, paciente["id"]).last()

    with pytest.raises(ConflictoConcurrente):
        cambiar()
    iniciar(Contexto())
    assert clinica.como("recepcion").get(f"/pacientes/{paciente['id']}").json["nombre"] == paciente["nombre"]
    assert asientos() == antes


def test_quien_saca_un_registro_de_lo_que_ve_no_lo_cambia(clinica, propietario, asientos):
    propietario.execute(
        "UPDATE organizaciones SET config = '{\"clientes_compartidos_entre_sedes\": false}' WHERE id = %s", [clinica.id]
    )
    propietario.execute(
        "DELETE FROM usuarios_sedes WHERE usuario_id = %s AND sede_id = %s",
        [clinica.usuarios["recepcion"], clinica.sede2_id],
    )
    recepcion = clinica.como("recepcion")
    cliente = crear_cliente(clinica, sede_habitual_id=str(clinica.sede_id))
    antes = asientos()
    fuera = recepcion.patch(f"/clientes/{cliente['id']}", {"nombre": "Eva", "sede_habitual_id": None}, version=1)
    assert (fuera.status_code, fuera.json["codigo"]) == (404, "NO_ENCONTRADO")
    leido = recepcion.get(f"/clientes/{cliente['id']}").json
    assert (leido["nombre"], leido["version"], asientos()) == (cliente["nombre"], 1, antes)


def test_lo_confirmado_que_no_se_puede_mostrar_es_un_500_de_algo_hecho(clinica, como, monkeypatch):
    """La consecuencia aceptada (0023): como si la respuesta se perdiera por el camino."""
    cliente, bien = crear_cliente(clinica), encoding._codificador

    def mal(_valor):
        raise RuntimeError("no se puede escribir")

    monkeypatch.setattr(encoding, "_codificador", type("Roto", (), {"encode": staticmethod(mal)}))
    assert como("recepcion").patch(f"/clientes/{cliente['id']}", {"nombre": "Eva"}, version=1).status_code == 500
    monkeypatch.setattr(encoding, "_codificador", bien)
    assert como("recepcion").get(f"/clientes/{cliente['id']}").json["nombre"] == "Eva"
    assert como("recepcion").patch(f"/clientes/{cliente['id']}", {"nombre": "Sara"}, version=1).status_code == 412
