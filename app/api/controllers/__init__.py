"""Rutas HTTP: cada módulo es la tabla de rutas de un recurso."""

from app.api.controllers import pacientes_controller, pesos_controller
from app.utils.routing import Resource

CONTROLADORES: list[Resource] = [
    pacientes_controller.api,
    pesos_controller.api,
]
