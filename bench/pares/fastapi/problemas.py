"""Los errores, en application/problem+json."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException


class Problema(Exception):
    """Algo que se responde como problema."""

    def __init__(self, estado: int, codigo: str, titulo: str, **extra: Any) -> None:
        self.estado, self.codigo, self.titulo, self.extra = estado, codigo, titulo, extra


def no_encontrado() -> Problema:
    return Problema(404, "NO_ENCONTRADO", "No existe")


def _respuesta(peticion: Request, estado: int, codigo: str, titulo: str, **extra: Any) -> JSONResponse:
    cuerpo = {
        "type": f"/errores/{codigo}", "title": titulo, "status": estado, "codigo": codigo, "detail": titulo,
        "instance": peticion.url.path, "id_peticion": peticion.scope.get("id_peticion"), **extra,
    }
    cabeceras = {"WWW-Authenticate": 'Bearer error="invalid_token"'} if estado == 401 else None
    return JSONResponse(cuerpo, estado, cabeceras, media_type="application/problem+json")


def registrar(app: FastAPI) -> None:
    @app.exception_handler(Problema)
    async def _problema(peticion: Request, error: Problema) -> JSONResponse:
        return _respuesta(peticion, error.estado, error.codigo, error.titulo, **error.extra)

    @app.exception_handler(RequestValidationError)
    async def _invalidos(peticion: Request, error: RequestValidationError) -> JSONResponse:
        errores = [
            {"campo": "/" + "/".join(map(str, uno["loc"][1:])), "codigo": uno["type"], "mensaje": uno["msg"]}
            for uno in error.errors()
        ]
        return _respuesta(peticion, 422, "DATOS_INVALIDOS", "Hay datos que corregir", errores=errores)

    @app.exception_handler(HTTPException)
    async def _http(peticion: Request, error: HTTPException) -> JSONResponse:
        return _respuesta(peticion, error.status_code, "HTTP", str(error.detail))
