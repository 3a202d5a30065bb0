// Ocupar: la base impide la doble reserva.
import { uuidv7 } from 'uuidv7'
import { MARGEN_PREVIO } from './huecos.js'
import { Problema } from './problema.js'
import { enZona, milisegundos } from './tiempo.js'

const MINUTO = 60_000
const SOLTAR = `
  DELETE FROM ocupaciones o USING citas c
   WHERE o.organizacion_id = $1 AND o.ocupante_id = ANY ($2) AND o.hasta > now()
     AND c.organizacion_id = o.organizacion_id AND c.id = o.cita_id AND c.estado = 'solicitada' AND c.caduca_en <= now()`
const COGIDAS = `
  SELECT cita_id, tipo, ocupante_id, plaza, desde, hasta FROM ocupaciones
   WHERE organizacion_id = $1 AND ocupante_id = ANY ($2) AND hasta > $3 AND desde < $4`
const OCUPAR = `
  INSERT INTO ocupaciones (organizacion_id, id, cita_id, tipo, ocupante_id, plaza, desde, hasta)
  SELECT $1, x.id, $2, x.tipo, x.ocupante, x.plaza, x.desde, x.hasta
    FROM unnest($3::uuid[], $4::text[], $5::uuid[], $6::int[], $7::timestamptz[], $8::timestamptz[])
         x (id, tipo, ocupante, plaza, desde, hasta)
  ON CONFLICT ON CONSTRAINT ocupaciones_sin_solape DO NOTHING`

// A quién y qué bloquea la cita: profesionales y recursos con sus márgenes, paciente sin ellos.
export function ocupantes(datos, reglas, personas, recursos, [inicio, fin]) {
  const [antes, despues] = [reglas.buffer_antes_min * MINUTO, reglas.buffer_despues_min * MINUTO]
  const quienes = [
    ...personas.map((id) => ({ tipo: 'profesional', id, plazas: 1 })),
    ...recursos.map(({ id, capacidad }) => ({ tipo: 'recurso', id, plazas: capacidad })),
  ]
  const margenes = reglas.config.buffers_compartidos
    ? [{ desde: inicio, hasta: fin + despues, serie: 0 }, { desde: inicio - antes, hasta: fin, serie: MARGEN_PREVIO }]
    : [{ desde: inicio - antes, hasta: fin + despues, serie: 0 }]
  const todos = [
    { tipo: 'paciente', id: datos.paciente_id, plazas: 1, desde: inicio, hasta: fin, serie: 0 },
    ...quienes.flatMap((uno) => margenes.map((margen) => ({ ...uno, ...margen }))),
  ]
  return todos.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.serie - b.serie))
}

// Quienes se disputan un mismo ocupante pasan de uno en uno y siempre en el mismo orden.
async function porTurno(conexion, ids) {
  const claves = ids.map((id) => BigInt.asIntN(64, BigInt(`0x${id.replaceAll('-', '').slice(16)}`)))
  const ordenadas = [...new Set(claves)].sort((a, b) => (a < b ? -1 : 1)).map(String)
  await conexion.query({
    name: 'turno', text: 'SELECT pg_advisory_xact_lock(clave) FROM unnest($1::bigint[]) clave', values: [ordenadas],
  })
}

export async function ocupar(conexion, organizacion, citaId, piden, zona) {
  const ids = [...new Set(piden.map((uno) => uno.id))]
  await porTurno(conexion, ids)
  await conexion.query({ name: 'soltar', text: SOLTAR, values: [organizacion, ids] })
  const leer = async () => (await conexion.query({
    name: 'cogidas',
    text: COGIDAS,
    values: [organizacion, ids, ...extremos(piden)],
  })).rows
  const conPlaza = repartir(piden, await leer(), zona)
  const columna = (campo) => conPlaza.map(campo)
  const { rowCount } = await conexion.query({
    name: 'ocupar',
    text: OCUPAR,
    values: [
      organizacion, citaId, columna(() => uuidv7()), columna((uno) => uno.tipo), columna((uno) => uno.id),
      columna((uno) => uno.plaza), columna((uno) => new Date(uno.desde).toISOString()),
      columna((uno) => new Date(uno.hasta).toISOString()),
    ],
  })
  // La restricción manda aunque la lectura previa no viera a la otra.
  if (rowCount < conPlaza.length) throw solapada((await leer()).filter((una) => una.cita_id !== citaId), zona)
}

function extremos(piden) {
  const desde = Math.min(...piden.map((uno) => uno.desde))
  const hasta = Math.max(...piden.map((uno) => uno.hasta))
  return [new Date(desde).toISOString(), new Date(hasta).toISOString()]
}

function repartir(piden, cogidas, zona) {
  const conflictos = []
  const salida = piden.map((uno) => {
    const choques = cogidas.filter((fila) => (
      fila.ocupante_id === uno.id && (fila.plaza > MARGEN_PREVIO) === (uno.serie > 0)
      && milisegundos(fila.desde) < uno.hasta && milisegundos(fila.hasta) > uno.desde
    ))
    const usadas = new Set(choques.map((fila) => fila.plaza - uno.serie))
    let plaza = 1
    while (plaza <= uno.plazas && usadas.has(plaza)) plaza++
    if (plaza > uno.plazas || (uno.plazas === 1 && usadas.size)) conflictos.push(...choques)
    return { ...uno, plaza: plaza + uno.serie }
  })
  if (conflictos.length) throw solapada(conflictos, zona)
  return salida
}

function solapada(filas, zona) {
  return new Problema('CITA_SOLAPADA', {
    detail: 'El intervalo solicitado no está libre',
    campo: '/inicio',
    conflictos: filas.map((fila) => ({
      tipo: fila.tipo, id: fila.ocupante_id, inicio: enZona(fila.desde, zona), fin: enZona(fila.hasta, zona),
    })),
  })
}
