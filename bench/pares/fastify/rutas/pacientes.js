// Pacientes: la ficha de cada animal.
import { descodificar, codificar, enlazar } from '../dominio/cursor.js'
import { editar } from '../dominio/edicion.js'
import { LECTURA, presentar } from '../dominio/ficha.js'
import { Problema } from '../dominio/problema.js'
import { hoy } from '../dominio/tiempo.js'
import { conVacunas, leerDetalle } from '../dominio/vacunas.js'
import { pagina } from '../esquemas/comunes.js'
import * as esquemas from '../esquemas/paciente.js'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const SIN_CONSULTA = { type: 'object', properties: {}, additionalProperties: false }

export function etiquetas(cabecera) {
  return cabecera.split(',').map((una) => una.trim().replace(/^W\//, '').replaceAll('"', ''))
}

export function exigirId(peticion) {
  if (!UUID.test(peticion.params.id)) throw new Problema('NO_ENCONTRADO')
  return peticion.params.id
}

function porNombre({ organizacion }, { nombre, limite }, desde) {
  const valores = [organizacion, limite + 1]
  const donde = []
  if (nombre) {
    valores.push(nombre)
    donde.push(`AND p.nombre_orden >= servet_normalizar($3) AND p.nombre_orden < servet_normalizar($3) || U&'\\+10FFFF'`)
  }
  if (desde) {
    valores.push(...desde)
    donde.push(`AND (p.nombre_orden, p.id) > ($${valores.length - 1}, $${valores.length})`)
  }
  return {
    name: `lista ${Boolean(nombre)} ${Boolean(desde)}`,
    text: `${LECTURA} WHERE p.organizacion_id = $1 AND p.estado <> 'fusionado' ${donde.join(' ')}
           ORDER BY p.nombre_orden, p.id LIMIT $2`,
    values: valores,
  }
}

function porParecido({ organizacion }, { q, limite }, desde) {
  const lectura = LECTURA.replace('SELECT p.*', 'SELECT h.puntuacion, p.*')
  return {
    name: `busqueda ${Boolean(desde)}`,
    text: `${lectura}
             JOIN buscar_pacientes($3, 200, NULL, NULL, NULL, NULL, NULL, NULL) h ON h.id = p.id
            WHERE p.organizacion_id = $1 AND p.estado <> 'fusionado' ${desde ? 'AND (h.puntuacion, p.id) < ($4, $5)' : ''}
            ORDER BY h.puntuacion DESC, p.id DESC LIMIT $2`,
    values: [organizacion, limite + 1, q, ...(desde ?? [])],
  }
}

export default async function pacientes(app) {
  app.get('/', {
    config: { permiso: 'pacientes:leer' },
    schema: { querystring: esquemas.filtro, response: { 200: pagina(esquemas.ficha) } },
  }, async (peticion, respuesta) => {
    const { quien, query } = peticion
    const desde = query.cursor && descodificar(peticion, query.cursor)
    const consulta = (query.q ? porParecido : porNombre)(quien, query, desde)
    const { rows } = await app.transaccion(quien.organizacion, (conexion) => conexion.query(consulta))
    const filas = rows.slice(0, query.limite)
    const ultima = filas.at(-1)
    const siguiente = rows.length > query.limite
      ? codificar(peticion, [query.q ? ultima.puntuacion : ultima.nombre_orden, ultima.id]) : null
    enlazar(peticion, respuesta, siguiente)
    const dia = hoy(quien.zona)
    return { datos: filas.map((fila) => presentar(fila, dia, quien.zona)), siguiente }
  })

  app.get('/:id', {
    config: { permiso: 'pacientes:leer' },
    schema: { querystring: SIN_CONSULTA, response: { 200: esquemas.detalle } },
  }, async (peticion, respuesta) => {
    const { quien } = peticion
    const id = exigirId(peticion)
    const dia = hoy(quien.zona)
    const fila = await app.transaccion(
      quien.organizacion, (conexion) => leerDetalle(conexion, quien.organizacion, id, dia),
    )
    if (!fila) throw new Problema('NO_ENCONTRADO')
    const version = String(fila.version)
    respuesta.header('ETag', `"${version}"`)
    const condicion = peticion.headers['if-none-match']
    if (condicion && etiquetas(condicion).some((una) => una === version || una === '*')) {
      return respuesta.code(304).send()
    }
    return conVacunas(fila, dia, quien.zona)
  })

  app.patch('/:id', {
    config: { permiso: 'pacientes:editar' },
    // Antes que los datos: sin saber qué versión se leyó no hay nada que validar.
    preValidation: async (peticion) => {
      exigirId(peticion)
      if (peticion.headers['if-match'] === undefined) throw new Problema('FALTA_IF_MATCH')
    },
    schema: { querystring: SIN_CONSULTA, body: esquemas.editar, response: { 200: esquemas.detalle } },
  }, async (peticion, respuesta) => {
    const { quien } = peticion
    const fila = await app.transaccion(quien.organizacion, (conexion) => editar(
      conexion, peticion, peticion.params.id, etiquetas(peticion.headers['if-match']), peticion.body,
    ))
    respuesta.header('ETag', `"${fila.version}"`)
    return conVacunas(fila, hoy(quien.zona), quien.zona)
  })
}
