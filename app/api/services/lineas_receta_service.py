"""Las líneas de un borrador: completar sus cantidades y mirar sus alertas."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from app.api.models.peso import Peso
from app.api.models.receta import ClaseReceta, LineaReceta, Receta
from app.api.schemas import linea_receta_schema as esquema
from app.api.services import alertas_medicacion_service as alertas
from app.api.services.alertas_medicacion_service import Justificacion, JustificacionAntibiotico, LineaPedida
from app.api.services.fichas_medicamento_service import FichaMedicamento, fichas
from app.utils.decimales import UNO, entre, hacia_arriba, por, redondear
from app.utils.dosis import DECIMA, consumo
from app.utils.errors import BusinessRule
from app.utils.medicacion import UnidadDosis
from app.utils.records import add_all, columns, dato, execute, first, rows

CIEN = Decimal(100)
MAXIMO_TOTAL = Decimal(999_999)


class CantidadExcesiva(BusinessRule):
    """Sale una cantidad desmedida: revise la toma, la duración o el envase."""


def sustituir(receta: Receta, escritas: Sequence[esquema.LineaReceta]) -> list[LineaReceta]:
    """Deja en el borrador esas líneas y ninguna otra."""
    hay = fichas({una.medicamento_id for una in escritas if una.medicamento_id})
    peso = ultimo_peso(receta.paciente_id) if receta.paciente_id else None
    nuevas = [
        LineaReceta(receta_id=receta.id, orden=n, **_completa(una, hay.get(una.medicamento_id), peso))  # type: ignore[arg-type]
        for n, una in enumerate(escritas)
    ]
    execute(delete(LineaReceta).where(LineaReceta.receta_id == receta.id))
    return add_all(nuevas) if nuevas else []


def de_receta(receta_id: UUID) -> list[Any]:
    """Las líneas guardadas, en su orden."""
    return list(rows(_lineas, receta_id=receta_id))


@cache
def _lineas() -> Any:
    return select(*columns(LineaReceta)).where(LineaReceta.receta_id == dato("receta_id")).order_by(LineaReceta.orden)


def exigir_alertas(receta: Receta, lineas: Sequence[Any], otras: Sequence[Any] = ()) -> list[Any]:
    """Que nada impida dar eso a ese animal; devuelve las alertas con las que se sigue.

    ``otras``: justificaciones que se añaden a las de la receta. Un grupo no tiene ficha que mirar.
    Errores: ``AlertasMedicacion``, ``JustificacionRequerida``.
    """
    if receta.paciente_id is None or not lineas:
        return []
    categoria = receta.justificacion_categoria
    return alertas.exigir(
        receta.paciente_id,
        [_pedida(una, receta) for una in lineas if una.via],
        [
            *(Justificacion(una["codigo"], una["motivo"], una.get("linea")) for una in receta.justificaciones),
            *(Justificacion(una.codigo, una.motivo, una.linea) for una in otras),
        ],
        antibiotico=JustificacionAntibiotico(**categoria) if categoria else None,
        sin_receta_id=receta.id,
    )


def _pedida(linea: Any, receta: Receta) -> LineaPedida:
    return LineaPedida(
        via=linea.via,
        medicamento_id=linea.medicamento_id,
        dosis=linea.dosis,
        unidad_dosis=linea.unidad_dosis or UnidadDosis.MG_KG,
        cantidad=linea.cantidad_por_toma,
        indicacion=receta.indicacion,
        intervalo_h=linea.intervalo_h,
        duracion_dias=linea.duracion_dias,
        fuera_de_ficha=receta.clase is ClaseReceta.EXCEPCIONAL,
        tiempo_espera_informado=linea.tiempo_espera is not None,
        posicion=linea.orden,  # la de la receta: ni un borrador a medias ni una entrega parcial corren los motivos
    )


def _completa(linea: esquema.LineaReceta, ficha: FichaMedicamento | None, peso: Decimal | None) -> dict[str, Any]:
    """Lo escrito más lo que de ello se deduce; lo que ya venía dado se respeta."""
    campos = linea.model_dump()
    if linea.dosis is not None and linea.peso_usado_kg is None:
        campos["peso_usado_kg"] = peso
    if ficha is None:
        return campos
    campos["unidad"] = ficha.unidad_base
    if linea.cantidad_total is None and linea.cantidad_por_toma and linea.intervalo_h and linea.duracion_dias:
        gasto = consumo(linea.cantidad_por_toma, linea.intervalo_h, linea.duracion_dias, ficha.unidades_envase)
        campos["cantidad_total"] = gasto.cantidad_total
    total = campos["cantidad_total"]
    if total is not None:
        campos["envases"] = linea.envases or envases_para(total, ficha)
        campos["porcentaje_envase"] = linea.porcentaje_envase or porcentaje(total, campos["envases"], ficha)
    return campos


def envases_para(total: Decimal, ficha: FichaMedicamento) -> int:
    """Cuántos envases lo cubren. Errores: ``CantidadExcesiva``."""
    envases = int(hacia_arriba(entre(total, ficha.unidades_envase), UNO))
    if total > MAXIMO_TOTAL or envases > esquema.MAXIMO_ENVASES:
        raise CantidadExcesiva(campo="/lineas")
    return envases


def porcentaje(total: Decimal, envases: int, ficha: FichaMedicamento) -> Decimal:
    """Qué parte de esos envases se va a usar; más de lo que traen es todo."""
    parte = redondear(entre(por(total, CIEN), por(Decimal(envases), ficha.unidades_envase)), DECIMA)
    return min(max(parte, DECIMA), CIEN)


def ultimo_peso(paciente_id: UUID) -> Decimal | None:
    """La última pesada que vale, en kg."""
    consulta = select(Peso.peso_kg).where(Peso.paciente_id == paciente_id, Peso.anulado_en.is_(None))
    fila = first(consulta.order_by(Peso.medido_en.desc(), Peso.id.desc()).limit(1))
    return fila.peso_kg if fila else None
