// De lo atendido y lo ocupado a inicios posibles.
import { unir } from './horario.js'
import { desfase, limitesDelDia } from './tiempo.js'

export const MARGEN_PREVIO = 1000
const [MINUTO, DIA] = [60_000, 86_400_000]

// La cita que se busca: cuánto dura, qué márgenes lleva y entre qué instantes puede empezar.
export class Busqueda {
  constructor({ duracion, antes, despues, compartidos, paso, primero, ultimo, zona }) {
    Object.assign(this, { duracion, paso, primero, ultimo, zona })
    this.margenes = compartidos ? [[0, 0, despues], [MARGEN_PREVIO, antes, 0]] : [[0, antes, despues]]
  }

  // Los inicios alineados en que cabe en lo libre y en alguna plaza, márgenes incluidos.
  inicios(libre, cogido, plazas = 1) {
    let posibles = null
    for (const [serie, antes, despues] of this.margenes) {
      const suyas = cogido.filter((una) => (una.plaza > MARGEN_PREVIO) === (serie > 0))
      const deSerie = new Set()
      for (let plaza = 1; plaza <= plazas; plaza++) {
        const ocupados = suyas.filter((una) => plazas === 1 || una.plaza - serie === plaza)
        const vetados = unir(ocupados.map((una) => [una.desde, una.hasta]))
          .map(([a, b]) => [a - this.duracion - despues, b + antes])
        for (const [desde, hasta] of this.#tramos(libre, vetados)) this.#alineados(desde, hasta, deSerie)
        if (!ocupados.length) break
      }
      posibles = posibles === null ? deSerie : new Set([...posibles].filter((uno) => deSerie.has(uno)))
    }
    return posibles
  }

  // El primer candidato libre en cada inicio; los inicios sin ninguno no están.
  asignar(candidatos, posibles) {
    const asignado = new Map()
    for (const { id, libre, cogido, plazas } of candidatos) {
      const libres = this.inicios(libre, cogido, plazas)
      for (const inicio of posibles) if (!asignado.has(inicio) && libres.has(inicio)) asignado.set(inicio, id)
    }
    return asignado
  }

  // Tramos cerrados en que cualquier inicio sirve: lo vetado es abierto, sus extremos valen.
  * #tramos(libre, vetados) {
    let n = 0
    for (const [abre, cierra] of libre) {
      let primero = Math.max(abre, this.primero)
      const ultimo = Math.min(cierra - this.duracion, this.ultimo)
      while (n < vetados.length && vetados[n][1] <= primero) n++
      for (; n < vetados.length && vetados[n][0] < ultimo; n++) {
        const [desde, hasta] = vetados[n]
        if (primero <= desde) yield [primero, desde]
        primero = Math.max(primero, hasta)
        if (hasta > ultimo) break
      }
      if (primero <= ultimo) yield [primero, ultimo]
    }
  }

  // Los múltiplos del paso contados desde la medianoche de reloj.
  #alineados(primero, ultimo, salida) {
    let desde = primero
    while (desde <= ultimo) {
      const fecha = new Date(desde + desfase(desde, this.zona) * MINUTO).toISOString().slice(0, 10)
      const [inicio, fin] = limitesDelDia(fecha, this.zona)
      const normal = fin - inicio === DIA
      const paso = normal ? this.paso : MINUTO
      let instante = inicio + Math.ceil((desde - inicio) / paso) * paso
      for (; instante <= ultimo && instante < fin; instante += paso) {
        // El día que cambia la hora, se mira el reloj.
        if (normal || (instante + desfase(instante, this.zona) * MINUTO) % DIA % this.paso === 0) salida.add(instante)
      }
      desde = Math.max(desde, fin)
    }
  }
}
