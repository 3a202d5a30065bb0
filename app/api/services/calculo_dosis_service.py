"""El cálculo de una dosis: cuánto se da, cuánto hace falta y de qué avisan las reglas. Sólo apunta su lectura."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.api.schemas.calculo_dosis_schema import DosisPedida
from app.api.services import alertas_medicacion_service as alertas
from app.api.services import situacion_medicacion_service as situacion
from app.api.services.acceso_clinico_service import pedir_relacion
from app.api.services.calculos_service import PesoRequerido
from app.api.services.catalogos_service import AVISO_CLINICO
from app.api.services.lineas_medicacion_service import LineaPedida
from app.utils import dosis
from app.utils.context import ahora
from app.utils.decimales import legible, redondear
from app.utils.fisiologia import DIEZMILESIMA, CalculoNoDisponible, superficie_corporal
from app.utils.medicacion import Animal, Linea, Pauta, PesoVigente, Presentacion, Situacion
from app.utils.pautas import en_unidad, pauta_de


def calcular(datos: DosisPedida) -> dict[str, Any]:
    """La dosis de una línea para un paciente, o para un animal del que se dan la especie y el peso.

    Errores: ``PesoRequerido``, ``SinPresentacionAdecuada``, ``CalculoNoDisponible``, ``NoEncontrado``,
    ``MotivoRequerido``.
    """
    cual = _situacion(datos)
    (linea,), vigente = cual.lineas, cual.animal.peso
    if vigente is None:
        raise PesoRequerido(campo="/peso_kg")
    if linea.presentacion is None:
        raise CalculoNoDisponible("No consta la presentación", campo="/medicamento_id")
    especie, kg = cual.animal.especie, vigente.peso_kg
    pauta = _pauta(datos, especie, linea)
    toma = dosis.calcular(especie, kg, datos.unidad_dosis, _rango(datos.dosis, pauta), linea.presentacion)
    return {
        "peso_usado_kg": redondear(kg, dosis.MILESIMA),
        "superficie_m2": _superficie(especie, kg, datos.unidad_dosis),
        "dosis_mg": toma.total if toma.unidad_total == "mg" else None,
        "dosis_total": toma.total,
        "unidad_total": toma.unidad_total,
        "cantidad_por_toma": toma.cantidad,
        "unidad_base": linea.presentacion.unidad_base,
        "dosis_efectiva": toma.dosis_efectiva,
        "unidad_dosis": datos.unidad_dosis,
        "pauta": pauta,
        **_consumo(datos, toma, linea.presentacion),
        "alertas_medicacion": [alertas.presentar(una) for una in alertas.evaluar_situacion(cual)],
        "fuente": (pauta.fuente or None) if pauta else None,
        "aviso_clinico": AVISO_CLINICO,
    }


def toma_de(linea: Linea, especie: str, kg: Decimal) -> Decimal | None:
    """Cuánto se da cada vez de una línea con dosis; nada, si esa dosis no se convierte en una cantidad.

    Errores: ``SinPresentacionAdecuada``.
    """
    if linea.dosis is None or linea.presentacion is None:
        return None
    try:
        pedida = _rango(linea.dosis, _pauta_vigente(linea, especie))
        return dosis.calcular(especie, kg, linea.unidad_dosis, pedida, linea.presentacion).cantidad
    except CalculoNoDisponible:
        return None


def _rango(pedida: Decimal, pauta: Pauta | None) -> dosis.Rango:
    return dosis.rango(pedida, pauta.dosis_min, pauta.dosis_max) if pauta else dosis.rango(pedida, None, None)


def _situacion(datos: DosisPedida) -> Situacion:
    dada = datos.presentacion
    linea = LineaPedida(
        via=datos.via,
        medicamento_id=datos.medicamento_id,
        dosis=datos.dosis,
        unidad_dosis=datos.unidad_dosis,
        indicacion=datos.indicacion,
        intervalo_h=datos.intervalo_h,
        duracion_dias=datos.duracion_dias,
        presentacion=Presentacion(
            dada.concentracion, dada.unidad, dada.unidad_base, tuple(dada.fracciones), dada.unidades_envase
        )
        if dada
        else None,
    )
    # Un peso que se da a mano vale como recién pesado.
    dado = PesoVigente(datos.peso_kg, ahora(), "bascula") if datos.peso_kg is not None else None
    if datos.paciente_id is None:
        return situacion.sin_paciente(Animal(especie=datos.especie or "", peso=dado), [linea])
    exigir_su_relacion = pedir_relacion(datos.paciente_id, "calculos")  # sus alertas dicen qué toma y qué tiene
    cual = situacion.leer(datos.paciente_id, [linea], None, None)
    exigir_su_relacion()
    return replace(cual, animal=replace(cual.animal, peso=dado)) if dado else cual


def _pauta(datos: DosisPedida, especie: str, linea: Linea) -> Pauta | None:
    """La que se da o la del principio, en la unidad de la dosis pedida."""
    if datos.pauta is not None:
        return Pauta(especie, datos.via, datos.pauta.dosis_min, datos.pauta.dosis_max, datos.unidad_dosis)
    return _pauta_vigente(linea, especie)


def _pauta_vigente(linea: Linea, especie: str) -> Pauta | None:
    """La del principio, en la unidad de la dosis de la línea. Errores: ``CalculoNoDisponible``."""
    cual = pauta_de(linea.principios[0], especie, linea) if linea.principios else None
    if cual is None:
        return None
    if cual.por_banda:
        raise CalculoNoDisponible("De este medicamento se elige el envase por el peso: no se calcula la dosis")
    limites = (
        None if limite is None else legible(en_unidad(limite, cual.unidad_dosis, linea.unidad_dosis))
        for limite in (cual.dosis_min, cual.dosis_max)
    )
    minima, maxima = limites
    return replace(cual, dosis_min=minima, dosis_max=maxima, unidad_dosis=linea.unidad_dosis)


def _superficie(especie: str, kg: Decimal, unidad_dosis: str) -> Decimal | None:
    if not dosis.por_superficie(unidad_dosis):
        return None
    return redondear(superficie_corporal(especie, kg), DIEZMILESIMA)


def _consumo(datos: DosisPedida, toma: dosis.Toma, presentacion: Presentacion) -> dict[str, Any]:
    """Lo que hace falta para todo el tratamiento, si se dice cada cuánto, cuántos días y cuánto trae el envase."""
    if datos.intervalo_h is None or datos.duracion_dias is None or presentacion.unidades_envase is None:
        return dict.fromkeys(("tomas_dia", "cantidad_total", "envases", "porcentaje_envase"))
    gasto = dosis.consumo(toma.cantidad, datos.intervalo_h, datos.duracion_dias, presentacion.unidades_envase)
    return {
        "tomas_dia": gasto.tomas_dia,
        "cantidad_total": gasto.cantidad_total,
        "envases": gasto.envases,
        "porcentaje_envase": gasto.porcentaje_envase,
    }
