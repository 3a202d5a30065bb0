// Reservar: de lo que se pide a una cita con su hueco, o a la razón por la que no cabe.
import { uuidv7 } from 'uuidv7'
import { anotar, asiento } from './auditoria.js'
import { LECTURA, presentar } from './cita.js'
import * as horario from './horario.js'
import { ocupantes, ocupar } from './ocupacion.js'
import { Problema } from './problema.js'
import { leerRecursos, leerReglas } from './reglas.js'
import { enZona, sumarDias } from './tiempo.js'

const [MINUTO, HORA, DIA] = [60_000, 3_600_000, 86_400_000]
const CONTAR = `
  INSERT INTO contadores (organizacion_id, nombre, valor) VALUES ($1, $2, 1)
  ON CONFLICT (organizacion_id, nombre) DO UPDATE SET valor = contadores.valor + 1 RETURNING valor`
const INSERTAR = `
  INSERT INTO citas (organizacion_id, id, codigo, sede_id, tipo_cita_id, cliente_id, paciente_id, profesional_id,
                     auxiliar_id, inicio, fin, estado, origen, prioridad, motivo, notas_internas, forzada, version,
                     creado_en, creado_por, actualizado_en, actualizado_por)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'confirmada', $12, $13, $14, $15, false, 1, now(), $16, now(), $16)`
const CAMBIO = `
  INSERT INTO citas_cambios (organizacion_id, id, cita_id, en, por, accion, estado, detalle)
  VALUES ($1, $2, $3, now(), $4, 'alta', 'confirmada', $5)`

export async function reservar(conexion, peticion, datos) {
  const { quien } = peticion
  const { organizacion } = quien
  completos(datos)
  const personas = [datos.profesional_id, datos.auxiliar_id].filter(Boolean)
  const reglas = await leerReglas(conexion, quien, datos, personas)
  const cuando = intervalo(datos, reglas)
  const recursos = await leerRecursos(conexion, organizacion, datos)
  if (cuando[0] < Date.now() - HORA) throw new Problema('CITA_EN_EL_PASADO', { campo: '/inicio' })
  await exigirHorario(conexion, organizacion, datos, reglas, personas, cuando)
  const { cita, asientos } = await insertar(conexion, peticion, datos, cuando)
  const zona = reglas.zona_horaria
  await ocupar(conexion, organizacion, cita, ocupantes(datos, reglas, personas, recursos, cuando), zona)
  const detalle = { inicio: datos.inicio, fin: datos.fin ?? conDesfase(cuando[1], datos.inicio) }
  await conexion.query({ name: 'cambio', text: CAMBIO, values: [organizacion, uuidv7(), cita, quien.id, detalle] })
  await anotar(conexion, asientos)
  const leida = await leer(conexion, quien, cita)
  if (reglas.requiere_veterinario && !datos.profesional_id) {
    leida.avisos.push({ codigo: 'SIN_PROFESIONAL', mensaje: 'La cita no tiene profesional asignado' })
  }
  return leida
}

function completos(datos) {
  if (!datos.paciente_id) {
    const detail = 'Indique paciente_id, pacientes o paciente_nuevo'
    throw new Problema('PACIENTE_REQUERIDO', { detail, campo: '/' })
  }
  if (!datos.inicio) {
    throw new Problema('INICIO_REQUERIDO', { detail: 'Indique inicio u hora_local', campo: '/' })
  }
}

function intervalo(datos, reglas) {
  const inicio = Date.parse(datos.inicio)
  const fin = datos.fin ? Date.parse(datos.fin) : inicio + reglas.duracion_min * MINUTO
  if (fin <= inicio || fin - inicio > DIA) throw new Problema('INTERVALO_INVALIDO', { campo: '/fin' })
  return [inicio, fin]
}

// Un instante con el mismo desfase que otro ya escrito.
function conDesfase(instante, modelo) {
  const [, desfase] = /(Z|[+-]\d\d:\d\d)$/i.exec(modelo)
  if (/z/i.test(desfase)) return `${new Date(instante).toISOString().slice(0, 19)}+00:00`
  const minutos = (Number(desfase.slice(1, 3)) * 60 + Number(desfase.slice(4))) * (desfase[0] === '-' ? -1 : 1)
  return new Date(instante + minutos * MINUTO).toISOString().slice(0, 19) + desfase
}

async function exigirHorario(conexion, organizacion, datos, reglas, personas, [inicio, fin]) {
  const [desde, hasta] = [inicio, fin].map((uno) => new Date(uno).toISOString().slice(0, 10))
  const sede = { id: datos.sede_id, zona_horaria: reglas.zona_horaria }
  const calendario = await horario.leer(
    conexion, organizacion, sede, personas, datos.recursos, sumarDias(desde, -1), sumarDias(hasta, 1),
  )
  const atienden = [
    ...personas.map((id) => calendario.profesional(id, horario.SIEMPRE)),
    ...datos.recursos.map((id) => calendario.recurso(id)),
  ]
  if (!atienden.length) atienden.push(calendario.recurso())
  if (!atienden.every((suyo) => suyo.some(([a, b]) => a <= inicio && fin <= b))) {
    throw new Problema('FUERA_DE_HORARIO', { campo: '/inicio' })
  }
}

async function insertar(conexion, peticion, datos, cuando) {
  const { organizacion, id: quien } = peticion.quien
  const { rows: [contador] } = await conexion.query({
    name: 'contar', text: CONTAR, values: [organizacion, `CIT-${datos.sede_id}`],
  })
  const cita = uuidv7()
  const [inicio, fin] = cuando.map((uno) => new Date(uno).toISOString())
  const columnas = {
    codigo: `CIT-${String(contador.valor).padStart(6, '0')}`,
    sede_id: datos.sede_id,
    tipo_cita_id: datos.tipo_cita_id,
    cliente_id: datos.cliente_id,
    paciente_id: datos.paciente_id,
    profesional_id: datos.profesional_id ?? null,
    auxiliar_id: datos.auxiliar_id ?? null,
    inicio,
    fin,
    origen: datos.origen ?? 'recepcion',
    prioridad: datos.prioridad,
    motivo: datos.motivo?.trim() ?? null,
    notas_internas: datos.notas_internas?.trim() ?? null,
  }
  const valores = [organizacion, cita, ...Object.values(columnas), quien]
  await conexion.query({ name: 'insertar cita', text: INSERTAR, values: valores })
  const nuevos = { ...columnas, estado: 'confirmada', forzada: false, motivo_forzado: null, caduca_en: null, llegada_en: null }
  const alta = (campos) => Object.fromEntries(Object.entries(campos).map(([campo, valor]) => [campo, [null, valor]]))
  const asientos = [asiento(peticion, 'crear', 'citas', cita, alta(nuevos))]
  for (const recurso of datos.recursos) {
    const id = uuidv7()
    await conexion.query({
      name: 'insertar recurso',
      text: 'INSERT INTO citas_recursos (organizacion_id, id, cita_id, recurso_id) VALUES ($1, $2, $3, $4)',
      values: [organizacion, id, cita, recurso],
    })
    asientos.push(asiento(peticion, 'crear', 'citas_recursos', id, alta({ cita_id: cita, recurso_id: recurso })))
  }
  return { cita, asientos }
}

async function leer(conexion, quien, id) {
  const { rows: [fila] } = await conexion.query({
    name: 'una cita', text: `${LECTURA} WHERE c.organizacion_id = $1 AND c.id = $2`, values: [quien.organizacion, id],
  })
  const { rows: historial } = await conexion.query({
    name: 'historial',
    text: `SELECT en, por, accion, estado, detalle FROM citas_cambios WHERE organizacion_id = $1 AND cita_id = $2
            ORDER BY en, id`,
    values: [quien.organizacion, id],
  })
  const cambios = historial.map((uno) => ({ ...uno, en: enZona(uno.en, quien.zona) }))
  return { ...presentar(fila, quien.zona), historial_cambios: cambios }
}
