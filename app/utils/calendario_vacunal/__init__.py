"""El calendario vacunal como funciones puras: cuándo toca la próxima dosis y por qué (dominio §3.6)."""

from app.utils.calendario_vacunal.calendario import proxima
from app.utils.calendario_vacunal.rabia import ValidezUE, validez_ue
from app.utils.calendario_vacunal.tipos import Dosis, DosisValorada, Motivo, Periodo, Protocolo, Proxima, Requisito
from app.utils.calendario_vacunal.valoracion import valorar

__all__ = [
    "Dosis", "DosisValorada", "Motivo", "Periodo", "Protocolo", "Proxima", "Requisito", "ValidezUE", "proxima",
    "validez_ue", "valorar",
]  # fmt: skip
