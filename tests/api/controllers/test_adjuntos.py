"""Adjuntos por HTTP: subir, leer, descargar, publicar y dar de baja."""

from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image

from app.config.settings import get_settings
from tests.factories import Api, crear_cliente, crear_paciente
from tests.muestras import PDF, bomba_zip, foto, foto_con_lugar, oficina, png_de


def subir(api: Api, contenido: bytes = PDF, nombre: str = "informe.pdf", tipo: str | None = None, **campos):
    parte = (BytesIO(contenido), nombre, tipo) if tipo else (BytesIO(contenido), nombre)
    opciones = {clave: campos.pop(clave) for clave in ("clave", "headers") if clave in campos}
    return api.post("/adjuntos", data={"fichero": parte, **campos}, **opciones)


def atendida(clinica, **cambios) -> str:
    """Una paciente que la veterinaria ha pesado: puede leer su historia sin decir por qué."""
    id = crear_paciente(clinica, **cambios)["id"]
    clinica.como("veterinario").post(f"/pacientes/{id}/pesos", {"peso_kg": "12.400", "metodo": "bascula"})
    return id


@pytest.fixture
def luna(clinica) -> str:
    return atendida(clinica)


def en_disco() -> set[Path]:
    return {uno for uno in (get_settings().datos / "adjuntos").rglob("*") if uno.is_file()}


def test_se_sube_se_lee_y_se_descarga(como, luna):
    api = como("veterinario")
    respuesta = subir(api, paciente_id=luna, etiquetas=["analítica", "2026"])
    assert respuesta.status_code == 201, respuesta.text
    adjunto = respuesta.json
    assert (adjunto["nombre"], adjunto["tipo_mime"], adjunto["bytes"]) == ("informe.pdf", "application/pdf", len(PDF))
    assert (adjunto["clase"], adjunto["etiquetas"], adjunto["avisos"]) == ("clinico", ["analítica", "2026"], [])
    assert adjunto["sha256"] == sha256(PDF).hexdigest()
    assert api.get(respuesta.headers["Location"]).json == {**adjunto, "avisos": []}
    assert [uno["id"] for uno in api.get(f"/pacientes/{luna}/adjuntos").json["datos"]] == [adjunto["id"]]
    contenido = api.get(f"/adjuntos/{adjunto['id']}/contenido")
    assert (contenido.data, contenido.headers["Content-Type"]) == (PDF, "application/pdf")


def test_siempre_se_descarga_y_nunca_se_muestra(como, luna):
    api = como("veterinario")
    nombre = 'Informe de Ñu — 50%; "filename=x.html".pdf'
    id = subir(api, nombre=nombre, paciente_id=luna).json["id"]
    cabeceras = api.get(f"/adjuntos/{id}/contenido").headers
    assert cabeceras["Content-Disposition"].startswith("attachment; filename=")
    assert "filename*=UTF-8''Informe%20de%20%C3%91u%20" in cabeceras["Content-Disposition"]
    assert cabeceras["X-Content-Type-Options"] == "nosniff"
    assert cabeceras["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert cabeceras["Cache-Control"] == "no-store"


def test_se_descarga_por_trozos_y_con_etag(como, luna):
    api = como("veterinario")
    camino = f"/adjuntos/{subir(api, paciente_id=luna).json['id']}/contenido"
    etag = api.get(camino).headers["ETag"]
    assert api.get(camino, headers={"If-None-Match": etag}).status_code == 304
    trozo = api.get(camino, headers={"Range": "bytes=0-3"})
    assert (trozo.status_code, trozo.data, trozo.headers["Content-Range"]) == (206, b"%PDF", f"bytes 0-3/{len(PDF)}")
    imposible = api.get(camino, headers={"Range": "bytes=999999-"})
    assert (imposible.status_code, imposible.data) == (200, PDF)


def test_una_foto_se_guarda_limpia_y_con_miniatura(como, luna):
    api = como("veterinario")
    adjunto = subir(api, foto_con_lugar(), "IMG_0001.jpg", paciente_id=luna).json
    assert (adjunto["ancho"], adjunto["alto"]) == (40, 60)
    assert b"secreta" not in api.get(f"/adjuntos/{adjunto['id']}/contenido").data
    miniatura = api.get(f"/adjuntos/{adjunto['id']}/miniatura")
    assert miniatura.headers["Content-Type"] == "image/webp"
    assert Image.open(BytesIO(miniatura.data)).format == "WEBP"
    otro = subir(api, paciente_id=luna).json["id"]
    assert api.get(f"/adjuntos/{otro}/miniatura").json["codigo"] == "SIN_MINIATURA"


def test_el_tipo_lo_dice_el_contenido_y_se_avisa_si_se_decia_otro(como, luna):
    adjunto = subir(como("veterinario"), PDF, "foto.jpg", "image/jpeg", paciente_id=luna).json
    assert (adjunto["tipo_mime"], adjunto["nombre"]) == ("application/pdf", "foto.jpg.pdf")
    assert [uno["codigo"] for uno in adjunto["avisos"]] == ["TIPO_DISTINTO"]


@pytest.mark.parametrize(
    ("nombre", "queda"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("a" * 4000 + ".pdf", "a" * 146 + ".pdf"),
        ("", "adjunto.pdf"),
        ("..", "adjunto.pdf"),
    ],
)
def test_el_nombre_no_decide_nada(como, luna, nombre, queda):
    antes = en_disco()
    respuesta = subir(como("veterinario"), PDF + b"\n" * (len(nombre) % 99 + 2), nombre, paciente_id=luna)
    assert respuesta.json["nombre"] == queda
    (nuevo,) = en_disco() - antes
    assert nuevo.name == respuesta.json["sha256"]


def test_un_nul_en_el_nombre_no_rompe_nada(como, luna):
    crudo = (
        f'--x\r\nContent-Disposition: form-data; name="paciente_id"\r\n\r\n{luna}\r\n--x\r\nContent-Disposition: '
        'form-data; name="fichero"; filename="lu\0na.txt"\r\n\r\nhola\r\n--x--\r\n'
    ).encode()
    respuesta = como("veterinario").post("/adjuntos", data=crudo, content_type="multipart/form-data; boundary=x")
    assert respuesta.status_code in (201, 400, 422), respuesta.text
    assert respuesta.status_code != 201 or "\0" not in respuesta.json["nombre"]


MALOS = {
    "html": (b"<html><script>alert(1)</script></html>", "FICHERO_NO_ADMITIDO"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "FICHERO_NO_ADMITIDO"),
    "vacio": (b"", "FICHERO_NO_ADMITIDO"),
    "bomba": (bomba_zip(megas=2), "FICHERO_NO_ADMITIDO"),
    "poliglota": (PDF + oficina(), "FICHERO_NO_ADMITIDO"),
    "enorme": (png_de(50_000, 50_000), "IMAGEN_DEMASIADO_GRANDE"),
}


@pytest.mark.parametrize("caso", MALOS)
def test_lo_que_no_se_admite_no_deja_rastro(como, luna, caso, monkeypatch):
    monkeypatch.setattr("app.utils.contenidos_zip.DESCOMPRIMIDO_MAXIMO", 1024 * 1024)
    antes = en_disco()
    contenido, codigo = MALOS[caso]
    respuesta = subir(como("veterinario"), contenido, "foto.png", "image/png", paciente_id=luna)
    assert (respuesta.status_code, respuesta.json["codigo"]) == (422, codigo)
    assert respuesta.json["errores"][0]["campo"] == "/fichero"
    assert en_disco() == antes


def test_pasar_del_limite_es_413_y_en_el_limite_cabe(como, luna, monkeypatch):
    monkeypatch.setattr(get_settings(), "limite_adjunto", len(PDF))
    assert subir(como("veterinario"), paciente_id=luna).status_code == 201
    assert subir(como("veterinario"), PDF + b"\n", paciente_id=luna).json["codigo"] == "DEMASIADO_GRANDE"
    monkeypatch.setattr(get_settings(), "limite_cuerpo", 10)
    assert subir(como("veterinario"), PDF * 9, paciente_id=luna).status_code == 413


@pytest.mark.parametrize(
    ("campos", "campo", "codigo"),
    [
        ({}, "/", "VINCULO_UNICO"),
        ({"paciente_id": "P", "cliente_id": "C"}, "/", "VINCULO_UNICO"),
        ({"paciente_id": "x"}, "/paciente_id", "UUID_PARSING"),
        ({"paciente_id": ["P", "P"]}, "/paciente_id", "PARAMETRO_REPETIDO"),
        ({"paciente_id": "P", "clase": "secreta"}, "/clase", "ENUM"),
        ({"paciente_id": "P", "etiquetas": ["a"] * 11}, "/etiquetas", "TOO_LONG"),
        ({"paciente_id": "P", "etiquetas": ["a\x07"]}, "/etiquetas/0", "CARACTER_DE_CONTROL"),
        ({"paciente_id": "P", "otro": "1"}, "/otro", "CAMPO_DESCONOCIDO"),
        ({"cliente_id": "C", "clase": "clinico"}, "/clase", "CLASE_INADECUADA"),
    ],
)
def test_los_campos_se_comprueban(clinica, como, luna, campos, campo, codigo):
    valores = {"P": luna, "C": str(clinica.cliente_id)}
    puestos = {
        clave: [valores.get(v, v) for v in valor] if isinstance(valor, list) else valores.get(valor, valor)
        for clave, valor in campos.items()
    }
    respuesta = subir(como("veterinario"), **puestos)
    assert respuesta.status_code == 422
    assert (campo, codigo) in {(uno["campo"], uno["codigo"]) for uno in respuesta.json["errores"]}, respuesta.text


def test_hace_falta_un_fichero_y_sólo_uno(como, luna):
    api = como("veterinario")
    sin = api.post("/adjuntos", data={"paciente_id": luna}, content_type="multipart/form-data")
    assert {uno["campo"] for uno in sin.json["errores"]} == {"/fichero"}
    de_texto = api.post("/adjuntos", data={"paciente_id": luna, "fichero": "hola"}, content_type="multipart/form-data")
    assert de_texto.json["errores"][0]["codigo"] == "NO_ES_UN_FICHERO"
    dos = [(BytesIO(PDF), "a.pdf"), (BytesIO(PDF), "b.pdf")]
    respuesta = api.post("/adjuntos", data={"paciente_id": luna, "fichero": dos})
    assert respuesta.json["errores"][0]["codigo"] == "PARAMETRO_REPETIDO"


def test_repetir_con_la_misma_clave_no_lo_sube_dos_veces(como, luna):
    # Cada cliente inventa una frontera distinta al repetir: es la misma petición.
    api, clave = como("veterinario"), str(uuid4())
    una, otra = (subir(api, paciente_id=luna, clave=clave) for _ in range(2))
    assert (una.data, otra.headers["Idempotency-Replayed"]) == (otra.data, "true")
    assert len(api.get(f"/pacientes/{luna}/adjuntos").json["datos"]) == 1
    distinto = subir(api, foto(), "x.jpg", paciente_id=luna, clave=clave)
    assert distinto.json["codigo"] == "CLAVE_IDEMPOTENCIA_REUTILIZADA"


def test_el_mismo_contenido_se_guarda_una_vez_por_organizacion(como, vecina, luna):
    antes = en_disco()
    contenido = PDF + uuid4().hex.encode() + PDF[-40:]
    for _ in range(2):
        assert subir(como("veterinario"), contenido, paciente_id=luna).status_code == 201
    assert len(en_disco() - antes) == 1
    otro = subir(vecina.como("veterinario"), contenido, paciente_id=crear_paciente(vecina)["id"])
    assert otro.status_code == 201
    assert len(en_disco() - antes) == 2


def test_se_da_de_baja_diciendo_por_que_y_su_contenido_queda(como, luna):
    api = como("veterinario")
    adjunto = subir(api, paciente_id=luna).json
    camino, antes = f"/adjuntos/{adjunto['id']}", en_disco()
    assert api.delete(camino, version=1).json["codigo"] == "BAJA_SIN_MOTIVO"
    assert api.delete(f"{camino}?motivo=Era+de+otro", version=1).status_code == 204
    for resto in ("", "/contenido"):
        assert api.get(camino + resto).status_code == 404
    assert api.delete(f"{camino}?motivo=Otra+vez", version=2).status_code == 404
    assert api.get(f"/pacientes/{luna}/adjuntos").json["datos"] == []
    assert en_disco() == antes


def test_recepcion_solo_sube_y_ve_lo_administrativo(como, luna):
    clinico = subir(como("veterinario"), paciente_id=luna).json["id"]
    recepcion = como("recepcion")
    assert subir(recepcion, paciente_id=luna, clase="clinico").json["codigo"] == "CLASE_NO_PERMITIDA"
    suyo = subir(recepcion, paciente_id=luna).json
    assert suyo["clase"] == "administrativo"
    assert [uno["id"] for uno in recepcion.get(f"/pacientes/{luna}/adjuntos").json["datos"]] == [suyo["id"]]
    for resto in ("", "/contenido", "/miniatura"):
        assert recepcion.get(f"/adjuntos/{clinico}{resto}").status_code == 404
    assert recepcion.post(f"/adjuntos/{clinico}/enlace").status_code == 404


def test_se_filtran(clinica, como, luna):
    api = como("veterinario")
    clinico = subir(api, paciente_id=luna, etiquetas=["rx"]).json["id"]
    del_cliente = subir(api, cliente_id=str(clinica.cliente_id)).json
    assert del_cliente["clase"] == "administrativo"

    def ids(consulta: str) -> list[str]:
        return [uno["id"] for uno in api.get(f"/adjuntos?{consulta}").json["datos"]]

    assert ids(f"etiqueta=rx&paciente_id={luna}") == ids(f"paciente_id={luna}") == [clinico]
    assert ids(f"paciente_id={luna}&clase=administrativo") == ids(f"paciente_id={luna}&etiqueta=otra") == []
    assert ids(f"cliente_id={clinica.cliente_id}") == [del_cliente["id"]]
    assert ids("") == [del_cliente["id"]]


def test_al_fundir_dos_fichas_los_adjuntos_pasan_a_la_que_queda(clinica, como, luna):
    otra = atendida(clinica, nombre="Luna bis")
    id = subir(como("veterinario"), paciente_id=otra).json["id"]
    assert como("administrador").get(f"/pacientes/{otra}/fusion?con_id={luna}").json["se_mueve"]["adjuntos"] == 1
    assert como("administrador").post(f"/pacientes/{otra}/fusion", {"con_id": luna}).status_code == 200
    assert como("veterinario").get(f"/adjuntos/{id}").json["paciente_id"] == luna
    assert subir(como("veterinario"), paciente_id=otra).json["codigo"] == "PACIENTE_NO_ACTIVO"


def test_lo_clinico_de_quien_no_se_atiende_se_lee_diciendo_por_que(clinica, como, luna):
    id = subir(como("veterinario"), paciente_id=luna).json["id"]
    otra = como("veterinario2")
    for ruta in (f"/adjuntos/{id}", f"/adjuntos/{id}/contenido", f"/pacientes/{luna}/adjuntos"):
        assert otra.get(ruta).json["codigo"] == "MOTIVO_REQUERIDO", ruta
        assert otra.get(ruta, headers={"X-Motivo-Acceso": "Segunda%20opinion"}).status_code == 200
    assert otra.get(f"/adjuntos?paciente_id={luna}").json["codigo"] == "MOTIVO_REQUERIDO"
    assert otra.get("/adjuntos").json["datos"] == []  # lo clínico se pide por su paciente
    assert otra.post(f"/adjuntos/{id}/enlace").json["codigo"] == "MOTIVO_REQUERIDO"
    enlace = otra.post(f"/adjuntos/{id}/enlace", headers={"X-Motivo-Acceso": "Segunda%20opinion"}).json["url"]
    assert clinica.anonimo.get("/api/v1" + enlace.partition("/api/v1")[2]).status_code == 200
    apuntado = como("administrador").get(f"/auditoria?recurso=adjuntos&recurso_id={id}").json["datos"]
    assert "acceso_excepcional" in {uno["accion"] for uno in apuntado}
    administrativo = subir(como("recepcion"), paciente_id=luna).json["id"]
    assert otra.get(f"/adjuntos/{administrativo}").status_code == 200


def test_el_de_una_consulta_sale_con_los_de_su_paciente_y_en_el_portal_cuando_se_publica(clinica, como, luna):
    api = como("veterinario")
    abierta = {"sede_id": str(clinica.sede_id), "motivo": "Tos", "valoracion": "Traqueítis", "plan": "Reposo"}
    consulta = api.post(f"/pacientes/{luna}/consultas", abierta).json["id"]
    assert subir(como("cliente"), consulta_id=consulta).status_code in (404, 422)
    id = subir(api, consulta_id=consulta).json["id"]
    assert [uno["id"] for uno in api.get(f"/pacientes/{luna}/adjuntos").json["datos"]] == [id]
    assert [uno["id"] for uno in api.get(f"/adjuntos?consulta_id={consulta}").json["datos"]] == [id]
    api.post(f"/adjuntos/{id}/publicacion")
    assert como("cliente").get(f"/adjuntos/{id}").status_code == 404
    assert api.post(f"/consultas/{consulta}/cierre", {}).status_code == 200
    assert api.post(f"/consultas/{consulta}/publicacion").status_code == 200
    assert como("cliente").get(f"/adjuntos/{id}/contenido").data == PDF


def test_a_una_consulta_anulada_no_se_le_adjunta_nada(clinica, como, luna):
    api = como("veterinario")
    consulta = api.post(f"/pacientes/{luna}/consultas", {"sede_id": str(clinica.sede_id), "motivo": "Tos"}).json["id"]
    assert api.post(f"/consultas/{consulta}/anulacion", {"motivo": "Error"}).status_code == 200
    assert subir(api, consulta_id=consulta).json["codigo"] == "CONSULTA_ANULADA"


def test_al_fundir_dos_clientes_sus_adjuntos_pasan_al_que_queda(clinica, como):
    ana = crear_cliente(clinica)["id"]
    id = subir(como("recepcion"), cliente_id=ana).json["id"]
    assert como("recepcion").post(f"/clientes/{ana}/fusion", {"con_id": str(clinica.cliente_id)}).status_code == 200
    assert como("recepcion").get(f"/adjuntos/{id}").json["cliente_id"] == str(clinica.cliente_id)
