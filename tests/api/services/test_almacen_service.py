"""Fila y fichero: en qué orden se escriben, qué queda si algo falla en medio y quién lo limpia."""

import os
import time

import pytest

from app.api.services import adjuntos_service, almacen_service
from app.config import almacen
from app.config.database import transaction
from app.config.settings import get_settings
from app.utils.context import Contexto, iniciar
from tests.api.controllers.test_adjuntos import atendida, subir
from tests.factories import contar, crear_cliente
from tests.muestras import PDF, foto


@pytest.fixture
def luna(clinica) -> str:
    return atendida(clinica)


def dentro(clinica, hacer):
    iniciar(Contexto(organizacion_id=clinica.id))
    with transaction():
        resultado = hacer()
    iniciar(Contexto())
    return resultado


def ficheros(clinica) -> list:
    return [uno for uno in (get_settings().datos / "adjuntos" / str(clinica.id)).rglob("*") if uno.is_file()]


def envejecer(clinica) -> None:
    ayer = time.time() - 25 * 3600
    for uno in ficheros(clinica):
        os.utime(uno, (ayer, ayer))


def test_si_falla_la_fila_sobra_un_fichero_y_se_limpia_pasado_un_dia(clinica, como, luna, monkeypatch):
    def caerse(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(adjuntos_service, "add", caerse)
    with pytest.raises(KeyboardInterrupt):
        subir(como("veterinario"), paciente_id=luna)
    monkeypatch.undo()
    assert (contar("adjuntos", clinica), len(ficheros(clinica))) == (0, 1)
    assert dentro(clinica, almacen_service.limpiar) == 0  # reciente: quizá su fila está a punto de llegar
    envejecer(clinica)
    assert dentro(clinica, almacen_service.limpiar) == 1
    assert ficheros(clinica) == []


def test_si_falla_el_almacen_no_hay_fila(clinica, como, luna, monkeypatch):
    def caerse(*_):
        raise almacen.AlmacenCaido

    monkeypatch.setattr(almacen, "put", caerse)
    respuesta = subir(como("veterinario"), paciente_id=luna)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (503, "NO_DISPONIBLE")
    assert respuesta.headers["Retry-After"]
    assert contar("adjuntos", clinica) == 0


def test_limpiar_respeta_lo_que_es_de_alguien_tambien_lo_dado_de_baja(clinica, como, luna):
    api = como("veterinario")
    subir(api, foto(), "a.jpg", paciente_id=luna)
    de_baja = subir(api, PDF, paciente_id=luna).json["id"]
    api.delete(f"/adjuntos/{de_baja}?motivo=Error", version=1)
    envejecer(clinica)
    assert dentro(clinica, almacen_service.limpiar) == 0
    assert len(ficheros(clinica)) == 3  # el PDF, la foto y su miniatura
    assert dentro(clinica, almacen_service.faltantes) == []


def test_una_subida_repetida_vuelve_a_hacer_reciente_lo_que_sobraba(clinica, como, luna, monkeypatch):
    monkeypatch.setattr(adjuntos_service, "add", lambda _: 1 / 0)
    subir(como("veterinario"), paciente_id=luna)
    monkeypatch.undo()
    envejecer(clinica)
    assert len(dentro(clinica, almacen_service.sobrantes)) == 1
    subir(como("veterinario"), paciente_id=luna)
    assert dentro(clinica, almacen_service.limpiar) == 0


def test_al_anonimizar_a_un_cliente_sus_ficheros_se_suprimen(clinica, como):
    ana = crear_cliente(clinica)["id"]
    suyo = subir(como("recepcion"), cliente_id=ana, nombre="DNI de Ana.pdf").json["id"]
    respuesta = como("administrador").post(f"/clientes/{ana}/anonimizacion", {"motivo": "Lo ha pedido"})
    assert respuesta.status_code == 200, respuesta.text
    assert como("recepcion").get(f"/adjuntos/{suyo}").status_code == 404
    envejecer(clinica)
    assert dentro(clinica, almacen_service.faltantes) == []
    dentro(clinica, almacen_service.limpiar_cada_dia)
    assert ficheros(clinica) == []


def test_el_almacen_se_recorre_una_vez_al_dia(clinica, como, luna, monkeypatch):
    dentro(clinica, almacen_service.limpiar_cada_dia)
    monkeypatch.setattr(adjuntos_service, "add", lambda _: 1 / 0)
    subir(como("veterinario"), paciente_id=luna)
    envejecer(clinica)
    dentro(clinica, almacen_service.limpiar_cada_dia)
    assert len(ficheros(clinica)) == 1
    monkeypatch.setattr(almacen_service, "_limpiadas", {})
    dentro(clinica, almacen_service.limpiar_cada_dia)
    assert ficheros(clinica) == []


def test_la_consola_dice_a_que_adjuntos_les_falta_su_contenido(clinica, como, luna):
    from app.consola import create_app, servet

    id = subir(como("veterinario"), paciente_id=luna).json["id"]
    for uno in ficheros(clinica):
        uno.unlink()
    resultado = create_app().test_cli_runner().invoke(servet, ["revisar-adjuntos"], prog_name="servet")
    assert resultado.exit_code == 1
    assert f"FALTA el contenido del adjunto {id}" in resultado.output


def test_un_contenido_que_falta_se_dice_y_se_sabe_de_quien_es(clinica, como, luna):
    id = subir(como("veterinario"), paciente_id=luna).json["id"]
    for uno in ficheros(clinica):
        uno.unlink()
    assert como("veterinario").get(f"/adjuntos/{id}/contenido").status_code == 503
    assert [str(uno) for uno in dentro(clinica, almacen_service.faltantes)] == [id]
