// El contrato de los pacientes.
import {
  avisos, booleano, booleanoNulo, entero, entrada, fechaNula, hasta, lista, nulo, objeto, opcion, paginada, texto, textoNulo,
} from './comunes.js'

const codigo = { type: 'string', minLength: 1, maxLength: 60, pattern: '^[a-z0-9_]+$' }

export const filtro = paginada({
  q: { type: 'string', minLength: 2, maxLength: 60 },
  nombre: { type: 'string', minLength: 1, maxLength: 60 },
})

export const editar = entrada({
  nombre: { type: 'string', minLength: 1, maxLength: 60 },
  especie: codigo,
  raza: { ...codigo, type: ['string', 'null'] },
  raza_texto: hasta(120),
  sexo: opcion('macho', 'hembra', 'desconocido', 'hermafrodita'),
  esterilizado: opcion('si', 'no', 'desconocido'),
  fecha_esterilizacion: fechaNula,
  fecha_nacimiento: fechaNula,
  precision_nacimiento: { type: ['string', 'null'], enum: ['exacta', 'mes', 'anio', 'estimada', null] },
  capa: hasta(80),
  tamanio: hasta(20),
  senias: hasta(500),
  fecha_microchip: fechaNula,
  microchip_lugar: hasta(60),
  verificado_lector: booleano,
  destino: opcion('compania', 'produccion', 'trabajo', 'zoologico'),
  apto_consumo: booleanoNulo,
  gestante_desde: fechaNula,
  lactante_desde: fechaNula,
  mdr1: opcion('no_testado', 'normal', 'portador', 'afectado'),
  grupo_sanguineo: hasta(20),
  temperamento: hasta(120),
})

const campos = {
  id: texto,
  codigo: texto,
  nombre: texto,
  especie: texto,
  raza: textoNulo,
  raza_texto: textoNulo,
  sexo: texto,
  esterilizado: texto,
  fecha_esterilizacion: textoNulo,
  fecha_nacimiento: textoNulo,
  precision_nacimiento: textoNulo,
  edad: nulo({ anios: entero, meses: entero, dias: entero, semanas: entero, texto, precision: texto }),
  capa: textoNulo,
  senias: textoNulo,
  microchip: textoNulo,
  pasaporte_ue: textoNulo,
  peso_actual: nulo({ peso_kg: texto, medido_en: texto, metodo: texto }),
  estado: texto,
  fecha_fallecimiento: textoNulo,
  version: entero,
  cliente_id: textoNulo,
  titular: nulo({ id: texto, nombre: texto }),
  tamanio: textoNulo,
  fecha_microchip: textoNulo,
  microchip_lugar: textoNulo,
  microchip_detalle: nulo({ tipo_prefijo: texto, prefijo: texto, pais: textoNulo }),
  verificado_lector: booleano,
  identificadores: lista(objeto({ tipo: texto, valor: texto })),
  motivo_sin_identificacion: textoNulo,
  destino: texto,
  apto_consumo: booleanoNulo,
  gestante: booleano,
  gestante_desde: textoNulo,
  lactante: booleano,
  lactante_desde: textoNulo,
  mdr1: texto,
  grupo_sanguineo: textoNulo,
  temperamento: textoNulo,
  ppp: nulo({
    es_ppp: booleano, licencia: textoNulo, licencia_caduca: textoNulo, seguro: textoNulo, seguro_caduca: textoNulo,
  }),
  seguro: nulo({ compania: texto, poliza: texto }),
  perdido_desde: textoNulo,
  causa_fallecimiento: textoNulo,
  eutanasia: booleanoNulo,
  destino_restos: textoNulo,
  fusionado_en_id: textoNulo,
  id_externo: textoNulo,
  creado_en: texto,
  actualizado_en: texto,
  avisos,
}

export const ficha = objeto(campos)

// El detalle lleva, además, las vacunas que le tocan.
export const detalle = objeto({
  ...campos,
  proximas_vacunas: lista(objeto({
    protocolo: texto, nombre: texto, fecha_proxima: texto, fase: texto, numero_en_serie: entero, estado: texto,
  })),
})
