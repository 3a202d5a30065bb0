"""Inicializa Flask: la lista de controladores y lo que los rodea."""

import sys
from collections.abc import Callable
from typing import Any

from flask import Flask

from app.api.controllers import CONTROLADORES
from app.api.controllers.operacion_controller import operacion
from app.config import entorno
from app.config.connections import get_engine
from app.config.settings import get_settings
from app.consola import servet
from app.utils.authentication import register_gate
from app.utils.edge import register_edge
from app.utils.logs import configure_logs
from app.utils.metrics import measure_connections
from app.utils.problems import register_error_handlers
from app.utils.produccion import comprobar_produccion
from app.utils.routing import register_resources, require_permissions


class Servet(Flask):
    """Flask sin vistas asíncronas: preguntar por cada función, en cada petición, si lo es cuesta más que llamarla."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """La misma función: aquí todas son síncronas."""
        return func


def create_app() -> Flask:
    """La aplicación lista para servir. Falla si algo que protege los datos no está en su sitio."""
    ajustes = get_settings()
    configure_logs(ajustes.modo)
    app = Servet("servet", static_folder=None)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    register_edge(app)
    if ajustes.proxies:  # por fuera de todo lo demás: la dirección de quien pide es la que dice el proxy
        from werkzeug.middleware.proxy_fix import ProxyFix

        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=ajustes.proxies, x_proto=ajustes.proxies)  # type: ignore[method-assign]
    measure_connections()
    register_gate(app)
    register_error_handlers(app)
    app.register_blueprint(operacion)
    register_resources(app, CONTROLADORES)
    require_permissions(app)
    app.cli.add_command(servet)
    return app


def __getattr__(nombre: str) -> Flask:
    # `app.app:app` para el servidor; importar el módulo no abre nada.
    if nombre == "app":
        # Las órdenes de consola instalan y reparan: no pueden exigir que todo esté ya en su sitio.
        if "servet" in sys.argv:
            entorno.completar()
        else:
            comprobar_produccion(get_settings(), get_engine())
        creada = globals()["app"] = create_app()
        return creada
    raise AttributeError(nombre)
