"""Cálculos clínicos sin efectos: energía, fluidos, superficie, edad y conversiones."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.api.models.paciente import Paciente
from app.api.schemas.calculo_schema import ConversionPedida, EdadPedida, FluidosPedidos, RerPedido, SuperficiePedida
from app.api.services import situacion_medicacion_service as situacion
from app.api.services.catalogos_service import AVISO_CLINICO
from app.utils import conversiones, fisiologia
from app.utils.context import avisar, hoy
from app.utils.decimales import redondear
from app.utils.dosis import MILESIMA
from app.utils.edad import edad
from app.utils.errors import BusinessRule
from app.utils.fisiologia import CalculoNoDisponible
from app.utils.records import fetch
from app.utils.reglas_paciente import peso

LEYENDA = "Calculado, no prescrito"
AVISOS_DE_PESO = {
    "antiguo": ("PESO_ANTIGUO", "El último peso ya no vale para calcular dosis: convendría pesarlo"),
    "no_bascula": ("PESO_NO_BASCULA", "El último peso no es de báscula"),
}


class PesoRequerido(BusinessRule):
    """Hace falta el peso del animal."""


def rer(datos: RerPedido) -> dict[str, Any]:
    """Energía en reposo. Errores: ``PesoRequerido``, ``CalculoNoDisponible``, ``NoEncontrado``."""
    especie, kg = _de_quien(datos.paciente_id, datos.especie, datos.peso_kg)
    return _con_aviso(peso_usado_kg=kg, rer_kcal_dia=fisiologia.rer(kg, especie), fuente=fisiologia.FUENTE_RER)


def fluidos(datos: FluidosPedidos) -> dict[str, Any]:
    """Plan de fluidos. Errores: ``PesoRequerido``, ``CalculoNoDisponible``, ``NoEncontrado``."""
    especie, kg = _de_quien(datos.paciente_id, datos.especie, datos.peso_kg)
    plan = fisiologia.fluidos(
        especie or "", kg, datos.deshidratacion_pct, datos.perdidas_ml, datos.horas, datos.gotas_ml
    )
    return _con_aviso(peso_usado_kg=kg, **asdict(plan), leyenda=LEYENDA, fuente=fisiologia.FUENTE_FLUIDOS)


def superficie_corporal(datos: SuperficiePedida) -> dict[str, Any]:
    """Superficie corporal. Errores: ``PesoRequerido``, ``CalculoNoDisponible``, ``NoEncontrado``."""
    especie, kg = _de_quien(datos.paciente_id, datos.especie, datos.peso_kg)
    superficie = redondear(fisiologia.superficie_corporal(especie or "", kg), fisiologia.DIEZMILESIMA)
    return _con_aviso(
        peso_usado_kg=kg, superficie_m2=superficie, fuente=fisiologia.FUENTES_SUPERFICIE.get(especie or "")
    )


def edad_en(datos: EdadPedida) -> dict[str, Any]:
    """La edad hoy, en la fecha que se diga o, si murió, la que tenía. Errores: ``CalculoNoDisponible``."""
    nacimiento, precision, fin = datos.fecha_nacimiento, datos.precision, None
    if datos.paciente_id is not None:
        fila = fetch(
            select(Paciente.fecha_nacimiento, Paciente.precision_nacimiento, Paciente.fecha_fallecimiento).where(
                Paciente.id == datos.paciente_id
            )
        )
        if nacimiento is None:
            nacimiento, precision = fila.fecha_nacimiento, fila.precision_nacimiento or precision
        fin = fila.fecha_fallecimiento
    if nacimiento is None:
        raise CalculoNoDisponible("No consta la fecha de nacimiento", campo="/fecha_nacimiento")
    referencia = datos.referencia or fin or hoy()
    if nacimiento > referencia:
        raise CalculoNoDisponible("Nació después de esa fecha", campo="/referencia")
    suya = asdict(edad(nacimiento, referencia, precision))
    return _con_aviso(fecha_nacimiento=nacimiento, referencia=referencia, **suya, fuente="D")


def conversion(datos: ConversionPedida) -> dict[str, Any]:
    """Un resultado en otra unidad; se conserva el original. Errores: ``CalculoNoDisponible``."""
    convertido = conversiones.convertir(datos.analito, datos.valor, datos.de, datos.a)
    return _con_aviso(
        analito=datos.analito, valor=datos.valor, unidad=datos.de, valor_convertido=convertido,
        unidad_convertida=datos.a, fuente="D",
    )  # fmt: skip


def _de_quien(paciente_id: UUID | None, especie: str | None, kg: Decimal | None) -> tuple[str | None, Decimal]:
    """La especie y el peso dados o, si faltan, los del paciente. Errores: ``PesoRequerido``, ``NoEncontrado``."""
    if paciente_id is not None:
        cual = situacion.leer(paciente_id, (), None, None)
        especie = especie or cual.animal.especie
        if kg is None and cual.animal.peso is not None:
            kg = cual.animal.peso.peso_kg
            for caso, aviso in AVISOS_DE_PESO.items():
                if peso(cual, {"caso": caso}):
                    avisar(*aviso)
    if kg is None:
        raise PesoRequerido(campo="/peso_kg")
    return especie, redondear(kg, MILESIMA)


def _con_aviso(**resultado: Any) -> dict[str, Any]:
    return {**resultado, "aviso_clinico": AVISO_CLINICO}
