// Arranca tantos procesos como se pidan; cada uno, la aplicación entera.
import cluster from 'node:cluster'
import { construir } from './app.js'

const trabajadores = Number(process.env.BENCH_TRABAJADORES ?? 2)

if (cluster.isPrimary) {
  for (let n = 0; n < trabajadores; n++) cluster.fork()
  let parando = false
  const parar = () => {
    parando = true
    for (const uno of Object.values(cluster.workers)) uno.kill('SIGTERM')
  }
  process.on('SIGTERM', parar)
  process.on('SIGINT', parar)
  cluster.on('exit', () => {
    if (!parando) cluster.fork()
  })
} else {
  const app = construir()
  await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
  process.on('SIGTERM', async () => {
    await app.close()
    process.exit(0)
  })
}
