"""Comprobaciones de la propia línea: dosis y duración frente a la pauta, ficha, antibiótico, espera y lote."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.utils.decimales import entre, por, redondear
from app.utils.medicacion import Hallazgo, Linea, Pauta, Situacion
from app.utils.pautas import en_escala, pauta_de

Parametros = Mapping[str, Any]
CENTESIMA = Decimal("0.01")


def pauta(situacion: Situacion, linea: Linea, p: Parametros) -> Hallazgo | None:
    """La dosis pasa del máximo o no llega al mínimo de su pauta, o el tratamiento dura más de lo que admite.

    La dosis es del primer principio de la línea: un medicamento combinado se expresa por él o por la suma.
    """
    if not linea.principios:
        return None
    principio = linea.principios[0]
    cual = pauta_de(principio, situacion.animal.especie, linea)
    if cual is None:
        return None
    return _LIMITES[p["limite"]](principio.codigo, cual, linea)


def fuera_de_ficha(situacion: Situacion, linea: Linea, p: Parametros) -> Hallazgo | None:
    """La especie no está en la ficha del medicamento, o se usa para algo que no está en ella."""
    no_autorizada = linea.especies_autorizadas and situacion.animal.especie not in linea.especies_autorizadas
    return Hallazgo() if no_autorizada or linea.fuera_de_ficha else None


def antibiotico(situacion: Situacion, linea: Linea, p: Parametros) -> Hallazgo | None:
    """Un antibiótico de esas categorías; con ``sin_motivo``, sólo si no se dice por qué no uno de menor categoría."""
    if p.get("destinos") and situacion.animal.destino not in p["destinos"]:
        return None
    if p.get("sin_motivo") and linea.motivo_antibiotico:
        return None
    for principio in linea.principios:
        if principio.categoria_ema in p["categorias"]:
            return Hallazgo(principio.codigo, categoria_ema=principio.categoria_ema)
    return None


def sin_espera(situacion: Situacion, linea: Linea, p: Parametros) -> Hallazgo | None:
    """En un animal de producción no se dice el tiempo de espera, ni siquiera que es cero."""
    return Hallazgo() if situacion.animal.destino == "produccion" and not linea.tiempo_espera_informado else None


def lote_caducado(situacion: Situacion, linea: Linea, p: Parametros) -> Hallazgo | None:
    """El lote caducó antes de hoy; el día de su caducidad aún vale."""
    caduca = linea.caducidad_lote
    return Hallazgo() if caduca is not None and caduca < situacion.hoy else None


def _maxima(codigo: str, cual: Pauta, linea: Linea) -> Hallazgo | None:
    if linea.dosis is None or cual.dosis_max is None:
        return None
    razon = entre(en_escala(linea.dosis, linea.unidad_dosis), en_escala(cual.dosis_max, cual.unidad_dosis))
    if linea.intervalo_h and cual.intervalo_h:
        # La misma dosis más a menudo es más dosis al día.
        razon = max(razon, entre(por(razon, Decimal(cual.intervalo_h)), Decimal(linea.intervalo_h)))
    if razon <= 1:
        return None
    return Hallazgo(codigo, razon=redondear(razon, CENTESIMA), limite=cual.dosis_max, unidad=cual.unidad_dosis)


def _minima(codigo: str, cual: Pauta, linea: Linea) -> Hallazgo | None:
    if linea.dosis is None or cual.dosis_min is None:
        return None
    razon = entre(en_escala(linea.dosis, linea.unidad_dosis), en_escala(cual.dosis_min, cual.unidad_dosis))
    if razon >= 1:
        return None
    return Hallazgo(codigo, razon=redondear(razon, CENTESIMA), limite=cual.dosis_min, unidad=cual.unidad_dosis)


def _duracion(codigo: str, cual: Pauta, linea: Linea) -> Hallazgo | None:
    if linea.duracion_dias is None or cual.duracion_max_dias is None or linea.duracion_dias <= cual.duracion_max_dias:
        return None
    return Hallazgo(codigo, limite=Decimal(cual.duracion_max_dias), unidad="dias")


_LIMITES = {"maxima": _maxima, "minima": _minima, "duracion": _duracion}
