"""El entorno de las órdenes de consola cuando la base es la embebida que ya está en marcha."""

import os
from pathlib import Path


def completar() -> None:
    """Sin ``DATABASE_URL``, usa la base que «make run» tiene en marcha en ``SERVET_DATOS``, con su secreto.

    Si no hay ninguna en marcha no toca nada: hay órdenes que no necesitan base.
    """
    if os.environ.get("DATABASE_URL"):
        return
    from app.config.postgres_embebido import PROPIETARIO, arrancar, esta_vivo

    datos = Path(os.environ.get("SERVET_DATOS", ".servet")).resolve()
    if not esta_vivo(datos / "postgres"):
        return
    servidor = arrancar(datos / "postgres")
    os.environ["DATABASE_URL"] = servidor.url()
    os.environ["SERVET_DATABASE_URL_PROPIETARIO"] = servidor.url(usuario=PROPIETARIO)
    os.environ.setdefault("SERVET_MODO", "demo")
    for variable, fichero in (("SERVET_SECRETO", "secreto"), ("SERVET_DEMO_CONTRASENA", "demo_contrasena")):
        guardado = datos / fichero
        if variable not in os.environ and guardado.exists():
            os.environ[variable] = guardado.read_text("utf-8").strip()
