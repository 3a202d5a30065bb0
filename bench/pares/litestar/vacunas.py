"""Las vacunas que le tocan a un paciente: se leen en la misma sentencia que su ficha y se recuerdan ya en JSON."""

from datetime import date
from functools import lru_cache

import msgspec
from msgspec import Raw, Struct

from app.utils.calendario_vacunal import Dosis, Protocolo, Requisito, proxima

# Cuántos calendarios se recuerdan en cada proceso, como Servet. Todo lo que los decide se lee en cada petición.
RECORDADOS = 2_000
# El territorio sanitario: el de la última sede que lo vacunó; si no, la habitual, la que lo dio de alta o la primera.
_TERRITORIO = """(SELECT s.territorio_sanitario FROM sedes s WHERE s.organizacion_id = $2 AND s.id = coalesce(
   (SELECT x.sede_id FROM vacunaciones x WHERE x.organizacion_id = $2 AND x.paciente_id = p.id AND x.anulado_en IS NULL
      AND x.sede_id IS NOT NULL ORDER BY x.fecha DESC, x.id DESC LIMIT 1),
   c.sede_habitual_id, p.sede_alta_id,
   (SELECT a.id FROM sedes a WHERE a.organizacion_id = $2 AND a.activo ORDER BY a.creado_en, a.id LIMIT 1)))"""
# Del paciente ``p``, con su titular ``c``, en la organización ``o``, que es $2, el día $4. Lo que el protocolo calla
# lo dice la organización o, si también calla, el valor de fábrica: el texto lleva todo lo que decide el calendario.
COLUMNAS = f"""CASE WHEN p.estado NOT IN ('fallecido', 'fusionado') THEN
 (SELECT json_agg(json_build_array(v.nombre, q.obligatoria, q.dosis_iniciales, q.periodicidad_meses, v.codigo, v.tipo,
   v.edad_min_semanas, v.intervalo_min_dias, v.intervalo_objetivo_dias, v.fin_serie_semanas, v.refuerzo_1_semanas,
   v.dosis_adulto, coalesce(v.refuerzo_adulto_meses, (o.config ->> 'refuerzo_adulto_meses')::int, 12),
   v.dosis_iniciales, v.refuerzo_1_meses, v.periodo_meses, coalesce(v.caducidad_meses, CASE v.codigo
   WHEN 'leptospira' THEN coalesce((o.config ->> 'lepto_caducidad_meses')::int, 18) END)) ORDER BY v.codigo)::text
  FROM protocolos_vacunales v
  LEFT JOIN requisitos_territoriales q ON q.organizacion_id = $2 AND q.especie = p.especie AND q.protocolo = v.codigo
   AND q.activo AND q.vigente_desde <= $4 AND (q.vigente_hasta IS NULL OR q.vigente_hasta >= $4)
   AND q.territorio = {_TERRITORIO}
 WHERE v.organizacion_id = $2 AND v.activo AND p.especie = ANY (v.especies)) END AS protocolos,
 (SELECT json_agg(json_build_array(x.fecha, w.validez_meses, x.proxima_manual, w.protocolos) ORDER BY x.fecha, x.id)::text
  FROM vacunaciones x JOIN productos_vacuna w ON w.organizacion_id = $2 AND w.producto_id = x.producto_id
 WHERE x.organizacion_id = $2 AND x.paciente_id = p.id AND x.anulado_en IS NULL) AS dosis"""


class ProximaVacuna(Struct):
    """La próxima dosis de un protocolo."""

    protocolo: str
    nombre: str
    fecha_proxima: date
    fase: str
    numero_en_serie: int
    estado: str


class _Seguido(Struct, array_like=True):
    """Un protocolo como lo dice la base: lo que exige el territorio y, detrás, los parámetros del motor."""

    nombre: str
    obligatoria: bool | None
    exige_dosis: int | None
    exige_periodicidad: int | None
    codigo: str
    tipo: str
    edad_min_semanas: int
    intervalo_min_dias: int
    intervalo_objetivo_dias: int
    fin_serie_semanas: int
    refuerzo_1_semanas: int
    dosis_adulto: int
    refuerzo_adulto_meses: int
    dosis_iniciales: int
    refuerzo_1_meses: int
    periodo_meses: int | None
    caducidad_meses: int | None


class _Puesta(Struct, array_like=True):
    """Una dosis no anulada; las demás nunca cuentan."""

    fecha: date
    validez_meses: int | None
    proxima_manual: date | None
    protocolos: list[str]


_NINGUNA = Raw(b"[]")
_codificar = msgspec.json.Encoder().encode
_protocolos = msgspec.json.Decoder(list[_Seguido])
_dosis = msgspec.json.Decoder(list[_Puesta])


def proximas(protocolos: str | None, dosis: str | None, nacimiento: date | None, hoy: date) -> Raw:
    """Lo que toca de cada protocolo, de lo primero a lo último; de quien ha muerto, nada."""
    return _NINGUNA if protocolos is None else _proximas(protocolos, dosis, nacimiento, hoy)


@lru_cache(RECORDADOS)
def _proximas(protocolos: str, dosis: str | None, nacimiento: date | None, hoy: date) -> Raw:
    puestas = _puestas(dosis) if dosis else {}
    tocan = []
    for nombre, protocolo, requisito in _seguidos(protocolos):
        toca = proxima(protocolo, puestas.get(protocolo.codigo, ()), nacimiento, hoy, requisito)
        tocan.append(
            ProximaVacuna(protocolo.codigo, nombre, toca.fecha, toca.fase, toca.numero_en_serie, toca.estado)
        )
    tocan.sort(key=lambda una: (una.fecha_proxima, una.protocolo))
    return Raw(_codificar(tocan))


@lru_cache(RECORDADOS)
def _seguidos(protocolos: str) -> list[tuple[str, Protocolo, Requisito | None]]:
    salida = []
    for uno in _protocolos.decode(protocolos):
        nombre, obligatoria, dosis, periodicidad, *parametros = msgspec.structs.astuple(uno)
        requisito = None if obligatoria is None else Requisito(obligatoria, dosis, periodicidad)
        salida.append((nombre, Protocolo(*parametros), requisito))
    return salida


def _puestas(dosis: str) -> dict[str, list[Dosis]]:
    """Las dosis de cada protocolo, de la primera a la última; su id sólo guarda el orden."""
    salida: dict[str, list[Dosis]] = {}
    for n, una in enumerate(_dosis.decode(dosis)):
        puesta = Dosis(f"{n:04}", una.fecha, False, una.validez_meses, una.proxima_manual)
        for protocolo in una.protocolos:
            salida.setdefault(protocolo, []).append(puesta)
    return salida
