"""Los errores, en application/problem+json."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

_DE_MARCO = {
    exceptions.NotAuthenticated: (401, "NO_AUTENTICADO", "Falta una credencial válida"),
    exceptions.AuthenticationFailed: (401, "NO_AUTENTICADO", "Falta una credencial válida"),
    exceptions.PermissionDenied: (403, "SIN_PERMISO", "No tiene permiso para esto"),
    PermissionDenied: (403, "SIN_PERMISO", "No tiene permiso para esto"),
    exceptions.NotFound: (404, "NO_ENCONTRADO", "No existe"),
    Http404: (404, "NO_ENCONTRADO", "No existe"),
    exceptions.MethodNotAllowed: (405, "METODO_NO_PERMITIDO", "Esta dirección no admite ese método"),
    exceptions.UnsupportedMediaType: (415, "TIPO_NO_ADMITIDO", "El contenido debe ser JSON"),
    exceptions.ParseError: (400, "PETICION_MAL_FORMADA", "La petición está mal formada"),
}
# El código de DRF y el tipo de campo -> el código y el mensaje de Servet.
_REGLAS = {
    "required": ("FALTA", "Falta este dato"),
    "max_length": ("STRING_TOO_LONG", "Es demasiado largo"),
    "min_length": ("STRING_TOO_SHORT", "Es demasiado corto"),
    "blank": ("STRING_TOO_SHORT", "Es demasiado corto (mínimo 1)"),
    "invalid_choice": ("ENUM", "No es una de las opciones"),
    "desconocido": ("CAMPO_DESCONOCIDO", "Este campo no existe"),
    "min_value": ("GREATER_THAN_EQUAL", "Debe ser como mínimo 1"),
    "max_value": ("LESS_THAN_EQUAL", "Debe ser como máximo 100"),
}


class Problema(exceptions.APIException):
    """Algo que la clínica no permite."""

    def __init__(
        self, estado: int, codigo: str, titulo: str, detail: str = "", *, campo: str = "", **extra: Any
    ) -> None:
        self.status_code, self.codigo, self.titulo, self.extra = estado, codigo, titulo, extra
        self.detail = detail or titulo
        if campo:
            extra["errores"] = [{"campo": campo, "codigo": codigo, "mensaje": self.detail}]


def cuerpo(peticion: Any, problema: Problema) -> dict[str, Any]:
    """El cuerpo RFC 9457."""
    return {
        "type": f"/errores/{problema.codigo}",
        "title": problema.titulo,
        "status": problema.status_code,
        "codigo": problema.codigo,
        "detail": problema.detail,
        "instance": peticion.path,
        "id_peticion": peticion.id_peticion,
        **problema.extra,
    }


def responder(error: Exception, contexto: dict[str, Any]) -> Response | None:
    """La respuesta de un error, o nada si es un fallo nuestro."""
    problema = _traducir(error)
    if problema is None:
        return None
    set_rollback()
    cabeceras = {"WWW-Authenticate": 'Bearer error="invalid_token"'} if problema.status_code == 401 else None
    return Response(
        cuerpo(contexto["request"]._request, problema), problema.status_code, headers=cabeceras,
        content_type="application/problem+json",
    )  # fmt: skip


def no_hallada(peticion: HttpRequest, exception: Exception) -> JsonResponse:
    """El 404 de una dirección que no existe."""
    del exception  # Django lo da siempre; aquí no se usa
    problema = Problema(404, "NO_ENCONTRADO", "No existe")
    return JsonResponse(cuerpo(peticion, problema), status=404, content_type="application/problem+json")


def _traducir(error: Exception) -> Problema | None:
    if isinstance(error, Problema):
        return error
    if isinstance(error, exceptions.ValidationError):
        return Problema(422, "DATOS_INVALIDOS", "Hay datos que corregir", errores=list(_invalidos(error)))
    datos = next((datos for clase, datos in _DE_MARCO.items() if isinstance(error, clase)), None)
    return Problema(*datos) if datos else None


def _invalidos(error: exceptions.ValidationError) -> Any:
    for campo, fallos in error.get_full_details().items():
        for fallo in fallos if isinstance(fallos, list) else [fallos]:
            codigo = fallo.get("code", "invalid") if isinstance(fallo, dict) else "invalid"
            texto = fallo.get("message", "") if isinstance(fallo, dict) else ""
            codigo, mensaje = _REGLAS.get(codigo, (codigo.upper(), str(texto)))
            yield {"campo": f"/{campo}", "codigo": codigo, "mensaje": mensaje}
