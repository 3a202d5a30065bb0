// Cómo se lee un paciente: qué columnas y qué se deriva de ellas.
import { edad, mesesCumplidos } from './edad.js'
import * as microchip from './microchip.js'
import { diasEntre, enZona } from './tiempo.js'

export const LECTURA = `
  SELECT p.*, c.id AS cliente_id, coalesce(c.razon_social, concat_ws(' ', c.nombre, c.apellidos)) AS titular_nombre,
         u.peso_kg, u.medido_en, u.metodo, e.identificacion, z.mdr1 AS raza_mdr1, z.ppp AS raza_ppp, o.pais, o.config
    FROM pacientes p
    JOIN especies e ON e.codigo = p.especie
    JOIN organizaciones o ON o.id = p.organizacion_id
    LEFT JOIN titularidades t ON t.organizacion_id = p.organizacion_id AND t.paciente_id = p.id
         AND t.rol = 'titular' AND t.hasta IS NULL
    LEFT JOIN clientes c ON c.organizacion_id = t.organizacion_id AND c.id = t.cliente_id
    LEFT JOIN LATERAL (
         SELECT w.peso_kg, w.medido_en, w.metodo FROM pesos w
          WHERE w.organizacion_id = p.organizacion_id AND w.paciente_id = p.id AND w.anulado_en IS NULL
          ORDER BY w.medido_en DESC, w.id DESC LIMIT 1) u ON true
    LEFT JOIN razas z ON z.especie = p.especie AND z.codigo = p.raza`

const GESTACION_DIAS = 75
const AVISOS = {
  MDR1_RAZA_RIESGO: 'Raza con posible sensibilidad a lactonas macrocíclicas',
  PPP_POR_RAZA: 'Raza potencialmente peligrosa en España: complete licencia y seguro',
  SIN_IDENTIFICACION: 'En España esta especie debe llevar identificación obligatoria y no consta',
  GATO_SIN_ESTERILIZAR: 'En España los gatos se esterilizan antes de los 6 meses, salvo reproductores registrados',
}

const reciente = (desde, hoy) => desde !== null && diasEntre(desde, hoy) <= GESTACION_DIAS
const mayor = (una, otra) => (una > otra ? una : otra)

export function presentar(fila, hoy, zona) {
  const nacido = fila.fecha_nacimiento
  return {
    ...fila,
    edad: nacido && edad(nacido, mayor(fila.fecha_fallecimiento ?? hoy, nacido), fila.precision_nacimiento ?? 'exacta'),
    titular: fila.cliente_id && { id: fila.cliente_id, nombre: fila.titular_nombre },
    peso_actual: fila.peso_kg && {
      peso_kg: fila.peso_kg, medido_en: enZona(fila.medido_en, zona), metodo: fila.metodo,
    },
    microchip_detalle: fila.microchip && microchip.detalle(fila.microchip),
    gestante: reciente(fila.gestante_desde, hoy),
    lactante: reciente(fila.lactante_desde, hoy),
    ppp: fila.ppp && { licencia: null, licencia_caduca: null, seguro: null, seguro_caduca: null, ...fila.ppp },
    creado_en: enZona(fila.creado_en, zona),
    actualizado_en: enZona(fila.actualizado_en, zona),
    avisos: [
      ...(fila.microchip ? microchip.avisos(fila.microchip) : []),
      ...avisos(fila, hoy).map((codigo) => ({ codigo, mensaje: AVISOS[codigo] })),
    ],
  }
}

function avisos(fila, hoy) {
  const salida = []
  if (fila.raza_mdr1 && fila.mdr1 === 'no_testado') salida.push('MDR1_RAZA_RIESGO')
  if (fila.pais !== 'ES' || fila.config.validaciones_pais === 'desactivadas') return salida
  if (['fallecido', 'fusionado'].includes(fila.estado)) return salida
  if (fila.raza_ppp && fila.ppp === null) salida.push('PPP_POR_RAZA')
  const anillado = fila.identificadores.some((uno) => uno.tipo === 'anilla')
  const falta = { microchip: fila.microchip === null, anilla: !anillado }
  if (falta[fila.identificacion]) salida.push('SIN_IDENTIFICACION')
  const nacido = fila.fecha_nacimiento
  const meses = nacido && nacido <= hoy ? mesesCumplidos(nacido, hoy) : 0
  if (fila.especie === 'gato' && fila.esterilizado !== 'si' && meses >= 6) salida.push('GATO_SIN_ESTERILIZAR')
  return salida
}
