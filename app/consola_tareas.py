"""La orden que trabaja de fondo: vuelta tras vuelta hasta que se le pide parar."""

import logging
import os
import select
import signal
from collections.abc import Callable

import click
from flask.cli import with_appcontext

ENTRE_VUELTAS_S = 20.0
ESPERA_MAXIMA_S = 60.0
registro = logging.getLogger("servet.tareas")


@click.command("tareas")
@click.option("--una-vuelta", is_flag=True, help="Hace todo una vez y termina.")
@with_appcontext
def tareas(una_vuelta: bool) -> None:
    """Envía correos, caduca solicitudes y ofertas y purga, cada 20 segundos y en un solo proceso."""
    from app.api.services import segundo_plano_service
    from app.config.settings import get_settings
    from app.utils.logs import configure_logs

    configure_logs(get_settings().modo)
    esperar = _escuchar_parada()
    if una_vuelta:
        segundo_plano_service.una_vuelta(lambda: esperar(0))
        return
    _trabajar(esperar)


def _trabajar(esperar: Callable[[float], bool]) -> None:
    from sqlalchemy.exc import TimeoutError as SinConexiones

    from app.api.services import segundo_plano_service
    from app.utils.db_errors import ERRORES_DE_BASE

    turno, fallos = segundo_plano_service.Turno(), 0
    registro.info("tareas_en_marcha")
    try:
        while True:
            try:
                if turno.es_mio():
                    segundo_plano_service.una_vuelta(lambda: esperar(0))
                fallos = 0
            except (*ERRORES_DE_BASE, SinConexiones):
                # La base se ha reiniciado o no está: se suelta todo y se vuelve, cada vez con más calma.
                fallos += 1
                registro.warning("base_no_disponible", extra={"fallos": fallos})
                turno.soltar()
            if esperar(min(ESPERA_MAXIMA_S, 2.0**fallos) if fallos else ENTRE_VUELTAS_S):
                return
    finally:
        turno.soltar()
        registro.info("tareas_detenidas")


def _escuchar_parada() -> Callable[[float], bool]:
    """Con qué esperar: duerme hasta que pase el tiempo o llegue una señal de parar, y dice si llegó."""
    lectura, escritura = os.pipe()
    os.set_blocking(escritura, False)
    signal.set_wakeup_fd(escritura)
    for senal in (signal.SIGTERM, signal.SIGINT):
        # Nada en el manejador: lo que se esté haciendo termina, y entre tarea y tarea se mira.
        signal.signal(senal, lambda _numero, _marco: None)
    return lambda segundos: bool(select.select([lectura], [], [], segundos)[0])
