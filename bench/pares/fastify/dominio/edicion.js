// Editar una ficha: bloquearla, comprobar, escribirla y apuntarlo.
import { anotar, asiento } from './auditoria.js'
import { Problema } from './problema.js'
import { hoy } from './tiempo.js'
import { leerDetalle } from './vacunas.js'

const NO_FUTURAS = ['fecha_nacimiento', 'fecha_esterilizacion', 'fecha_microchip', 'gestante_desde', 'lactante_desde']
const TRAS_NACER = ['fecha_esterilizacion', 'fecha_microchip', 'fecha_fallecimiento']
const RAZA = 'SELECT 1 FROM razas WHERE especie = $1 AND codigo = $2'
const ESPECIE = 'SELECT 1 FROM especies WHERE codigo = $1'

export async function editar(conexion, peticion, id, pedidas, cuerpo) {
  const { quien } = peticion
  const { rows: [paciente] } = await conexion.query({
    name: 'bloquear paciente',
    text: 'SELECT * FROM pacientes WHERE organizacion_id = $1 AND id = $2 FOR UPDATE',
    values: [quien.organizacion, id],
  })
  if (!paciente) throw new Problema('NO_ENCONTRADO')
  if (!pedidas.includes(String(paciente.version)) && !pedidas.includes('*')) throw new Problema('VERSION_OBSOLETA')
  if (paciente.estado === 'fusionado') throw new Problema('PACIENTE_NO_ACTIVO')
  const nuevos = conPrecision(sinEspacios(cuerpo))
  const dia = hoy(quien.zona)
  await comprobar(conexion, { ...paciente, ...nuevos }, nuevos, dia)
  const campos = Object.keys(nuevos).filter((campo) => nuevos[campo] !== paciente[campo])
  if (campos.length) {
    const cambios = Object.fromEntries(campos.map((campo) => [campo, [paciente[campo], nuevos[campo]]]))
    const valores = campos.map((campo, n) => `${campo} = $${n + 4}`)
    await conexion.query(
      `UPDATE pacientes SET ${valores.join(', ')}, version = version + 1, actualizado_en = now(), actualizado_por = $3
        WHERE organizacion_id = $1 AND id = $2`,
      [quien.organizacion, id, quien.id, ...campos.map((campo) => nuevos[campo])],
    )
    await anotar(conexion, [asiento(peticion, 'editar', 'pacientes', id, cambios)])
  }
  return leerDetalle(conexion, quien.organizacion, id, dia)
}

function sinEspacios(cuerpo) {
  return Object.fromEntries(
    Object.entries(cuerpo).map(([campo, valor]) => [campo, typeof valor === 'string' ? valor.trim() : valor]),
  )
}

function conPrecision(nuevos) {
  if (!('fecha_nacimiento' in nuevos) || nuevos.precision_nacimiento) return nuevos
  return { ...nuevos, precision_nacimiento: nuevos.fecha_nacimiento ? 'exacta' : null }
}

async function comprobar(conexion, campos, nuevos, dia) {
  if (campos.raza !== null) {
    const { rowCount } = await conexion.query({ name: 'raza', text: RAZA, values: [campos.especie, campos.raza] })
    if (!rowCount) throw new Problema('RAZA_DE_OTRA_ESPECIE', { campo: '/raza' })
  } else {
    const { rowCount } = await conexion.query({ name: 'especie', text: ESPECIE, values: [campos.especie] })
    if (!rowCount) throw new Problema('ESPECIE_DESCONOCIDA', { campo: '/especie' })
  }
  for (const campo of NO_FUTURAS) {
    if (nuevos[campo] && nuevos[campo] > dia) throw new Problema('FECHA_FUTURA', { campo: `/${campo}` })
  }
  const nacimiento = campos.fecha_nacimiento
  if (campos.precision_nacimiento && !nacimiento) {
    const detail = 'La precisión lo es de una fecha, y falta'
    throw new Problema('FECHAS_INCOHERENTES', { detail, campo: '/precision_nacimiento' })
  }
  for (const campo of TRAS_NACER) {
    if (nacimiento && campos[campo] && campos[campo] < nacimiento) {
      throw new Problema('FECHAS_INCOHERENTES', { detail: 'No puede ser anterior al nacimiento', campo: `/${campo}` })
    }
  }
}
