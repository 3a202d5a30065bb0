"""La vista previa de las alertas: lo mismo que al recetar, sin recetar."""

from typing import Any

from app.api.schemas.alerta_medicacion_schema import EvaluacionPedida
from app.api.services import alertas_medicacion_service as alertas
from app.api.services.alertas_medicacion_service import JustificacionAntibiotico, LineaPedida
from app.api.services.catalogos_service import AVISO_CLINICO
from app.utils.medicacion import Gravedad


def evaluar(datos: EvaluacionPedida) -> dict[str, Any]:
    """Las alertas que saltarían. Errores: ``NoEncontrado``."""
    lineas = [LineaPedida(**{**una.model_dump(), "principios": tuple(una.principios)}) for una in datos.lineas]
    dada = datos.justificacion_categoria
    antibiotico = JustificacionAntibiotico(**dada.model_dump()) if dada else None
    saltan = alertas.evaluar(datos.paciente_id, lineas, antibiotico=antibiotico, sin_receta_id=datos.sin_receta_id)
    return {
        "impide": any(una.gravedad != Gravedad.AVISO for una in saltan),
        "alertas_medicacion": [alertas.presentar(una) for una in saltan],
        "aviso_clinico": AVISO_CLINICO,
    }
