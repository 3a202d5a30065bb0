"""La receta y la cartilla impresas, la curva de peso y su verificación, por HTTP."""

import base64
import json
from io import BytesIO
from urllib.parse import urlsplit
from uuid import uuid4

import jwt
import pypdfium2
import pytest
import zxingcpp
from jwt.algorithms import OKPAlgorithm
from pypdf import PdfReader

from app.utils.firmas import sign
from app.utils.tokens import forget_keys
from tests.factories import crear_cliente, crear_paciente
from tests.recetario import con_telefono, crear_medicamento, datos_receta, emitida, linea, paciente_pesado, recetar
from tests.vacunas import crear_vacuna, puesta

RELOJ_CADUCADA = "2027-12-01T10:00:00+01:00"


@pytest.fixture
def receta(clinica) -> dict:
    con_telefono(clinica)
    paciente = paciente_pesado(clinica, nombre="Łucja Ñu")
    medicamento = crear_medicamento(clinica, "Cefalexina Őrség 250 mg comprimidos", num_registro="1234 ESP")
    return emitida(clinica, datos_receta(paciente, linea(medicamento)))


def leido(crudo: bytes) -> str:
    return " ".join(" ".join(pagina.extract_text() for pagina in PdfReader(BytesIO(crudo)).pages).split())


def codigo(crudo: bytes) -> str:
    """Lo que dice el QR de la primera página, leído como lo leería un teléfono."""
    imagen = pypdfium2.PdfDocument(crudo)[0].render(scale=3).to_pil()
    (hallado,) = zxingcpp.read_barcodes(imagen)
    return hallado.text


def verificar(clinica, url: str, **opciones) -> dict:
    partes = urlsplit(url)
    respuesta = clinica.anonimo.get(f"{partes.path}?{partes.query}", **opciones)
    assert respuesta.status_code == 200, respuesta.text
    return respuesta.json


def test_la_receta_en_pdf_dice_lo_que_se_firmo(como, receta):
    respuesta = como("veterinario").get(f"/recetas/{receta['id']}/documento")
    assert respuesta.status_code == 200, respuesta.text
    assert respuesta.headers["Content-Type"] == "application/pdf"
    assert respuesta.headers["Content-Disposition"].startswith("attachment; filename=receta-")
    texto = leido(respuesta.data)
    for dicho in (
        receta["numero"], "Receta veterinaria ordinaria", "Łucja Ñu", "Cefalexina Őrség 250 mg comprimidos",
        "1234 ESP", "1,5 comprimidos por vía oral cada 12 horas durante 7 días", "Pioderma superficial",
        "Dar con comida", "N.º de colegiado 2801234", "+34910000000", "Carmen Núñez Prado", "23/11/2026",
        "plataforma homologada", "Página 1 de 1",
    ):  # fmt: skip
        assert dicho in texto, (dicho, texto)


def test_el_mismo_documento_da_los_mismos_bytes(como, receta):
    una, otra = (como(rol).get(f"/recetas/{receta['id']}/documento").data for rol in ("veterinario", "cliente"))
    assert una == otra


def test_en_json_o_en_pdf_segun_se_pida(como, receta):
    api, ruta = como("veterinario"), f"/recetas/{receta['id']}/documento"
    leida = api.get(f"{ruta}?formato=json").json
    assert (leida["numero"], leida["huella"]) == (receta["numero"], receta["huella"])
    assert api.get(ruta, headers={"Accept": "application/json"}).json == leida
    for cabecera in ("*/*", "application/pdf", "text/html, application/pdf;q=0.9, application/json;q=0.1"):
        assert api.get(ruta, headers={"Accept": cabecera}).data.startswith(b"%PDF")
    assert api.get(f"{ruta}?formato=pdf", headers={"Accept": "application/json"}).data.startswith(b"%PDF")
    assert api.get(f"{ruta}?formato=doc").status_code == 422


def test_un_borrador_no_se_imprime(clinica, como):
    borrador = recetar(clinica, datos_receta(paciente_pesado(clinica), linea(crear_medicamento(clinica)))).json["id"]
    assert como("veterinario").get(f"/recetas/{borrador}/documento").json["codigo"] == "TRANSICION_INVALIDA"


def test_el_codigo_dice_si_es_autentica_y_si_vale_sin_datos_de_nadie(clinica, como, receta):
    crudo = como("veterinario").get(f"/recetas/{receta['id']}/documento").data
    url = codigo(crudo)
    assert url == como("veterinario").get(f"/recetas/{receta['id']}/documento?formato=json").json["qr"]
    dicho = verificar(clinica, url)
    assert dicho == {
        "autentico": True, "tipo": "receta", "numero": receta["numero"], "fecha": "2026-11-23",
        "emisor": dicho["emisor"], "vigente": True,
    }  # fmt: skip
    assert "Clínica de prueba" in dicho["emisor"]
    carga = json.loads(base64.urlsafe_b64decode(url.split(".")[-2] + "=="))
    assert set(carga) == {"t", "n", "f", "h", "o", "i"}
    assert verificar(clinica, url, reloj=RELOJ_CADUCADA)["vigente"] is False


def test_una_receta_anulada_sigue_siendo_autentica_y_no_vale(clinica, como, receta):
    ruta = f"/recetas/{receta['id']}/documento"
    url = codigo(como("veterinario").get(ruta).data)
    assert como("veterinario").post(f"/recetas/{receta['id']}/anulacion", {"motivo": "Error"}).status_code == 200
    dicho = verificar(clinica, url)
    assert (dicho["autentico"], dicho["vigente"]) == (True, False)
    assert "ANULADA" in leido(como("veterinario").get(ruta).data)


def test_se_verifica_sin_conexion_con_las_claves_publicas(clinica, como, receta):
    sello = codigo(como("veterinario").get(f"/recetas/{receta['id']}/documento").data).partition("?d=")[2]
    claves = {una["kid"]: una for una in clinica.anonimo.get("/documentos/claves").json["keys"]}
    cabecera = jwt.get_unverified_header(sello)
    assert cabecera["typ"] == "documento+jwt"
    publica = OKPAlgorithm.from_jwk(claves[cabecera["kid"]])
    assert jwt.decode(sello, publica, algorithms=["EdDSA"])["n"] == receta["numero"]


def test_lo_impreso_se_verifica_aunque_su_clave_se_retirara(clinica, como, receta, propietario):
    url = como("veterinario").get(f"/recetas/{receta['id']}/documento?formato=json").json["qr"]
    kid = jwt.get_unverified_header(url.partition("?d=")[2])["kid"]
    propietario.execute("UPDATE claves_firma SET retirada_en = now() - interval '1 hour' WHERE kid = %s", [kid])
    forget_keys()
    try:
        assert verificar(clinica, url)["autentico"] is True
        assert kid not in {una["kid"] for una in clinica.anonimo.get("/.well-known/jwks.json").json["keys"]}
        assert kid in {una["kid"] for una in clinica.anonimo.get("/documentos/claves").json["keys"]}
    finally:
        propietario.execute("UPDATE claves_firma SET retirada_en = NULL WHERE kid = %s", [kid])
        forget_keys()


def test_un_sello_que_no_es_nuestro_no_dice_nada(clinica, como, receta):
    url = como("veterinario").get(f"/recetas/{receta['id']}/documento?formato=json").json["qr"]
    nada = dict.fromkeys(("tipo", "numero", "fecha", "emisor", "vigente")) | {"autentico": False}
    base, _, sello = url.partition("?d=")
    otro_tipo = sign({"t": "receta"}, "enlace+jwt")
    for malo in (sello[:-6] + "AAAAAA", "x", "e30.e30.AA", clinica.tokens["veterinario"], otro_tipo):
        assert verificar(clinica, f"{base}?d={malo}") == nada, malo
    assert clinica.anonimo.get("/documentos/verificacion").status_code == 422


def test_el_titular_imprime_la_suya_y_no_otras(clinica, como, receta):
    assert como("cliente").get(f"/recetas/{receta['id']}/documento").data.startswith(b"%PDF")
    ana = crear_cliente(clinica)["id"]
    ajena = emitida(clinica, datos_receta(paciente_pesado(clinica, cliente_id=ana), linea(crear_medicamento(clinica))))
    assert como("cliente").get(f"/recetas/{ajena['id']}/documento").status_code == 404


@pytest.fixture
def vacunado(clinica, como) -> str:
    id = paciente_pesado(clinica, nombre="Łucja Ñu", microchip="941000012345678")
    puesta(clinica, id, crear_vacuna(clinica, "rabia", fabricante="Őrség Vet"), "2026-06-01")
    for n, peso in enumerate(("21.5", "22.4")):
        cuerpo = {"peso_kg": peso, "metodo": "bascula", "medido_en": f"2026-0{n + 5}-10T10:00:00+02:00"}
        assert como("veterinario").post(f"/pacientes/{id}/pesos", cuerpo).status_code == 201
    return id


@pytest.mark.parametrize("rol", ["veterinario", "recepcion", "cliente"])
def test_la_cartilla_en_pdf_dice_lo_que_consta(clinica, como, vacunado, rol):
    respuesta = como(rol).get(f"/pacientes/{vacunado}/cartilla")
    assert respuesta.status_code == 200, respuesta.text
    texto = leido(respuesta.data)
    for dicho in (
        "Cartilla sanitaria", "Łucja Ñu", "941000012345678", "Vacuna rabia", "A123B", "01/06/2026", "Curva de peso",
        "Col. 2801234", "No consta ninguna.",
    ):  # fmt: skip
        assert dicho in texto, (dicho, texto)
    dicho = verificar(clinica, codigo(respuesta.data))
    assert (dicho["autentico"], dicho["tipo"], dicho["vigente"]) == (True, "cartilla", None)


def test_la_cartilla_de_otro_no_existe(clinica, como, vecina):
    assert como("cliente").get(f"/pacientes/{uuid4()}/cartilla").status_code == 404
    ajeno = crear_paciente(clinica, cliente_id=crear_cliente(clinica)["id"])["id"]
    assert como("cliente").get(f"/pacientes/{ajeno}/cartilla").status_code == 404
    assert como("veterinario").get(f"/pacientes/{crear_paciente(vecina)['id']}/cartilla").status_code == 404


def test_la_curva_de_peso_es_un_svg_que_se_descarga(como, vacunado):
    respuesta = como("cliente").get(f"/pacientes/{vacunado}/pesos/curva")
    assert respuesta.headers["Content-Type"].startswith("image/svg+xml")
    assert respuesta.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in respuesta.headers["Content-Security-Policy"]
    svg = respuesta.data.decode()
    assert "Peso de Łucja Ñu" in svg
    assert svg.count("<circle") == 3
    assert "<script" not in svg


def test_un_nombre_con_marcas_no_se_cuela_en_el_svg(clinica, como):
    id = crear_paciente(clinica, nombre="<script>alert(1)</script>")["id"]
    svg = como("veterinario").get(f"/pacientes/{id}/pesos/curva").data
    assert b"<script" not in svg
    assert b"Sin pesadas" in svg
