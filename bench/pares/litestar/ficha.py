"""Cómo se lee un paciente: de la fila de la base a la ficha, sin pasos intermedios."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from app.utils import edad as edades
from app.utils import microchip

# El orden es el de los campos de la ficha que salen tal cual; detrás, lo que sirve para derivar el resto.
COLUMNAS = """p.id::text, p.codigo, p.nombre, p.especie, p.raza, p.raza_texto, p.sexo, p.esterilizado,
 p.fecha_esterilizacion, p.fecha_nacimiento, p.precision_nacimiento, p.capa, p.senias, p.microchip, p.pasaporte_ue,
 p.estado,
 p.fecha_fallecimiento, p.version, c.id::text AS cliente_id,
 coalesce(c.razon_social, concat_ws(' ', c.nombre, c.apellidos)) AS titular_nombre, p.tamanio, p.fecha_microchip,
 p.microchip_lugar, p.verificado_lector, p.identificadores::text, p.motivo_sin_identificacion, p.destino,
 p.apto_consumo,
 p.gestante_desde, p.lactante_desde, p.mdr1, p.grupo_sanguineo, p.temperamento, p.ppp::text, p.seguro::text,
 p.perdido_desde,
 p.causa_fallecimiento, p.eutanasia, p.destino_restos, p.fusionado_en_id::text, p.id_externo, p.creado_en,
 p.actualizado_en,
 u.peso_kg::text, u.medido_en, u.metodo, e.identificacion, z.mdr1 AS raza_mdr1, z.ppp AS raza_ppp, o.pais,
 o.config ->> 'validaciones_pais' AS validaciones"""
# Lo que acompaña a cada paciente ``p`` de la organización $2.
UNIONES = """
 JOIN especies e ON e.codigo = p.especie
 JOIN organizaciones o ON o.id = p.organizacion_id
 LEFT JOIN titularidades t ON t.organizacion_id = $2 AND t.paciente_id = p.id AND t.rol = 'titular' AND t.hasta IS NULL
 LEFT JOIN clientes c ON c.organizacion_id = $2 AND c.id = t.cliente_id
 LEFT JOIN LATERAL (SELECT w.peso_kg, w.medido_en, w.metodo FROM pesos w
   WHERE w.organizacion_id = $2 AND w.paciente_id = p.id AND w.anulado_en IS NULL
   ORDER BY w.medido_en DESC, w.id DESC LIMIT 1) u ON true
 LEFT JOIN razas z ON z.especie = p.especie AND z.codigo = p.raza"""

GESTACION = timedelta(days=75)
_AVISOS = {
    "MDR1_RAZA_RIESGO": "Raza con posible sensibilidad a lactonas macrocíclicas",
    "PPP_POR_RAZA": "Raza potencialmente peligrosa en España: complete licencia y seguro",
    "SIN_IDENTIFICACION": "En España esta especie debe llevar identificación obligatoria y no consta",
    "GATO_SIN_ESTERILIZAR": "En España los gatos se esterilizan antes de los 6 meses, salvo reproductores registrados",
}


class Aviso(msgspec.Struct, frozen=True):
    """Algo que conviene saber y no impide."""

    codigo: str
    mensaje: str


class PesoActual(msgspec.Struct):
    """La última pesada no anulada."""

    peso_kg: str
    medido_en: datetime
    metodo: str


class Titular(msgspec.Struct):
    """El titular vigente."""

    id: str
    nombre: str


class Identificador(msgspec.Struct):
    """Otra identificación del animal."""

    tipo: str
    valor: str


class Ppp(msgspec.Struct):
    """Datos de perro potencialmente peligroso."""

    es_ppp: bool
    licencia: str | None = None
    licencia_caduca: str | None = None
    seguro: str | None = None
    seguro_caduca: str | None = None


class Seguro(msgspec.Struct):
    """Seguro del animal."""

    compania: str
    poliza: str


class Ficha(msgspec.Struct):
    """La ficha completa, como la lee la clínica."""

    id: str
    codigo: str
    nombre: str
    especie: str
    raza: str | None
    raza_texto: str | None
    sexo: str
    esterilizado: str
    fecha_esterilizacion: date | None
    fecha_nacimiento: date | None
    precision_nacimiento: str | None
    edad: edades.Edad | None
    capa: str | None
    senias: str | None
    microchip: str | None
    pasaporte_ue: str | None
    peso_actual: PesoActual | None
    estado: str
    fecha_fallecimiento: date | None
    version: int
    cliente_id: str | None
    titular: Titular | None
    tamanio: str | None
    fecha_microchip: date | None
    microchip_lugar: str | None
    microchip_detalle: microchip.DetalleMicrochip | None
    verificado_lector: bool
    identificadores: list[Identificador]
    motivo_sin_identificacion: str | None
    destino: str
    apto_consumo: bool | None
    gestante: bool
    gestante_desde: date | None
    lactante: bool
    lactante_desde: date | None
    mdr1: str
    grupo_sanguineo: str | None
    temperamento: str | None
    ppp: Ppp | None
    seguro: Seguro | None
    perdido_desde: date | None
    causa_fallecimiento: str | None
    eutanasia: bool | None
    destino_restos: str | None
    fusionado_en_id: str | None
    id_externo: str | None
    creado_en: datetime
    actualizado_en: datetime
    avisos: list[Aviso]
    # Ya en JSON, y sólo en el detalle: una lista de ``ProximaVacuna``.
    proximas_vacunas: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_identificadores = msgspec.json.Decoder(list[Identificador])
_ppp = msgspec.json.Decoder(Ppp)
_seguro = msgspec.json.Decoder(Seguro)
_edad = lru_cache(maxsize=50_000)(edades.edad)
_meses = lru_cache(maxsize=50_000)(edades.meses_cumplidos)


@lru_cache(maxsize=50_000)
def _del_chip(codigo: str) -> tuple[microchip.DetalleMicrochip, tuple[Aviso, ...]]:
    chip = microchip.Microchip(codigo)
    return microchip.detalle(chip), tuple(Aviso(uno.codigo, uno.mensaje) for uno in microchip.avisos(chip))


_LEGALES = {codigo: Aviso(codigo, mensaje) for codigo, mensaje in _AVISOS.items()}


def ficha(fila: Sequence[Any], hoy: date, zona: ZoneInfo) -> Ficha:
    """La fila de ``COLUMNAS``, con lo que se deriva de ella."""
    # fmt: off
    (id_, codigo, nombre, especie, raza, raza_texto, sexo, esterilizado, fecha_est, nacimiento, precision, capa,
    senias, chip,
     pasaporte, estado, fallecimiento, version, cliente_id, titular, tamanio, fecha_chip, chip_lugar, verificado,
     identificadores, sin_id, destino, apto, gestante, lactante, mdr1, grupo, temperamento, ppp, seguro, perdido, causa,
     eutanasia, restos, fusionado, externo, creado, actualizado, peso, medido, metodo, identificacion, raza_mdr1,
     raza_ppp,
     pais, validaciones) = fila
    # fmt: on
    detalle, avisos = (None, []) if chip is None else ((d := _del_chip(chip))[0], list(d[1]))
    otros = [] if identificadores == "[]" else _identificadores.decode(identificadores)
    if raza_mdr1 and mdr1 == "no_testado":
        avisos.append(_LEGALES["MDR1_RAZA_RIESGO"])
    if pais == "ES" and validaciones != "desactivadas" and estado not in ("fallecido", "fusionado"):
        if raza_ppp and ppp is None:
            avisos.append(_LEGALES["PPP_POR_RAZA"])
        if (identificacion == "microchip" and chip is None) or (
            identificacion == "anilla" and not any(uno.tipo == "anilla" for uno in otros)
        ):
            avisos.append(_LEGALES["SIN_IDENTIFICACION"])
        joven = not nacimiento or nacimiento > hoy or _meses(nacimiento, hoy) < 6
        if especie == "gato" and esterilizado != "si" and not joven:
            avisos.append(_LEGALES["GATO_SIN_ESTERILIZAR"])
    return Ficha(
        id_, codigo, nombre, especie, raza, raza_texto, sexo, esterilizado, fecha_est, nacimiento, precision,
        _edad(nacimiento, max(fallecimiento or hoy, nacimiento), precision or "exacta") if nacimiento else None,
        capa, senias, chip, pasaporte, PesoActual(peso, medido.astimezone(zona), metodo) if peso else None, estado,
        fallecimiento, version, cliente_id, Titular(cliente_id, titular) if cliente_id else None, tamanio,
        fecha_chip, chip_lugar,
        detalle, verificado, otros, sin_id, destino, apto, gestante is not None and hoy - gestante <= GESTACION,
        gestante,
        lactante is not None and hoy - lactante <= GESTACION, lactante, mdr1, grupo, temperamento,
        None if ppp is None else _ppp.decode(ppp), None if seguro is None else _seguro.decode(seguro), perdido, causa,
        eutanasia, restos, fusionado, externo, creado.astimezone(zona), actualizado.astimezone(zona), avisos,
    )  # fmt: skip
