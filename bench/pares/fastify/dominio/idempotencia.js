// Una clave, un efecto: la respuesta se guarda, cifrada, en la misma transacción que lo que hizo.
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import { CLAVE } from './cursor.js'
import { cuerpoDe, Problema } from './problema.js'

const PASAJEROS = ['CONFLICTO_CONCURRENTE', 'CLAVE_IDEMPOTENCIA_REUTILIZADA', 'ERROR_INTERNO']
const secreto = createHash('sha256').update(`servet-reposo|${CLAVE}`).digest()
const [PARA_FIRMAR, PARA_CIFRAR] = [secreto.subarray(0, 16), secreto.subarray(16)]

// Fernet, como lo guarda Servet: versión, instante, vector, AES-128-CBC y HMAC-SHA256.
function cifrar(texto) {
  const cabecera = Buffer.alloc(9)
  cabecera[0] = 0x80
  cabecera.writeBigUInt64BE(BigInt(Math.trunc(Date.now() / 1000)), 1)
  const vector = randomBytes(16)
  const cifrador = createCipheriv('aes-128-cbc', PARA_CIFRAR, vector)
  const partes = Buffer.concat([cabecera, vector, cifrador.update(texto, 'utf8'), cifrador.final()])
  const sello = createHmac('sha256', PARA_FIRMAR).update(partes).digest()
  return Buffer.from(Buffer.concat([partes, sello]).toString('base64').replaceAll('+', '-').replaceAll('/', '_'))
}

function descifrar(guardado) {
  const crudo = Buffer.from(guardado.toString(), 'base64url')
  const descifrador = createDecipheriv('aes-128-cbc', PARA_CIFRAR, crudo.subarray(9, 25))
  return descifrador.update(crudo.subarray(25, -32), undefined, 'utf8') + descifrador.final('utf8')
}

export async function unaSolaVez(conexion, peticion, hacer) {
  const clave = [
    peticion.quien.organizacion, peticion.quien.id, `POST ${peticion.url.split('?')[0]}`,
    peticion.headers['idempotency-key'],
  ]
  const huella = createHash('sha256').update(`${peticion.url.split('?')[1] ?? ''}\0`)
    .update(JSON.stringify(peticion.body)).digest()
  const nueva = await conexion.query({
    name: 'clave',
    text: `INSERT INTO idempotencia (organizacion_id, actor_id, ruta, clave, huella, creado_en)
           VALUES ($1, $2, $3, $4, $5, now()) ON CONFLICT DO NOTHING`,
    values: [...clave, huella],
  })
  if (!nueva.rowCount) return repetir(conexion, clave, huella)
  const hecho = await intentar(conexion, peticion, hacer)
  await conexion.query({
    name: 'guardar respuesta',
    text: `UPDATE idempotencia SET estado = $5, cuerpo = $6, cabeceras = $7
            WHERE organizacion_id = $1 AND actor_id = $2 AND ruta = $3 AND clave = $4`,
    values: [...clave, hecho.estado, cifrar(hecho.cuerpo), hecho.cabeceras],
  })
  return hecho
}

async function repetir(conexion, clave, huella) {
  const { rows: [previa] } = await conexion.query({
    name: 'respuesta guardada',
    text: `SELECT huella, estado, cuerpo, cabeceras FROM idempotencia
            WHERE organizacion_id = $1 AND actor_id = $2 AND ruta = $3 AND clave = $4`,
    values: clave,
  })
  if (!previa.huella.equals(huella)) throw new Problema('CLAVE_IDEMPOTENCIA_REUTILIZADA')
  const cabeceras = { ...previa.cabeceras, 'Idempotency-Replayed': 'true' }
  return { estado: previa.estado, cuerpo: descifrar(previa.cuerpo), cabeceras }
}

// Si la clínica dice que no, se deshace el efecto y queda el «no».
async function intentar(conexion, peticion, hacer) {
  await conexion.query('SAVEPOINT efecto')
  try {
    return await hacer()
  } catch (error) {
    if (!(error instanceof Problema) || PASAJEROS.includes(error.codigo)) throw error
    await conexion.query('ROLLBACK TO SAVEPOINT efecto')
    return {
      estado: error.estado,
      cuerpo: JSON.stringify(cuerpoDe(error, peticion)),
      cabeceras: { 'Content-Type': 'application/problem+json' },
    }
  }
}
