// Todo lo que no es 2xx sale como application/problem+json.
import fp from 'fastify-plugin'
import { cuerpoDe, Problema } from '../dominio/problema.js'

const DE_BASE = { '55P03': 'CONFLICTO_CONCURRENTE', '40001': 'CONFLICTO_CONCURRENTE', '40P01': 'CONFLICTO_CONCURRENTE' }
const DE_FASTIFY = { 404: 'NO_ENCONTRADO', 413: 'DEMASIADO_GRANDE', 415: 'TIPO_NO_ADMITIDO', 400: 'PETICION_MAL_FORMADA' }

const REGLAS = {
  additionalProperties: (e) => ['CAMPO_DESCONOCIDO', 'Este campo no existe', e.params.additionalProperty],
  required: (e) => ['FALTA', 'Falta este dato', e.params.missingProperty],
  maxLength: (e) => ['STRING_TOO_LONG', `Es demasiado largo (máximo ${e.params.limit})`],
  minLength: (e) => ['STRING_TOO_SHORT', `Es demasiado corto (mínimo ${e.params.limit})`],
  pattern: () => ['STRING_PATTERN_MISMATCH', 'No tiene la forma esperada'],
  minimum: (e) => ['GREATER_THAN_EQUAL', `Debe ser como mínimo ${e.params.limit}`],
  maximum: (e) => ['LESS_THAN_EQUAL', `Debe ser como máximo ${e.params.limit}`],
  enum: () => ['ENUM', 'No es una de las opciones'],
}
const FORMATOS = {
  uuid: ['UUID_PARSING', 'Debe ser un identificador'],
  date: ['DATE_TYPE', 'Debe ser una fecha AAAA-MM-DD'],
  'date-time': ['DATETIME_TYPE', 'Debe ser un instante con desfase'],
}
const TIPOS = {
  string: ['STRING_TYPE', 'Debe ser un texto'],
  boolean: ['BOOL_TYPE', 'Debe ser verdadero o falso'],
  array: ['LIST_TYPE', 'Debe ser una lista'],
  integer: ['INT_PARSING', 'Debe ser un número entero'],
  object: ['MODEL_TYPE', 'Debe ser un objeto'],
}

function deValidacion(fallos) {
  const errores = fallos.map((fallo) => {
    let [codigo, mensaje, hijo] = ['NO_VALIDO', 'No es válido']
    if (fallo.keyword === 'format') [codigo, mensaje] = FORMATOS[fallo.params.format]
    else if (fallo.keyword === 'type') [codigo, mensaje] = TIPOS[[fallo.params.type].flat()[0]]
    else if (REGLAS[fallo.keyword]) [codigo, mensaje, hijo] = REGLAS[fallo.keyword](fallo)
    return { campo: hijo ? `${fallo.instancePath}/${hijo}` : fallo.instancePath || '/', codigo, mensaje }
  })
  return new Problema('DATOS_INVALIDOS', { errores })
}

function traducir(error) {
  if (error instanceof Problema) return error
  if (error.validation) return deValidacion(error.validation)
  if (DE_BASE[error.code]) return new Problema(DE_BASE[error.code])
  if (error.code === 'FST_ERR_CTP_INVALID_JSON_BODY' || error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY') {
    return new Problema('PETICION_MAL_FORMADA', { detail: 'El cuerpo no es JSON válido' })
  }
  return new Problema(DE_FASTIFY[error.statusCode] ?? 'ERROR_INTERNO')
}

export default fp(async (app) => {
  app.setErrorHandler((error, peticion, respuesta) => {
    const problema = traducir(error)
    if (problema.estado >= 500) peticion.log.error(error)
    if (problema.estado === 401) respuesta.header('WWW-Authenticate', 'Bearer error="invalid_token"')
    respuesta.code(problema.estado).type('application/problem+json')
    return respuesta.serializer(JSON.stringify).send(cuerpoDe(problema, peticion))
  })
  app.setNotFoundHandler((peticion, respuesta) => {
    respuesta.code(404).type('application/problem+json')
    return respuesta.serializer(JSON.stringify).send(cuerpoDe(new Problema('NO_ENCONTRADO'), peticion))
  })
})
