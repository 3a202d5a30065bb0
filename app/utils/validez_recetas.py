"""Hasta cuándo vale una receta en España: desde la firma hasta la dispensación."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.utils.edad import sumar_meses

MESES_GENERAL = 1
MESES_CRONICO = 3
MESES_PREVENTIVO = 6
PLAZO_ANTIMICROBIANO = timedelta(days=5)
PLAZO_ESTUPEFACIENTE = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Prescripcion:
    """Lo que de una receta decide su plazo; ``controlada`` es con estupefacientes o psicótropos."""

    tratamiento: str = "general"
    antimicrobiana: bool = False
    estupefaciente: bool = False
    controlada: bool = False
    formula_magistral: bool = False
    produccion: bool = False


def valida_hasta(emision: date, prescripcion: Prescripcion) -> date:
    """El último día en que se puede dispensar; si concurren varios plazos, el menor.

    El día de la firma no cuenta y el último sí; los meses van de fecha a fecha, recortando a fin de mes.
    Fuente: F1 35.7 y F2 16.
    """
    plazos = [sumar_meses(emision, _meses(prescripcion))]
    if prescripcion.antimicrobiana:
        plazos.append(emision + PLAZO_ANTIMICROBIANO)
    if prescripcion.estupefaciente:
        plazos.append(emision + PLAZO_ESTUPEFACIENTE)
    return min(plazos)


def _meses(prescripcion: Prescripcion) -> int:
    especial = prescripcion.antimicrobiana or prescripcion.estupefaciente or prescripcion.controlada
    if prescripcion.tratamiento == "cronico" and not especial and not prescripcion.formula_magistral:
        return MESES_CRONICO
    if prescripcion.tratamiento == "preventivo" and not prescripcion.produccion:
        return MESES_PREVENTIVO
    return MESES_GENERAL
