"""Qué SQL envía Servet en cada petición: se le pide dentro de este mismo proceso y se anota, sin cambiar nada."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import ClientCursor
from sqlalchemy import event

from bench.base import Base

Sentencia = tuple[str, Any]


class Deshacer(Exception):
    """Se lanza justo antes de confirmar: lo anotado no debe quedar hecho."""


class Capturador:
    """Servet en este proceso, con un oído puesto en su conexión."""

    def __init__(self, base: Base, ficha: str) -> None:
        os.environ.update(base.entorno())
        os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
        from app.app import app
        from app.utils import logs

        logs._escribir = lambda _linea: None  # aquí el registro de peticiones sólo estorba
        from app.config.database import get_engine

        self._cliente, self._ficha = app.test_client(), ficha
        self._anotadas: list[Sentencia] = []
        self._deshacer = False
        event.listen(get_engine(), "before_cursor_execute", self._anotar)
        event.listen(get_engine(), "commit", self._confirmar)
        self._base = base

    def _anotar(self, _con: Any, _cur: Any, sentencia: str, parametros: Any, _ctx: Any, varias: bool) -> None:
        for uno in [parametros] if isinstance(parametros, dict) or not varias else parametros:
            self._anotadas.append((sentencia, uno))

    def _confirmar(self, _con: Any) -> None:
        if self._deshacer:
            raise Deshacer

    def pedir(self, metodo: str, ruta: str, *, deshacer: bool = False, **opciones: Any) -> list[Sentencia]:
        """Las sentencias de una petición; con ``deshacer``, lo que escriba no queda."""
        cabeceras = {"Authorization": f"Bearer {self._ficha}", **opciones.pop("headers", {})}
        self._cliente.get(ruta if metodo == "GET" else "/api/v1/yo", headers=cabeceras)  # identidad y claves, ya leídas
        self._anotadas, self._deshacer = [], deshacer
        respuesta = self._cliente.open(ruta, method=metodo, headers=cabeceras, **opciones)
        self._deshacer = False
        if not deshacer and respuesta.status_code >= 400:
            raise RuntimeError(f"{metodo} {ruta}: {respuesta.status_code} {respuesta.text}")
        return self._anotadas

    def leer(self, ruta: str) -> Any:
        """El JSON de una ruta, pedido aquí mismo."""
        return self._cliente.get(ruta, headers={"Authorization": f"Bearer {self._ficha}"}).json

    @contextmanager
    def en_texto(self) -> Iterator[Any]:
        """Con qué escribir una sentencia con sus valores dentro."""
        with psycopg.connect(self._base.url, cursor_factory=ClientCursor) as conexion:
            yield lambda sentencia, parametros: conexion.cursor().mogrify(sentencia, parametros)
