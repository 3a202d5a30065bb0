"""Qué SQL envía Servet en cada petición: se le pide dentro de este mismo proceso y se anota, sin cambiar nada."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from bench.base import Base

Sentencia = tuple[str, list[Any]]
Viajes = list[list[Sentencia]]  # lo que va junto a la base, en orden


class Capturador:
    """Servet en este proceso, con un oído puesto en lo que envía a la base."""

    def __init__(self, base: Base, ficha: str) -> None:
        os.environ.update(base.entorno())
        os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
        from app.app import app
        from app.config.pipeline import Pipeline
        from app.utils import logs

        logs._escribir = lambda _linea: None  # aquí el registro de peticiones sólo estorba
        self._cliente, self._ficha, self._base = app.test_client(), ficha, base
        self._viajes: Viajes = []
        self._atento = self._deshacer = False
        self._escuchar(Pipeline)

    def _escuchar(self, tuberia: Any) -> None:
        poner, viajar = tuberia.put, tuberia.sync

        def put(suya: Any, texto: bytes, valores: Any = ()) -> Any:
            if self._atento:
                self._viajes[-1].append((texto.decode(), list(valores)))
            if texto == b"COMMIT" and self._deshacer:
                self._atento, texto = False, b"ROLLBACK"  # anotada, pero no hecha
            return poner(suya, texto, valores)

        def sync(suya: Any) -> None:
            try:
                viajar(suya)  # al salir puede sumarse lo que confirma
            finally:
                if self._viajes and self._viajes[-1]:
                    self._viajes.append([])

        tuberia.put, tuberia.sync = put, sync

    def pedir(self, metodo: str, ruta: str, *, deshacer: bool = False, **opciones: Any) -> Viajes:
        """Los viajes a la base de una petición; con ``deshacer``, lo que escriba no queda."""
        cabeceras = {"Authorization": f"Bearer {self._ficha}", **opciones.pop("headers", {})}
        self._cliente.get(ruta if metodo == "GET" else "/api/v1/yo", headers=cabeceras)  # identidad y claves, ya leídas
        self._viajes, self._atento, self._deshacer = [[]], True, deshacer
        respuesta = self._cliente.open(ruta, method=metodo, headers=cabeceras, **opciones)
        self._atento = self._deshacer = False
        if not deshacer and respuesta.status_code >= 400:
            raise RuntimeError(f"{metodo} {ruta}: {respuesta.status_code} {respuesta.text}")
        return [viaje for viaje in self._viajes if viaje]

    def leer(self, ruta: str) -> Any:
        """El JSON de una ruta, pedido aquí mismo."""
        return self._cliente.get(ruta, headers={"Authorization": f"Bearer {self._ficha}"}).json

    @contextmanager
    def en_texto(self) -> Iterator[Callable[[str, list[Any]], str]]:
        """Con qué escribir una sentencia con sus valores dentro."""
        with psycopg.connect(self._base.url) as conexion:

            def texto(sentencia: str, valores: list[Any]) -> str:
                escritos = [sql.Literal(uno).as_string(conexion) for uno in valores]
                return re.sub(r"\$(\d+)", lambda hallado: escritos[int(hallado[1]) - 1], sentencia)

            yield texto
