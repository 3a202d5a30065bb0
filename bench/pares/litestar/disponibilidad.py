"""Los huecos que se pueden reservar, con una sola lectura."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct

from bench.pares.litestar.base import SENTENCIAS, base
from bench.pares.litestar.citas import fecha_de, identificador_de
from bench.pares.litestar.horario import EXCEPCIONES, FRANJAS, Calendario, Excepcion, Franja, limites
from bench.pares.litestar.huecos import MARGEN_PREVIO, Busqueda, Ocupado, dia_de, texto
from bench.pares.litestar.problemas import Problema, invalidos
from bench.pares.litestar.puerta import Peticion, Respuesta

_PERSONAS = """SELECT coalesce(array_agg(v.id), '{}') AS ids,
  coalesce(json_agg(json_build_array(v.id::text, v.nombre, v.categoria) ORDER BY v.nombre, v.id), '[]')::text AS leidas
 FROM profesionales v WHERE v.organizacion_id = $2 AND v.activo AND v.agendable
  AND (k.requiere_veterinario OR k.requiere_auxiliar OR $7::uuid[] IS NOT NULL)
  AND ((NOT k.requiere_veterinario AND NOT k.requiere_auxiliar)
       OR (k.requiere_veterinario AND v.categoria = 'veterinario') OR (k.requiere_auxiliar AND v.categoria =
       'auxiliar'))
  AND ($7::uuid[] IS NULL OR v.id = ANY ($7)
       OR (k.requiere_veterinario AND k.requiere_auxiliar AND v.categoria = 'auxiliar'))
  AND (v.id IN (SELECT h.profesional_id FROM horarios h WHERE h.organizacion_id = $2 AND h.sede_id = $4)
       OR v.id IN (SELECT x.profesional_id FROM excepciones_horario x WHERE x.organizacion_id = $2 AND x.sede_id = $4
                    AND x.tipo IN ('apertura_extra', 'guardia') AND x.hasta >= $5::date - 1))"""
_RECURSOS = """SELECT coalesce(array_agg(r.id), '{}') AS ids,
  coalesce(json_agg(json_build_array(r.id::text, r.tipo, r.capacidad) ORDER BY r.nombre, r.id), '[]')::text AS leidos
 FROM recursos r WHERE r.organizacion_id = $2 AND r.sede_id = $4 AND r.activo AND r.tipo IN (k.sala_tipo,
 k.equipo_tipo)"""
_OCUPADO = """(SELECT coalesce(json_agg(json_build_array(q.ocupante_id::text, q.plaza, date_part('epoch',
 lower(q.rango))::int8,
   date_part('epoch', upper(q.rango))::int8)), '[]')::text FROM (
 SELECT o.ocupante_id, o.plaza, unnest(range_agg(o.intervalo)) AS rango FROM ocupaciones o
   JOIN citas c ON c.organizacion_id = $2 AND c.id = o.cita_id
  WHERE o.organizacion_id = $2 AND o.ocupante_id = ANY (pe.ids || re.ids) AND o.hasta > $8 AND o.desde < $9
    AND (c.estado <> 'solicitada' OR c.caduca_en IS NULL OR c.caduca_en > $10)
  GROUP BY 1, 2) q) AS ocupado"""
SENTENCIAS["disponibilidad"] = f"""SELECT x.* FROM fijar_organizacion($1) f(x), LATERAL (
 SELECT s.zona_horaria, k.duracion_min, k.buffer_antes_min, k.buffer_despues_min, k.requiere_veterinario,
  k.requiere_auxiliar, k.sala_tipo, k.equipo_tipo, k.antelacion_min_h, k.antelacion_max_dias,
  coalesce(s.config ->> 'granularidad_agenda_min', o.config ->> 'granularidad_agenda_min', '5')::int AS granularidad,
  coalesce(s.config ->> 'buffers_compartidos', o.config ->> 'buffers_compartidos', 'false')::boolean AS compartidos,
  pe.leidas AS personas, re.leidos AS recursos,
  {FRANJAS.format(sede="$4", personas="pe.ids", recursos="re.ids")},
  {EXCEPCIONES.format(sede="$4", personas="pe.ids", recursos="re.ids", desde="$5", hasta="$6")},
  {_OCUPADO}
 FROM sedes s JOIN organizaciones o ON o.id = $2
  JOIN tipos_cita k ON k.organizacion_id = $2 AND k.id = $3 AND k.activo
  CROSS JOIN LATERAL ({_PERSONAS} OFFSET 0) pe CROSS JOIN LATERAL ({_RECURSOS} OFFSET 0) re
 WHERE s.organizacion_id = $2 AND s.id = $4 AND s.activo AND f.x::text IS NOT NULL OFFSET 0) x"""

_ADMITIDAS = ("tipo_cita_id", "sede_id", "desde", "hasta")
_codificar = msgspec.json.Encoder().encode
_franjas = msgspec.json.Decoder(list[Franja])
_excepciones = msgspec.json.Decoder(list[Excepcion])
_personas = msgspec.json.Decoder(list[tuple[str, str, str]])
_recursos = msgspec.json.Decoder(list[tuple[str, str, int]])
_ocupado = msgspec.json.Decoder(list[tuple[str, int, int, int]])


class Hueco(Struct):
    """Un inicio posible, con quién y con qué."""

    inicio: str
    fin: str
    dia: date
    profesional_id: str | None
    profesional: str | None
    auxiliar_id: str | None
    recursos: list[str]


class Disponibilidad(Struct):
    """Los huecos de una sede, por orden de inicio y de profesional."""

    tipo_cita_id: str
    sede_id: str
    zona_horaria: str
    duracion_min: int
    datos: list[Hueco]
    siguiente: str | None


async def consultar(peticion: Peticion) -> Respuesta:
    """Los huecos de una sede para un tipo de cita."""
    consulta, pedidos = _consulta(peticion)
    tipo_id = identificador_de("/tipo_cita_id", consulta["tipo_cita_id"])
    sede_id = identificador_de("/sede_id", consulta["sede_id"])
    desde, hasta = fecha_de("/desde", consulta["desde"]), fecha_de("/hasta", consulta["hasta"])
    if hasta < desde:
        raise Problema("FECHAS_INCOHERENTES", "No puede ser anterior al primer día", campo="/hasta")
    if (hasta - desde).days >= 31:
        raise Problema("RANGO_EXCESIVO", campo="/hasta")
    quien, ahora = peticion.quien, datetime.now(UTC)
    # Por exceso: lo que quede fuera no veta nada.
    primero = max(datetime(desde.year, desde.month, desde.day, tzinfo=UTC), ahora) - timedelta(days=2)
    ultimo = datetime(hasta.year, hasta.month, hasta.day, tzinfo=UTC) + timedelta(days=4)
    fila = await base.fila(
        "disponibilidad", quien.organizacion, quien.organizacion_id, tipo_id, sede_id, desde,
        hasta + timedelta(days=1), pedidos, primero, ultimo, ahora,
    )  # fmt: skip
    if fila is None:
        raise Problema("NO_ENCONTRADO")
    zona = fila["zona_horaria"]
    datos = _huecos(fila, desde.toordinal(), hasta.toordinal(), pedidos is not None)
    return 200, _codificar(Disponibilidad(str(tipo_id), str(sede_id), zona, fila["duracion_min"], datos, None)), []


def _consulta(peticion: Peticion) -> tuple[dict[str, str], Any]:
    datos: dict[str, str] = {}
    pedidos = []
    for clave, valor in parse_qsl(peticion.scope["query_string"].decode("latin-1"), keep_blank_values=True):
        if clave == "profesional_id":
            pedidos.append(identificador_de("/profesional_id/0", valor))
        elif clave not in _ADMITIDAS:
            raise invalidos((f"/{clave}", "CAMPO_DESCONOCIDO", "Este campo no existe"))
        elif clave in datos:
            raise Problema("PARAMETRO_REPETIDO", "Sólo se admite una vez", campo=f"/{clave}")
        else:
            datos[clave] = valor
    if faltan := [clave for clave in _ADMITIDAS if clave not in datos]:
        raise invalidos(*((f"/{clave}", "FALTA", "Falta este dato") for clave in faltan))
    return datos, pedidos or None


def _huecos(fila: Any, desde: int, hasta: int, con_pedidos: bool) -> list[Hueco]:
    zona, ahora = fila["zona_horaria"], time.time()
    antes, despues = fila["buffer_antes_min"] * 60, fila["buffer_despues_min"] * 60
    busqueda = Busqueda(
        duracion=fila["duracion_min"] * 60,
        margenes=[(0, 0, despues), (MARGEN_PREVIO, antes, 0)] if fila["compartidos"] else [(0, antes, despues)],
        paso=fila["granularidad"] * 60,
        primero=max(limites(desde, zona)[0], int(ahora) + 1 + fila["antelacion_min_h"] * 3600),
        ultimo=min(limites(hasta, zona)[1] - 60, int(ahora) + fila["antelacion_max_dias"] * 86_400),
        zona=zona,
    )
    franjas, excepciones = _franjas.decode(fila["franjas"]), _excepciones.decode(fila["excepciones"])
    calendario = Calendario(franjas, excepciones, zona, desde, hasta + 1)
    personas, recursos = _personas.decode(fila["personas"]), _recursos.decode(fila["recursos"])
    cogido: dict[str, Ocupado] = {id_: [] for id_, *_ in (*personas, *recursos)}
    for id_, plaza, a, b in _ocupado.decode(fila["ocupado"]):
        cogido[id_].append((a, b, plaza))
    clases = list(dict.fromkeys(uno for uno in (fila["sala_tipo"], fila["equipo_tipo"]) if uno))
    candidatos = {
        clase: [(id_, calendario.recurso(id_), cogido[id_], n) for id_, tipo, n in recursos if tipo == clase]
        for clase in clases
    }
    con_auxiliar = fila["requiere_veterinario"] and fila["requiere_auxiliar"]
    ofertas: list[tuple[str | None, str | None, set[int]]]
    if fila["requiere_veterinario"] or fila["requiere_auxiliar"] or con_pedidos:
        ofertas = [
            (id_, nombre, busqueda.inicios(calendario.profesional(id_), cogido[id_]))
            for id_, nombre, categoria in personas if not (con_auxiliar and categoria == "auxiliar")
        ]  # fmt: skip
    elif clases:
        suyos = (busqueda.inicios(libre, ocupado, n) for _, libre, ocupado, n in candidatos[clases[0]])
        ofertas = [(None, None, set().union(*suyos))]
    else:
        ofertas = [(None, None, busqueda.inicios(calendario.recurso(None), []))]
    posibles = set().union(*(inicios for _, _, inicios in ofertas))
    auxiliares: dict[int, str] = {}
    if con_auxiliar:
        ayudan = [
            (id_, calendario.profesional(id_), cogido[id_], 1) for id_, _, clase in personas if clase == "auxiliar"
        ]
        auxiliares = busqueda.asignar(ayudan, posibles)
        posibles = set(auxiliares)
    salas = []
    for clase in clases:
        salas.append(busqueda.asignar(candidatos[clase], posibles))
        posibles = set(salas[-1])
    salida = []
    for inicio in sorted(posibles):
        empieza, acaba = texto(inicio, zona), texto(inicio + busqueda.duracion, zona)
        dia, auxiliar, usa = dia_de(inicio, zona), auxiliares.get(inicio), [sala[inicio] for sala in salas]
        salida += [
            Hueco(empieza, acaba, dia, id_, nombre, auxiliar, usa) for id_, nombre, de in ofertas if inicio in de
        ]
    return salida
