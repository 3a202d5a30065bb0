"""Órdenes que miran y no tocan: la cadena de auditoría, la tabla de rutas y el documento OpenAPI."""

import sys
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import click
from flask.cli import with_appcontext

MUCHAS = 5


@click.command("verificar-auditoria")
@click.option("--organizacion", "codigo", metavar="CODIGO", help="Sólo esa; si falta, todas.")
@with_appcontext
def verificar_auditoria(codigo: str | None) -> None:
    """Recalcula la cadena de auditoría; sale con 1 y nombra el eslabón si está rota."""
    from app.api.services import auditoria_service
    from app.api.services.altas_service import OrganizacionDesconocida, en_organizacion
    from app.api.services.segundo_plano_service import organizaciones
    from app.config.database import transaction

    pedidas = [(id, suyo) for id, suyo in organizaciones() if codigo in (None, suyo)]
    if codigo and not pedidas:
        raise OrganizacionDesconocida
    rotas = 0
    for organizacion_id, suyo in _con_progreso(pedidas):
        with en_organizacion(organizacion_id), transaction():
            hallado = auditoria_service.verificar()
        if hallado["integra"]:
            click.echo(f"{suyo}: íntegra, {hallado['asientos']} asientos, huella {hallado['huella'] or '—'}")
            continue
        rotas += 1
        id = hallado["primer_eslabon_roto"] or "que ya no existe"
        click.echo(f"{suyo}: ROTA en el asiento {hallado['numero']} ({id})", err=True)
    if rotas:
        sys.exit(1)


@click.command("revisar-adjuntos")
@with_appcontext
def revisar_adjuntos() -> None:
    """Compara los adjuntos con el almacén; sale con 1 y los nombra si a alguno le falta su contenido."""
    from app.api.services import almacen_service
    from app.api.services.altas_service import en_organizacion
    from app.api.services.segundo_plano_service import organizaciones
    from app.config.database import transaction

    faltan = 0
    for organizacion_id, suyo in _con_progreso(organizaciones()):
        with en_organizacion(organizacion_id), transaction():
            perdidos, sobran = almacen_service.faltantes(), almacen_service.sobrantes()
        click.echo(f"{suyo}: faltan {len(perdidos)} contenidos y sobran {len(sobran)}, que se limpian solos")
        for id in perdidos:
            click.echo(f"{suyo}: FALTA el contenido del adjunto {id}", err=True)
        faltan += len(perdidos)
    if faltan:
        sys.exit(1)


def _con_progreso(pedidas: list[tuple[UUID, str]]) -> Iterator[tuple[UUID, str]]:
    if len(pedidas) < MUCHAS or not sys.stderr.isatty():
        yield from pedidas
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(pedidas, "Verificando", console=Console(stderr=True))


@click.command("rutas")
@with_appcontext
def rutas() -> None:
    """Enseña cada ruta de la API con el permiso que exige y quién lo tiene."""
    import app.api.controllers  # noqa: F401 - al importarse, cada controlador declara sus rutas
    from app.config.permissions import POLITICA, Permiso, Rol, alcance_de
    from app.utils.routing import ROUTES

    filas = []
    for ruta in sorted(ROUTES, key=lambda una: (una.rule, una.method)):
        permiso = ruta.permission
        roles = ["público"]
        if isinstance(permiso, Permiso):
            roles = [rol.value for rol in Rol if rol is not Rol.INTEGRACION and alcance_de(rol, permiso)]
            roles += ["integracion"] if POLITICA[permiso][5] else []
        filas.append((ruta.method, ruta.rule, str(permiso.value), ", ".join(roles)))
    _tabla(("Método", "Ruta", "Permiso", "Roles"), filas)


def _tabla(cabecera: tuple[str, ...], filas: list[Any]) -> None:
    if not sys.stdout.isatty():
        for fila in filas:
            click.echo("\t".join(fila))
        return
    from rich.console import Console
    from rich.table import Table

    tabla = Table(*cabecera)
    for fila in filas:
        tabla.add_row(*fila)
    Console().print(tabla)


@click.command("openapi")
def openapi() -> None:
    """Escribe el documento OpenAPI en la salida, con las claves en orden: para compararlo en cada cambio."""
    import json

    from app.api.controllers import CONTROLADORES
    from app.utils.documentation import construir
    from app.utils.routing import ROUTES

    assert CONTROLADORES, "importarlos es lo que declara las rutas"
    click.echo(json.dumps(construir(ROUTES, reloj=True), ensure_ascii=False, indent=1, sort_keys=True))
