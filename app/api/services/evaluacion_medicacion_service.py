"""La vista previa de las alertas: lo mismo que al recetar, sin recetar; y desde cuándo se podría consumir."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from app.api.schemas.alerta_medicacion_schema import EvaluacionPedida, LineaAEvaluar
from app.api.services import alertas_medicacion_service as alertas
from app.api.services import situacion_medicacion_service as situacion
from app.api.services.acceso_clinico_service import pedir_relacion
from app.api.services.alertas_medicacion_service import LineaPedida
from app.api.services.catalogos_service import AVISO_CLINICO
from app.utils.context import ahora, zona_actual
from app.utils.medicacion import Gravedad, Linea
from app.utils.tiempos_espera import Espera, UnidadEspera, mayor

DIA = timedelta(days=1)


def evaluar(datos: EvaluacionPedida) -> dict[str, Any]:
    """Las alertas que saltarían: dicen qué toma y qué tiene, así que se leen como su historia.

    Errores: ``NoEncontrado``, ``MotivoRequerido``.
    """
    exigir_su_relacion = pedir_relacion(datos.paciente_id, "alertas_medicacion")
    motivo = datos.justificacion_categoria.motivo if datos.justificacion_categoria else None
    cual = situacion.leer(datos.paciente_id, [_pedida(una) for una in datos.lineas], datos.sin_receta_id, motivo)
    exigir_su_relacion()
    saltan = alertas.evaluar_situacion(cual)
    return {
        "impide": any(una.gravedad != Gravedad.AVISO for una in saltan),
        "alertas_medicacion": [alertas.presentar(una) for una in saltan],
        "esperas": _esperas(zip(datos.lineas, cual.lineas, strict=True)),
        "aviso_clinico": AVISO_CLINICO,
    }


def _pedida(linea: LineaAEvaluar) -> LineaPedida:
    campos = linea.model_dump(exclude={"tiempo_espera", "ultima_administracion"})
    campos["principios"] = tuple(linea.principios)
    return LineaPedida(**campos, tiempo_espera_informado=linea.tiempo_espera is not None)


def _esperas(lineas: Iterable[tuple[LineaAEvaluar, Linea]]) -> list[dict[str, Any]]:
    """De cada producto, la mayor: la que dice la línea o, si no la dice, la de la ficha."""
    por_producto: dict[str, list[Espera]] = defaultdict(list)
    for pedida, linea in lineas:
        dichas = linea.esperas
        if pedida.tiempo_espera is not None:
            dichas = tuple((str(una.producto), una.valor, str(una.unidad)) for una in pedida.tiempo_espera)
        for producto, valor, unidad in dichas:
            por_producto[producto].append(Espera(_ultima(pedida), valor, UnidadEspera(unidad)))
    return [
        {"producto": producto, "apto_desde": mayor(suyas, zona_actual())}
        for producto, suyas in sorted(por_producto.items())
    ]


def _ultima(pedida: LineaAEvaluar) -> datetime:
    if pedida.ultima_administracion is not None:
        return pedida.ultima_administracion
    intervalo = timedelta(hours=pedida.intervalo_h) if pedida.intervalo_h else DIA
    return max(ahora(), ahora() + (pedida.duracion_dias or 0) * DIA - intervalo)
