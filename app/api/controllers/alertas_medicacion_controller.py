"""Alertas de medicación: qué pasaría al dar unos medicamentos, sin darlos."""

from typing import Any

from app.api.schemas.alerta_medicacion_schema import EvaluacionLectura, EvaluacionPedida
from app.api.services import evaluacion_medicacion_service as evaluacion
from app.api.services.acceso_clinico_service import MotivoRequerido
from app.config.permissions import Permiso
from app.utils.routing import Resource

api = Resource("alertas-medicacion", tag="Medicación")


@api.post("/evaluacion", permission=Permiso.ALERTAS_MEDICACION_EVALUAR, output=EvaluacionLectura,
          errors=(MotivoRequerido,))  # fmt: skip
def evaluar(body: EvaluacionPedida) -> Any:
    """Previsualiza las alertas de una medicación

    Sólo apunta que se leyó. Las mismas reglas se aplican al recetar, administrar y ceder: allí, un `bloqueo` no lo
    justifica nadie y lo `grave` sólo un veterinario, con su motivo.
    """
    return evaluacion.evaluar(body)
