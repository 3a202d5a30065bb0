// Las cabeceras de toda respuesta.
import fp from 'fastify-plugin'

const FIJAS = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  Server: 'servet',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cache-Control': 'no-store',
  Vary: 'Authorization, Accept-Language',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
}

export default fp(async (app) => {
  app.addHook('onRequest', async (peticion, respuesta) => {
    respuesta.headers(FIJAS)
    respuesta.header('X-Request-Id', peticion.id)
  })
  // Como Servet: sin «charset», que en JSON sobra.
  app.addHook('onSend', async (_peticion, respuesta, cuerpo) => {
    const tipo = respuesta.getHeader('content-type')
    if (tipo) respuesta.header('content-type', String(tipo).split(';')[0])
    return cuerpo
  })
})
