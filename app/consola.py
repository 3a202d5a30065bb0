"""Órdenes de consola del grupo ``servet``."""

import click
from flask.cli import AppGroup

from app.consola_importar import importar

servet = AppGroup("servet", help="Órdenes de Servet: instalación, usuarios, importación y comprobaciones.")
servet.add_command(importar)


@servet.command("migrar")
def migrar() -> None:
    """Lleva la base a su última versión y asegura catálogos y clave de firma."""
    from app.api.services import instalacion_service

    instalacion_service.instalar()
    click.echo("Base al día.")
