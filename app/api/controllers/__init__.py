"""Rutas HTTP: cada módulo es la tabla de rutas de un recurso."""

from app.api.controllers import (
    citas_controller,
    clientes_controller,
    disponibilidad_controller,
    excepciones_controller,
    horarios_controller,
    lista_espera_controller,
    organizacion_controller,
    pacientes_controller,
    pesos_controller,
    recursos_controller,
    sedes_controller,
    tipos_cita_controller,
)
from app.utils.routing import Resource

CONTROLADORES: list[Resource] = [
    citas_controller.api,
    clientes_controller.api,
    disponibilidad_controller.api,
    excepciones_controller.api,
    horarios_controller.api,
    lista_espera_controller.api,
    organizacion_controller.api,
    pacientes_controller.api,
    pesos_controller.api,
    recursos_controller.api,
    sedes_controller.api,
    tipos_cita_controller.api,
]
