"""El plan vacunal: lo que le toca a un paciente, por qué, y qué dosis se han mirado para decirlo."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.api.services.calendario_service import Calendario, resumidas
from app.api.services.pacientes_service import exigir
from app.utils.calendario_vacunal import Motivo, Proxima
from app.utils.records import AnyRow


def obtener(paciente_id: UUID) -> dict[str, Any]:
    """El plan de un paciente; de quien ha muerto, vacío."""
    calendario = Calendario([paciente_id])
    exigir(paciente_id)
    return {"paciente_id": paciente_id, "datos": [_explicada(*uno, calendario) for uno in calendario.proximas()]}


def _explicada(fila: AnyRow, toca: Proxima, calendario: Calendario) -> dict[str, Any]:
    puestas = {una.id: una for una in calendario.puestas(fila)}
    return {
        **resumidas([(fila, toca)])[0],
        "clase": fila.clase,
        "fuente": fila.fuente,
        "regla": toca.regla,
        "explicacion": _porque(toca.motivo),
        "requisito": _requisito(fila),
        "dosis": [
            {
                "vacunacion_id": una.dosis.id,
                "fecha": una.dosis.fecha,
                "producto": puestas[una.dosis.id].producto,
                "lote": puestas[una.dosis.id].lote,
                "externa": puestas[una.dosis.id].externa,
                "numero_en_serie": una.numero,
                "no_cuenta": una.descarte and _porque(una.descarte),
            }
            for una in toca.dosis
        ],
    }


def _porque(motivo: Motivo) -> dict[str, str]:
    return {"codigo": motivo.codigo, "mensaje": motivo.mensaje}


def _requisito(fila: AnyRow) -> dict[str, Any] | None:
    if fila.obligatoria is None:
        return None
    return {
        "territorio": fila.territorio,
        "obligatoria": fila.obligatoria,
        "obligatoria_desde": _desde(fila.fecha_nacimiento, fila.edad_min_dias) if fila.obligatoria else None,
        "periodicidad_meses": fila.exige_periodicidad,
        "fuente": fila.exige_fuente,
    }


def _desde(nacimiento: date | None, dias: int | None) -> date | None:
    return nacimiento + timedelta(days=dias) if nacimiento and dias is not None else None
