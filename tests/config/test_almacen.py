"""El almacén de ficheros, en una carpeta y en un S3 de verdad (el de moto, por HTTP)."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest

from app.config import almacen
from app.config.settings import get_settings


def clave(contenido: bytes, organizacion: str | None = None) -> str:
    huella = sha256(contenido).hexdigest()
    return f"{organizacion or uuid4()}/{huella[:2]}/{huella}"


@pytest.fixture(scope="module")
def s3():
    from moto.server import ThreadedMotoServer

    servidor = ThreadedMotoServer(port=0, verbose=False)
    servidor.start()
    host, puerto = servidor.get_host_and_port()
    url = f"http://{host}:{puerto}"
    urllib.request.urlopen(urllib.request.Request(f"{url}/cubo", method="PUT")).close()
    yield url
    servidor.stop()


@pytest.fixture(params=["carpeta", "s3"])
def abierto(request, tmp_path, monkeypatch):
    """El almacén de cada clase, vacío."""
    monkeypatch.setattr(get_settings(), "datos", tmp_path)
    if request.param == "s3":
        from pydantic import SecretStr

        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "prueba")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "prueba")
        url = f"s3://cubo/clinicas?endpoint={request.getfixturevalue('s3')}&region=eu-west-1"
        monkeypatch.setattr(get_settings(), "adjuntos_url", SecretStr(url))
    almacen.forget_store()
    yield request.param
    almacen.forget_store()


def test_se_guarda_se_lee_se_lista_y_se_borra(abierto):
    organizacion, contenido = str(uuid4()), os.urandom(100_000)
    suya = clave(contenido, organizacion)
    almacen.put(suya, contenido)
    almacen.put(suya, contenido)
    almacen.put(clave(b"de otra"), b"de otra")
    assert almacen.get(suya) == contenido
    ((listada, escrita),) = almacen.listing(f"{organizacion}/")
    assert (listada, abs(escrita.timestamp() - time.time()) < 60) == (suya, True)
    almacen.delete(suya)
    almacen.delete(suya)
    with pytest.raises(almacen.SinContenido):
        almacen.get(suya)


@pytest.mark.parametrize(
    "mala", ["", "../x", "a/b", "0199aaaa-0000-7000-8000-000000000001/aa/../../etc/passwd", "/etc/passwd", "x\0y"]
)
def test_una_clave_que_no_es_nuestra_ni_se_intenta(abierto, mala):
    for hacer in (lambda: almacen.get(mala), lambda: almacen.put(mala, b""), lambda: almacen.delete(mala)):
        with pytest.raises(ValueError, match="clave"):
            hacer()


def test_un_s3_que_no_responde_se_dice(monkeypatch):
    from pydantic import SecretStr

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "prueba")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "prueba")
    url = "s3://cubo?endpoint=http://127.0.0.1:9&region=eu-west-1"
    monkeypatch.setattr(get_settings(), "adjuntos_url", SecretStr(url))
    almacen.forget_store()
    with pytest.raises(almacen.AlmacenCaido):
        almacen.put(clave(b"x"), b"x")
    almacen.forget_store()


def test_otra_clase_de_direccion_no_vale(monkeypatch):
    from pydantic import SecretStr

    monkeypatch.setattr(get_settings(), "adjuntos_url", SecretStr("http://cubo"))
    almacen.forget_store()
    with pytest.raises(RuntimeError, match="s3://"):
        almacen.get(clave(b"x"))
    almacen.forget_store()


def test_la_carpeta_solo_la_ve_quien_sirve(tmp_path, monkeypatch):
    monkeypatch.setattr(get_settings(), "datos", tmp_path)
    almacen.forget_store()
    almacen.put(clave(b"x"), b"x")
    assert (tmp_path / "adjuntos").stat().st_mode & 0o077 == 0
    almacen.forget_store()


def test_quien_lee_mientras_se_escribe_lo_ve_entero(tmp_path, monkeypatch):
    monkeypatch.setattr(get_settings(), "datos", tmp_path)
    almacen.forget_store()
    contenido = os.urandom(4_000_000)
    suya, parar, vistos = clave(contenido), threading.Event(), []
    almacen.put(suya, contenido)

    def leer():
        while not parar.is_set():
            vistos.append(almacen.get(suya) == contenido)

    lector = threading.Thread(target=leer)
    lector.start()
    for _ in range(20):
        almacen.put(suya, contenido)
    parar.set()
    lector.join()
    almacen.forget_store()
    assert vistos
    assert all(vistos)


ESCRIBIR = """
import os, sys
sys.path.insert(0, sys.argv[1])
from hashlib import sha256
from uuid import uuid4
from app.config import almacen
print("listo", flush=True)
while True:
    contenido = os.urandom(3_000_000)
    huella = sha256(contenido).hexdigest()
    almacen.put(f"{uuid4()}/{huella[:2]}/{huella}", contenido)
"""


def test_si_muere_escribiendo_lo_que_hay_esta_entero(tmp_path):
    raiz = str(Path(__file__).parents[2])
    entorno = {**os.environ, "SERVET_DATOS": str(tmp_path)}
    for espera in (0.05, 0.13, 0.21):
        proceso = subprocess.Popen([sys.executable, "-c", ESCRIBIR, raiz], stdout=subprocess.PIPE, env=entorno)
        with proceso:
            proceso.stdout.readline()
            time.sleep(espera)
            proceso.send_signal(signal.SIGKILL)
    # Lo que quedara a medias lleva otro nombre, y ni se lista ni se lee.
    enteros = [uno for uno in (tmp_path / "adjuntos").rglob("*") if uno.is_file() and "#" not in uno.name]
    assert enteros
    assert all(sha256(uno.read_bytes()).hexdigest() == uno.name for uno in enteros)
