// La base: un depósito de conexiones y transacciones con la organización fijada.
import fp from 'fastify-plugin'
import pg from 'pg'

// Las fechas y los instantes, como texto: un Date perdería los microsegundos.
pg.types.setTypeParser(pg.types.builtins.DATE, (texto) => texto)
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (texto) => texto)

function ajustes() {
  const url = new URL(process.env.BENCH_DATABASE_URL.replace('@/', '@localhost/'))
  return {
    user: decodeURIComponent(url.username),
    password: url.password ? decodeURIComponent(url.password) : undefined,
    host: url.searchParams.get('host') ?? url.hostname,
    port: url.port ? Number(url.port) : undefined,
    database: url.pathname.slice(1),
  }
}

export default fp(async (app) => {
  // Con «role» en el arranque de la sesión, cada conexión nace ya sin los privilegios del propietario.
  const opciones = '-c role=servet_app -c timezone=UTC -c lock_timeout=8000'
  const deposito = new pg.Pool({ ...ajustes(), max: 8, options: opciones })
  deposito.on('error', (error) => app.log.error(error))
  app.decorate('deposito', deposito)
  app.decorate('transaccion', async (organizacion, hacer) => {
    const conexion = await deposito.connect()
    try {
      await conexion.query('BEGIN')
      await conexion.query({ name: 'fijar', text: 'SELECT fijar_organizacion($1)', values: [organizacion] })
      const resultado = await hacer(conexion)
      await conexion.query('COMMIT')
      return resultado
    } catch (error) {
      await conexion.query('ROLLBACK')
      throw error
    } finally {
      conexion.release()
    }
  })
  app.addHook('onClose', () => deposito.end())
})
