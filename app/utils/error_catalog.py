"""El catálogo de los códigos de error: lo que explica /errores y lo que cita la documentación."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass

from app.utils import mensajes
from app.utils.errors import DomainError

_QUE_HACER = {
    400: ("La petición no se entiende: corríjala antes de repetirla.", "Fix the request before sending it again."),
    401: ("Identifíquese, o renueve el token de acceso.", "Sign in, or renew the access token."),
    403: ("Pida a quien administra la clínica el permiso que falta.", "Ask an administrator for the permission."),
    404: ("No existe, o no está a su alcance.", "It does not exist, or it is out of your reach."),
    405: ("La cabecera `Allow` dice qué métodos admite.", "The `Allow` header lists the methods."),
    409: ("Choca con el estado actual: vuelva a leerlo y decida.", "It clashes with the current state: read it again."),
    412: ("Vuelva a leer el registro y repita el cambio con su `ETag`.", "Read it again and retry with its `ETag`."),
    413: ("Envíe menos datos de una vez.", "Send less data at once."),
    415: ("Envíe JSON en UTF-8 con su `Content-Type`.", "Send UTF-8 JSON with its `Content-Type`."),
    422: ("Corrija los datos: `errores` dice cuáles.", "Correct the data: `errores` says which."),
    428: ("Envíe en `If-Match` el `ETag` que leyó.", "Send in `If-Match` the `ETag` you read."),
    429: ("Espere lo que dice `Retry-After`.", "Wait as long as `Retry-After` says."),
    500: ("Si persiste, comunique el `id_peticion`.", "If it persists, report the `id_peticion`."),
    503: ("Reintente pasado lo que dice `Retry-After`.", "Retry after what `Retry-After` says."),
}

# Reglas de forma: las comprueba el esquema, y no una clase de error. Todas responden 422.
REGLAS_DE_FORMA: dict[str, str] = {
    "AMBITO_DESCONOCIDO": "El ámbito no existe",
    "ANIMAL_REQUERIDO": "No se dice de qué animal es el cálculo",
    "CARACTER_DE_CONTROL": "Un texto tiene caracteres no visibles",
    "CLIENTE_REQUERIDO": "Una receta para un grupo no dice de qué cliente es",
    "CONSTANTES_VACIAS": "No viene ninguna constante",
    "CORREO_INVALIDO": "No es una dirección de correo",
    "DECIMAL_COMO_TEXTO": "Un decimal debe ir entre comillas",
    "DOLOR_FUERA_DE_ESCALA": "Los puntos de dolor pasan del máximo de la escala",
    "EDAD_DUPLICADA": "Se dan la fecha de nacimiento y la edad estimada",
    "EDAD_INCOMPLETA": "Falta un dato de la edad estimada",
    "ERROR_DE_ACUSE": "El texto del error no concuerda con el resultado del acuse",
    "FARMACO_REQUERIDO": "No se dice de qué fármacos habla la regla",
    "FRANJA_INVERTIDA": "La franja acaba antes de empezar",
    "FRANJA_VACIA": "La franja no dura nada",
    "HALLAZGO_SIN_TEXTO": "Un hallazgo anormal no dice qué se encontró",
    "HORAS_INCOMPLETAS": "Se da una sola de las dos horas",
    "INICIO_DUPLICADO": "El inicio se da de dos maneras",
    "INICIO_REQUERIDO": "Falta el inicio",
    "INSTANTE_SIN_DESFASE": "Un instante no lleva su desfase",
    "MEDICAMENTO_O_FORMULA": "Una línea de receta no dice qué se receta, o lo dice de dos maneras",
    "MICROCHIP_FORMATO": "El microchip no tiene 15 dígitos",
    "MICROCHIP_FUERA_DE_RANGO": "El número del microchip es demasiado alto",
    "MICROCHIP_PREFIJO": "El prefijo del microchip no es de nadie",
    "MICROCHIP_PRUEBAS": "El microchip es de pruebas",
    "MOTIVO_FORZADO_REQUERIDO": "Falta el motivo para forzar",
    "PACIENTE_DUPLICADO": "Quién viene se dice de varias maneras",
    "PACIENTE_O_GRUPO": "Una receta no dice para quién es, o lo dice de dos maneras",
    "PACIENTE_REPETIDO": "Un paciente está repetido",
    "PACIENTE_REQUERIDO": "Falta quién viene",
    "PARAMETRO_REPETIDO": "Un parámetro se repite y sólo se admite una vez",
    "PAUTA_INVERTIDA": "La dosis mínima de una pauta pasa de la máxima",
    "PRESENTACION_REQUERIDA": "No se dice con qué medicamento o presentación",
    "PRINCIPIO_REPETIDO": "Un principio activo está repetido",
    "RANGO_INVERTIDO": "El mínimo de un rango es mayor que su máximo",
    "PRODUCTO_SIN_DECIR": "No se dice con qué medicamento, producto o vacuna fue",
    "SIN_CITA_SIN_HORA": "Quien viene sin cita no elige hora",
    "SISTEMA_REPETIDO": "Un sistema de la exploración está repetido",
    "TERRITORIO_FISCAL_DESCONOCIDO": "El territorio fiscal no existe",
    "VINCULO_UNICO": "No se dice de qué es, o es de varias cosas",
    "VENTANA_INVALIDA": "La ventana acaba antes de empezar",
    "ZONA_HORARIA_DESCONOCIDA": "La zona horaria no existe",
}


@dataclass(frozen=True, slots=True)
class Explicacion:
    """Lo que significa un código de error y qué puede hacer quien lo recibe."""

    codigo: str
    estado: int
    titulo: str
    significado: str
    que_hacer: str


def _clases(raiz: type[DomainError]) -> Iterator[type[DomainError]]:
    for clase in raiz.__subclasses__():
        yield clase
        yield from _clases(clase)


def codigo_de(clase: type[DomainError]) -> str | None:
    """El código de una clase de error; nada si cada instancia trae el suyo."""
    if "codigo" in vars(clase):
        return None
    return clase.__new__(clase).codigo


def explicar(clase: type[DomainError], idioma: str = "es") -> Explicacion:
    """La explicación de una clase de error, tomada de su docstring."""
    titulo, _, resto = inspect.cleandoc(clase.__doc__ or "").partition("\n")
    return _explicacion(codigo_de(clase) or "", clase.status, titulo, " ".join(resto.split()), idioma)


def _explicacion(codigo: str, estado: int, titulo: str, significado: str, idioma: str) -> Explicacion:
    ingles = idioma == "en"
    titulo = mensajes.titulo(codigo, titulo.rstrip("."), idioma)
    return Explicacion(codigo, estado, titulo, significado, _QUE_HACER.get(estado, ("", ""))[ingles])


def catalogo(idioma: str = "es") -> dict[str, Explicacion]:
    """Todos los códigos que la API puede devolver, por orden alfabético."""
    explicaciones = [explicar(clase, idioma) for clase in _clases(DomainError) if codigo_de(clase)]
    for codigo, titulo in REGLAS_DE_FORMA.items():
        explicaciones.append(_explicacion(codigo, 422, mensajes.titulo(codigo, titulo, idioma), "", idioma))
    return {una.codigo: una for una in sorted(explicaciones, key=lambda una: una.codigo)}
