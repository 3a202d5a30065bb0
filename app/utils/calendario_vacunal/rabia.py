"""La validez de la vacuna de la rabia para viajar por la Unión Europea: regla 6 del calendario."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from app.utils.calendario_vacunal.calendario import proxima
from app.utils.calendario_vacunal.tipos import Dosis, Protocolo, Requisito

# Fuente: F8 (Reglamento UE 576/2013, anexo III).
ESPERA_DIAS = 21


@dataclass(frozen=True, slots=True)
class ValidezUE:
    """Desde y hasta cuándo vale una dosis para viajar; ambos días incluidos."""

    desde: date
    hasta: date


def validez_ue(
    protocolo: Protocolo,
    dosis: Iterable[Dosis],
    nacimiento: date | None,
    fecha_microchip: date | None,
    requisito: Requisito | None = None,
) -> dict[Any, ValidezUE]:
    """La validez de cada dosis que la tiene: sin microchip, o puesto después, no vale.

    Lo que un veterinario fije a mano no alarga la validez: cuenta la fecha calculada.
    """
    salida: dict[Any, ValidezUE] = {}
    if fecha_microchip is None:
        return salida
    puestas: list[Dosis] = []
    anterior: ValidezUE | None = None
    for una in sorted(dosis, key=lambda una: (una.fecha, str(una.id))):
        puestas.append(replace(una, proxima_manual=None))
        siguiente = proxima(protocolo, puestas, nacimiento, una.fecha, requisito)
        if siguiente.dosis[-1].descarte or una.fecha < fecha_microchip:
            continue
        # Vence el día de la próxima dosis, no antes: puesta ese mismo día aún la continúa.
        seguida = anterior is not None and una.fecha <= anterior.hasta + timedelta(days=1)
        desde = una.fecha if seguida else una.fecha + timedelta(days=ESPERA_DIAS)
        anterior = salida[una.id] = ValidezUE(desde, siguiente.fecha - timedelta(days=1))
    return salida
