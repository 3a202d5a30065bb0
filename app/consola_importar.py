"""La orden ``servet importar``: ensayar un CSV ajeno y, con la huella del ensayo, aplicarlo."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from app.api.services.importacion_informe import Informe, Resultado, abrir_informe
from app.utils.db_errors import ERRORES_DE_BASE, de_base_de_datos
from app.utils.errors import DomainError

TODO_BIEN, NADA_HECHO, CON_RECHAZOS = 0, 1, 3
_FICHERO = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command("importar")
@click.argument("fichero", type=_FICHERO)
@click.option("--mapa", type=_FICHERO, required=True, help="TOML que dice qué columna es cada campo.")
@click.option("--organizacion", required=True, metavar="CODIGO", help="Código de la organización.")
@click.option("--sede", metavar="CODIGO", help="Sede habitual de los clientes y de alta de los pacientes.")
@click.option("--informe", type=click.Path(dir_okay=False, path_type=Path), default=Path("informe.csv"),
              show_default=True, help="Dónde se escribe qué fue de cada fila.")  # fmt: skip
@click.option("--aplicar", metavar="HUELLA", help="Aplica lo ensayado; sin esto, sólo se ensaya.")
@click.option("--con-errores", type=click.Choice(["omitir", "abortar"]), default="omitir", show_default=True,
              help="Si hay filas rechazadas: importar las demás, o no importar nada.")  # fmt: skip
def importar(
    fichero: Path, mapa: Path, organizacion: str, sede: str | None, informe: Path, aplicar: str | None, con_errores: str
) -> None:
    """Importa clientes o pacientes de un CSV; sin --aplicar sólo lo ensaya.

    Sale con 0 si todas las filas valen, con 3 si alguna se ha rechazado y con 1 si no se ha hecho nada.
    """
    from app.api.services.instalacion_service import organizacion_por_codigo
    from app.utils.context import Contexto, iniciar

    try:
        organizacion_id = organizacion_por_codigo(organizacion)
        if organizacion_id is None:
            raise click.ClickException(f"No hay ninguna organización con el código {organizacion}")
        iniciar(Contexto(organizacion_id=organizacion_id, motivo_acceso=f"Importación de {fichero.name}"))
        salida = _ejecutar(fichero, mapa, sede, informe, aplicar, abortar=con_errores == "abortar")
    except DomainError as error:
        raise click.ClickException(error.detail or error.titulo) from None
    except ERRORES_DE_BASE as error:
        raise click.ClickException(de_base_de_datos(error).titulo) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or fichero}: {error.strerror}") from None
    finally:
        iniciar(Contexto())
    sys.exit(salida)


def _ejecutar(
    fichero: Path, mapa: Path, sede: str | None, ruta_informe: Path, huella: str | None, *, abortar: bool
) -> int:
    from app.api.services import importacion_service as servicio
    from app.config.database import transaction

    with abrir_informe(ruta_informe) as informe:
        with transaction() as transaccion:
            pedida = servicio.preparar(fichero, mapa, sede, ensayo=huella is None)
            if huella is not None:
                servicio.exigir_ensayo(pedida, huella)
            with _progreso(fichero) as avance:
                servicio.importar(pedida, informe, avance)
            abortada = abortar and bool(informe.totales[Resultado.ERROR])
            if pedida.ensayo or abortada:
                transaccion.rollback()
            else:
                servicio.anotar_aplicacion(pedida, informe)
        if pedida.ensayo:
            with transaction():
                servicio.anotar_ensayo(pedida, informe)
    _resumir(informe, ruta_informe, ensayo=pedida.ensayo, abortada=abortada)
    if pedida.ensayo:
        click.echo(f"Para aplicarlo, repita la orden con: --aplicar {servicio.huella_corta(pedida)}")
    if abortada and not pedida.ensayo:
        return NADA_HECHO
    return CON_RECHAZOS if informe.totales[Resultado.ERROR] else TODO_BIEN


def _resumir(informe: Informe, ruta: Path, *, ensayo: bool, abortada: bool) -> None:
    if ensayo:
        click.echo("Ensayo: no se ha escrito nada.")
    elif abortada:
        click.echo("Hay filas rechazadas y se pidió abortar: no se ha escrito nada.")
    else:
        click.echo("Importación aplicada.")
    de_futuro = ensayo or abortada
    for resultado, frase in (
        (Resultado.CREAR, "se crearían" if de_futuro else "creadas"),
        (Resultado.ACTUALIZAR, "se actualizarían" if de_futuro else "actualizadas"),
        (Resultado.SIN_CAMBIOS, "sin cambios"),
        (Resultado.ERROR, "rechazadas"),
        (Resultado.AVISO, "avisos"),
    ):
        click.echo(f"  {informe.totales[resultado]:>7}  {frase}")
    click.echo(f"  {informe.filas:>7}  filas en total. Informe, fila a fila: {ruta}")


@contextmanager
def _progreso(fichero: Path) -> Iterator[Callable[[int], None]]:
    """Una barra en la salida de errores, sólo si la mira una persona."""
    if not sys.stderr.isatty():
        yield lambda _filas: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columnas = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columnas, console=Console(stderr=True)) as barra:
        tarea = barra.add_task("Importando", total=_lineas(fichero))
        yield lambda filas: barra.advance(tarea, filas)
        barra.update(tarea, total=barra.tasks[0].completed)


def _lineas(fichero: Path) -> int:
    with fichero.open("rb") as origen:
        return sum(trozo.count(b"\n") for trozo in iter(lambda: origen.read(1 << 20), b""))
