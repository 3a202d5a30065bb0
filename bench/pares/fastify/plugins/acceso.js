// Quién pide y si puede: el token se verifica y la identidad se lee una vez cada veinte segundos.
import fp from 'fastify-plugin'
import { importJWK, jwtVerify } from 'jose'
import { Problema } from '../dominio/problema.js'

const VIGENCIA = 20_000
const CLINICA = new Set(['administrador', 'veterinario', 'auxiliar', 'recepcion'])
const PERMISOS = {
  'pacientes:leer': CLINICA,
  'pacientes:editar': CLINICA,
  'citas:leer': CLINICA,
  'citas:crear': CLINICA,
  'disponibilidad:leer': CLINICA,
}

function identidadDe(fila) {
  const sinLimite = fila.roles.includes('administrador') && fila.sedes.length === 0
  const deClinica = !fila.roles.includes('cliente')
  const puede = (permiso) => deClinica && fila.roles.some((rol) => PERMISOS[permiso].has(rol))
  return {
    id: fila.id,
    organizacion: fila.organizacion_id,
    roles: [...fila.roles].sort().join(','),
    permisos: new Set(Object.keys(PERMISOS).filter(puede)),
    sedes: sinLimite ? null : fila.sedes,
    // Quien sólo ve a los clientes de sus sedes: aquí no se atiende, y no se enseña de más.
    limitado: !sinLimite && !fila.clientes_compartidos,
    zona: fila.zona ?? 'UTC',
  }
}

export default fp(async (app) => {
  const clave = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: process.env.BENCH_CLAVE_PUBLICA }, 'EdDSA')
  const opciones = {
    algorithms: ['EdDSA'],
    issuer: 'servet',
    audience: 'servet-api',
    typ: 'at+jwt',
    requiredClaims: ['exp', 'iat', 'nbf', 'sub', 'org', 'tipo'],
  }
  const guardadas = new Map()

  async function identificar(cabecera) {
    const [, token] = /^Bearer +(\S+)$/i.exec(cabecera ?? '') ?? []
    if (!token || token.length > 4096) throw new Problema('NO_AUTENTICADO')
    const guardada = guardadas.get(token)
    if (guardada && guardada.hasta > Date.now()) return guardada.quien
    const carga = await jwtVerify(token, clave, opciones).then(
      (verificado) => verificado.payload,
      () => { throw new Problema('NO_AUTENTICADO') },
    )
    const { rows } = await app.deposito.query('SELECT * FROM identidad_vigente($1, $2, $3, $4)', [
      carga.org, carga.sub, carga.sid ?? null, carga.tipo,
    ])
    if (!rows.length || carga.iat < Math.trunc(rows[0].valida_desde)) throw new Problema('NO_AUTENTICADO')
    const quien = identidadDe(rows[0])
    if (guardadas.size >= 10_000) guardadas.clear()
    guardadas.set(token, { quien, hasta: Math.min(Date.now() + VIGENCIA, carga.exp * 1000) })
    return quien
  }

  app.decorateRequest('quien', null)
  app.addHook('onRequest', async (peticion) => {
    const { permiso } = peticion.routeOptions.config
    if (!permiso) return
    peticion.quien = await identificar(peticion.headers.authorization)
    if (!peticion.quien.permisos.has(permiso) || peticion.quien.limitado) throw new Problema('SIN_PERMISO')
  })
})
