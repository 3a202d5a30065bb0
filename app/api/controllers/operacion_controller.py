"""Lo que pide quien opera Servet: salud, métricas, claves públicas y el documento OpenAPI."""

import hmac
import logging
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from ipaddress import ip_address
from typing import Any, TypeVar

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import Connection, text

from app.api.controllers.documentacion_controller import documentacion
from app.config.connections import get_engine
from app.config.permissions import Acceso
from app.config.settings import Modo, get_settings
from app.utils.documentation import openapi_document
from app.utils.encoding import codificar
from app.utils.errors import NoAutenticado, NoDisponible
from app.utils.metrics import TIPO, exposicion
from app.utils.problems import problema
from app.utils.tokens import jwks

V = TypeVar("V", bound=Callable[..., Any])
registro = logging.getLogger("servet.salud")
operacion = Blueprint("operacion", __name__)
operacion.register_blueprint(documentacion)


def _publica(ruta: str) -> Callable[[V], V]:
    """Ruta de operación abierta; como toda ruta, dice quién puede usarla."""

    def declarar(vista: V) -> V:
        vista.permission = Acceso.PUBLICO  # type: ignore[attr-defined]
        operacion.add_url_rule(ruta, view_func=vista)
        return vista

    return declarar


@_publica("/")
def inicio() -> Response:
    """Lleva a la documentación"""
    return Response(status=302, headers={"Location": "/documentacion"})


@_publica("/favicon.ico")
def icono() -> Response:
    """No hay icono, y así nadie lo busca en los registros"""
    return Response(status=204, headers={"Cache-Control": "public, max-age=86400"})


@cache
def _openapi() -> tuple[bytes, str]:
    cuerpo = codificar(openapi_document())
    return cuerpo, sha256(cuerpo).hexdigest()[:32]


@_publica("/api/v1/openapi.json")
def openapi() -> Response:
    """El documento OpenAPI de la API"""
    cuerpo, huella = _openapi()
    respuesta = Response(cuerpo, content_type="application/json", headers={"Cache-Control": "no-cache"})
    respuesta.set_etag(huella)
    return respuesta.make_conditional(request)  # type: ignore[return-value]


@_publica("/.well-known/jwks.json")
def claves() -> Response:
    """Las claves públicas con que se verifican los tokens de acceso"""
    # El plazo es corto para que una clave retirada deje pronto de valer fuera.
    return Response(
        codificar(jwks()), content_type="application/json", headers={"Cache-Control": "public, max-age=300"}
    )


@_publica("/salud/viva")
def viva() -> Response:
    """Si el proceso responde; no mira nada más"""
    return jsonify(estado="viva")


@_publica("/salud/lista")
def lista() -> Response:
    """Si puede atender: base, migraciones y cola de envíos"""
    comprobaciones = comprobar()
    if any(una["estado"] == "mal" for una in comprobaciones.values()):
        return problema(NoDisponible("Alguna comprobación ha fallado", comprobaciones=comprobaciones, retry_after=5))
    return jsonify(estado="lista", comprobaciones=comprobaciones)


def comprobar() -> dict[str, dict[str, Any]]:
    """El resultado de cada comprobación: ``bien`` o ``mal``; la cola, además, ``retrasada``.

    Una cola retrasada no impide atender, así que se dice y no cuenta como fallo.
    """
    resultado: dict[str, dict[str, Any]] = {nombre: {"estado": "mal"} for nombre in ("base", "migraciones", "cola")}
    try:
        with get_engine().connect() as conexion:
            conexion.execute(text("SET LOCAL statement_timeout = '2s'"))
            conexion.execute(text("SELECT 1"))
            resultado["base"] = {"estado": "bien"}
            resultado["migraciones"] = _migraciones(conexion)
            resultado["cola"] = _cola(conexion)
    except Exception:  # cualquier fallo es «no está lista»; el texto del controlador se queda en los registros
        registro.warning("salud_fallida", exc_info=True)
    return resultado


def _migraciones(conexion: Connection) -> dict[str, Any]:
    from app.config.migraciones import REVISION

    aplicada = conexion.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return {"estado": "bien" if aplicada == REVISION else "mal", "aplicada": aplicada, "esperada": REVISION}


def _cola(conexion: Connection) -> dict[str, Any]:
    # Cuenta las de todas las organizaciones, que las políticas de fila ocultan: por eso es una función.
    retrasados = int(conexion.execute(text("SELECT envios_retrasados()")).scalar_one())
    return {"estado": "retrasada" if retrasados else "bien", "retrasados": retrasados}


@_publica("/metrics")
def metricas() -> Response:
    """Las métricas, en texto de Prometheus, con su propia credencial"""
    if not _puede_medir():
        raise NoAutenticado
    return Response(exposicion(), content_type=TIPO)


def _puede_medir() -> bool:
    ajustes = get_settings()
    esperado = ajustes.metricas_token.get_secret_value()
    if not esperado:
        return ajustes.modo is not Modo.PRODUCCION and ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104
    esquema, _, dado = request.headers.get("Authorization", "").partition(" ")
    return esquema.lower() == "bearer" and hmac.compare_digest(dado.strip().encode(), esperado.encode())
