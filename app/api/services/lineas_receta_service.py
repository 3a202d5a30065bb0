"""Las líneas de un borrador: completar sus cantidades y mirar sus alertas."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from app.api.models.receta import ClaseReceta, LineaReceta, Receta
from app.api.schemas import linea_receta_schema as esquema
from app.api.services import alertas_medicacion_service as alertas
from app.api.services import situacion_medicacion_service as situacion
from app.api.services.alertas_medicacion_service import Justificacion, JustificacionAntibiotico, LineaPedida
from app.api.services.calculo_dosis_service import toma_de
from app.api.services.fichas_medicamento_service import FichaMedicamento, pedir_fichas
from app.utils.decimales import UNO, entre, hacia_arriba, por, redondear
from app.utils.dosis import DECIMA, SinPresentacionAdecuada, consumo
from app.utils.errors import BusinessRule
from app.utils.medicacion import Animal, Linea, Situacion, UnidadDosis
from app.utils.records import add_all, columns, dato, execute, rows

CIEN = Decimal(100)
MAXIMO_TOTAL = Decimal(999_999)


class CantidadExcesiva(BusinessRule):
    """Sale una cantidad desmedida: revise la toma, la duración o el envase."""


def sustituir(receta: Receta, escritas: Sequence[esquema.LineaReceta]) -> list[Any]:
    """Deja en el borrador esas líneas y ninguna otra; devuelve las alertas con las que se sigue.

    La situación del paciente se lee una vez: de ella salen las cantidades y las alertas.
    Errores: ``SinPresentacionAdecuada``, ``CantidadExcesiva`` y los de las alertas.
    """
    leer_fichas = pedir_fichas({una.medicamento_id for una in escritas if una.medicamento_id})
    cual = _situacion(receta, enumerate(escritas)) if receta.paciente_id and escritas else None
    hay = leer_fichas()
    por_linea = {una.posicion: una for una in cual.lineas} if cual else {}
    animal = cual.animal if cual else None
    nuevas = [
        LineaReceta(
            receta_id=receta.id,
            orden=n,
            **_completa(una, hay.get(una.medicamento_id), animal, por_linea.get(n)),  # type: ignore[arg-type]
        )
        for n, una in enumerate(escritas)
    ]
    execute(delete(LineaReceta).where(LineaReceta.receta_id == receta.id))
    if nuevas:
        add_all(nuevas)
    return _exigir(receta, cual) if cual else []


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
    return _exigir(receta, _situacion(receta, ((una.orden, una) for una in lineas)), otras)


def _situacion(receta: Receta, lineas: Iterable[tuple[int, Any]]) -> Situacion:
    """Lo que las reglas miran, con cada línea en su sitio de la receta: sin vía, una línea no se mira."""
    assert receta.paciente_id is not None
    pedidas = [_pedida(n, una, receta) for n, una in lineas if una.via]
    categoria = receta.justificacion_categoria
    return situacion.leer(receta.paciente_id, pedidas, receta.id, categoria["motivo"] if categoria else None)


def _exigir(receta: Receta, cual: Situacion, otras: Sequence[Any] = ()) -> list[Any]:
    assert receta.paciente_id is not None
    categoria = receta.justificacion_categoria
    justificaciones = [
        *(Justificacion(una["codigo"], una["motivo"], una.get("linea")) for una in receta.justificaciones),
        *(Justificacion(una.codigo, una.motivo, una.linea) for una in otras),
    ]
    antibiotico = JustificacionAntibiotico(**categoria) if categoria else None
    return alertas.exigir_situacion(receta.paciente_id, cual, justificaciones, antibiotico)


def _pedida(posicion: int, linea: Any, receta: Receta) -> LineaPedida:
    return LineaPedida(
        posicion=posicion,
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
    )


def _completa(
    linea: esquema.LineaReceta, ficha: FichaMedicamento | None, animal: Animal | None, leida: Linea | None
) -> dict[str, Any]:
    """Lo escrito más lo que de ello se deduce; lo que ya venía dado se respeta."""
    campos = linea.model_dump()
    if linea.dosis is not None and linea.peso_usado_kg is None:
        campos["peso_usado_kg"] = animal.peso.peso_kg if animal and animal.peso else None
    if ficha is None:
        return campos
    campos["unidad"] = ficha.unidad_base
    if linea.cantidad_por_toma is None and linea.unidad_dosis and animal and leida:
        campos["cantidad_por_toma"] = _toma(leida, animal.especie, campos["peso_usado_kg"])
    toma = campos["cantidad_por_toma"]
    if linea.cantidad_total is None and toma and linea.intervalo_h and linea.duracion_dias:
        gasto = consumo(toma, linea.intervalo_h, linea.duracion_dias, ficha.unidades_envase)
        campos["cantidad_total"] = gasto.cantidad_total
    total = campos["cantidad_total"]
    if total is not None:
        campos["envases"] = linea.envases or envases_para(total, ficha)
        campos["porcentaje_envase"] = linea.porcentaje_envase or porcentaje(total, campos["envases"], ficha)
    return campos


def _toma(leida: Linea, especie: str, kg: Decimal | None) -> Decimal | None:
    if kg is None:
        return None
    try:
        return toma_de(leida, especie, kg)
    except SinPresentacionAdecuada as error:
        raise SinPresentacionAdecuada(error.detail, campo=f"/lineas/{leida.posicion}/dosis") from error


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
