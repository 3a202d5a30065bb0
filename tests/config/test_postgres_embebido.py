"""El PostgreSQL embebido arranca, se reutiliza y se recupera de las caídas con los datos intactos."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.config.postgres_binarios import VERSIONES, binarios_del_path, version
from app.config.postgres_embebido import (
    PROPIETARIO,
    PostgresNoDisponible,
    ServidorEmbebido,
    arrancar,
    detener,
    esta_vivo,
    identificador,
)

RAIZ = Path(__file__).resolve().parents[2]


@pytest.fixture
def datos() -> Iterator[Path]:
    """Un directorio de datos, de ruta corta, cuyo servidor se detiene al acabar."""
    with tempfile.TemporaryDirectory(prefix="sv-") as directorio:
        yield Path(directorio) / "pg"
        detener(Path(directorio) / "pg")


def consultar(servidor: ServidorEmbebido, sql: str) -> tuple[object, ...]:
    with psycopg.connect(servidor.url(usuario=PROPIETARIO), autocommit=True) as conexion:
        cursor = conexion.execute(sql)
        return (cursor.fetchone() or ()) if cursor.description else ()


def proceso_del_mismo_usuario(datos: Path) -> subprocess.Popen[bytes]:
    dueno = (datos / "cluster").stat().st_uid
    return subprocess.Popen(["sleep", "60"], **({"user": dueno} if os.geteuid() == 0 else {}))


def test_el_arranque_normal_es_duradero_y_no_abre_ningun_puerto(datos: Path) -> None:
    servidor = arrancar(datos)
    ajustes = "fsync synchronous_commit full_page_writes listen_addresses timezone server_encoding max_connections"
    columnas = ", ".join(f"current_setting('{ajuste}')" for ajuste in ajustes.split())
    assert consultar(servidor, f"SELECT {columnas}") == ("on", "on", "on", "", "UTC", "UTF8", "100")
    assert stat.S_IMODE(servidor.directorio_socket.stat().st_mode) == 0o700
    assert servidor.directorio_socket.stat().st_uid == (datos / "cluster").stat().st_uid != 0 or os.geteuid() != 0


def test_la_aplicacion_entra_con_un_rol_sin_privilegios(datos: Path) -> None:
    servidor = arrancar(datos, rapido=True)
    with psycopg.connect(servidor.url()) as conexion:
        fila = conexion.execute(
            "SELECT current_user, current_database(), rolsuper, rolbypassrls, rolcreatedb, rolcreaterole "
            "FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert fila == ("servet_app", "servet", False, False, False, False)


def test_un_servidor_en_marcha_se_reutiliza_y_al_detenerlo_conserva_los_datos(datos: Path) -> None:
    primero = arrancar(datos, rapido=True)
    consultar(primero, "CREATE TABLE prueba AS SELECT 42 AS valor")
    segundo = arrancar(datos, rapido=True)
    assert (segundo.pid, segundo.ya_estaba, primero.ya_estaba) == (primero.pid, True, False)

    cluster = identificador(datos)
    assert detener(datos) is True
    assert not esta_vivo(datos)
    assert detener(datos) is False

    tercero = arrancar(datos, rapido=True)
    assert tercero.pid != primero.pid
    assert consultar(tercero, "SELECT valor FROM prueba") == (42,)
    assert identificador(datos) == cluster != ""


@pytest.mark.parametrize("numero_reutilizado", [False, True], ids=["pid_muerto", "pid_de_otro_proceso"])
def test_tras_matar_postgres_se_recupera_con_lo_confirmado(datos: Path, numero_reutilizado: bool) -> None:
    servidor = arrancar(datos)
    consultar(servidor, "CREATE TABLE prueba AS SELECT 42 AS valor")
    os.kill(servidor.pid, signal.SIGKILL)
    otro = proceso_del_mismo_usuario(datos)
    try:
        if numero_reutilizado:
            for anotado in (datos / "cluster" / "postmaster.pid", datos / "socket" / ".s.PGSQL.5432.lock"):
                anotado.write_text(anotado.read_text().replace(str(servidor.pid), str(otro.pid), 1))
        assert not esta_vivo(datos)
        recuperado = arrancar(datos)
        assert consultar(recuperado, "SELECT valor FROM prueba") == (42,)
        assert otro.poll() is None
        detener(datos)
        assert otro.poll() is None
    finally:
        otro.kill()
        otro.wait()


def test_dos_procesos_que_arrancan_a_la_vez_comparten_un_solo_servidor(datos: Path) -> None:
    programa = (
        "import sys; from pathlib import Path; from app.config.postgres_embebido import arrancar;"
        "s = arrancar(Path(sys.argv[1]), rapido=True); print(s.pid, s.ya_estaba)"
    )
    orden = [sys.executable, "-c", programa, str(datos)]
    procesos = [subprocess.Popen(orden, cwd=RAIZ, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    respuestas = [proceso.communicate(timeout=60)[0].split() for proceso in procesos]
    assert len({pid for pid, _ in respuestas}) == 1
    assert sorted(ya_estaba for _, ya_estaba in respuestas) == ["False", "True", "True"]


def test_una_creacion_interrumpida_no_estorba_a_la_siguiente(datos: Path) -> None:
    restos = datos / "parcial-1"
    restos.mkdir(parents=True)
    (restos / "PG_VERSION").write_text("18\n")
    servidor = arrancar(datos, rapido=True)
    assert consultar(servidor, "SELECT 1") == (1,)
    assert not list(datos.glob("parcial-*"))


@pytest.mark.parametrize("nombre", ["x" * 90, "con, coma y espacios"], ids=["ruta_larga", "coma"])
def test_una_ruta_que_no_sirve_para_el_socket_usa_un_directorio_temporal(tmp_path: Path, nombre: str) -> None:
    datos = tmp_path / nombre
    servidor = arrancar(datos, rapido=True)
    try:
        assert not servidor.directorio_socket.is_relative_to(datos)
        assert stat.S_IMODE(servidor.directorio_socket.stat().st_mode) == 0o700
        assert consultar(servidor, "SELECT current_setting('fsync')") == ("off",)
    finally:
        detener(datos)
    assert not servidor.directorio_socket.exists()


def test_unos_datos_de_otra_version_se_explican(datos: Path) -> None:
    arrancar(datos, rapido=True)
    detener(datos)
    (datos / "cluster" / "PG_VERSION").write_text("9\n")
    with pytest.raises(PostgresNoDisponible, match=r"son de PostgreSQL 9 y el disponible es el 1\d"):
        arrancar(datos, rapido=True)


def test_unos_datos_que_no_se_pueden_escribir_se_explican(tmp_path: Path) -> None:
    (tmp_path / "fichero").write_text("")
    with pytest.raises(PostgresNoDisponible, match="No se puede usar"):
        arrancar(tmp_path / "fichero" / "pg", rapido=True)


@pytest.mark.skipif(shutil.which("postgres") is None, reason="no hay otro PostgreSQL instalado en esta máquina")
def test_los_binarios_del_path_son_la_segunda_via() -> None:
    binarios = binarios_del_path()
    assert (binarios / "initdb").exists()
    assert version(binarios) in VERSIONES


def test_sin_ningun_postgres_el_error_dice_que_hacer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PostgresNoDisponible, match="DATABASE_URL"):
        binarios_del_path()
