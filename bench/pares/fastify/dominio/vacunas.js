// Las vacunas que le tocan a un paciente, leídas con su ficha.
import { proxima } from './calendario.js'
import { LECTURA, presentar } from './ficha.js'

const SIN_CALENDARIO = ['fallecido', 'fusionado']
const DEFECTO = { refuerzo_adulto_meses: 12, lepto_caducidad_meses: 18 }

// El de la última sede que lo vacunó; si no, el de la habitual, la que lo dio de alta o la primera.
const TERRITORIO = `
  SELECT s.territorio_sanitario FROM sedes s
   WHERE s.organizacion_id = f.organizacion_id AND s.id = coalesce(
         (SELECT x.sede_id FROM vacunaciones x
           WHERE x.organizacion_id = f.organizacion_id AND x.paciente_id = f.id AND x.anulado_en IS NULL
             AND x.sede_id IS NOT NULL
           ORDER BY x.fecha DESC, x.id DESC LIMIT 1),
         (SELECT c.sede_habitual_id FROM clientes c
           WHERE c.organizacion_id = f.organizacion_id AND c.id = f.cliente_id),
         f.sede_alta_id,
         (SELECT a.id FROM sedes a WHERE a.organizacion_id = f.organizacion_id AND a.activo
           ORDER BY a.creado_en, a.id LIMIT 1))`
const PROTOCOLOS = `
  SELECT v.codigo, v.nombre, v.tipo, v.edad_min_semanas, v.intervalo_min_dias, v.intervalo_objetivo_dias,
         v.fin_serie_semanas, v.refuerzo_1_semanas, v.dosis_adulto, v.refuerzo_adulto_meses, v.dosis_iniciales,
         v.refuerzo_1_meses, v.periodo_meses, v.caducidad_meses,
         CASE WHEN q.id IS NOT NULL THEN
              json_build_object('dosis_iniciales', q.dosis_iniciales, 'periodicidad_meses', q.periodicidad_meses)
         END AS requisito
    FROM protocolos_vacunales v
    LEFT JOIN requisitos_territoriales q ON q.organizacion_id = v.organizacion_id AND q.protocolo = v.codigo
         AND q.especie = f.especie AND q.activo AND q.vigente_desde <= $3
         AND (q.vigente_hasta IS NULL OR q.vigente_hasta >= $3) AND q.territorio = (${TERRITORIO})
   WHERE v.organizacion_id = f.organizacion_id AND v.activo AND f.especie = ANY (v.especies)`
const DOSIS = `
  SELECT x.id, x.fecha, x.proxima_manual, w.validez_meses, w.protocolos
    FROM vacunaciones x
    JOIN productos_vacuna w ON w.organizacion_id = x.organizacion_id AND w.producto_id = x.producto_id
   WHERE x.organizacion_id = f.organizacion_id AND x.paciente_id = f.id AND x.anulado_en IS NULL`
const DETALLE = `
  SELECT f.*,
         (SELECT coalesce(json_agg(v), '[]') FROM (${PROTOCOLOS}) v) AS protocolos,
         (SELECT coalesce(json_agg(x ORDER BY x.fecha, x.id), '[]') FROM (${DOSIS}) x) AS dosis
    FROM (${LECTURA} WHERE p.organizacion_id = $1 AND p.id = $2) f`

export async function leerDetalle(conexion, organizacion, id, hoy) {
  const { rows: [fila] } = await conexion.query({ name: 'detalle', text: DETALLE, values: [organizacion, id, hoy] })
  return fila
}

export function conVacunas(fila, hoy, zona) {
  return { ...presentar(fila, hoy, zona), proximas_vacunas: proximas(fila, hoy) }
}

// Una por protocolo, de lo primero a lo último.
function proximas(fila, hoy) {
  if (SIN_CALENDARIO.includes(fila.estado)) return []
  return fila.protocolos.map((uno) => {
    const protocolo = completo(uno, fila.config)
    const puestas = fila.dosis.filter((una) => una.protocolos.includes(protocolo.codigo))
    const toca = proxima(protocolo, puestas, fila.fecha_nacimiento, hoy, protocolo.requisito)
    return {
      protocolo: protocolo.codigo,
      nombre: protocolo.nombre,
      fecha_proxima: toca.fecha,
      fase: toca.fase,
      numero_en_serie: toca.numero,
      estado: toca.estado,
    }
  }).sort(porFecha)
}

// Lo que el protocolo calla lo dice la organización.
function completo(protocolo, config) {
  const { refuerzo_adulto_meses: refuerzo, lepto_caducidad_meses: caducidad } = { ...DEFECTO, ...config }
  return {
    ...protocolo,
    refuerzo_adulto_meses: protocolo.refuerzo_adulto_meses ?? refuerzo,
    caducidad_meses: protocolo.caducidad_meses ?? (protocolo.codigo === 'leptospira' ? caducidad : null),
  }
}

function porFecha(una, otra) {
  const [a, b] = una.fecha_proxima === otra.fecha_proxima
    ? [una.protocolo, otra.protocolo] : [una.fecha_proxima, otra.fecha_proxima]
  return a < b ? -1 : 1
}
