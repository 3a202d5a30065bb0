// Disponibilidad: los huecos que se pueden reservar.
import * as horario from '../dominio/horario.js'
import { Busqueda } from '../dominio/huecos.js'
import { Problema } from '../dominio/problema.js'
import { diasEntre, iso, limitesDelDia, sumarDias } from '../dominio/tiempo.js'
import { disponibilidad as esquemas } from '../esquemas/cita.js'

const [MINUTO, HORA, DIA] = [60_000, 3_600_000, 86_400_000]
const TIPO = 'SELECT * FROM tipos_cita WHERE organizacion_id = $1 AND id = $2 AND activo'
const SEDE = `
  SELECT s.id, s.zona_horaria, o.config || s.config AS config FROM sedes s JOIN organizaciones o ON o.id = s.organizacion_id
   WHERE s.organizacion_id = $1 AND s.id = $2 AND s.activo`
const PERSONAS = `
  SELECT id, nombre, categoria FROM profesionales
   WHERE organizacion_id = $1 AND activo AND agendable AND ($2::text[] IS NULL OR categoria = ANY ($2))
     AND ($3::uuid[] IS NULL OR id = ANY ($3) OR ($4 AND categoria = 'auxiliar'))
     AND (id IN (SELECT profesional_id FROM horarios WHERE organizacion_id = $1 AND sede_id = $5)
          OR id IN (SELECT profesional_id FROM excepciones_horario WHERE organizacion_id = $1 AND sede_id = $5
                     AND tipo IN ('apertura_extra', 'guardia') AND hasta >= $6::date - 1))
   ORDER BY nombre, id`
const RECURSOS = `
  SELECT id, tipo, capacidad FROM recursos WHERE organizacion_id = $1 AND sede_id = $2 AND activo AND tipo = ANY ($3)
   ORDER BY nombre, id`
const OCUPADO = `
  SELECT q.ocupante_id, q.plaza, extract(epoch FROM lower(q.rango))::float8 * 1000 AS desde,
         extract(epoch FROM upper(q.rango))::float8 * 1000 AS hasta
    FROM (SELECT o.ocupante_id, o.plaza, unnest(range_agg(o.intervalo)) AS rango
            FROM ocupaciones o JOIN citas c ON c.organizacion_id = o.organizacion_id AND c.id = o.cita_id
           WHERE o.organizacion_id = $1 AND o.ocupante_id = ANY ($2) AND o.hasta > $3 AND o.desde < $4
             AND (c.estado <> 'solicitada' OR c.caduca_en IS NULL OR c.caduca_en > now())
           GROUP BY o.ocupante_id, o.plaza) q`

async function leer(conexion, organizacion, query) {
  const pedir = async (name, text, ...values) => (await conexion.query({ name, text, values: [organizacion, ...values] })).rows
  const [tipo] = await pedir('tipo', TIPO, query.tipo_cita_id)
  const [sede] = await pedir('sede', SEDE, query.sede_id)
  if (!tipo || !sede) throw new Problema('NO_ENCONTRADO')
  const [veterinario, auxiliar] = [tipo.requiere_veterinario, tipo.requiere_auxiliar]
  const categorias = [veterinario && 'veterinario', auxiliar && 'auxiliar'].filter(Boolean)
  const pedidos = query.profesional_id ?? null
  const personas = categorias.length || pedidos ? await pedir(
    'personas', PERSONAS, categorias.length ? categorias : null, pedidos, veterinario && auxiliar, sede.id, query.desde,
  ) : []
  const clases = [...new Set([tipo.sala_tipo, tipo.equipo_tipo].filter(Boolean))]
  const recursos = clases.length ? await pedir('recursos', RECURSOS, sede.id, clases) : []
  const [deQuienes, deQue] = [personas.map((uno) => uno.id), recursos.map((uno) => uno.id)]
  const hasta = sumarDias(query.hasta, 1)
  const calendario = await horario.leer(conexion, organizacion, sede, deQuienes, deQue, query.desde, hasta)
  const busqueda = buscar(tipo, sede, query)
  const margen = busqueda.duracion + (tipo.buffer_antes_min + tipo.buffer_despues_min) * MINUTO
  const [desde, fin] = [busqueda.primero - margen, busqueda.ultimo + margen].map((uno) => new Date(uno).toISOString())
  const ocupado = await pedir('ocupado', OCUPADO, [...deQuienes, ...deQue], desde, fin)
  return { tipo, sede, personas, recursos, clases, calendario, busqueda, ocupado, pedidos }
}

function buscar(tipo, sede, query) {
  const ahora = Date.now()
  const zona = sede.zona_horaria
  return new Busqueda({
    duracion: tipo.duracion_min * MINUTO,
    antes: tipo.buffer_antes_min * MINUTO,
    despues: tipo.buffer_despues_min * MINUTO,
    compartidos: sede.config.buffers_compartidos ?? false,
    paso: (sede.config.granularidad_agenda_min ?? 5) * MINUTO,
    primero: Math.max(limitesDelDia(query.desde, zona)[0], ahora + tipo.antelacion_min_h * HORA),
    ultimo: Math.min(limitesDelDia(query.hasta, zona)[1] - MINUTO, ahora + tipo.antelacion_max_dias * DIA),
    zona,
  })
}

function huecos({ tipo, sede, personas, recursos, clases, calendario, busqueda, ocupado, pedidos }) {
  const cogido = (id) => ocupado.filter((uno) => uno.ocupante_id === id)
  const dePersona = ({ id }) => ({ id, libre: calendario.profesional(id), cogido: cogido(id), plazas: 1 })
  const deRecurso = ({ id, capacidad }) => ({ id, libre: calendario.recurso(id), cogido: cogido(id), plazas: capacidad })
  const inicios = ({ libre, cogido: suyo, plazas }) => busqueda.inicios(libre, suyo, plazas)
  const conAuxiliar = tipo.requiere_veterinario && tipo.requiere_auxiliar
  const ayuda = (uno) => conAuxiliar && uno.categoria === 'auxiliar'
  let ofertas
  if (tipo.requiere_veterinario || tipo.requiere_auxiliar || pedidos) {
    ofertas = personas.filter((uno) => !ayuda(uno)).map((uno) => ({ ...uno, inicios: inicios(dePersona(uno)) }))
  } else if (clases.length) {
    const suyos = recursos.filter((uno) => uno.tipo === clases[0]).flatMap((uno) => [...inicios(deRecurso(uno))])
    ofertas = [{ id: null, nombre: null, inicios: new Set(suyos) }]
  } else {
    ofertas = [{ id: null, nombre: null, inicios: busqueda.inicios(calendario.recurso(), []) }]
  }
  let posibles = new Set(ofertas.flatMap((una) => [...una.inicios]))
  let auxiliares = new Map()
  if (conAuxiliar) {
    auxiliares = busqueda.asignar(personas.filter(ayuda).map(dePersona), posibles)
    posibles = new Set(auxiliares.keys())
  }
  const salas = clases.map((clase) => {
    const sala = busqueda.asignar(recursos.filter((uno) => uno.tipo === clase).map(deRecurso), posibles)
    posibles = new Set(sala.keys())
    return sala
  })
  return [...posibles].sort((a, b) => a - b).flatMap((inicio) => {
    const empieza = iso(inicio, sede.zona_horaria)
    const comun = {
      inicio: empieza,
      fin: iso(inicio + busqueda.duracion, sede.zona_horaria),
      dia: empieza.slice(0, 10),
      auxiliar_id: auxiliares.get(inicio) ?? null,
      recursos: salas.map((sala) => sala.get(inicio)),
    }
    return ofertas.filter((una) => una.inicios.has(inicio))
      .map(({ id, nombre }) => ({ ...comun, profesional_id: id, profesional: nombre }))
  })
}

export default async function disponibilidad(app) {
  app.get('/', {
    config: { permiso: 'disponibilidad:leer' },
    schema: { querystring: esquemas.filtro, response: { 200: esquemas.lectura } },
  }, async ({ quien, query }) => {
    if (query.hasta < query.desde) {
      throw new Problema('FECHAS_INCOHERENTES', { detail: 'No puede ser anterior al primer día', campo: '/hasta' })
    }
    if (diasEntre(query.desde, query.hasta) >= 31) throw new Problema('RANGO_EXCESIVO', { campo: '/hasta' })
    const leido = await app.transaccion(quien.organizacion, (conexion) => leer(conexion, quien.organizacion, query))
    return {
      tipo_cita_id: query.tipo_cita_id,
      sede_id: query.sede_id,
      zona_horaria: leido.sede.zona_horaria,
      duracion_min: leido.tipo.duracion_min,
      datos: huecos(leido),
      siguiente: null,
    }
  })
}
