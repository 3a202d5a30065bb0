"""Órdenes que dan de alta organizaciones y usuarios."""

import sys

import click
from flask.cli import AppGroup

ROLES = ("administrador", "veterinario", "auxiliar", "recepcion")
usuario = AppGroup("usuario", help="Usuarios que entran en el sistema.")
organizacion = AppGroup("organizacion", help="Organizaciones de esta instalación.")


def _contrasena(por_entrada: bool) -> str:
    # Nunca como argumento: se vería en la lista de procesos y en el historial.
    if por_entrada:
        return sys.stdin.readline().rstrip("\n")
    return str(click.prompt("Contraseña", hide_input=True, confirmation_prompt="Repita la contraseña"))


_por_entrada = click.option("--contrasena-stdin", is_flag=True, help="Lee la contraseña de la entrada estándar.")


@usuario.command("crear")
@click.option("--organizacion", "codigo", required=True, metavar="CODIGO", help="Código de la organización.")
@click.option("--email", required=True, help="Correo con el que entrará.")
@click.option("--nombre", required=True, help="Nombre y apellidos.")
@click.option("--rol", "roles", required=True, multiple=True, type=click.Choice(ROLES), help="Se puede repetir.")
@click.option("--sede", "sedes", multiple=True, metavar="CODIGO", help="Sede en la que trabaja; se puede repetir.")
@_por_entrada
def crear_usuario(
    codigo: str, email: str, nombre: str, roles: tuple[str, ...], sedes: tuple[str, ...], contrasena_stdin: bool
) -> None:
    """Da de alta un usuario ya activo; la contraseña se pregunta."""
    from app.api.services import altas_service

    persona = altas_service.Persona(email, nombre, _contrasena(contrasena_stdin))
    id = altas_service.crear_usuario(codigo, persona, list(roles), list(sedes))
    click.echo(f"Usuario creado: {id}")


@organizacion.command("crear")
@click.option("--codigo", required=True, help="El que se da al acceder: minúsculas, cifras y guiones.")
@click.option("--nombre", required=True, help="Nombre de la clínica.")
@click.option("--pais", required=True, help="País, en dos letras (ES, MX, CO, AR, CL, PE).")
@click.option("--moneda", help="Moneda, en tres letras; si falta, la del país.")
@click.option("--identificador-fiscal", "fiscal", required=True, help="NIF, RFC, NIT, CUIT, RUT o RUC.")
@click.option("--sede", default="PRI", show_default=True, metavar="CODIGO", help="Código de la primera sede.")
@click.option("--sede-nombre", default="Principal", show_default=True, help="Nombre de la primera sede.")
@click.option("--zona-horaria", required=True, help="Zona IANA de la sede, p. ej. Europe/Madrid.")
@click.option("--territorio-fiscal", required=True, help="Territorio fiscal de la sede, p. ej. ES-IVA.")
@click.option("--admin-email", required=True, help="Correo del primer administrador.")
@click.option("--admin-nombre", required=True, help="Nombre del primer administrador.")
@_por_entrada
def crear_organizacion(
    codigo: str, nombre: str, pais: str, moneda: str | None, fiscal: str, sede: str, sede_nombre: str,
    zona_horaria: str, territorio_fiscal: str, admin_email: str, admin_nombre: str, contrasena_stdin: bool,
) -> None:  # fmt: skip
    """Da de alta una organización con su primera sede y su administrador; la contraseña se pregunta."""
    from app.api.services import altas_service
    from app.config.territorios import MONEDAS

    pais = pais.upper()
    admin = altas_service.Persona(admin_email, admin_nombre, _contrasena(contrasena_stdin))
    primera = altas_service.PrimeraSede(sede, sede_nombre, zona_horaria, territorio_fiscal)
    id = altas_service.crear_organizacion_entera(
        codigo, nombre, pais, (moneda or MONEDAS.get(pais, "")).upper(), fiscal, primera, admin
    )
    click.echo(f"Organización creada: {id}")
