"""Lo que rodea a toda petición: acceso, cabeceras, errores y el envío de la respuesta."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote_plus

import asyncpg
import uuid_utils

from bench.pares.litestar.acceso import Identidad, identificar
from bench.pares.litestar.problemas import Problema, invalidos

_FIJAS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"server", b"servet"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
    (b"vary", b"Authorization, Accept-Language"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
]
_JSON = (b"content-type", b"application/json")
_PROBLEMA = (b"content-type", b"application/problem+json")
_VALIDOS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
Cabeceras = list[tuple[bytes, bytes]]
Respuesta = tuple[int, bytes, Cabeceras]


class Peticion:
    """Lo que cada ruta necesita saber de la petición."""

    __slots__ = ("cabeceras", "crudo", "id_peticion", "quien", "ruta", "scope")

    def __init__(
        self, scope: Any, crudo: bytes, ruta: str, cabeceras: dict[bytes, bytes], quien: Identidad, id_: str
    ) -> None:
        self.scope, self.crudo, self.ruta, self.cabeceras = scope, crudo, ruta, cabeceras
        self.quien, self.id_peticion = quien, id_

    @property
    def ip(self) -> str | None:
        """Desde dónde piden."""
        cliente = self.scope.get("client")
        return cliente[0] if cliente else None

    def consulta(self, admitidas: frozenset[str]) -> dict[str, str]:
        """Los parámetros de la consulta; lo desconocido o repetido se rechaza."""
        datos: dict[str, str] = {}
        for par in self.scope["query_string"].decode("latin-1").split("&"):
            if not par:
                continue
            clave, _, valor = par.partition("=")
            clave = unquote_plus(clave)
            if clave not in admitidas:
                raise invalidos((f"/{clave}", "CAMPO_DESCONOCIDO", "Este campo no existe"))
            if clave in datos:
                raise Problema("PARAMETRO_REPETIDO", "Sólo se admite una vez", campo=f"/{clave}")
            datos[clave] = unquote_plus(valor) if "%" in valor or "+" in valor else valor
        return datos

    def cuerpo(self) -> bytes:
        """El cuerpo, si dice ser JSON. Errores: ``TIPO_NO_ADMITIDO``."""
        tipo = self.cabeceras.get(b"content-type", b"").partition(b";")[0].strip()
        if tipo not in (b"application/json", b"application/merge-patch+json"):
            raise Problema("TIPO_NO_ADMITIDO")
        return self.crudo


Atender = Callable[[Peticion], Awaitable[Respuesta]]


def puerta(prefijo: str, metodos: dict[str, tuple[str, Atender]]) -> Callable[[Any, Any, Any], Awaitable[None]]:
    """La aplicación ASGI de una dirección: por cada método, su permiso y quién lo atiende."""
    permitidos = ", ".join(metodos).encode()

    async def atender(scope: Any, receive: Any, send: Any) -> None:
        cabeceras = dict(scope["headers"])
        ruta = prefijo + scope["path"].rstrip("/")
        dado = cabeceras.get(b"x-request-id")
        id_ = dado.decode() if dado and len(dado) <= 100 and _VALIDOS.issuperset(dado) else str(uuid_utils.uuid7())
        # El cuerpo se lee siempre: si no, el servidor cierra la conexión tras responder.
        crudo = b"" if scope["method"] == "GET" else await _leer(receive)
        try:
            metodo = metodos.get(scope["method"])
            if metodo is None:
                raise Problema("METODO_NO_PERMITIDO")
            quien = await identificar(cabeceras.get(b"authorization", b""))
            if metodo[0] not in quien.permisos or quien.limitado:
                raise Problema("SIN_PERMISO")
            estado, cuerpo, propias = await metodo[1](Peticion(scope, crudo, ruta, cabeceras, quien, id_))
        except Problema as problema:
            estado, cuerpo, propias = _de_problema(problema, ruta, id_, permitidos)
        except asyncpg.LockNotAvailableError:
            estado, cuerpo, propias = _de_problema(Problema("CONFLICTO_CONCURRENTE"), ruta, id_, permitidos)
        except Exception:
            logging.getLogger("bench").exception("error_interno")
            estado, cuerpo, propias = _de_problema(Problema("ERROR_INTERNO"), ruta, id_, permitidos)
        todas = [*propias, *_FIJAS, (b"x-request-id", id_.encode())]
        if cuerpo:
            todas.append((b"content-length", str(len(cuerpo)).encode()))
            if estado < 400:
                todas.append(_JSON)
        await send({"type": "http.response.start", "status": estado, "headers": todas})
        await send({"type": "http.response.body", "body": cuerpo})

    return atender


async def _leer(receive: Any) -> bytes:
    mensaje = await receive()
    cuerpo = mensaje.get("body", b"")
    while mensaje.get("more_body"):
        mensaje = await receive()
        cuerpo += mensaje.get("body", b"")
    return cuerpo


def _de_problema(problema: Problema, ruta: str, id_: str, permitidos: bytes) -> Respuesta:
    propias = [_PROBLEMA]
    if problema.estado == 401:
        propias.append((b"www-authenticate", b'Bearer error="invalid_token"'))
    elif problema.estado == 405:
        propias.append((b"allow", permitidos))
    return problema.estado, problema.cuerpo(ruta, id_), propias


def etiquetas(cabecera: bytes) -> set[bytes]:
    """Las versiones de un If-Match o If-None-Match, sin comillas ni debilidad."""
    return {una.strip().removeprefix(b"W/").strip(b'"') for una in cabecera.split(b",")}
