"""Las métricas de Prometheus: peticiones por plantilla de ruta, las que están en curso y las conexiones en uso."""

import os
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import event
from sqlalchemy.pool import Pool

from app.config.connections import en_uso
from app.utils.context import Contexto

TIPO = CONTENT_TYPE_LATEST
disable_created_metrics()  # type: ignore[no-untyped-call]
_METODOS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_TRAMOS_S = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_peticiones = Counter("servet_http_peticiones", "Peticiones atendidas", ["metodo", "ruta", "estado"])
_duracion = Histogram(
    "servet_http_duracion_segundos", "Duración de las peticiones", ["metodo", "ruta"], buckets=_TRAMOS_S
)
_en_curso = Gauge("servet_http_en_curso", "Peticiones en curso", multiprocess_mode="livesum")
_conexiones = Gauge("servet_bd_conexiones_en_uso", "Conexiones a la base en uso", multiprocess_mode="livesum")
# Buscar la serie por sus etiquetas en cada petición cuesta más que anotar el dato.
_series: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}


def begin_request() -> None:
    """Una petición más en curso."""
    _en_curso.inc()


def end_request() -> None:
    """Una menos."""
    _en_curso.dec()


def measure_request(actual: Contexto, estado: int, segundos: float) -> None:
    """Anota una petición atendida: qué ruta, con qué estado y en cuánto."""
    # Ni el método ni la dirección que inventa un cliente crean series nuevas.
    metodo = actual.metodo if actual.metodo in _METODOS else "OTRO"
    ruta = actual.regla or "(ninguna)"
    clave = (metodo, ruta, estado)
    series = _series.get(clave)
    if series is None:
        series = _series[clave] = _peticiones.labels(metodo, ruta, estado), _duracion.labels(metodo, ruta)
    series[0].inc()
    series[1].observe(segundos)


def measure_connections() -> None:
    """Cuenta las conexiones a la base en uso: las de las peticiones y las del motor."""
    if not event.contains(Pool, "checkout", _prestar):
        event.listen(Pool, "checkout", _prestar)
        event.listen(Pool, "checkin", _devolver)
        en_uso.append(_conexiones.inc)


def exposicion() -> bytes:
    """Todas las series, en el formato de texto de Prometheus.

    Con ``PROMETHEUS_MULTIPROC_DIR``, la suma de todos los procesos; sin él, sólo las de este.
    """
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    reunidas = CollectorRegistry()
    MultiProcessCollector(reunidas)  # type: ignore[no-untyped-call]
    return generate_latest(reunidas)


def _prestar(*_: Any) -> None:
    _conexiones.inc()


def _devolver(*_: Any) -> None:
    _conexiones.dec()
