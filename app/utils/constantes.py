"""Interpretar constantes vitales: qué valores son posibles, cuáles normales y en qué especie."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.config.semillas_consultas import RangoConstante


class Marca(StrEnum):
    """Cómo queda un valor frente a su rango; «anormal» es de lo que no se mide, como el color de las mucosas."""

    BAJO = "bajo"
    NORMAL = "normal"
    ALTO = "alto"
    ANORMAL = "anormal"
    SIN_REFERENCIA = "sin_referencia"


# Fuera de aquí es un error de tecleo o de unidad, no un animal enfermo (dominio §2.6). En la unidad de cada una.
PLAUSIBLES: dict[str, tuple[Decimal, Decimal]] = {
    "temperatura": (Decimal("25.0"), Decimal("45.0")),
    "frecuencia_cardiaca": (Decimal(10), Decimal(600)),
    "frecuencia_respiratoria": (Decimal(2), Decimal(400)),
    "trc": (Decimal(0), Decimal(10)),
    "pas": (Decimal(20), Decimal(350)),
    "pad": (Decimal(20), Decimal(350)),
    "pam": (Decimal(20), Decimal(350)),
    "spo2": (Decimal(0), Decimal(100)),
    "glucemia": (Decimal(5), Decimal(1500)),
    "deshidratacion_pct": (Decimal(0), Decimal(15)),
}
# De estas se guarda rango y marca; el dolor y la deshidratación no tienen intervalo normal.
CON_REFERENCIA = (
    "temperatura", "frecuencia_cardiaca", "frecuencia_respiratoria", "trc", "pas", "pad", "pam", "spo2", "glucemia",
)  # fmt: skip
# Sin valor de fábrica: dependen del aparato o del laboratorio, y los fija cada clínica.
CONFIGURABLES = ("pas", "pad", "pam", "spo2", "glucemia")
MUCOSAS_NORMALES = "rosadas"
CLINICA = "clinica"  # la fuente de un rango que ha fijado la propia clínica


@dataclass(frozen=True, slots=True)
class Rango:
    """Intervalo normal, límites incluidos; sin un límite, por ese lado no hay.

    Unidades: las de la constante.
    """

    minimo: Decimal | None
    maximo: Decimal | None
    fuente: str


def marcar(valor: Decimal, rango: Rango | None) -> Marca:
    """Cómo queda un valor frente a su rango. Los límites son normales."""
    if rango is None:
        return Marca.SIN_REFERENCIA
    if rango.minimo is not None and valor < rango.minimo:
        return Marca.BAJO
    if rango.maximo is not None and valor > rango.maximo:
        return Marca.ALTO
    return Marca.NORMAL


def rangos_de(especie: str, catalogo: Iterable[RangoConstante], clinica: Mapping[str, Any]) -> dict[str, Rango]:
    """Los rangos que valen para una especie: los del catálogo y los que haya fijado la clínica.

    Forma: ``clinica`` es el parámetro ``rangos_constantes``: especie -> magnitud -> ``minimo`` y ``maximo``.
    """
    salida = {uno.magnitud: Rango(uno.minimo, uno.maximo, uno.fuente) for uno in catalogo if uno.especie == especie}
    for magnitud, suyo in (clinica.get(especie) or {}).items():
        minimo, maximo = suyo.get("minimo"), suyo.get("maximo")
        salida[magnitud] = Rango(
            None if minimo is None else Decimal(minimo), None if maximo is None else Decimal(maximo), CLINICA
        )
    return salida


def interpretar(valores: Mapping[str, Any], rangos: Mapping[str, Rango]) -> dict[str, dict[str, str | None]]:
    """El rango usado y la marca de cada valor medido, para guardarlos con él.

    Forma: magnitud -> ``minimo``, ``maximo``, ``fuente`` y ``marca``; los números, en texto.
    """
    salida: dict[str, dict[str, str | None]] = {}
    for magnitud in CON_REFERENCIA:
        valor = valores.get(magnitud)
        if valor is not None:
            rango = rangos.get(magnitud)
            salida[magnitud] = _referencia(rango, marcar(Decimal(valor), rango))
    if valores.get("mucosas") is not None:
        # De qué color deben ser sólo se sabe donde hay referencias: en perro y gato.
        normal = Marca.NORMAL if valores["mucosas"] == MUCOSAS_NORMALES else Marca.ANORMAL
        salida["mucosas"] = _referencia(None, normal if rangos else Marca.SIN_REFERENCIA)
    return salida


def _referencia(rango: Rango | None, marca: Marca) -> dict[str, str | None]:
    def texto(valor: Decimal | None) -> str | None:
        return None if valor is None else str(valor)

    return {
        "minimo": texto(rango.minimo) if rango else None,
        "maximo": texto(rango.maximo) if rango else None,
        "fuente": rango.fuente if rango else None,
        "marca": marca.value,
    }
