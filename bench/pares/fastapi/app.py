"""La aplicación: rutas, errores y cabeceras."""

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from uuid_utils import uuid7

from bench.pares.fastapi import citas, disponibilidad, pacientes, problemas, reservas

CABECERAS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Vary": "Authorization, Accept-Language",
}


class Cabeceras:
    """Middleware ASGI: identificador de petición y cabeceras de seguridad en toda respuesta."""

    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        dado = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"x-request-id"), "")
        valido = 0 < len(dado) <= 100 and dado.replace("-", "").replace("_", "").replace(".", "").isalnum()
        scope["id_peticion"] = dado if valido else str(uuid7())

        async def enviar(mensaje) -> None:
            if mensaje["type"] == "http.response.start":
                cabeceras = MutableHeaders(scope=mensaje)
                cabeceras["X-Request-Id"] = scope["id_peticion"]
                for nombre, valor in CABECERAS.items():
                    cabeceras[nombre] = valor
            await send(mensaje)

        await self.app(scope, receive, enviar)


app = FastAPI(title="Servet, en FastAPI", docs_url=None, redoc_url=None)
app.add_middleware(Cabeceras)
problemas.registrar(app)
for modulo in (pacientes, citas, reservas, disponibilidad):
    app.include_router(modulo.rutas, prefix="/api/v1")
