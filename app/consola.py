"""Órdenes de consola del grupo ``servet``; lo que cuesta importar se importa al usarlo."""

from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from app.consola_altas import organizacion, usuario
from app.consola_comprobaciones import openapi, revisar_adjuntos, rutas, verificar_auditoria
from app.consola_importar import importar
from app.consola_tareas import tareas


class Ordenes(AppGroup):
    """Grupo cuyos errores se leen en una línea, en la salida de errores y sin traza."""

    def invoke(self, ctx: click.Context) -> Any:
        """Ejecuta la orden: 0 si va bien, 1 si falla, 2 si está mal escrita."""
        from sqlalchemy.exc import ArgumentError

        from app.config import entorno
        from app.utils.db_errors import ERRORES_DE_BASE, de_base_de_datos
        from app.utils.errors import DomainError, NoDisponible

        entorno.completar()
        try:
            return super().invoke(ctx)
        except ArgumentError:
            raise click.ClickException(
                "No hay base de datos: arranque Servet con «make run» en otra terminal, o indique DATABASE_URL"
            ) from None
        except DomainError as error:
            raise click.ClickException(error.detail or error.titulo) from None
        except ERRORES_DE_BASE as error:
            traducido = de_base_de_datos(error)
            if isinstance(traducido, NoDisponible):
                motivo = getattr(error, "orig", error)
                raise click.ClickException(f"No se puede hablar con la base de datos: {motivo}") from None
            raise click.ClickException(traducido.titulo) from None


servet = Ordenes("servet", help="Órdenes de Servet: instalación, usuarios, importación y comprobaciones.")
for orden in (importar, openapi, organizacion, revisar_adjuntos, rutas, tareas, usuario, verificar_auditoria):
    servet.add_command(orden)


@servet.command("migrar")
def migrar() -> None:
    """Lleva la base a su última versión y asegura catálogos y clave de firma."""
    from app.api.services import instalacion_service

    instalacion_service.instalar()
    click.echo("Base al día.")


@servet.command("demo")
def demo() -> None:
    """Crea o completa la clínica de demostración, con la contraseña de SERVET_DEMO_CONTRASENA."""
    from app.api.services import demo_service
    from app.config.settings import get_settings

    contrasena = get_settings().demo_contrasena.get_secret_value()
    if len(contrasena) < 12:
        raise click.ClickException("SERVET_DEMO_CONTRASENA debe tener al menos 12 caracteres")
    demo_service.preparar(contrasena)
    click.echo("Clínica de demostración lista.")


@servet.group("claves")
def claves() -> None:
    """Claves con las que se firman los tokens."""


@claves.command("rotar")
def rotar() -> None:
    """Firma desde ahora con una clave nueva; la anterior vale lo que duran sus tokens."""
    from app.api.services import instalacion_service

    click.echo(f"Clave nueva: {instalacion_service.rotar_clave()}")


def create_app() -> Flask:
    """Lo justo para ejecutar órdenes sin montar la API: ``flask --app app.consola servet …``."""
    consola = Flask("servet-consola", static_folder=None)
    consola.cli.add_command(servet)
    return consola
