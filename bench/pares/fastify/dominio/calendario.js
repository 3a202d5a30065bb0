// El calendario vacunal como funciones puras: cuándo toca la próxima dosis. Las fechas, «AAAA-MM-DD».
import { sumarMeses } from './edad.js'
import { sumarDias } from './tiempo.js'

const PRIMOVACUNACION = 'primovacunacion'
const REFUERZO_1 = 'refuerzo_1'
const REFUERZO = 'refuerzo'
// Lo que separa el primer refuerzo de la última dosis de la serie, aunque ya tenga la edad.
const SEPARACION_DIAS = 28

const aLasSemanas = (nacimiento, semanas) => sumarDias(nacimiento, semanas * 7)
const mayor = (una, otra) => (una > otra ? una : otra)

// La próxima dosis de un protocolo vista desde «hoy»; las puestas, sin anuladas y de la primera a la última.
export function proxima(protocolo, puestas, nacimiento, hoy, requisito) {
  const validas = lasQueCuentan(protocolo, puestas, nacimiento, hoy)
  if (!validas.length) {
    return { fecha: primera(protocolo, nacimiento, hoy), fase: PRIMOVACUNACION, numero: 1, estado: 'pendiente' }
  }
  const paso = siguiente(protocolo, validas, nacimiento, requisito)
  // Lo que un veterinario fijó en la última dosis manda sobre la cuenta.
  const fecha = validas.at(-1).proxima_manual ?? paso.fecha
  return { fecha, fase: paso.fase, numero: validas.length + 1, estado: estadoDe(fecha, hoy) }
}

function estadoDe(fecha, hoy) {
  if (hoy < fecha) return 'vigente'
  return hoy === fecha ? 'vence_hoy' : 'vencida'
}

// Las dosis de la serie en curso: ni demasiado pronto ni demasiado seguidas, y tras caducar se empieza de nuevo.
function lasQueCuentan(protocolo, puestas, nacimiento, hoy) {
  const edadMinima = nacimiento && aLasSemanas(nacimiento, protocolo.edad_min_semanas)
  const caducada = (desde, hasta) => (
    protocolo.caducidad_meses !== null && hasta > sumarMeses(desde, protocolo.caducidad_meses)
  )
  let serie = []
  for (const una of puestas) {
    const ultima = serie.at(-1)?.fecha
    if (edadMinima && una.fecha < edadMinima) continue
    if (ultima && una.fecha < sumarDias(ultima, protocolo.intervalo_min_dias)) continue
    if (ultima && caducada(ultima, una.fecha)) serie = []
    serie.push(una)
  }
  return serie.length && caducada(serie.at(-1).fecha, hoy) ? [] : serie
}

// Sin ninguna que cuente: en cuanto tenga la edad.
function primera(protocolo, nacimiento, hoy) {
  return nacimiento ? mayor(aLasSemanas(nacimiento, protocolo.edad_min_semanas), hoy) : hoy
}

function siguiente(protocolo, validas, nacimiento, requisito) {
  const meses = periodoDe(protocolo, validas.at(-1), requisito)
  if (protocolo.tipo === 'dosis') return porDosis(protocolo, validas, requisito, meses)
  // Sin fecha de nacimiento se trata como adulto: cualquier dosis lo es.
  if (!nacimiento || validas[0].fecha >= aLasSemanas(nacimiento, protocolo.fin_serie_semanas)) {
    return desdeAdulto(protocolo, validas, nacimiento, meses)
  }
  return desdeCachorro(protocolo, validas.at(-1).fecha, nacimiento, meses)
}

// El menor entre lo que dice el protocolo (o, si calla, la ficha técnica) y lo que exige el territorio.
function periodoDe(protocolo, ultima, requisito) {
  const posibles = [protocolo.periodo_meses ?? ultima.validez_meses, requisito?.periodicidad_meses]
    .filter((meses) => meses != null)
  return posibles.length ? Math.min(...posibles) : protocolo.refuerzo_1_meses
}

function desdeCachorro(protocolo, ultima, nacimiento, meses) {
  if (ultima < aLasSemanas(nacimiento, protocolo.fin_serie_semanas)) return otraDeLaSerie(protocolo, ultima)
  if (ultima < aLasSemanas(nacimiento, protocolo.refuerzo_1_semanas)) {
    return refuerzoJoven(protocolo, ultima, nacimiento)
  }
  return { fecha: sumarMeses(ultima, meses), fase: REFUERZO }
}

function desdeAdulto(protocolo, validas, nacimiento, meses) {
  const ultima = validas.at(-1).fecha
  if (validas.length < protocolo.dosis_adulto) return otraDeLaSerie(protocolo, ultima)
  if (validas.length > protocolo.dosis_adulto) return { fecha: sumarMeses(ultima, meses), fase: REFUERZO }
  if (nacimiento && ultima < aLasSemanas(nacimiento, protocolo.refuerzo_1_semanas)) {
    return refuerzoJoven(protocolo, ultima, nacimiento)
  }
  return { fecha: sumarMeses(ultima, protocolo.refuerzo_adulto_meses), fase: REFUERZO_1 }
}

function porDosis(protocolo, validas, requisito, meses) {
  const ultima = validas.at(-1).fecha
  const iniciales = Math.max(protocolo.dosis_iniciales, requisito?.dosis_iniciales ?? 1)
  if (validas.length < iniciales) return otraDeLaSerie(protocolo, ultima)
  if (validas.length === iniciales) return { fecha: sumarMeses(ultima, protocolo.refuerzo_1_meses), fase: REFUERZO_1 }
  return { fecha: sumarMeses(ultima, meses), fase: REFUERZO }
}

function otraDeLaSerie(protocolo, ultima) {
  return { fecha: sumarDias(ultima, protocolo.intervalo_objetivo_dias), fase: PRIMOVACUNACION }
}

function refuerzoJoven(protocolo, ultima, nacimiento) {
  const conLaEdad = aLasSemanas(nacimiento, protocolo.refuerzo_1_semanas)
  return { fecha: mayor(conLaEdad, sumarDias(ultima, SEPARACION_DIAS)), fase: REFUERZO_1 }
}
