"""El documento OpenAPI 3.1, deducido de la tabla de rutas: nada de lo que dice se escribe dos veces."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from app.config.demostracion import EJEMPLARES
from app.config.settings import get_settings
from app.utils import documentation_texts as textos
from app.utils.bodies import FORMULARIO
from app.utils.documentation_examples import PREFIJO_REF, Ejemplos
from app.utils.documentation_problems import Problema, ejemplos_de_problemas, respuestas_comunes, respuestas_de_problema
from app.utils.representation import elemento, relaciones
from app.utils.routing import PREFIJO, ROUTES, Route
from app.utils.schemas import OPCIONAL

_VARIABLE = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")
_VERBOS_COMUNES = frozenset({"listar", "obtener", "crear", "editar", "eliminar", "sustituir"})
_ORDEN = ("GET", "POST", "PUT", "PATCH", "DELETE")
_TIPOS_DE_RUTA: dict[str, dict[str, Any]] = {
    "uuid": {"type": "string", "format": "uuid"},
    "date": {"type": "string", "format": "date"},
    "fecha": {"type": "string", "format": "date"},
    "int": {"type": "integer"},
}
Json = dict[str, Any]
Referencias = dict[tuple[Any, str], str]


class _Generador(GenerateJsonSchema):
    """Los esquemas de pydantic, sin títulos automáticos ni valores por omisión nulos."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def default_schema(self, schema: Any) -> Json:
        generado = super().default_schema(schema)
        if generado.get("default", ...) is None:
            del generado["default"]
        return generado

    def field_is_required(self, field: Any, total: bool) -> bool:
        # Lo que sale lleva siempre todos sus campos.
        return self.mode == "serialization" or super().field_is_required(field, total)


@cache
def openapi_document() -> Json:
    """El documento de esta instancia; se construye una vez, con todas las rutas ya declaradas."""
    return construir(ROUTES, reloj=get_settings().reloj_ajustable)


def construir(rutas: Sequence[Route], *, reloj: bool) -> Json:
    """El documento OpenAPI de unas rutas. ``reloj``: si se anuncia la cabecera que fija «ahora»."""
    ordenadas = sorted(rutas, key=lambda ruta: (ruta.rule, _ORDEN.index(ruta.method)))
    referencias, esquemas = _esquemas(ordenadas)
    ejemplos = Ejemplos(esquemas)
    direcciones: dict[str, Json] = defaultdict(dict)
    nombres = nombres_de_operacion(ordenadas)
    for ruta in ordenadas:
        operacion = _operacion(ruta, referencias, esquemas, ejemplos, reloj)
        camino = _VARIABLE.sub(r"{\2}", ruta.rule)
        direcciones[camino][ruta.method.lower()] = {"operationId": nombres[ruta.method, ruta.rule], **operacion}
    consultas = {referencias[ruta.query, "validation"] for ruta in ordenadas if ruta.query}
    return {
        "openapi": "3.1.1",
        "info": textos.INFO,
        "servers": [{"url": "/", "description": "Esta instancia"}],
        "security": [{"bearerAuth": []}],
        "tags": [{"name": tag, "description": textos.de_tag(tag)} for tag in sorted({ruta.tag for ruta in ordenadas})],
        "paths": dict(direcciones),
        "components": {
            "schemas": {nombre: esquema for nombre, esquema in sorted(esquemas.items()) if nombre not in consultas},
            "parameters": textos.PARAMETROS if reloj else {k: v for k, v in textos.PARAMETROS.items() if k != "Reloj"},
            "headers": textos.CABECERAS,
            "examples": ejemplos_de_problemas(ordenadas),
            "responses": respuestas_comunes(ordenadas),
            "securitySchemes": textos.SEGURIDAD,
        },
    }


def _esquemas(rutas: Sequence[Route]) -> tuple[Referencias, Json]:
    """Nombre de cada esquema usado y su definición, los mismos que valida y serializa pydantic."""
    pedidos: dict[tuple[type[BaseModel], Literal["validation", "serialization"]], None] = {}
    for ruta in rutas:
        for entrada in (ruta.body, ruta.query):
            if entrada is not None:
                pedidos[entrada, "validation"] = None
        for salida in ruta.outputs:
            pedidos[salida, "serialization"] = None
    pedidos[Problema, "serialization"] = None
    mapa, definiciones = models_json_schema(
        list(pedidos), ref_template=PREFIJO_REF + "{model}", schema_generator=_Generador
    )
    for esquema in definiciones["$defs"].values():
        _quitar_lo_que_se_pide(esquema)
    return {clave: uno["$ref"].removeprefix(PREFIJO_REF) for clave, uno in mapa.items()}, definiciones["$defs"]


def _quitar_lo_que_se_pide(esquema: Json) -> None:
    """Lo que sólo sale si se pide no es obligatorio, y si sale no es nulo salvo lo incluido que no hay."""
    for nombre, propiedad in esquema.get("properties", {}).items():
        if propiedad.pop(OPCIONAL, False) and nombre in esquema.get("required", []):
            esquema["required"].remove(nombre)
    if esquema.get("required") == []:
        del esquema["required"]


def _operacion(ruta: Route, referencias: Referencias, esquemas: Json, ejemplos: Ejemplos, reloj: bool) -> Json:
    operacion: Json = {
        "summary": ruta.summary.rstrip("."),
        "description": "\n\n".join(filter(None, [ruta.description, textos.de_permiso(ruta.permission)])),
        "tags": [ruta.tag],
        "x-permiso": ruta.permission.value,
        "parameters": _de_ruta(ruta) + _de_consulta(ruta, referencias, esquemas, ejemplos) + _de_cabecera(ruta, reloj),
    }
    if ruta.permission.value == "publico":
        operacion["security"] = []
    if ruta.signed:
        operacion["security"] = [{"bearerAuth": []}, {"enlaceFirmado": []}]
    if ruta.is_form:
        formulario = {"schema": {"$ref": PREFIJO_REF + referencias[ruta.body, "validation"]}}
        operacion["requestBody"] = {"required": True, "content": {FORMULARIO: formulario}}
    elif ruta.body is not None:
        nombre = referencias[ruta.body, "validation"]
        contenido = {"schema": {"$ref": PREFIJO_REF + nombre}, "example": ejemplos.de(nombre)}
        tipos = ["application/json", *(["application/merge-patch+json"] if ruta.method == "PATCH" else [])]
        obligatorio = any(campo.is_required() for campo in ruta.body.model_fields.values())
        operacion["requestBody"] = {"required": obligatorio, "content": dict.fromkeys(tipos, contenido)}
    operacion["responses"] = _respuestas(ruta, referencias, esquemas, ejemplos)
    return operacion


def nombres_de_operacion(rutas: Sequence[Route]) -> dict[tuple[str, str], str]:
    """Nombre único de cada ruta: ``citas_cancelar``, ``pacientes_pesos_listar``.

    Un verbo común lleva todo su camino; una acción, sólo el recurso. Los que así coinciden, el camino y la función.
    """
    breves = {(ruta.method, ruta.rule): _nombre_breve(ruta) for ruta in rutas}
    veces = Counter(breves.values())
    nombres = {
        (ruta.method, ruta.rule): breve if veces[breve] == 1 else "_".join([*_camino(ruta), ruta.name])
        for ruta in rutas
        for breve in (breves[ruta.method, ruta.rule],)
    }
    repetidos = [nombre for nombre, cuantos in Counter(nombres.values()).items() if cuantos > 1]
    if repetidos:
        raise RuntimeError(f"Varias rutas comparten nombre: {repetidos}")
    return nombres


def _camino(ruta: Route) -> list[str]:
    partes = ruta.rule.removeprefix(PREFIJO).split("/")
    return [parte.replace("-", "_") for parte in partes if parte and "<" not in parte]


def _nombre_breve(ruta: Route) -> str:
    verbo = ruta.name.split("_")[0]
    return "_".join([*_camino(ruta), verbo] if verbo in _VERBOS_COMUNES else [*_camino(ruta)[:1], ruta.name])


def _de_ruta(ruta: Route) -> list[Json]:
    ejemplar = EJEMPLARES.get(ruta.rule.removeprefix(PREFIJO).strip("/").split("/")[0])
    ejemplo = {"example": str(ejemplar)} if ejemplar else {}
    return [
        {
            "name": nombre,
            "in": "path",
            "required": True,
            "schema": _TIPOS_DE_RUTA.get(tipo, {"type": "string"}),
            **(ejemplo if nombre == "id" else {}),
        }
        for tipo, nombre in _VARIABLE.findall(ruta.rule)
    ]


def _de_consulta(ruta: Route, referencias: Referencias, esquemas: Json, ejemplos: Ejemplos) -> list[Json]:
    parametros = _de_vista(ruta)
    if ruta.query is None:
        return parametros
    definicion = esquemas[referencias[ruta.query, "validation"]]
    for nombre, propiedad in definicion.get("properties", {}).items():
        esquema = _sin_nulo(propiedad)
        parametro = {"name": nombre, "in": "query", "required": nombre in definicion.get("required", [])}
        if "description" in esquema:
            parametro["description"] = esquema.pop("description")
        if esquema.get("examples") or parametro["required"]:
            parametro["example"] = ejemplos.de_parametro(nombre, esquema)
        if nombre in ruta.lists:
            parametro |= {"style": "form", "explode": True}
        parametros.append({**parametro, "schema": esquema})
    return parametros


def _de_vista(ruta: Route) -> list[Json]:
    """Los parámetros que recortan o amplían lo que se lee: listas separadas por comas."""
    if ruta.method != "GET" or ruta.output is None:
        return []
    posibles = {"campos": list(elemento(ruta.output).model_fields), "incluir": list(relaciones(ruta.output))}
    return [
        {
            "name": nombre,
            "in": "query",
            "required": False,
            "description": textos.DE_VISTA[nombre],
            "style": "form",
            "explode": False,
            "schema": {"type": "array", "items": {"type": "string", "enum": valores}, "minItems": 1},
        }
        for nombre, valores in posibles.items()
        if valores
    ]


def _sin_nulo(propiedad: Json) -> Json:
    """El esquema de un parámetro: en una dirección web no se puede escribir un nulo."""
    opciones = [uno for uno in propiedad.get("anyOf", []) if uno.get("type") != "null"]
    resto = {clave: valor for clave, valor in propiedad.items() if clave != "anyOf"}
    if not opciones:
        return resto
    return {**opciones[0], **resto} if len(opciones) == 1 else {"anyOf": opciones, **resto}


def _de_cabecera(ruta: Route, reloj: bool) -> list[Json]:
    nombres = []
    if ruta.is_write:
        nombres.append("IfMatch")
    if ruta.method == "POST":
        if "<" in ruta.rule:
            nombres.append("IfMatchOpcional")
        if ruta.permission.value != "publico":
            nombres.append("ClaveIdempotenciaObligatoria" if ruta.requires_key else "ClaveIdempotencia")
    if ruta.method == "GET" and _con_version(ruta):
        nombres.append("IfNoneMatch")
    nombres += ["Idioma", "IdPeticion", *(["Reloj"] if reloj else [])]
    return [{"$ref": f"#/components/parameters/{nombre}"} for nombre in nombres]


def _con_version(ruta: Route) -> bool:
    return ruta.output is not None and "version" in ruta.output.model_fields


def _respuestas(ruta: Route, referencias: Referencias, esquemas: Json, ejemplos: Ejemplos) -> Json:
    cabeceras = ["X-Request-Id"]
    if _con_version(ruta):
        cabeceras.append("ETag")
    if ruta.status == 201:
        cabeceras.append("Location")
    if ruta.output is not None and {"datos", "siguiente"} <= ruta.output.model_fields.keys():
        cabeceras.append("Link")
    if ruta.method == "POST" and ruta.permission.value != "publico":
        cabeceras.append("Idempotency-Replayed")
    if ruta.produces:
        cabeceras.append("Content-Disposition")
    estado = ruta.status if ruta.output or ruta.produces else 204
    exito: Json = {
        "description": textos.EXITO[estado],
        "headers": {nombre: {"$ref": f"#/components/headers/{nombre}"} for nombre in cabeceras},
    }
    if ruta.output is not None:
        salidas = [referencias[uno, "serialization"] for uno in ruta.outputs]
        opciones = [{"$ref": PREFIJO_REF + nombre} for nombre in salidas]
        esquema = opciones[0] if len(opciones) == 1 else {"anyOf": opciones}
        exito["content"] = {"application/json": {"schema": esquema, "example": ejemplos.de(salidas[0])}}
    for tipo in ruta.produces:
        exito.setdefault("content", {})[tipo] = {"schema": {"type": "string", "format": "binary"}}
    respuestas = {str(estado): exito}
    if ruta.produces:
        respuestas["206"] = {**exito, "description": textos.EXITO[206]}
    if ruta.method == "GET" and _con_version(ruta):
        respuestas["304"] = {
            "description": textos.EXITO[304],
            "headers": {nombre: {"$ref": f"#/components/headers/{nombre}"} for nombre in ("X-Request-Id", "ETag")},
        }
    cuerpo = str(esquemas.get(referencias.get((ruta.body, "validation"), ""), ""))
    return {**respuestas, **respuestas_de_problema(ruta, con_referencias="'uuid'" in cuerpo)}
