// Cómo se lee una cita.
import { enZona } from './tiempo.js'

// La consulta que la cita abrió a un animal.
const consultaDe = (cita, paciente) => `
         (SELECT q.id FROM consultas q
           WHERE q.organizacion_id = c.organizacion_id AND q.cita_id = ${cita} AND q.paciente_id = ${paciente}
             AND q.estado <> 'anulada'
           ORDER BY q.id DESC LIMIT 1)`

export const LECTURA = `
  SELECT c.*, s.zona_horaria, s.nombre AS sede, k.nombre AS tipo_cita, k.instrucciones, k.color, p.nombre AS paciente,
         coalesce(d.razon_social, concat_ws(' ', d.nombre, d.apellidos)) AS cliente, v.nombre AS profesional,
         (SELECT array_agg(x.recurso_id ORDER BY x.recurso_id) FROM citas_recursos x
           WHERE x.organizacion_id = c.organizacion_id AND x.cita_id = c.id) AS recursos,
         (SELECT jsonb_agg(jsonb_build_object('id', a.id, 'nombre', a.nombre,
                                              'consulta_id', ${consultaDe('y.cita_id', 'y.paciente_id')}) ORDER BY y.id)
            FROM citas_pacientes y
            JOIN pacientes a ON a.organizacion_id = y.organizacion_id AND a.id = y.paciente_id
           WHERE y.organizacion_id = c.organizacion_id AND y.cita_id = c.id) AS acompanantes,
         ${consultaDe('c.id', 'c.paciente_id')} AS consulta_id
    FROM citas c
    JOIN sedes s ON s.organizacion_id = c.organizacion_id AND s.id = c.sede_id
    JOIN tipos_cita k ON k.organizacion_id = c.organizacion_id AND k.id = c.tipo_cita_id
    JOIN pacientes p ON p.organizacion_id = c.organizacion_id AND p.id = c.paciente_id
    JOIN clientes d ON d.organizacion_id = c.organizacion_id AND d.id = c.cliente_id
    LEFT JOIN profesionales v ON v.organizacion_id = c.organizacion_id AND v.id = c.profesional_id`

const DE_LA_SEDE = ['inicio', 'fin', 'llegada_en', 'inicio_real', 'fin_real', 'caduca_en']

export function presentar(fila, zona) {
  const local = Object.fromEntries(DE_LA_SEDE.map((campo) => [campo, enZona(fila[campo], fila.zona_horaria)]))
  return {
    ...fila,
    ...local,
    recursos: fila.recursos ?? [],
    pacientes: [
      { id: fila.paciente_id, nombre: fila.paciente, consulta_id: fila.consulta_id }, ...(fila.acompanantes ?? []),
    ],
    cancelacion: fila.cancelada_en && {
      en: enZona(fila.cancelada_en, fila.zona_horaria), por: fila.cancelada_por, motivo: fila.cancelacion_motivo,
    },
    historial_cambios: null,
    creado_en: enZona(fila.creado_en, zona),
    actualizado_en: enZona(fila.actualizado_en, zona),
    avisos: [],
  }
}
