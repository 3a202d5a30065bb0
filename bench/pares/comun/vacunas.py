"""Las vacunas que le tocan a un paciente, de lo que ya se leyó de la base: el mismo motor que Servet."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from app.config.parametros import valor
from app.utils.calendario_vacunal import Dosis, Protocolo, Requisito, proxima

SIN_CALENDARIO = frozenset({"fallecido", "fusionado"})
CAMPOS = (
    "codigo", "tipo", "edad_min_semanas", "intervalo_min_dias", "intervalo_objetivo_dias", "fin_serie_semanas",
    "refuerzo_1_semanas", "dosis_adulto", "refuerzo_adulto_meses", "dosis_iniciales", "refuerzo_1_meses",
    "periodo_meses", "caducidad_meses",
)  # fmt: skip


def proximas(protocolos: Iterable[tuple[Any, Requisito | None]], dosis: Iterable[Any], config: dict[str, Any],
             nacimiento: date | None, hoy: date) -> list[dict[str, Any]]:
    """Lo que toca de cada protocolo, de lo primero a lo último.

    Los protocolos son los de su especie, cada uno con lo que su territorio exige; las dosis, las no anuladas, con los
    ``protocolos`` que cubren y su ``validez_meses``; ``config``, la de la organización.
    """
    puestas: dict[str, list[Dosis]] = defaultdict(list)
    for una in dosis:
        leida = Dosis(una.id, una.fecha, validez_meses=una.validez_meses, proxima_manual=una.proxima_manual)
        for codigo in una.protocolos:
            puestas[codigo].append(leida)
    tocan = [
        (proxima(_protocolo(uno, config), puestas[uno.codigo], nacimiento, hoy, requisito), uno.nombre)
        for uno, requisito in protocolos
    ]
    tocan.sort(key=lambda uno: (uno[0].fecha, uno[0].protocolo))
    return [
        {
            "protocolo": toca.protocolo, "nombre": nombre, "fecha_proxima": toca.fecha, "fase": toca.fase,
            "numero_en_serie": toca.numero_en_serie, "estado": toca.estado,
        }
        for toca, nombre in tocan
    ]  # fmt: skip


def _protocolo(fila: Any, config: dict[str, Any]) -> Protocolo:
    """Los parámetros del motor; los que el protocolo calla los dice la organización."""
    campos = {campo: getattr(fila, campo) for campo in CAMPOS}
    if campos["refuerzo_adulto_meses"] is None:
        campos["refuerzo_adulto_meses"] = valor("refuerzo_adulto_meses", config)
    if campos["caducidad_meses"] is None and fila.codigo == "leptospira":
        campos["caducidad_meses"] = valor("lepto_caducidad_meses", config)
    return Protocolo(**campos)
