// El cursor de la página siguiente: los valores del orden, firmados para su ruta y su organización.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { Problema } from './problema.js'

export const CLAVE = process.env.SERVET_SECRETO || process.env.BENCH_CLAVE_PUBLICA

function firma(carga, peticion) {
  const ruta = peticion.routeOptions.url
  return createHmac('sha256', CLAVE).update(`${carga}|${ruta}|${peticion.quien.organizacion}`).digest().subarray(0, 12)
}

export function codificar(peticion, valores) {
  const carga = JSON.stringify(valores)
  return Buffer.concat([firma(carga, peticion), Buffer.from(carga)]).toString('base64url')
}

export function descodificar(peticion, cursor) {
  const crudo = Buffer.from(cursor, 'base64url')
  const carga = crudo.subarray(12).toString()
  if (crudo.length < 13 || !timingSafeEqual(crudo.subarray(0, 12), firma(carga, peticion))) {
    throw new Problema('CURSOR_INVALIDO', { campo: '/cursor' })
  }
  return JSON.parse(carga)
}

export function enlazar(peticion, respuesta, siguiente) {
  if (!siguiente) return
  const consulta = new URLSearchParams({ ...peticion.query, cursor: siguiente })
  respuesta.header('Link', `<${peticion.url.split('?')[0]}?${consulta}>; rel="next"`)
}
