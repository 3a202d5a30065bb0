// Los errores de la clínica, con su código y su estado.
const TITULOS = {
  NO_AUTENTICADO: [401, 'Falta una credencial válida'],
  SIN_PERMISO: [403, 'No tiene permiso para esto'],
  SIN_PERMISO_PARA_FORZAR: [403, 'No puede forzar un solape'],
  NO_ENCONTRADO: [404, 'No existe'],
  METODO_NO_PERMITIDO: [405, 'Esta dirección no admite ese método'],
  CITA_SOLAPADA: [409, 'La cita se solapa'],
  PACIENTE_NO_ACTIVO: [409, 'El paciente no está activo'],
  CLIENTE_NO_ACTIVO: [409, 'El cliente no está activo'],
  CONFLICTO_CONCURRENTE: [409, 'Otra persona lo ha cambiado a la vez; vuelva a intentarlo'],
  VERSION_OBSOLETA: [412, 'El registro ha cambiado desde que lo leyó'],
  TIPO_NO_ADMITIDO: [415, 'El contenido debe ser JSON'],
  DATOS_INVALIDOS: [422, 'Hay datos que corregir'],
  PARAMETRO_REPETIDO: [422, 'Un parámetro se repite y sólo se admite una vez'],
  CURSOR_INVALIDO: [422, 'El cursor no vale para esta lista'],
  CLAVE_IDEMPOTENCIA_REUTILIZADA: [422, 'Esa Idempotency-Key ya se usó con otro contenido'],
  PACIENTE_FALLECIDO: [422, 'El paciente consta como fallecido'],
  PACIENTE_DE_OTRO_CLIENTE: [422, 'Ese cliente no es titular ni autorizado del paciente'],
  PROFESIONAL_INADECUADO: [422, 'Ese profesional no puede atender este tipo de cita'],
  ESPECIE_NO_ADMITIDA: [422, 'Este tipo de cita no atiende a esa especie'],
  RECURSO_INADECUADO: [422, 'Ese recurso no está disponible en esta sede'],
  FUERA_DE_HORARIO: [422, 'Está fuera del horario de la agenda'],
  CITA_EN_EL_PASADO: [422, 'No se puede reservar una hora que ya pasó'],
  INTERVALO_INVALIDO: [422, 'El final debe ser posterior al inicio y en las 24 horas siguientes'],
  PACIENTE_REQUERIDO: [422, 'Falta quién viene'],
  INSTANTE_SIN_DESFASE: [422, 'Un instante no lleva su desfase'],
  INICIO_REQUERIDO: [422, 'Falta el inicio'],
  MOTIVO_FORZADO_REQUERIDO: [422, 'Falta el motivo para forzar'],
  FECHAS_INCOHERENTES: [422, 'Las fechas se contradicen'],
  FECHA_FUTURA: [422, 'La fecha no puede estar en el futuro'],
  RAZA_DE_OTRA_ESPECIE: [422, 'Esa raza no es de esa especie'],
  ESPECIE_DESCONOCIDA: [422, 'Esa especie no está en el catálogo'],
  RANGO_EXCESIVO: [422, 'Sólo se pueden pedir 31 días de una vez'],
  FALTA_IF_MATCH: [428, 'Falta la cabecera If-Match con la versión leída'],
  FALTA_IDEMPOTENCY_KEY: [400, 'Falta la cabecera Idempotency-Key'],
  PETICION_MAL_FORMADA: [400, 'La petición está mal formada'],
  ERROR_INTERNO: [500, 'Algo ha fallado por nuestra parte'],
  DEMASIADO_GRANDE: [413, 'El cuerpo es demasiado grande'],
}

export class Problema extends Error {
  constructor(codigo, { detail, campo, ...extra } = {}) {
    super(codigo)
    this.codigo = codigo
    ;[this.estado, this.titulo] = TITULOS[codigo]
    this.detail = detail ?? this.titulo
    this.extra = campo ? { errores: [{ campo, codigo, mensaje: this.detail }], ...extra } : extra
  }
}

export function cuerpoDe(problema, peticion) {
  return {
    type: `/errores/${problema.codigo}`,
    title: problema.titulo,
    status: problema.estado,
    codigo: problema.codigo,
    detail: problema.detail,
    instance: peticion.url.split('?')[0],
    id_peticion: peticion.id,
    ...problema.extra,
  }
}
