// Fechas e instantes: de cómo los escribe la base a la hora de una zona, sin perder los microsegundos.
import { DateTime, IANAZone } from 'luxon'

const DE_BASE = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(\.\d+)?\+00$/
const DIA = 86_400_000

const dos = (numero) => String(numero).padStart(2, '0')
const zona = (nombre) => IANAZone.create(nombre)

// Lo que se pide una y otra vez con los mismos argumentos se calcula una.
function recordando(calcular) {
  const sabidos = new Map()
  return (...argumentos) => {
    const clave = argumentos.join(' ')
    let valor = sabidos.get(clave)
    if (valor === undefined) {
      if (sabidos.size >= 50_000) sabidos.clear()
      sabidos.set(clave, (valor = calcular(...argumentos)))
    }
    return valor
  }
}

// Los cambios de hora ocurren a cuartos de hora en punto: el desfase se recuerda por cuartos.
const CUARTO = 900_000
const desfaseDe = recordando((cuarto, nombre) => zona(nombre).offset(cuarto * CUARTO))
export function desfase(instante_, nombre) {
  return desfaseDe(Math.floor(instante_ / CUARTO), nombre)
}

// El instante que escribe la base («2026-01-15 09:00:00+00»), en milisegundos.
export function milisegundos(texto) {
  const [, a, m, d, h, mi, s] = DE_BASE.exec(texto)
  return Date.UTC(a, m - 1, d, h, mi, s)
}

export function enZona(texto, nombre) {
  if (texto === null) return null
  return iso(milisegundos(texto), nombre, DE_BASE.exec(texto)[7]?.padEnd(7, '0'))
}

// Un instante con su desfase, en ISO 8601; «Z» si la zona va con UTC.
export function iso(instante, nombre, fraccion = '') {
  const minutos = desfase(instante, nombre)
  const local = new Date(instante + minutos * 60_000).toISOString().slice(0, 19)
  if (minutos === 0) return `${local}${fraccion}Z`
  const absoluto = Math.abs(minutos)
  return `${local}${fraccion}${minutos < 0 ? '-' : '+'}${dos(Math.trunc(absoluto / 60))}:${dos(absoluto % 60)}`
}

export function hoy(nombre) {
  return DateTime.now().setZone(nombre).toISODate()
}

export function sumarDias(fecha, dias) {
  return new Date(Date.parse(`${fecha}T00:00:00Z`) + dias * DIA).toISOString().slice(0, 10)
}

export function diasEntre(desde, hasta) {
  return Math.round((Date.parse(`${hasta}T00:00:00Z`) - Date.parse(`${desde}T00:00:00Z`)) / DIA)
}

// De 1 (lunes) a 7 (domingo).
export function diaSemana(fecha) {
  return new Date(`${fecha}T00:00:00Z`).getUTCDay() || 7
}

// El instante de una hora de reloj («HH:MM:SS») de un día.
export const instante = recordando(
  (fecha, hora, nombre) => DateTime.fromISO(`${fecha}T${hora}`, { zone: nombre }).toMillis(),
)

export function limitesDelDia(fecha, nombre) {
  return [instante(fecha, '00:00:00', nombre), instante(sumarDias(fecha, 1), '00:00:00', nombre)]
}
