"""Las conexiones de este proceso: pocas, siempre abiertas y con todas sus sentencias ya preparadas."""

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

CONEXIONES = 8
SENTENCIAS: dict[str, str] = {}
_AJUSTES = {
    "timezone": "UTC",
    "lock_timeout": "8000",
    "jit": "off",
    # Los planes no dependen de los valores: calcularlos en cada ejecución costaría más que la consulta.
    "plan_cache_mode": "force_generic_plan",
}


class Conexion:
    """Una conexión y sus sentencias por nombre."""

    __slots__ = ("con", "sentencias")

    def __init__(self, con: asyncpg.Connection, sentencias: dict[str, PreparedStatement]) -> None:
        self.con = con
        self.sentencias = sentencias

    async def fila(self, nombre: str, *valores: Any) -> asyncpg.Record | None:
        """La primera fila de una sentencia, en una sola ida."""
        return await self.sentencias[nombre].fetchrow(*valores)

    async def filas(self, nombre: str, *valores: Any) -> list[asyncpg.Record]:
        """Todas las filas de una sentencia."""
        return await self.sentencias[nombre].fetch(*valores)

    @asynccontextmanager
    async def transaccion(self, organizacion: str) -> AsyncIterator[None]:
        """Una transacción en la que ya rigen las políticas de esa organización; se abre en una sola ida."""
        # El identificador viene de la base y es un UUID: no hay nada que escapar.
        await self.con.execute(f"BEGIN; SELECT fijar_organizacion('{organizacion}')")
        try:
            yield
        except BaseException:
            await self.con.execute("ROLLBACK")
            raise
        await self.con.execute("COMMIT")


class Base:
    """El depósito de conexiones: la última que se usó es la primera que vuelve a salir."""

    def __init__(self) -> None:
        self._libres: list[Conexion] = []
        self._esperan: deque[asyncio.Future[Conexion]] = deque()
        self._todas: list[Conexion] = []

    async def abrir(self) -> None:
        """Abre todas las conexiones y prepara en cada una todas las sentencias."""
        self._todas = [await self._conectar() for _ in range(CONEXIONES)]
        self._libres = list(self._todas)

    async def cerrar(self) -> None:
        """Las cierra todas."""
        for una in self._todas:
            await una.con.close()

    async def _conectar(self) -> Conexion:
        con = await asyncpg.connect(os.environ["BENCH_DATABASE_URL"], server_settings=_AJUSTES)
        await con.execute("SET ROLE servet_app")
        return Conexion(con, {nombre: await con.prepare(texto) for nombre, texto in SENTENCIAS.items()})

    async def tomar(self) -> Conexion:
        """Una conexión libre; espera si no la hay."""
        if self._libres:
            una = self._libres.pop()
        else:
            turno: asyncio.Future[Conexion] = asyncio.get_running_loop().create_future()
            self._esperan.append(turno)
            una = await turno
        return await self._conectar() if una.con.is_closed() else una

    def soltar(self, una: Conexion) -> None:
        """La devuelve: a quien espera o al montón."""
        while self._esperan:
            turno = self._esperan.popleft()
            if not turno.done():
                turno.set_result(una)
                return
        self._libres.append(una)

    async def fila(self, nombre: str, *valores: Any) -> asyncpg.Record | None:
        """Una lectura de una fila, en su propia transacción."""
        una = await self.tomar()
        try:
            return await una.sentencias[nombre].fetchrow(*valores)
        finally:
            self.soltar(una)

    async def filas(self, nombre: str, *valores: Any) -> list[asyncpg.Record]:
        """Una lectura de varias filas, en su propia transacción."""
        una = await self.tomar()
        try:
            return await una.sentencias[nombre].fetch(*valores)
        finally:
            self.soltar(una)


base = Base()
