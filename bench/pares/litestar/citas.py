"""Leer citas: las de un día de un profesional, por hora de inicio."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from app.utils.horas import limites_del_dia
from bench.pares.litestar import cursores
from bench.pares.litestar.base import SENTENCIAS, base
from bench.pares.litestar.ficha import Aviso
from bench.pares.litestar.pacientes import limite_de
from bench.pares.litestar.problemas import invalidos
from bench.pares.litestar.puerta import Peticion, Respuesta

# La consulta que la cita abrió a un animal.
_CONSULTA = """(SELECT q.id FROM consultas q WHERE q.organizacion_id = $2 AND q.cita_id = {cita}
   AND q.paciente_id = {paciente} AND q.estado <> 'anulada' ORDER BY q.id DESC LIMIT 1)"""
COLUMNAS = f"""c.id::text, c.codigo, c.sede_id::text, s.nombre AS sede, c.tipo_cita_id::text, k.nombre AS tipo_cita,
 k.instrucciones, c.paciente_id::text, p.nombre AS paciente, c.profesional_id::text, v.nombre AS profesional,
 c.inicio, c.fin,
 s.zona_horaria, c.estado, c.origen, c.motivo, c.version, c.cliente_id::text,
 coalesce(d.razon_social, concat_ws(' ', d.nombre, d.apellidos)) AS cliente, c.auxiliar_id::text,
 ARRAY(SELECT x.recurso_id::text FROM citas_recursos x WHERE x.organizacion_id = $2 AND x.cita_id = c.id
       ORDER BY x.recurso_id) AS recursos,
 (SELECT jsonb_agg(jsonb_build_object('id', a.id, 'nombre', a.nombre, 'consulta_id',
   {_CONSULTA.format(cita='y.cita_id', paciente='y.paciente_id')}) ORDER BY y.id)::text FROM citas_pacientes y
    JOIN pacientes a ON a.organizacion_id = $2 AND a.id = y.paciente_id
   WHERE y.organizacion_id = $2 AND y.cita_id = c.id) AS acompanantes,
 k.color, c.prioridad, c.notas_internas, c.forzada, c.motivo_forzado, c.caduca_en, c.llegada_en, c.inicio_real,
 c.fin_real,
 c.cancelada_en, c.cancelada_por::text, c.cancelacion_motivo, c.creado_en, c.actualizado_en,
 {_CONSULTA.format(cita='c.id', paciente='c.paciente_id')}::text AS consulta_id"""
UNIONES = """
 JOIN sedes s ON s.organizacion_id = $2 AND s.id = c.sede_id
 JOIN tipos_cita k ON k.organizacion_id = $2 AND k.id = c.tipo_cita_id
 JOIN pacientes p ON p.organizacion_id = $2 AND p.id = c.paciente_id
 JOIN clientes d ON d.organizacion_id = $2 AND d.id = c.cliente_id
 LEFT JOIN profesionales v ON v.organizacion_id = $2 AND v.id = c.profesional_id"""
_LISTA = f"""SELECT x.* FROM fijar_organizacion($1) f(x), LATERAL (SELECT {COLUMNAS} FROM (
 SELECT c.* FROM citas c WHERE c.organizacion_id = $2 AND f.x::text IS NOT NULL AND c.inicio >= $3 AND c.inicio < $4
   AND ($5::uuid[] IS NULL OR c.sede_id = ANY ($5)) {{condicion}} ORDER BY c.inicio, c.id LIMIT $6) c {UNIONES}
 ORDER BY c.inicio, c.id) x"""
SENTENCIAS["dia"] = _LISTA.format(condicion="")
SENTENCIAS["dia_desde"] = _LISTA.format(condicion="AND (c.inicio, c.id) > ($7, $8)")
SENTENCIAS["dia_de"] = _LISTA.format(condicion="AND c.profesional_id = $7")
SENTENCIAS["dia_de_desde"] = _LISTA.format(condicion="AND c.profesional_id = $7 AND (c.inicio, c.id) > ($8, $9)")

_ADMITIDAS = frozenset({"fecha", "profesional_id", "limite", "cursor"})
_SIEMPRE = (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC))
_codificar = msgspec.json.Encoder().encode
zona_de = cache(ZoneInfo)


class PacienteCita(msgspec.Struct):
    """Un animal de los que vienen."""

    id: str
    nombre: str
    consulta_id: str | None


class Cancelacion(msgspec.Struct):
    """Quién canceló, cuándo y por qué."""

    en: datetime
    por: str | None
    motivo: str | None


class Cambio(msgspec.Struct):
    """Un paso de la historia de la cita."""

    en: datetime
    por: str | None
    accion: str
    estado: str
    detalle: dict[str, Any]


class Cita(msgspec.Struct):
    """La cita completa, para la clínica."""

    id: str
    codigo: str
    sede_id: str
    sede: str
    tipo_cita_id: str
    tipo_cita: str
    instrucciones: str | None
    paciente_id: str
    paciente: str
    pacientes: list[PacienteCita]
    consulta_id: str | None
    profesional_id: str | None
    profesional: str | None
    inicio: datetime
    fin: datetime
    zona_horaria: str
    estado: str
    origen: str
    motivo: str | None
    version: int
    cliente_id: str
    cliente: str
    auxiliar_id: str | None
    recursos: list[str]
    color: str | None
    prioridad: str
    notas_internas: str | None
    forzada: bool
    motivo_forzado: str | None
    caduca_en: datetime | None
    llegada_en: datetime | None
    inicio_real: datetime | None
    fin_real: datetime | None
    cancelacion: Cancelacion | None
    historial_cambios: list[Cambio] | None
    creado_en: datetime
    actualizado_en: datetime
    avisos: list[Aviso] = []


class Pagina(msgspec.Struct):
    """Una página de citas."""

    datos: list[Cita]
    siguiente: str | None


_acompanantes = msgspec.json.Decoder(list[PacienteCita])


def cita(fila: Sequence[Any], zona: ZoneInfo) -> Cita:
    """La fila de ``COLUMNAS``, con sus instantes en la hora de la sede y los del registro en la de quien pide."""
    # fmt: off
    (id_, codigo, sede_id, sede, tipo_id, tipo, instrucciones, paciente_id, paciente, profesional_id, profesional,
    inicio, fin,
     zona_horaria, estado, origen, motivo, version, cliente_id, cliente, auxiliar_id, recursos, acompanantes, color,
     prioridad,
     notas, forzada, motivo_forzado, caduca, llegada, empezo, acabo, cancelada, por, cancelacion, creado,
     actualizado, consulta_id) = fila
    local = zona_de(zona_horaria)
    pacientes = [PacienteCita(paciente_id, paciente, consulta_id)]
    if acompanantes is not None:
        pacientes += _acompanantes.decode(acompanantes)
    return Cita(
        id_, codigo, sede_id, sede, tipo_id, tipo, instrucciones, paciente_id, paciente, pacientes, consulta_id,
        profesional_id, profesional,
        inicio.astimezone(local), fin.astimezone(local), zona_horaria, estado, origen, motivo, version, cliente_id,
        cliente,
        auxiliar_id, recursos, color, prioridad, notas, forzada, motivo_forzado, caduca and caduca.astimezone(local),
        llegada and llegada.astimezone(local), empezo and empezo.astimezone(local), acabo and acabo.astimezone(local),
        Cancelacion(cancelada.astimezone(local), por, cancelacion) if cancelada else None, None,
        creado.astimezone(zona),
        actualizado.astimezone(zona),
    )
    # fmt: on


async def listar(peticion: Peticion) -> Respuesta:
    """Las citas que quien pide puede ver, por hora de inicio."""
    consulta = peticion.consulta(_ADMITIDAS)
    limite, quien = limite_de(consulta.get("limite", "25")), peticion.quien
    desde, hasta = _SIEMPRE
    if "fecha" in consulta:
        desde, hasta = limites_del_dia(fecha_de("/fecha", consulta["fecha"]), quien.zona.key)
    valores: list[Any] = [quien.organizacion, quien.organizacion_id, desde, hasta, quien.sedes, limite + 1]
    sentencia = "dia"
    if "profesional_id" in consulta:
        valores.append(identificador_de("/profesional_id", consulta["profesional_id"]))
        sentencia = "dia_de"
    if "cursor" in consulta:
        valores += cursores.valores(peticion, consulta["cursor"], tuple[datetime, UUID])
        sentencia += "_desde"
    filas = await base.filas(sentencia, *valores)
    datos = [cita(fila, quien.zona) for fila in filas[:limite]]
    if len(filas) <= limite:
        return 200, _codificar(Pagina(datos, None)), []
    siguiente = cursores.cursor(peticion, [datos[-1].inicio, datos[-1].id])
    return 200, _codificar(Pagina(datos, siguiente)), [cursores.enlace(peticion, siguiente)]


def fecha_de(campo: str, texto: str) -> date:
    """La fecha de un parámetro. Errores: ``DATOS_INVALIDOS``."""
    try:
        return date.fromisoformat(texto if len(texto) == 10 else "")
    except ValueError:
        raise invalidos((campo, "DATE_TYPE", "Debe ser una fecha AAAA-MM-DD")) from None


def identificador_de(campo: str, texto: str) -> UUID:
    """El identificador de un parámetro. Errores: ``DATOS_INVALIDOS``."""
    try:
        return UUID(texto)
    except ValueError:
        raise invalidos((campo, "UUID_PARSING", "Debe ser un identificador")) from None
