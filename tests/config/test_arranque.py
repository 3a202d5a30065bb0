"""El arranque con una orden: prepara, sirve, releva lo que se cae y no deja nada detrás.

Se ejercita el supervisor verdadero, con procesos verdaderos, sobre una aplicación mínima que responde en su lugar.
"""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from app.arranque import retirar_huerfanos
from app.config.postgres_embebido import detener, esta_vivo
from app.procesos import instante_inicio

RAIZ = Path(__file__).resolve().parents[2]
APLICACION = """
import os, signal, sys, threading
from pathlib import Path
from flask import Flask
from flask.cli import AppGroup

if "WEB_ROTA" in os.environ and "servidor_web" in sys.argv[0]:
    raise RuntimeError("aplicación rota")
app, servet = Flask("app"), AppGroup("servet")
diario = Path(os.environ["SERVET_DATOS"]) / "diario"

@app.get("/salud/viva")
def viva():
    return {nombre: os.environ.get(nombre) for nombre in ("DATABASE_URL", "SERVET_MODO", "SERVET_SECRETO")}

def anotar(texto):
    with diario.open("a") as fichero:
        fichero.write(texto + "\\n")

@servet.command("migrar")
def migrar():
    anotar("migrar")
    raise SystemExit(3 if "MIGRACION_ROTA" in os.environ else 0)

@servet.command("demo")
def demo():
    anotar("demo")

@servet.command("tareas")
def tareas():
    fin = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: fin.set())
    anotar("tareas")
    fin.wait()

app.cli.add_command(servet)
"""

BASE = """
def dispose_connections():
    pass
"""
FICHEROS_CONFIG = ("__init__", "postgres_binarios", "postgres_embebido")


@pytest.fixture(scope="module")
def arbol(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Una copia del supervisor junto a la aplicación mínima, con su propio directorio de datos."""
    raiz = tmp_path_factory.mktemp("servet")
    raiz.chmod(0o755)
    for fichero in ("__init__", "arranque", "procesos", "servidor_web", *(f"config/{f}" for f in FICHEROS_CONFIG)):
        destino = raiz / "app" / f"{fichero}.py"
        destino.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(RAIZ / "app" / f"{fichero}.py", destino)
    (raiz / "app" / "app.py").write_text(APLICACION)
    (raiz / "app" / "consola.py").write_text('"""Las órdenes."""\n\nfrom app.app import app\n\n__all__ = ["app"]\n')
    (raiz / "app" / "config" / "connections.py").write_text(BASE)
    (raiz / "migrations").mkdir()
    yield raiz
    detener(raiz / "datos" / "postgres")


def puerto_libre() -> int:
    with socket.socket() as enchufe:
        enchufe.bind(("127.0.0.1", 0))
        puerto: int = enchufe.getsockname()[1]
        return puerto


def lanzar(arbol: Path, *argumentos: str, **entorno: str) -> subprocess.Popen[str]:
    limpio = {k: v for k, v in os.environ.items() if not k.startswith(("SERVET_", "DATABASE_URL", "COV_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "app.arranque", *argumentos],
        cwd=arbol,
        env={**limpio, "SERVET_DATOS": str(arbol / "datos"), "SERVET_WORKERS": "1", **entorno},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def cumplirse(condicion: Callable[[], bool], plazo: float = 60) -> bool:
    limite = time.monotonic() + plazo
    while not (hecho := condicion()) and time.monotonic() < limite:
        time.sleep(0.02)
    return hecho


@contextmanager
def en_marcha(arbol: Path, **entorno: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    puerto = puerto_libre()
    with lanzar(arbol, PORT=str(puerto), **entorno) as proceso:
        try:
            assert cumplirse(lambda: len(hijos(arbol)) == 2 and viva(puerto)), proceso.poll()
            yield proceso, puerto
        finally:
            proceso.terminate()
            proceso.communicate(timeout=60)


def viva(puerto: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{puerto}/salud/viva", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def hijos(arbol: Path) -> list[int]:
    """Números de los procesos web y de tareas, si son dos y viven."""
    try:
        lineas = (arbol / "datos" / "procesos").read_text().split()
    except FileNotFoundError:
        return []
    anotados = zip(map(int, lineas[::2]), lineas[1::2], strict=True)
    return [pid for pid, inicio in anotados if instante_inicio(pid) == inicio]


def postmaster(arbol: Path) -> int:
    return int((arbol / "datos" / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])


def diario(arbol: Path) -> list[str]:
    fichero = arbol / "datos" / "diario"
    return fichero.read_text().split() if fichero.exists() else []


def test_arranca_sirve_y_para_sin_dejar_nada(arbol: Path) -> None:
    with en_marcha(arbol) as (proceso, puerto):
        respuesta = httpx.get(f"http://127.0.0.1:{puerto}/salud/viva", trust_env=False).json()
        assert respuesta["SERVET_MODO"] == "demo"
        assert len(respuesta["SERVET_SECRETO"]) >= 43
        with psycopg.connect(respuesta["DATABASE_URL"]) as conexion:
            assert conexion.execute("SELECT current_user").fetchone() == ("servet_app",)
        pids = [*hijos(arbol), postmaster(arbol)]
        proceso.send_signal(signal.SIGINT)
        salida, errores = proceso.communicate(timeout=30)

    contrasena = (arbol / "datos" / "demo_contrasena").read_text().strip()
    assert proceso.returncode == 0
    assert "Traceback" not in errores
    assert "Se ha caído" not in errores
    assert f"http://localhost:{puerto}/documentacion" in salida
    assert "recepcion@demo.test" in salida
    assert contrasena in salida
    assert [instante_inicio(pid) for pid in pids] == ["", "", ""]
    for secreto in ("secreto", "demo_contrasena"):
        assert stat.S_IMODE((arbol / "datos" / secreto).stat().st_mode) == 0o600


def test_la_base_se_prepara_solo_cuando_cambia_algo(arbol: Path) -> None:
    def ordenes_de_un_arranque(**entorno: str) -> list[str]:
        (arbol / "datos" / "diario").unlink(missing_ok=True)
        with en_marcha(arbol, **entorno):
            assert cumplirse(lambda: "tareas" in diario(arbol))
        return diario(arbol)

    with en_marcha(arbol):
        pass
    assert ordenes_de_un_arranque() == ["tareas"]
    (arbol / "migrations" / "0002.py").write_text("")
    assert ordenes_de_un_arranque() == ["migrar", "demo", "tareas"]
    assert ordenes_de_un_arranque(SERVET_DEMO_CONTRASENA="otra") == ["migrar", "demo", "tareas"]


def test_lo_que_se_cae_se_releva(arbol: Path) -> None:
    with en_marcha(arbol) as (_, puerto):
        web, tareas = hijos(arbol)
        anterior = postmaster(arbol)
        for pid in (web, tareas, anterior):
            os.kill(pid, signal.SIGKILL)
        assert cumplirse(lambda: esta_vivo(arbol / "datos" / "postgres") and postmaster(arbol) != anterior)
        assert cumplirse(lambda: len(hijos(arbol)) == 2 and not {web, tareas} & set(hijos(arbol)))
        assert cumplirse(lambda: viva(puerto))


def test_matar_el_supervisor_no_deja_huerfanos_y_el_siguiente_arranque_se_recupera(arbol: Path) -> None:
    with en_marcha(arbol) as (proceso, puerto):
        huerfanos = hijos(arbol)
        proceso.kill()
        proceso.wait()
        assert cumplirse(lambda: not any(map(instante_inicio, huerfanos)))
        assert not viva(puerto)
    with en_marcha(arbol) as (_, puerto):
        assert viva(puerto)
    assert not esta_vivo(arbol / "datos" / "postgres")


def test_solo_se_retira_un_huerfano_si_es_el_que_se_anoto(tmp_path: Path) -> None:
    nuestro, ajeno = (subprocess.Popen(["sleep", "60"], start_new_session=True) for _ in range(2))
    try:
        anotado = f"{nuestro.pid} {instante_inicio(nuestro.pid)}\n{ajeno.pid} 1\n999999999 1\nbasura\n"
        (tmp_path / "procesos").write_text(anotado)
        retirar_huerfanos(tmp_path)
        assert nuestro.wait(timeout=5) == -signal.SIGTERM
        assert ajeno.poll() is None
    finally:
        ajeno.kill()
        ajeno.wait()
        nuestro.wait()


def test_con_el_puerto_ocupado_no_se_arranca_nada(arbol: Path, tmp_path: Path) -> None:
    with socket.socket() as ocupado:
        ocupado.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        ocupado.bind(("127.0.0.1", 0))
        ocupado.listen()
        puerto = str(ocupado.getsockname()[1])
        with lanzar(arbol, PORT=puerto, SERVET_DATOS=str(tmp_path / "datos")) as proceso:
            _, errores = proceso.communicate(timeout=30)
    assert proceso.returncode == 1
    assert f"el puerto {puerto} de 127.0.0.1 no está disponible" in errores
    assert "Traceback" not in errores
    assert not (tmp_path / "datos" / "postgres").exists()


def test_dos_servet_no_comparten_datos(arbol: Path) -> None:
    with en_marcha(arbol) as (primero, puerto):
        with lanzar(arbol, PORT=str(puerto_libre())) as segundo:
            _, errores = segundo.communicate(timeout=30)
        assert segundo.returncode == 1
        assert f"ya hay uno en marcha con los datos de {arbol / 'datos'} (proceso {primero.pid})" in errores
        assert viva(puerto)


@pytest.mark.parametrize(
    ("entorno", "mensaje"),
    [
        ({"PORT": "ochenta"}, "PORT='ochenta' no es un número de 1 a 65535"),
        ({"PORT": "70000"}, "PORT='70000' no es un número de 1 a 65535"),
        ({"SERVET_MODO": "prueva"}, "SERVET_MODO='prueva' no es ninguno de: demo, pruebas, produccion"),
        ({"MIGRACION_ROTA": "1", "SERVET_DEMO_CONTRASENA": "a"}, "«servet migrar» ha fallado (código 3)"),
        ({"WEB_ROTA": "1"}, "el servidor web no ha podido arrancar"),
    ],
)
def test_lo_que_impide_arrancar_se_explica_y_no_deja_nada(arbol: Path, entorno: dict[str, str], mensaje: str) -> None:
    with lanzar(arbol, **{"PORT": str(puerto_libre()), **entorno}) as proceso:
        _, errores = proceso.communicate(timeout=60)
    assert proceso.returncode == 1
    assert mensaje in errores
    assert not esta_vivo(arbol / "datos" / "postgres")


def test_la_orden_demo_prepara_la_base_sin_servir(arbol: Path) -> None:
    with lanzar(arbol, "demo", SERVET_DEMO_CONTRASENA="perro-gato-loro") as proceso:
        salida, _ = proceso.communicate(timeout=60)
    assert proceso.returncode == 0
    assert diario(arbol)[-2:] == ["migrar", "demo"]
    assert "perro-gato-loro" in salida
    assert not esta_vivo(arbol / "datos" / "postgres")
