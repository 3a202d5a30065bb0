"""Adjuntos en el portal, y el enlace firmado: quién ve qué, y desde cuándo deja de verlo."""

import time
from datetime import datetime
from urllib.parse import urlsplit

import jwt
import pytest

from app.utils.authentication import forget_identities
from app.utils.enlaces_firmados import DURACION_S
from app.utils.firmas import sign
from tests.api.controllers.test_adjuntos import atendida, subir
from tests.factories import Api, crear_cliente, crear_paciente
from tests.muestras import PDF, foto

VISIBLES = {
    "id", "paciente_id", "consulta_id", "cliente_id", "nombre", "tipo_mime", "bytes", "ancho", "alto", "publicado_en",
    "creado_en", "version", "avisos",
}  # fmt: skip


@pytest.fixture
def luna(clinica) -> str:
    return atendida(clinica)


@pytest.fixture
def publicado(como, luna) -> str:
    id = subir(como("veterinario"), foto(), "rx.jpg", paciente_id=luna).json["id"]
    assert como("veterinario").post(f"/adjuntos/{id}/publicacion").status_code == 200
    return id


def camino(enlace: dict) -> str:
    partes = urlsplit(enlace["url"])
    return f"{partes.path}?{partes.query}"


def test_el_titular_ve_lo_publicado_y_lo_que_subio_y_nada_mas(como, luna, publicado):
    subir(como("veterinario"), paciente_id=luna)
    subir(como("recepcion"), paciente_id=luna)
    cliente = como("cliente")
    suyo = subir(cliente, PDF + b"\n", "de otra clínica.pdf", paciente_id=luna)
    assert suyo.status_code == 201, suyo.text
    assert set(suyo.json) == VISIBLES
    for ruta in (f"/pacientes/{luna}/adjuntos", "/adjuntos"):
        vistos = cliente.get(ruta).json["datos"]
        assert {uno["id"] for uno in vistos} == {publicado, suyo.json["id"]}
        assert set(vistos[0]) == VISIBLES


def test_lo_que_se_retira_deja_de_verse(como, publicado):
    cliente = como("cliente")
    assert cliente.get(f"/adjuntos/{publicado}/miniatura").status_code == 200
    assert como("veterinario").post(f"/adjuntos/{publicado}/retirada").json["publicado_en"] is None
    for resto in ("", "/contenido", "/miniatura"):
        assert cliente.get(f"/adjuntos/{publicado}{resto}").status_code == 404
    assert cliente.post(f"/adjuntos/{publicado}/enlace").status_code == 404


def test_el_titular_no_sube_a_lo_que_no_es_suyo(clinica, como):
    ana = crear_cliente(clinica)["id"]
    ajena = crear_paciente(clinica, cliente_id=ana)["id"]
    assert subir(como("cliente"), paciente_id=ajena).status_code == 404
    assert subir(como("cliente"), cliente_id=ana).status_code == 404
    assert subir(como("cliente"), cliente_id=str(clinica.cliente_id)).status_code == 201


def test_lo_que_sube_el_titular_lo_ve_la_clinica_y_no_el_titular_siguiente(clinica, como, luna):
    suyo = subir(como("cliente"), paciente_id=luna).json["id"]
    leido = como("veterinario").get(f"/adjuntos/{suyo}").json
    assert (leido["clase"], leido["subido_por_cliente_id"]) == ("clinico", str(clinica.cliente_id))
    ana = crear_cliente(clinica)["id"]
    assert como("administrador").post(f"/pacientes/{luna}/cambio-titular", {"cliente_id": ana}).status_code == 200
    assert como("cliente").get(f"/adjuntos/{suyo}").status_code == 404


def test_el_enlace_descarga_sin_token_y_dura_cinco_minutos(clinica, como, publicado):
    respuesta = como("cliente").post(f"/adjuntos/{publicado}/enlace")
    assert respuesta.status_code == 200, respuesta.text
    queda = datetime.fromisoformat(respuesta.json["expira_en"]).timestamp() - time.time()
    assert DURACION_S - 5 < queda <= DURACION_S == 300
    descarga = clinica.anonimo.get(camino(respuesta.json))
    assert (descarga.status_code, descarga.headers["Content-Type"]) == (200, "image/jpeg")


def test_quien_deja_de_ser_titular_pierde_el_enlace_al_instante(clinica, como, luna, publicado):
    enlace = camino(como("cliente").post(f"/adjuntos/{publicado}/enlace").json)
    assert clinica.anonimo.get(enlace).status_code == 200
    ana = crear_cliente(clinica)["id"]
    como("administrador").post(f"/pacientes/{luna}/cambio-titular", {"cliente_id": ana})
    assert clinica.anonimo.get(enlace).status_code == 404


def test_retirar_o_dar_de_baja_tambien_acaba_con_el_enlace(clinica, como, publicado):
    del_titular = camino(como("cliente").post(f"/adjuntos/{publicado}/enlace").json)
    del_veterinario = camino(como("veterinario").post(f"/adjuntos/{publicado}/enlace").json)
    como("veterinario").post(f"/adjuntos/{publicado}/retirada")
    assert clinica.anonimo.get(del_titular).status_code == 404
    assert clinica.anonimo.get(del_veterinario).status_code == 200
    como("veterinario").delete(f"/adjuntos/{publicado}?motivo=Error", version="*", headers={"If-Match": "*"})
    assert clinica.anonimo.get(del_veterinario).status_code == 404


def test_a_quien_se_bloquea_se_le_acaban_los_enlaces(clinica, como, publicado):
    enlace = camino(como("veterinario").post(f"/adjuntos/{publicado}/enlace").json)
    como("administrador").post(f"/usuarios/{clinica.usuarios['veterinario']}/bloqueo")
    forget_identities()
    assert clinica.anonimo.get(enlace).status_code == 401


def carga(clinica, id: str, **cambios) -> dict:
    ahora = int(time.time())
    base = {
        "org": str(clinica.id), "sub": str(clinica.usuarios["veterinario"]), "tipo": "usuario", "iat": ahora,
        "sid": jwt.decode(clinica.tokens["veterinario"], options={"verify_signature": False})["sid"],
        "exp": ahora + 300, "ruta": f"/api/v1/adjuntos/{id}/contenido",
    }  # fmt: skip
    return {clave: valor for clave, valor in {**base, **cambios}.items() if valor is not ...}


def test_una_firma_que_no_es_exactamente_esa_no_vale(clinica, como, luna, publicado):
    otro = subir(como("veterinario"), paciente_id=luna).json["id"]
    buena = camino(como("veterinario").post(f"/adjuntos/{publicado}/enlace").json)
    firma = buena.partition("firma=")[2]
    base = f"/adjuntos/{publicado}/contenido?firma="
    malas = [
        buena.replace(publicado, otro),
        f"{base}{firma[:-4]}AAAA",
        f"{base}{firma}&firma={firma}",
        base,
        base + "x" * 5000,
        base + sign(carga(clinica, publicado, exp=int(time.time()) - 1), "enlace+jwt"),
        base + sign(carga(clinica, publicado, exp=...), "enlace+jwt"),
        base + sign(carga(clinica, publicado), "at+jwt"),
        base + clinica.tokens["veterinario"],
    ]
    for mala in malas:
        assert clinica.anonimo.get(mala).json["codigo"] == "NO_AUTENTICADO", mala
    assert clinica.anonimo.get(base + sign(carga(clinica, publicado), "enlace+jwt")).status_code == 200


def test_un_enlace_no_sirve_para_nada_mas(clinica, como, publicado):
    firma = como("veterinario").post(f"/adjuntos/{publicado}/enlace").json["url"].partition("firma=")[2]
    for ruta in (f"/adjuntos/{publicado}", f"/adjuntos/{publicado}/miniatura", "/pacientes"):
        assert clinica.anonimo.get(f"{ruta}?firma={firma}").status_code == 401
    assert Api(clinica.flask, firma).get(f"/adjuntos/{publicado}").status_code == 401
