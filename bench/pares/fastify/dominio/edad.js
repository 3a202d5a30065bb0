// La edad de un animal, en las unidades en que la dice la clínica.
import { diasEntre } from './tiempo.js'

const partes = (fecha) => fecha.split('-').map(Number)
const contar = (cuantos, uno, varios) => `${cuantos} ${cuantos === 1 ? uno : varios}`

export function sumarMeses(fecha, meses) {
  const [a, m, d] = partes(fecha)
  const total = a * 12 + m - 1 + meses
  const [anio, mes] = [Math.floor(total / 12), total % 12]
  const ultimo = new Date(Date.UTC(anio, mes + 1, 0)).getUTCDate()
  return new Date(Date.UTC(anio, mes, Math.min(d, ultimo))).toISOString().slice(0, 10)
}

export function mesesCumplidos(nacimiento, referencia) {
  const [a, m] = partes(nacimiento)
  const [b, n] = partes(referencia)
  const meses = (b - a) * 12 + n - m
  return sumarMeses(nacimiento, meses) <= referencia ? meses : meses - 1
}

export function edad(nacimiento, referencia, precision) {
  const meses = mesesCumplidos(nacimiento, referencia)
  const dias = diasEntre(nacimiento, referencia)
  const texto = enTexto(dias, meses)
  return {
    anios: Math.floor(meses / 12),
    meses: meses % 12,
    dias: diasEntre(sumarMeses(nacimiento, meses), referencia),
    semanas: Math.floor(dias / 7),
    texto: precision === 'exacta' ? texto : `~${texto}`,
    precision,
  }
}

function enTexto(dias, meses) {
  if (dias < 14) return contar(dias, 'día', 'días')
  if (dias < 112) return contar(Math.floor(dias / 7), 'semana', 'semanas')
  if (meses < 24) return contar(meses, 'mes', 'meses')
  const [anios, resto] = [Math.floor(meses / 12), meses % 12]
  const texto = contar(anios, 'año', 'años')
  return resto ? `${texto} y ${contar(resto, 'mes', 'meses')}` : texto
}
