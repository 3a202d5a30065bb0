"""La aplicación: qué dirección atiende cada cual."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.handlers import asgi

from bench.pares.litestar import citas, disponibilidad, edicion, pacientes, reserva
from bench.pares.litestar.base import base
from bench.pares.litestar.puerta import puerta

_paciente = puerta(
    "/api/v1/pacientes", {"GET": ("pacientes:leer", pacientes.detalle), "PATCH": ("pacientes:editar", edicion.editar)}
)
_pacientes = puerta("/api/v1/pacientes", {"GET": ("pacientes:leer", pacientes.listar)})
_citas = puerta("/api/v1/citas", {"GET": ("citas:leer", citas.listar), "POST": ("citas:crear", reserva.reservar)})
_disponibilidad = puerta("/api/v1/disponibilidad", {"GET": ("disponibilidad:leer", disponibilidad.consultar)})


# Montadas, y no con parámetros en la dirección: así el marco sólo encamina.
@asgi("/api/v1/pacientes", is_mount=True, copy_scope=False)
async def los_pacientes(scope: Any, receive: Any, send: Any) -> None:
    """Listar, buscar, leer y editar fichas."""
    await (_pacientes if scope["path"] == "/" else _paciente)(scope, receive, send)


@asgi("/api/v1/citas", is_mount=True, copy_scope=False)
async def las_citas(scope: Any, receive: Any, send: Any) -> None:
    """Listar citas y reservar."""
    await _citas(scope, receive, send)


@asgi("/api/v1/disponibilidad", is_mount=True, copy_scope=False)
async def los_huecos(scope: Any, receive: Any, send: Any) -> None:
    """Buscar huecos libres."""
    await _disponibilidad(scope, receive, send)


@asynccontextmanager
async def _vida(_app: Litestar) -> AsyncIterator[None]:
    await base.abrir()
    yield
    await base.cerrar()


app = Litestar(
    route_handlers=[los_pacientes, las_citas, los_huecos],
    lifespan=[_vida],
    openapi_config=None,
    debug=False,
)
