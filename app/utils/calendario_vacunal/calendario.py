"""La próxima dosis de un protocolo, con su explicación."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from app.utils.calendario_vacunal.reglas import siguiente, sin_dosis
from app.utils.calendario_vacunal.textos import REGLAS
from app.utils.calendario_vacunal.tipos import Dosis, Motivo, Paso, Protocolo, Proxima, Requisito
from app.utils.calendario_vacunal.valoracion import valorar

A_MANO = Motivo("manual.fijada", REGLAS["manual.fijada"])


def proxima(
    protocolo: Protocolo,
    dosis: Iterable[Dosis],
    nacimiento: date | None,
    hoy: date,
    requisito: Requisito | None = None,
) -> Proxima:
    """La próxima dosis vista desde ``hoy``; da igual en qué orden vengan las puestas."""
    valoradas = valorar(protocolo, dosis, nacimiento, hoy)
    validas = [una.dosis for una in valoradas if una.descarte is None]
    if validas:
        paso = _con_lo_fijado(siguiente(protocolo, validas, nacimiento, requisito), validas[-1])
    else:
        paso = sin_dosis(protocolo, nacimiento, hoy)
    return Proxima(
        protocolo=protocolo.codigo,
        fecha=paso.fecha,
        fase=paso.fase,
        numero_en_serie=len(validas) + 1,
        estado=_estado(paso.fecha, hoy) if validas else "pendiente",
        regla=paso.motivo.codigo.partition(".")[0],
        motivo=paso.motivo,
        dosis=valoradas,
    )


def _con_lo_fijado(paso: Paso, ultima: Dosis) -> Paso:
    """Lo que un veterinario fijó en la última dosis manda sobre la cuenta, hasta que haya otra."""
    return replace(paso, fecha=ultima.proxima_manual, motivo=A_MANO) if ultima.proxima_manual else paso


def _estado(fecha: date, hoy: date) -> str:
    if hoy < fecha:
        return "vigente"
    return "vence_hoy" if hoy == fecha else "vencida"
