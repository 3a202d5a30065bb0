"""Cálculos clínicos: no escriben nada y llevan siempre el aviso clínico."""

from typing import Any

from app.api.schemas.calculo_dosis_schema import DosisLectura, DosisPedida
from app.api.schemas.calculo_schema import (
    ConversionLectura,
    ConversionPedida,
    EdadLectura,
    EdadPedida,
    FluidosLectura,
    FluidosPedidos,
    RerLectura,
    RerPedido,
    SuperficieLectura,
    SuperficiePedida,
)
from app.api.services import calculo_dosis_service as calculo_dosis
from app.api.services import calculos_service as calculos
from app.api.services.acceso_clinico_service import MotivoRequerido
from app.api.services.calculos_service import PesoRequerido
from app.config.permissions import Permiso
from app.utils.dosis import SinPresentacionAdecuada
from app.utils.fisiologia import CalculoNoDisponible
from app.utils.routing import Resource

api = Resource("calculos", tag="Cálculos")


@api.post(
    "/dosis",
    permission=Permiso.ALERTAS_MEDICACION_EVALUAR,
    output=DosisLectura,
    errors=(CalculoNoDisponible, PesoRequerido, SinPresentacionAdecuada, MotivoRequerido),
)
def dosis(body: DosisPedida) -> Any:
    """Calcula una dosis por peso o por superficie

    La cantidad se ajusta a lo que se puede medir o partir, sin pasar nunca de la dosis máxima por redondear. Pedir más
    de lo que dice la pauta no se corrige: se avisa (AL12).
    """
    return calculo_dosis.calcular(body)


@api.post("/rer", permission=Permiso.CALCULOS_HACER, output=RerLectura, errors=(CalculoNoDisponible, PesoRequerido))
def rer(body: RerPedido) -> Any:
    """Calcula la energía en reposo"""
    return calculos.rer(body)


@api.post(
    "/fluidos", permission=Permiso.CALCULOS_HACER, output=FluidosLectura, errors=(CalculoNoDisponible, PesoRequerido)
)
def fluidos(body: FluidosPedidos) -> Any:
    """Calcula un plan de fluidos"""
    return calculos.fluidos(body)


@api.post(
    "/superficie-corporal",
    permission=Permiso.CALCULOS_HACER,
    output=SuperficieLectura,
    errors=(CalculoNoDisponible, PesoRequerido),
)
def superficie_corporal(body: SuperficiePedida) -> Any:
    """Calcula la superficie corporal"""
    return calculos.superficie_corporal(body)


@api.post("/edad", permission=Permiso.CALCULOS_HACER, output=EdadLectura, errors=(CalculoNoDisponible,))
def edad(body: EdadPedida) -> Any:
    """Calcula la edad"""
    return calculos.edad_en(body)


@api.post("/conversion", permission=Permiso.CALCULOS_HACER, output=ConversionLectura, errors=(CalculoNoDisponible,))
def conversion(body: ConversionPedida) -> Any:
    """Convierte un resultado de laboratorio a otra unidad"""
    return calculos.conversion(body)
