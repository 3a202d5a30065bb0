// Las piezas con que se escriben los esquemas.
export const texto = { type: 'string' }
export const textoNulo = { type: ['string', 'null'] }
export const entero = { type: 'integer' }
export const booleano = { type: 'boolean' }
export const booleanoNulo = { type: ['boolean', 'null'] }
export const uuid = { type: 'string', format: 'uuid' }
export const uuidNulo = { type: ['string', 'null'], format: 'uuid' }
export const fechaNula = { type: ['string', 'null'], format: 'date' }
export const hasta = (maximo) => ({ type: ['string', 'null'], maxLength: maximo })
export const opcion = (...valores) => ({ type: 'string', enum: valores })

// Lo que sale: todos los campos y ninguno más.
export function objeto(properties, extra = {}) {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false, ...extra }
}

export const nulo = (properties) => objeto(properties, { nullable: true })
export const lista = (items) => ({ type: 'array', items })
export const pagina = (items) => objeto({ datos: lista(items), siguiente: textoNulo })
export const avisos = lista(objeto({ codigo: texto, mensaje: texto }))

// Lo que entra: lo desconocido se rechaza.
export const entrada = (properties, required = []) => ({ type: 'object', properties, required, additionalProperties: false })
export const paginada = (properties) => entrada({
  ...properties,
  limite: { type: 'integer', minimum: 1, maximum: 100, default: 25 },
  cursor: { type: 'string', maxLength: 1000 },
})
