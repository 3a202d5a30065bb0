// El contrato de las citas y de los huecos.
import {
  avisos, booleano, entero, entrada, lista, nulo, objeto, opcion, paginada, texto, textoNulo, uuid, uuidNulo,
} from './comunes.js'

export const filtro = paginada({ fecha: { type: 'string', format: 'date' }, profesional_id: uuid })

// Reserva para un animal con ficha, en un instante.
export const crear = entrada({
  sede_id: uuid,
  tipo_cita_id: uuid,
  cliente_id: uuid,
  paciente_id: uuidNulo,
  inicio: { type: ['string', 'null'], format: 'date-time' },
  fin: { type: ['string', 'null'], format: 'date-time' },
  profesional_id: uuidNulo,
  auxiliar_id: uuidNulo,
  recursos: { type: 'array', items: uuid, maxItems: 10, default: [] },
  origen: { type: ['string', 'null'], enum: ['recepcion', 'telefono', null] },
  prioridad: { ...opcion('normal', 'preferente', 'urgente'), default: 'normal' },
  motivo: { type: ['string', 'null'], maxLength: 500 },
  notas_internas: { type: ['string', 'null'], maxLength: 2000 },
}, ['sede_id', 'tipo_cita_id', 'cliente_id'])

const cambio = objeto({
  en: texto, por: textoNulo, accion: texto, estado: texto, detalle: { type: 'object', additionalProperties: true },
})

export const cita = objeto({
  id: texto,
  codigo: texto,
  sede_id: texto,
  sede: texto,
  tipo_cita_id: texto,
  tipo_cita: texto,
  instrucciones: textoNulo,
  paciente_id: texto,
  paciente: texto,
  pacientes: lista(objeto({ id: texto, nombre: texto, consulta_id: textoNulo })),
  consulta_id: textoNulo,
  profesional_id: textoNulo,
  profesional: textoNulo,
  inicio: texto,
  fin: texto,
  zona_horaria: texto,
  estado: texto,
  origen: texto,
  motivo: textoNulo,
  version: entero,
  cliente_id: texto,
  cliente: texto,
  auxiliar_id: textoNulo,
  recursos: lista(texto),
  color: textoNulo,
  prioridad: texto,
  notas_internas: textoNulo,
  forzada: booleano,
  motivo_forzado: textoNulo,
  caduca_en: textoNulo,
  llegada_en: textoNulo,
  inicio_real: textoNulo,
  fin_real: textoNulo,
  cancelacion: nulo({ en: texto, por: textoNulo, motivo: textoNulo }),
  historial_cambios: { type: 'array', items: cambio, nullable: true },
  creado_en: texto,
  actualizado_en: texto,
  avisos,
})

export const disponibilidad = {
  filtro: entrada({
    tipo_cita_id: uuid,
    sede_id: uuid,
    desde: { type: 'string', format: 'date' },
    hasta: { type: 'string', format: 'date' },
    profesional_id: { type: 'array', items: uuid, maxItems: 50 },
  }, ['tipo_cita_id', 'sede_id', 'desde', 'hasta']),
  lectura: objeto({
    tipo_cita_id: texto,
    sede_id: texto,
    zona_horaria: texto,
    duracion_min: entero,
    datos: lista(objeto({
      inicio: texto,
      fin: texto,
      dia: texto,
      profesional_id: textoNulo,
      profesional: textoNulo,
      auxiliar_id: textoNulo,
      recursos: lista(texto),
    })),
    siguiente: textoNulo,
  }),
}
