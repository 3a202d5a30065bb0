"""El PostgreSQL que Servet lleva dentro: crear su clúster, arrancarlo, reconocerlo y detenerlo.

Quién puede conectarse: sólo se escucha en un socket Unix, en un directorio 0700 del usuario que ejecuta PostgreSQL:
entran ese usuario y root. No hay contraseñas (``trust``): quien llega al socket ya podía leer los ficheros de datos.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from app.config.postgres_binarios import (
    PostgresNoDisponible,
    directorio_binarios,
    ejecutar,
    entorno,
    identidad,
    version,
)

__all__ = [
    "BASE",
    "PROPIETARIO",
    "ROL_APLICACION",
    "PostgresNoDisponible",
    "ServidorEmbebido",
    "arrancar",
    "detener",
    "esta_vivo",
    "identificador",
]

PROPIETARIO = "servet_propietario"
ROL_APLICACION = "servet_app"
BASE = "servet"

ESPERA_ARRANQUE = 120.0  # recuperarse de una caída puede llevar su tiempo
ESPERA_PARADA = 30.0
ESPERA_RESTOS = 60.0
PREFIJO_TEMPORAL = "servet-"
LARGO_MAXIMO_SOCKET = 100  # sun_path admite 108 bytes en Linux y 104 en macOS
REGISTRO_MAXIMO = 10 * 1024 * 1024

AJUSTES = """\
# Ajustes de Servet. Se escriben al crear el clúster; pueden cambiarse y se respetan.
max_connections = 100
shared_buffers = 128MB
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
"""
SIN_DURABILIDAD = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
ALTA = (
    f"CREATE ROLE {ROL_APLICACION} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;\n"
    f"CREATE DATABASE {BASE} OWNER {PROPIETARIO};\n"
)

_hijos: dict[Path, subprocess.Popen[bytes]] = {}  # para recoger el estado final de los que arrancó este proceso


@dataclass(frozen=True, slots=True)
class ServidorEmbebido:
    """Un PostgreSQL en marcha y cómo llegar a él."""

    datos: Path
    pid: int
    directorio_socket: Path
    ya_estaba: bool

    def url(self, base: str = BASE, usuario: str = ROL_APLICACION) -> str:
        """Dirección de conexión, válida para libpq y para SQLAlchemy."""
        return f"postgresql://{usuario}@/{base}?host={quote(str(self.directorio_socket), safe='')}"


def arrancar(datos: Path, *, rapido: bool = False) -> ServidorEmbebido:
    """Deja PostgreSQL en marcha sobre ``datos`` y devuelve cómo llegar a él.

    ``rapido`` renuncia a sobrevivir a un apagón: sólo para el clúster de usar y tirar de las pruebas.

    Errores: ``PostgresNoDisponible``.
    """
    datos = datos.resolve()
    try:
        datos.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        with _candado(datos):
            if servidor := _esperar_estable(datos):
                return servidor
            binarios = directorio_binarios()
            usuario = identidad(datos, binarios)
            if not (datos / "cluster" / "PG_VERSION").exists():
                _crear_cluster(datos, binarios, usuario, rapido)
            return _levantar(datos, binarios, usuario, rapido)
    except OSError as error:
        raise PostgresNoDisponible(f"No se puede usar {datos} para PostgreSQL: {error}") from error


def detener(datos: Path) -> bool:
    """Detiene PostgreSQL con orden; dice si estaba en marcha.

    Errores: ``PostgresNoDisponible`` si no hay manera de que pare.
    """
    datos = datos.resolve()
    if not datos.is_dir():
        return False
    with _candado(datos):
        lineas = _postmaster_pid(datos)
        if not _es_postmaster(lineas, datos):
            return False
        pid = int(lineas[0])
        for senal in (signal.SIGINT, signal.SIGQUIT):  # parada rápida; si no atiende, inmediata (el WAL lo cubre)
            os.kill(pid, senal)
            limite = time.monotonic() + ESPERA_PARADA
            while _es_postmaster(lineas, datos) and time.monotonic() < limite:
                time.sleep(0.01)
            if not _es_postmaster(lineas, datos):
                _recoger(datos)
                _retirar_socket("".join(lineas[4:5]))
                return True
        raise PostgresNoDisponible(f"PostgreSQL (proceso {pid}) no atiende a la parada")


def esta_vivo(datos: Path) -> bool:
    """Si el PostgreSQL de ``datos`` está en marcha y admite conexiones."""
    datos = datos.resolve()
    lineas = _postmaster_pid(datos)
    return _admite_conexiones(lineas) and _es_postmaster(lineas, datos)


def identificador(datos: Path) -> str:
    """Identificador del clúster, distinto en cada creación; vacío si no hay clúster."""
    try:
        with (datos / "cluster" / "global" / "pg_control").open("rb") as control:
            return control.read(8).hex()
    except OSError:
        return ""


@contextmanager
def _candado(datos: Path) -> Iterator[None]:
    descriptor = os.open(datos / "candado", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _postmaster_pid(datos: Path) -> list[str]:
    try:
        return [linea.strip() for linea in (datos / "cluster" / "postmaster.pid").read_text().splitlines()]
    except OSError:
        return []


def _admite_conexiones(lineas: list[str]) -> bool:
    return len(lineas) >= 8 and lineas[7] == "ready"


def _es_postmaster(lineas: list[str], datos: Path) -> bool:
    """Si el proceso que anota ``postmaster.pid`` existe y es el de este clúster.

    Tras una caída, el número puede ser ya de cualquier otro: no basta con que exista.
    """
    if not lineas or not lineas[0].isdigit():
        return False
    if sys.platform == "linux":
        try:
            orden = Path(f"/proc/{lineas[0]}/cmdline").read_text(errors="replace")
        except OSError:
            return False
    else:
        ps = ["ps", "-ww", "-o", "command=", "-p", lineas[0]]
        orden = subprocess.run(ps, capture_output=True, text=True, check=False).stdout.replace(" -c ", "\0-c\0")
    return "postgres" in orden and f"{datos / 'cluster'}\0" in orden


def _esperar_estable(datos: Path) -> ServidorEmbebido | None:
    """El servidor que ya estuviera en marcha, esperando a que acabe de arrancar o de parar."""
    limite = time.monotonic() + ESPERA_ARRANQUE
    while _es_postmaster(lineas := _postmaster_pid(datos), datos):
        if _admite_conexiones(lineas):
            return ServidorEmbebido(datos, int(lineas[0]), Path(lineas[4]), ya_estaba=True)
        if time.monotonic() > limite:
            raise PostgresNoDisponible(f"PostgreSQL (proceso {lineas[0]}) ni acaba de arrancar ni de parar")
        time.sleep(0.01)
    _retirar_socket("".join(lineas[4:5]))
    return None


def _crear_cluster(datos: Path, binarios: Path, usuario: dict[str, Any], rapido: bool) -> None:
    """Crea el clúster a un lado y le da nombre al final: una creación a medias no cuenta."""
    for resto in datos.glob("parcial-*"):
        shutil.rmtree(resto, ignore_errors=True)
    parcial = datos / f"parcial-{os.getpid()}"
    parcial.mkdir(mode=0o700)
    _ceder(parcial, usuario)
    initdb = [str(binarios / "initdb"), "-D", str(parcial), "-U", PROPIETARIO, "--auth=trust", "--encoding=UTF8"]
    ejecutar([*initdb, "--locale=C", "--no-instructions", *(["--no-sync"] if rapido else [])], usuario)
    with (parcial / "postgresql.conf").open("a") as principal:
        principal.write("\ninclude_if_exists 'servet.conf'\n")
    (parcial / "servet.conf").write_text(AJUSTES)
    (parcial / "servet.conf").chmod(0o644)
    alta = [str(binarios / "postgres"), "--single", "-D", str(parcial), *_opciones(["exit_on_error=on"], rapido)]
    ejecutar([*alta, "postgres"], usuario, ALTA)
    parcial.rename(datos / "cluster")


def _levantar(datos: Path, binarios: Path, usuario: dict[str, Any], rapido: bool) -> ServidorEmbebido:
    _recoger(datos)
    cluster, registro = datos / "cluster", datos / "postgres.log"
    directorio_socket = _directorio_socket(datos, usuario)
    ajustes = ["listen_addresses=", f"unix_socket_directories={directorio_socket}", "unix_socket_permissions=0700"]
    orden = [str(binarios / "postgres"), "-D", str(cluster), *_opciones(ajustes, rapido)]
    comienzo = time.monotonic()
    if registro.exists() and registro.stat().st_size > REGISTRO_MAXIMO:
        registro.replace(datos / "postgres.log.1")
    while True:
        _retirar_pid_ajeno(datos)
        with registro.open("ab") as salida:
            desde = salida.tell()
            proceso = subprocess.Popen(
                orden, stdin=subprocess.DEVNULL, stdout=salida, stderr=salida, cwd="/", env=entorno(),
                start_new_session=True, **usuario,
            )  # fmt: skip
        while proceso.poll() is None and time.monotonic() < comienzo + ESPERA_ARRANQUE:
            lineas = _postmaster_pid(datos)
            if _admite_conexiones(lineas) and lineas[0] == str(proceso.pid):
                _hijos[datos] = proceso
                return ServidorEmbebido(datos, proceso.pid, directorio_socket, ya_estaba=False)
            time.sleep(0.005)
        if proceso.poll() is None:
            proceso.send_signal(signal.SIGQUIT)
            proceso.wait()
        detalle = registro.read_bytes()[desde:].decode(errors="replace")
        # Los procesos de un servidor muerto de golpe tardan un instante en darse cuenta y soltar la memoria.
        if "shared memory block" not in detalle or time.monotonic() > comienzo + ESPERA_RESTOS:
            _retirar_socket(str(directorio_socket))
            raise PostgresNoDisponible(_explicacion(cluster, binarios, detalle))
        time.sleep(0.1)


def _opciones(ajustes: list[str], rapido: bool) -> list[str]:
    return [parte for ajuste in (*ajustes, *(SIN_DURABILIDAD if rapido else ())) for parte in ("-c", ajuste)]


def _explicacion(cluster: Path, binarios: Path, detalle: str) -> str:
    creado, hay = (cluster / "PG_VERSION").read_text().strip(), version(binarios)
    if creado != str(hay):
        return f"Los datos de {cluster} son de PostgreSQL {creado} y el disponible es el {hay}: use aquél o migre"
    return f"PostgreSQL no arranca sobre {cluster}:\n{detalle.strip()[-2000:]}"


def _retirar_pid_ajeno(datos: Path) -> None:
    """Borra un ``postmaster.pid`` viejo cuyo número es hoy de otro proceso.

    PostgreSQL lo tomaría por un servidor en marcha y se negaría a arrancar. Los demás restos los retira él.
    """
    lineas = _postmaster_pid(datos)
    if lineas and lineas[0].isdigit() and not _es_postmaster(lineas, datos):
        try:
            os.kill(int(lineas[0]), 0)
        except ProcessLookupError:
            return
        except PermissionError:
            pass
        (datos / "cluster" / "postmaster.pid").unlink(missing_ok=True)


def _directorio_socket(datos: Path, usuario: dict[str, Any]) -> Path:
    directorio = datos / "socket"
    corto = len(os.fsencode(directorio / ".s.PGSQL.5432.lock")) < LARGO_MAXIMO_SOCKET
    if corto and "," not in str(directorio):  # la coma separa direcciones, para PostgreSQL y para libpq
        shutil.rmtree(directorio, ignore_errors=True)  # lleva el mismo número viejo que postmaster.pid
        directorio.mkdir(mode=0o700)
    else:
        directorio = Path(tempfile.mkdtemp(prefix=PREFIJO_TEMPORAL))
    _ceder(directorio, usuario)
    return directorio


def _retirar_socket(ruta: str) -> None:
    """Borra el directorio del socket de un servidor ya parado, si era temporal."""
    directorio = Path(ruta)
    if directorio.parent == Path(tempfile.gettempdir()) and directorio.name.startswith(PREFIJO_TEMPORAL):
        shutil.rmtree(directorio, ignore_errors=True)


def _ceder(directorio: Path, usuario: dict[str, Any]) -> None:
    if usuario:
        os.chown(directorio, usuario["user"], usuario["group"])


def _recoger(datos: Path) -> None:
    if proceso := _hijos.pop(datos, None):
        proceso.wait()
