"""Evaluar la medicación de un paciente antes de recetarla, administrarla o cederla, y exigir que nada la impida."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.api.services import situacion_medicacion_service as situacion
from app.api.services.lineas_medicacion_service import LineaPedida
from app.config.permissions import Alcance, Permiso
from app.utils import alertas_medicacion as motor
from app.utils.audit import anotar
from app.utils.context import avisar, identidad
from app.utils.errors import BusinessRule
from app.utils.medicacion import Alerta, Gravedad, Situacion

__all__ = [
    "AlertasMedicacion", "Justificacion", "JustificacionAntibiotico", "JustificacionRequerida", "LineaPedida",
    "evaluar", "evaluar_situacion", "exigir", "exigir_situacion",
]  # fmt: skip
MOTIVO_MINIMO = 10
CON_JUSTIFICACION_PROPIA = frozenset({"A", "B"})


class AlertasMedicacion(BusinessRule):
    """La medicación tiene alertas que lo impiden."""


class JustificacionRequerida(BusinessRule):
    """Falta justificar por qué este antibiótico y no uno de menor categoría."""


@dataclass(frozen=True, slots=True)
class Justificacion:
    """Por qué se sigue adelante con una alerta grave; sin ``linea``, vale para todas las de ese código."""

    codigo: str
    motivo: str
    linea: int | None = None


@dataclass(frozen=True, slots=True)
class JustificacionAntibiotico:
    """Por qué no se usa un antibiótico de menor categoría, y la prueba de sensibilidad o por qué falta."""

    motivo: str | None = None
    prueba_sensibilidad: str | None = None
    sin_prueba_motivo: str | None = None

    @property
    def completa(self) -> bool:
        """Si dice por qué este, y qué prueba hay o por qué no la hay."""
        return _dice(self.motivo) and (_dice(self.prueba_sensibilidad) or _dice(self.sin_prueba_motivo))


def evaluar(
    paciente_id: UUID,
    lineas: Sequence[LineaPedida],
    *,
    antibiotico: JustificacionAntibiotico | None = None,
    sin_receta_id: UUID | None = None,
) -> list[Alerta]:
    """Las alertas de unas líneas, de más a menos grave, con lo que el paciente ya toma. No escribe nada.

    ``sin_receta_id``: la receta que se está editando o emitiendo, que no se cuenta como tratamiento activo.
    Errores: ``NoEncontrado`` si no está el paciente o un medicamento.
    """
    motivo = antibiotico.motivo if antibiotico else None
    return evaluar_situacion(situacion.leer(paciente_id, lineas, sin_receta_id, motivo))


def evaluar_situacion(cual: Situacion) -> list[Alerta]:
    """Las alertas de una situación ya reunida."""
    return motor.evaluar(cual, cual.reglas)


def exigir(
    paciente_id: UUID,
    lineas: Sequence[LineaPedida],
    justificaciones: Sequence[Justificacion] = (),
    *,
    antibiotico: JustificacionAntibiotico | None = None,
    sin_receta_id: UUID | None = None,
) -> list[Alerta]:
    """Las alertas con las que se puede seguir: avisos, que van con la respuesta, y graves justificadas y auditadas.

    Lo grave sólo lo justifica quien puede (un veterinario) y con un motivo de 10 caracteres o más; un bloqueo, nadie.
    Errores: ``AlertasMedicacion`` (con la lista en ``alertas_medicacion``), ``JustificacionRequerida``,
    ``NoEncontrado``.
    """
    alertas = evaluar(paciente_id, lineas, antibiotico=antibiotico, sin_receta_id=sin_receta_id)
    return _exigir(paciente_id, alertas, justificaciones, antibiotico)


def exigir_situacion(
    paciente_id: UUID,
    cual: Situacion,
    justificaciones: Sequence[Justificacion] = (),
    antibiotico: JustificacionAntibiotico | None = None,
) -> list[Alerta]:
    """Lo mismo, de una situación ya reunida. Errores: los de ``exigir``."""
    return _exigir(paciente_id, evaluar_situacion(cual), justificaciones, antibiotico)


def _exigir(
    paciente_id: UUID,
    alertas: list[Alerta],
    justificaciones: Sequence[Justificacion],
    antibiotico: JustificacionAntibiotico | None,
) -> list[Alerta]:
    puede = identidad().alcance(Permiso.ALERTAS_MEDICACION_JUSTIFICAR) is not Alcance.NADA
    motivos = {una: _motivo(una, justificaciones) if puede else None for una in alertas if _a_justificar(una)}
    impiden = [una for una in alertas if una.gravedad == Gravedad.BLOQUEO or (una in motivos and not motivos[una])]
    if impiden:
        raise AlertasMedicacion(_detalle(impiden), alertas_medicacion=[presentar(una) for una in impiden])
    restringidos = [una for una in alertas if _es_antibiotico(una)]
    if restringidos and not (antibiotico and antibiotico.completa):
        raise JustificacionRequerida(
            campo="/justificacion_categoria", alertas_medicacion=[presentar(una) for una in restringidos]
        )
    _apuntar(paciente_id, motivos)
    for una in alertas:
        if una.gravedad == Gravedad.AVISO:
            avisar(una.codigo, una.mensaje)
    return alertas


def presentar(alerta: Alerta) -> dict[str, Any]:
    """Una alerta como va en la respuesta: los decimales, como texto."""
    return {
        "codigo": alerta.codigo,
        "gravedad": str(alerta.gravedad),
        "mensaje": alerta.mensaje,
        "justificable": alerta.justificable,
        "linea": alerta.linea,
        "principio": alerta.principio,
        "categoria_ema": alerta.categoria_ema,
        "razon": alerta.razon,
        "limite": alerta.limite,
        "unidad": alerta.unidad,
    }


def _es_antibiotico(alerta: Alerta) -> bool:
    return alerta.justificable and alerta.categoria_ema in CON_JUSTIFICACION_PROPIA


def _a_justificar(alerta: Alerta) -> bool:
    """Lo grave, menos el antibiótico restringido: ese tiene su propia justificación."""
    return alerta.justificable and not _es_antibiotico(alerta)


def _motivo(alerta: Alerta, justificaciones: Iterable[Justificacion]) -> str | None:
    for una in justificaciones:
        if una.codigo == alerta.codigo and una.linea in (None, alerta.linea):
            motivo = una.motivo.strip()
            if len(motivo) >= MOTIVO_MINIMO:
                return motivo
    return None


def _detalle(impiden: Sequence[Alerta]) -> str:
    """Todas las que impiden, en frases que se puedan leer de corrido."""
    return ". ".join(dict.fromkeys(una.mensaje for una in impiden))


def _apuntar(paciente_id: UUID, motivos: dict[Alerta, str | None]) -> None:
    if motivos:
        dichas = [{"codigo": una.codigo, "linea": una.linea, "motivo": motivo} for una, motivo in motivos.items()]
        anotar("justificar_alertas", "pacientes", paciente_id, {"alertas_medicacion": (None, dichas)})


def _dice(texto: str | None) -> bool:
    return bool(texto and texto.strip())
