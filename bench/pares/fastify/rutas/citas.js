// Citas: las de un día y la reserva.
import { LECTURA, presentar } from '../dominio/cita.js'
import { codificar, descodificar, enlazar } from '../dominio/cursor.js'
import { unaSolaVez } from '../dominio/idempotencia.js'
import { Problema } from '../dominio/problema.js'
import { reservar } from '../dominio/reserva.js'
import { limitesDelDia } from '../dominio/tiempo.js'
import * as esquemas from '../esquemas/cita.js'
import { pagina } from '../esquemas/comunes.js'

function consulta(quien, query, desde) {
  const valores = [quien.organizacion, query.limite + 1]
  const donde = []
  const filtrar = (condicion, ...nuevos) => {
    donde.push('AND ' + condicion.replace(/\$n/g, () => `$${valores.push(nuevos.shift())}`))
  }
  if (quien.sedes) filtrar('c.sede_id = ANY ($n)', quien.sedes)
  if (query.fecha) {
    const limites = limitesDelDia(query.fecha, quien.zona).map((uno) => new Date(uno).toISOString())
    filtrar('c.inicio >= $n AND c.inicio < $n', ...limites)
  }
  if (query.profesional_id) filtrar('c.profesional_id = $n', query.profesional_id)
  if (desde) filtrar('(c.inicio, c.id) > ($n, $n)', ...desde)
  return {
    name: `citas ${donde.length} ${[quien.sedes, query.fecha, query.profesional_id, desde].map(Boolean)}`,
    text: `${LECTURA} WHERE c.organizacion_id = $1 ${donde.join(' ')} ORDER BY c.inicio, c.id LIMIT $2`,
    values: valores,
  }
}

export default async function citas(app) {
  app.get('/', {
    config: { permiso: 'citas:leer' },
    schema: { querystring: esquemas.filtro, response: { 200: pagina(esquemas.cita) } },
  }, async (peticion, respuesta) => {
    const { quien, query } = peticion
    const desde = query.cursor && descodificar(peticion, query.cursor)
    const { rows } = await app.transaccion(
      quien.organizacion, (conexion) => conexion.query(consulta(quien, query, desde)),
    )
    const filas = rows.slice(0, query.limite)
    const siguiente = rows.length > query.limite ? codificar(peticion, [filas.at(-1).inicio, filas.at(-1).id]) : null
    enlazar(peticion, respuesta, siguiente)
    return { datos: filas.map((fila) => presentar(fila, quien.zona)), siguiente }
  })

  app.post('/', {
    config: { permiso: 'citas:crear' },
    preValidation: async ({ headers }) => {
      const clave = headers['idempotency-key']
      if (clave === undefined) throw new Problema('FALTA_IDEMPOTENCY_KEY')
      if (!/^[\x20-\x7e\xa1-\xff]{1,255}$/.test(clave)) {
        const detail = 'Idempotency-Key debe tener entre 1 y 255 caracteres visibles'
        throw new Problema('PETICION_MAL_FORMADA', { detail })
      }
    },
    schema: { body: esquemas.crear, response: { 201: esquemas.cita } },
  }, async (peticion, respuesta) => {
    const { quien } = peticion
    const hecho = await app.transaccion(quien.organizacion, (conexion) => unaSolaVez(conexion, peticion, async () => {
      const cita = await reservar(conexion, peticion, peticion.body)
      return {
        estado: 201,
        cuerpo: respuesta.code(201).serializeInput(cita, 201),
        cabeceras: { 'Content-Type': 'application/json', ETag: '"1"', Location: `/api/v1/citas/${cita.id}` },
      }
    }))
    return respuesta.code(hecho.estado).headers(hecho.cabeceras).serializer((texto) => texto).send(hecho.cuerpo)
  })
}
