"""Los errores, como application/problem+json."""

from typing import Any

import msgspec

_TITULOS = {
    "NO_AUTENTICADO": (401, "Falta una credencial válida"),
    "SIN_PERMISO": (403, "No tiene permiso para esto"),
    "SIN_PERMISO_PARA_FORZAR": (403, "No puede forzar un solape"),
    "NO_ENCONTRADO": (404, "No existe"),
    "METODO_NO_PERMITIDO": (405, "Esta dirección no admite ese método"),
    "CITA_SOLAPADA": (409, "La cita se solapa"),
    "PACIENTE_NO_ACTIVO": (409, "El paciente no está activo"),
    "CLIENTE_NO_ACTIVO": (409, "El cliente no está activo"),
    "CONFLICTO_CONCURRENTE": (409, "Otra persona lo ha cambiado a la vez; vuelva a intentarlo"),
    "VERSION_OBSOLETA": (412, "El registro ha cambiado desde que lo leyó"),
    "TIPO_NO_ADMITIDO": (415, "El contenido debe ser JSON"),
    "DATOS_INVALIDOS": (422, "Hay datos que corregir"),
    "PARAMETRO_REPETIDO": (422, "Un parámetro se repite y sólo se admite una vez"),
    "CURSOR_INVALIDO": (422, "El cursor no vale para esta lista"),
    "CLAVE_IDEMPOTENCIA_REUTILIZADA": (422, "Esa Idempotency-Key ya se usó con otro contenido"),
    "PACIENTE_FALLECIDO": (422, "El paciente consta como fallecido"),
    "PACIENTE_DE_OTRO_CLIENTE": (422, "Ese cliente no es titular ni autorizado del paciente"),
    "PROFESIONAL_INADECUADO": (422, "Ese profesional no puede atender este tipo de cita"),
    "ESPECIE_NO_ADMITIDA": (422, "Este tipo de cita no atiende a esa especie"),
    "RECURSO_INADECUADO": (422, "Ese recurso no está disponible en esta sede"),
    "FUERA_DE_HORARIO": (422, "Está fuera del horario de la agenda"),
    "CITA_EN_EL_PASADO": (422, "No se puede reservar una hora que ya pasó"),
    "INTERVALO_INVALIDO": (422, "El final debe ser posterior al inicio y en las 24 horas siguientes"),
    "PACIENTE_REQUERIDO": (422, "Falta quién viene"),
    "INSTANTE_SIN_DESFASE": (422, "Un instante no lleva su desfase"),
    "INICIO_REQUERIDO": (422, "Falta el inicio"),
    "MOTIVO_FORZADO_REQUERIDO": (422, "Falta el motivo para forzar"),
    "FECHAS_INCOHERENTES": (422, "Las fechas se contradicen"),
    "FECHA_FUTURA": (422, "La fecha no puede estar en el futuro"),
    "RAZA_DE_OTRA_ESPECIE": (422, "Esa raza no es de esa especie"),
    "ESPECIE_DESCONOCIDA": (422, "Esa especie no está en el catálogo"),
    "RANGO_EXCESIVO": (422, "Sólo se pueden pedir 31 días de una vez"),
    "FALTA_IF_MATCH": (428, "Falta la cabecera If-Match con la versión leída"),
    "FALTA_IDEMPOTENCY_KEY": (400, "Falta la cabecera Idempotency-Key"),
    "PETICION_MAL_FORMADA": (400, "La petición está mal formada"),
    "ERROR_INTERNO": (500, "Algo ha fallado por nuestra parte"),
}


class Problema(Exception):
    """Una respuesta que no es 2xx."""

    def __init__(self, codigo: str, detail: str = "", *, campo: str = "", **extra: Any) -> None:
        super().__init__(codigo)
        self.codigo, self.extra = codigo, extra
        self.estado, self.titulo = _TITULOS[codigo]
        self.detail = detail or self.titulo
        if campo:
            extra["errores"] = [{"campo": campo, "codigo": codigo, "mensaje": self.detail}]

    def cuerpo(self, ruta: str, id_peticion: str) -> bytes:
        """El cuerpo RFC 9457."""
        return msgspec.json.encode(
            {
                "type": f"/errores/{self.codigo}",
                "title": self.titulo,
                "status": self.estado,
                "codigo": self.codigo,
                "detail": self.detail,
                "instance": ruta,
                "id_peticion": id_peticion,
                **self.extra,
            }
        )


def invalidos(*errores: tuple[str, str, str]) -> Problema:
    """El 422 de la validación: (campo, código, mensaje) de cada cosa."""
    return Problema(
        "DATOS_INVALIDOS",
        errores=[{"campo": campo, "codigo": codigo, "mensaje": mensaje} for campo, codigo, mensaje in errores],
    )
