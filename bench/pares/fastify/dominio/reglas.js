// Lo que hay que saber y cumplir antes de reservar.
import { Problema } from './problema.js'

const BLOQUEOS = [
  ['sedes', 'FOR KEY SHARE'],
  ['clientes', 'FOR KEY SHARE'],
  ['pacientes', 'FOR KEY SHARE'],
]
const REGLAS = `
  SELECT s.zona_horaria, o.config || s.config AS config, k.duracion_min, k.buffer_antes_min, k.buffer_despues_min,
         k.requiere_veterinario, k.especies, c.estado AS cliente_estado, p.estado AS paciente_estado, p.especie,
         EXISTS (SELECT 1 FROM titularidades t WHERE t.organizacion_id = $1 AND t.paciente_id = p.id AND t.hasta IS NULL
                    AND t.cliente_id = c.id)
         OR EXISTS (SELECT 1 FROM autorizados a
                      JOIN titularidades t ON t.organizacion_id = a.organizacion_id AND t.cliente_id = a.cliente_id
                     WHERE a.organizacion_id = $1 AND t.paciente_id = p.id AND t.hasta IS NULL AND a.activo
                       AND a.cliente_autorizado_id = c.id AND a.puede_pedir_cita AND a.desde <= current_date
                       AND (a.hasta IS NULL OR a.hasta >= current_date)) AS vinculado,
         (SELECT array_agg(v.categoria::text) FROM profesionales v WHERE v.organizacion_id = $1 AND v.id = ANY ($6)
             AND v.activo AND v.agendable) AS categorias
    FROM sedes s
    JOIN organizaciones o ON o.id = s.organizacion_id
    JOIN tipos_cita k ON k.organizacion_id = $1 AND k.id = $3 AND k.activo
    JOIN clientes c ON c.organizacion_id = $1 AND c.id = $4
    JOIN pacientes p ON p.organizacion_id = $1 AND p.id = $5
   WHERE s.organizacion_id = $1 AND s.id = $2 AND s.activo`

// Nadie cierra la sede, ni fusiona, ni da por muerto a quien reserva hasta que esto acabe: siempre en este orden.
async function bloquear(conexion, organizacion, datos) {
  const ids = [datos.sede_id, datos.cliente_id, datos.paciente_id]
  for (const [n, [tabla, modo]] of BLOQUEOS.entries()) {
    const { rowCount } = await conexion.query({
      name: `bloquear ${tabla}`,
      text: `SELECT id FROM ${tabla} WHERE organizacion_id = $1 AND id = $2 ${modo}`,
      values: [organizacion, ids[n]],
    })
    if (!rowCount) throw new Problema('NO_ENCONTRADO')
  }
}

export async function leerReglas(conexion, quien, datos, personas) {
  if (quien.sedes && !quien.sedes.includes(datos.sede_id)) throw new Problema('NO_ENCONTRADO')
  await bloquear(conexion, quien.organizacion, datos)
  const { rows: [reglas] } = await conexion.query({
    name: 'reglas',
    text: REGLAS,
    values: [quien.organizacion, datos.sede_id, datos.tipo_cita_id, datos.cliente_id, datos.paciente_id, personas],
  })
  if (!reglas) throw new Problema('NO_ENCONTRADO')
  comprobar(reglas, datos, personas)
  return reglas
}

function comprobar(reglas, datos, personas) {
  const estado = reglas.paciente_estado
  if (estado === 'fallecido') throw new Problema('PACIENTE_FALLECIDO', { campo: '/paciente_id' })
  if (['fusionado', 'inactivo'].includes(estado)) throw new Problema('PACIENTE_NO_ACTIVO', { campo: '/paciente_id' })
  if (reglas.cliente_estado !== 'activo') throw new Problema('CLIENTE_NO_ACTIVO', { campo: '/cliente_id' })
  if (!reglas.vinculado) throw new Problema('PACIENTE_DE_OTRO_CLIENTE', { campo: '/paciente_id' })
  if (reglas.especies.length && !reglas.especies.includes(reglas.especie)) {
    throw new Problema('ESPECIE_NO_ADMITIDA', { campo: '/tipo_cita_id' })
  }
  const categorias = reglas.categorias ?? []
  if (categorias.length < new Set(personas).size) throw new Problema('NO_ENCONTRADO')
  if (reglas.requiere_veterinario && datos.profesional_id && !categorias.includes('veterinario')) {
    throw new Problema('PROFESIONAL_INADECUADO', { campo: '/profesional_id' })
  }
}

export async function leerRecursos(conexion, organizacion, datos) {
  if (new Set(datos.recursos).size < datos.recursos.length) {
    throw new Problema('RECURSO_INADECUADO', { detail: 'Un recurso está repetido', campo: '/recursos' })
  }
  if (!datos.recursos.length) return []
  const { rows } = await conexion.query({
    name: 'recursos de la reserva',
    text: `SELECT id, capacidad, sede_id, activo FROM recursos WHERE organizacion_id = $1 AND id = ANY ($2)
            ORDER BY id FOR SHARE`,
    values: [organizacion, datos.recursos],
  })
  if (rows.length < datos.recursos.length) throw new Problema('NO_ENCONTRADO')
  if (rows.some((uno) => !uno.activo || uno.sede_id !== datos.sede_id)) {
    throw new Problema('RECURSO_INADECUADO', { campo: '/recursos' })
  }
  return rows
}
