"""La parte de los errores en el documento OpenAPI: qué problemas puede devolver cada ruta."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.utils import errors, idempotency
from app.utils.error_catalog import codigo_de, explicar
from app.utils.errors import DomainError
from app.utils.pagination import CursorInvalido, OrdenDesconocido
from app.utils.representation import CampoDesconocido, RelacionDesconocida, relaciones
from app.utils.routing import Route

TIPO = "application/problem+json"
OTRO = "CUALQUIER_OTRO"


class ErrorDeCampo(BaseModel):
    """Qué dato hay que corregir y por qué; nunca el valor rechazado."""

    campo: str = Field(description="JSON Pointer al dato", examples=["/inicio"])
    codigo: str = Field(examples=["INSTANTE_SIN_DESFASE"])
    mensaje: str = Field(examples=["El instante necesita su desfase, p. ej. +01:00"])


class Problema(BaseModel):
    """Un error, según RFC 9457; algunos códigos añaden sus propios miembros (`conflictos`, `estado_actual`…)."""

    model_config = ConfigDict(extra="allow", json_schema_mode_override="validation")

    type: str = Field(description="Dirección que explica el código", examples=["/errores/CITA_SOLAPADA"])
    title: str = Field(examples=["La cita se solapa"])
    status: int = Field(examples=[409])
    codigo: str = Field(examples=["CITA_SOLAPADA"])
    detail: str = Field(examples=["El intervalo solicitado no está libre"])
    instance: str = Field(examples=["/api/v1/citas"])
    id_peticion: str = Field(examples=["019a9f3e-7c41-7b52-9d1a-3f5c8e2b6a10"])
    errores: list[ErrorDeCampo] = Field(default=[], description="Los datos que hay que corregir")


def errores_de(ruta: Route, *, con_referencias: bool = True) -> list[type[DomainError]]:
    """Los errores que una ruta puede devolver: los que tocan a todas las de su clase y los que declara."""
    lista: list[type[DomainError]] = [errors.PeticionMalFormada]
    publica = ruta.permission.value == "publico"
    if not publica:
        lista += [errors.NoAutenticado, errors.SinPermiso]
    if ruta.path_args or (con_referencias and ruta.body is not None):
        lista.append(errors.NoEncontrado)
    if ruta.method != "GET":
        lista += [errors.ReferenciaInvalida, errors.ConflictoConcurrente, errors.DemasiadoGrande, errors.TipoNoAdmitido]
    if ruta.method == "POST" and not publica:
        lista.append(idempotency.ClaveIdempotenciaReutilizada)
    if ruta.requires_key:
        lista.append(idempotency.FaltaIdempotencyKey)
    if ruta.is_write or (ruta.method == "POST" and ruta.path_args):
        lista.append(errors.VersionObsoleta)
    if ruta.is_write:
        lista.append(errors.FaltaIfMatch)
    if ruta.query is not None and "cursor" in ruta.query.model_fields:
        lista += [CursorInvalido, OrdenDesconocido]
    if ruta.method == "GET" and ruta.output is not None:
        lista += [CampoDesconocido, *([RelacionDesconocida] if relaciones(ruta.output) else [])]
    # Sin datos que validar, también una consulta o un cuerpo de más es un 422.
    lista += [errors.DatosInvalidos, errors.ErrorInterno, errors.NoDisponible]
    return list(dict.fromkeys([*lista, *ruta.errors]))


def respuestas_de_problema(ruta: Route, *, con_referencias: bool) -> dict[str, Any]:
    """Las respuestas de error de una ruta, agrupadas por estado y con un ejemplo por código."""
    por_estado: dict[int, list[str]] = defaultdict(list)
    for clase in errores_de(ruta, con_referencias=con_referencias):
        if codigo := codigo_de(clase):
            por_estado[clase.status].append(codigo)
    respuestas = {str(estado): _referencia(estado, codigos) for estado, codigos in sorted(por_estado.items())}
    return {**respuestas, "default": {"$ref": f"#/components/responses/{OTRO}"}}


def _referencia(estado: int, codigos: list[str]) -> dict[str, Any]:
    # La respuesta de un solo código se escribe una vez; así el documento pesa la mitad.
    return {"$ref": f"#/components/responses/{codigos[0]}"} if len(codigos) == 1 else _respuesta(estado, codigos)


def respuestas_comunes(rutas: Sequence[Route]) -> dict[str, Any]:
    """La respuesta de cada código, para las rutas que en ese estado no tienen otro."""
    estados = {codigo_de(clase): clase.status for ruta in rutas for clase in errores_de(ruta)}
    comunes = {codigo: _respuesta(estado, [codigo]) for codigo, estado in estados.items() if codigo}
    return {**dict(sorted(comunes.items())), OTRO: _respuesta(0, [])}


def _respuesta(estado: int, codigos: list[str]) -> dict[str, Any]:
    contenido: dict[str, Any] = {"schema": {"$ref": "#/components/schemas/Problema"}}
    if codigos:
        contenido["examples"] = {codigo: {"$ref": f"#/components/examples/{codigo}"} for codigo in sorted(codigos)}
    cabeceras = ["X-Request-Id"]
    if estado == 401:
        cabeceras.append("WWW-Authenticate")
    if estado in (429, 503):
        cabeceras.append("Retry-After")
    return {
        "description": ", ".join(f"`{codigo}`" for codigo in sorted(codigos)) or "Cualquier otro error",
        "headers": {nombre: {"$ref": f"#/components/headers/{nombre}"} for nombre in cabeceras},
        "content": {TIPO: contenido},
    }


def ejemplos_de_problemas(rutas: Sequence[Route]) -> dict[str, Any]:
    """Un ejemplo por cada código que alguna ruta puede devolver."""
    clases = {clase for ruta in rutas for clase in errores_de(ruta) if codigo_de(clase)}
    ejemplos = {}
    for clase in clases:
        explicacion = explicar(clase)
        valor: dict[str, Any] = {
            "type": f"/errores/{explicacion.codigo}",
            "title": explicacion.titulo,
            "status": explicacion.estado,
            "codigo": explicacion.codigo,
            "detail": explicacion.titulo,
            "instance": "/api/v1/…",
            "id_peticion": "019a9f3e-7c41-7b52-9d1a-3f5c8e2b6a10",
        }
        if clase is errors.DatosInvalidos:
            valor["errores"] = [{"campo": "/nombre", "codigo": "FALTA", "mensaje": "Falta este dato"}]
        ejemplos[explicacion.codigo] = {"summary": explicacion.titulo, "value": valor}
    return dict(sorted(ejemplos.items()))
