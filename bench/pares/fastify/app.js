// La aplicación: validación, errores, cabeceras y rutas.
import Ajv from 'ajv'
import addFormats from 'ajv-formats'
import Fastify from 'fastify'
import { uuidv7 } from 'uuidv7'
import acceso from './plugins/acceso.js'
import base from './plugins/base.js'
import cabeceras from './plugins/cabeceras.js'
import problemas from './plugins/problemas.js'
import citas from './rutas/citas.js'
import disponibilidad from './rutas/disponibilidad.js'
import pacientes from './rutas/pacientes.js'

const ID_VALIDO = /^[A-Za-z0-9._-]{1,100}$/

// La consulta llega como texto y se convierte; el cuerpo, no. Lo desconocido se rechaza en los dos.
function compilador() {
  const opciones = { removeAdditional: false, useDefaults: true, allErrors: false }
  const deConsulta = addFormats(new Ajv({ ...opciones, coerceTypes: true }))
  const deCuerpo = addFormats(new Ajv({ ...opciones, coerceTypes: false, allowUnionTypes: true }))
  return ({ schema, httpPart }) => (httpPart === 'body' ? deCuerpo : deConsulta).compile(schema)
}

export function construir() {
  const app = Fastify({
    logger: { level: 'warn' },
    genReqId: (peticion) => {
      const dado = peticion.headers['x-request-id']
      return dado && ID_VALIDO.test(dado) ? dado : uuidv7()
    },
    routerOptions: { ignoreTrailingSlash: true },
  })
  app.setValidatorCompiler(compilador())
  app.removeContentTypeParser('text/plain')
  app.addContentTypeParser('application/merge-patch+json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'ignore'))
  app.register(problemas)
  app.register(cabeceras)
  app.register(base)
  app.register(acceso)
  app.register(pacientes, { prefix: '/api/v1/pacientes' })
  app.register(citas, { prefix: '/api/v1/citas' })
  app.register(disponibilidad, { prefix: '/api/v1/disponibilidad' })
  return app
}
