// Cuándo se atiende: horario semanal y excepciones, convertidos en intervalos de milisegundos.
import { diaSemana, diasEntre, instante, limitesDelDia, sumarDias } from './tiempo.js'

const SUMAN = ['apertura_extra', 'guardia']
const MEDIANOCHE = '00:00:00'
export const SIEMPRE = [1, 2, 3, 4, 5, 6, 7].map((dia) => (
  { dia_semana: dia, hora_inicio: MEDIANOCHE, hora_fin: MEDIANOCHE, desde: '0001-01-01', hasta: null }
))

const FRANJAS = `
  SELECT sede_id, profesional_id, recurso_id, dia_semana, hora_inicio::text, hora_fin::text, desde, hasta FROM horarios
   WHERE organizacion_id = $1 AND (profesional_id = ANY ($2) OR (sede_id = $4
         AND ((profesional_id IS NULL AND recurso_id IS NULL) OR recurso_id = ANY ($3))))`
const EXCEPCIONES = `
  SELECT profesional_id, recurso_id, tipo, desde, hasta, hora_inicio::text, hora_fin::text FROM excepciones_horario
   WHERE organizacion_id = $1 AND hasta >= $5::date - 1 AND desde <= $6 AND (sede_id = $4 OR sede_id IS NULL)
     AND ((profesional_id IS NULL AND recurso_id IS NULL) OR profesional_id = ANY ($2) OR recurso_id = ANY ($3))`

// Lee el horario de una sede y de esas personas y recursos entre dos fechas, incluidas.
export async function leer(conexion, organizacion, sede, personas, recursos, desde, hasta) {
  const comunes = [organizacion, personas, recursos, sede.id]
  const franjas = await conexion.query({ name: 'franjas', text: FRANJAS, values: comunes })
  const excepciones = await conexion.query({ name: 'excepciones', text: EXCEPCIONES, values: [...comunes, desde, hasta] })
  return new Calendario(franjas.rows, excepciones.rows, sede, desde, hasta)
}

const dueno = (fila) => fila.profesional_id ?? fila.recurso_id

class Calendario {
  constructor(franjas, excepciones, sede, desde, hasta) {
    Object.assign(this, { zona: sede.zona_horaria, desde, hasta })
    this.conHorario = new Set(franjas.map(dueno))
    this.franjas = agrupar(franjas.filter((una) => una.sede_id === sede.id))
    this.excepciones = agrupar(excepciones)
    this.deSede = this.excepciones.get(null) ?? []
    this.general = this.franjas.get(null)
  }

  // En su horario o, si no tiene ninguno en ninguna sede, en el de esta.
  profesional(id, sinHorario = []) {
    const propias = this.conHorario.has(id) ? this.franjas.get(id) ?? [] : this.general ?? sinHorario
    const vigentes = this.#vigentes(propias)
    return this.#atendido(vigentes, acotar(this.deSede, vigentes), this.excepciones.get(id) ?? [])
  }

  // Sin horario propio, el de la sede. Sin recurso, cuándo abre la sede.
  recurso(id = null) {
    const vigentes = this.#vigentes((id && this.franjas.get(id)) || this.general || SIEMPRE)
    return this.#atendido(vigentes, this.deSede, (id && this.excepciones.get(id)) || [])
  }

  #vigentes(franjas) {
    const vispera = sumarDias(this.desde, -1)
    return franjas.filter((una) => una.desde <= this.hasta && (una.hasta ?? this.hasta) >= vispera)
  }

  #atendido(franjas, deSede, propias) {
    const dias = []
    for (let n = -1; n <= diasEntre(this.desde, this.hasta); n++) dias.push(sumarDias(this.desde, n))
    const expandir = (excepciones, suman) => excepciones
      .filter((una) => SUMAN.includes(una.tipo) === suman)
      .flatMap((una) => dias.filter((dia) => una.desde <= dia && dia <= una.hasta).map((dia) => this.#intervalo(dia, una)))
    const semanal = dias.flatMap((dia) => franjas
      .filter((una) => una.dia_semana === diaSemana(dia) && una.desde <= dia && dia <= (una.hasta ?? '9999-12-31'))
      .map((una) => this.#intervalo(dia, una)))
    const propio = [...restar([...semanal, ...expandir(deSede, true)], expandir(propias, false)), ...expandir(propias, true)]
    const [primero, ultimo] = [limitesDelDia(this.desde, this.zona)[0], limitesDelDia(this.hasta, this.zona)[1]]
    return restar(propio, expandir(deSede, false))
      .map(([a, b]) => [Math.max(a, primero), Math.min(b, ultimo)])
      .filter(([a, b]) => a < b)
  }

  #intervalo(dia, { hora_inicio: inicio, hora_fin: fin }) {
    const [desde, hasta] = [inicio ?? MEDIANOCHE, fin ?? MEDIANOCHE]
    return [instante(dia, desde, this.zona), instante(desde < hasta ? dia : sumarDias(dia, 1), hasta, this.zona)]
  }
}

function agrupar(filas) {
  const grupos = new Map()
  for (const fila of filas) grupos.set(dueno(fila), [...(grupos.get(dueno(fila)) ?? []), fila])
  return grupos
}

// Lo que la sede abre de más sólo lo atiende quien trabaja en ella esos días.
function acotar(deSede, vigentes) {
  if (!vigentes.length) return deSede.filter((una) => !SUMAN.includes(una.tipo))
  const primero = vigentes.map((una) => una.desde).sort()[0]
  const ultimo = vigentes.map((una) => una.hasta ?? '9999-12-31').sort().at(-1)
  return deSede.map((una) => (SUMAN.includes(una.tipo)
    ? { ...una, desde: una.desde > primero ? una.desde : primero, hasta: una.hasta < ultimo ? una.hasta : ultimo } : una))
}

export function unir(intervalos) {
  const salida = []
  for (const [inicio, fin] of intervalos.toSorted((a, b) => a[0] - b[0])) {
    const ultimo = salida.at(-1)
    if (ultimo && inicio <= ultimo[1]) ultimo[1] = Math.max(ultimo[1], fin)
    else if (inicio < fin) salida.push([inicio, fin])
  }
  return salida
}

function restar(base, quitados) {
  return unir(quitados).reduce((salida, [desde, hasta]) => salida.flatMap(([inicio, fin]) => (
    [[inicio, Math.min(fin, desde)], [Math.max(inicio, hasta), fin]].filter(([a, b]) => a < b)
  )), unir(base))
}
