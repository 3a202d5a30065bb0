// Los asientos de auditoría, por la puerta de la base.
import { uuidv7 } from 'uuidv7'

export function asiento(peticion, accion, recurso, recursoId, cambios) {
  return {
    id: uuidv7(),
    organizacion_id: peticion.quien.organizacion,
    en: new Date().toISOString(),
    quien: peticion.quien.id,
    rol: peticion.quien.roles,
    ip: peticion.ip,
    accion,
    recurso,
    recurso_id: recursoId,
    cambios,
    motivo: null,
    id_peticion: peticion.id,
  }
}

export function anotar(conexion, asientos) {
  return conexion.query({
    name: 'anotar', text: 'SELECT auditoria_anotar($1::jsonb)', values: [JSON.stringify(asientos)],
  })
}
