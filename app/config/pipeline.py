"""Hablar con PostgreSQL por viajes: las sentencias se acumulan y van juntas cuando alguien necesita un resultado."""

import select
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer

MAXIMO_PREPARADAS = 250  # por conexión: cada una guarda su plan en el servidor
_BIEN = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
# Quien quiera saber qué viaja a la base (las pruebas, que lo cuentan): recibe las sentencias de cada viaje y cuántas
# filas tocó cada una.
observers: list[Callable[[list[tuple[str, int]]], None]] = []


class Reply:
    """Lo que responderá una sentencia; mirarlo hace el viaje si aún no se ha hecho."""

    __slots__ = ("_check", "_pipeline", "_result", "_rows")

    def __init__(self, pipeline: "Pipeline") -> None:
        self._pipeline: Pipeline | None = pipeline
        self._result: pq.abc.PGresult | None = None
        self._rows: list[tuple[Any, ...]] = []
        self._check: Callable[[], None] | None = None

    def _wait(self) -> "pq.abc.PGresult":
        if self._result is None:
            if self._pipeline is None:
                raise RuntimeError("La sentencia no llegó a ejecutarse")
            self._pipeline.sync()
        assert self._result is not None
        return self._result

    def then(self, check: Callable[[], None]) -> None:
        """Lo que se comprueba en cuanto se sepa la respuesta, sin hacer un viaje sólo para ella."""
        self._check = check

    @property
    def done(self) -> bool:
        """Si el servidor ya la ejecutó."""
        return self._result is not None

    @property
    def rowcount(self) -> int:
        """Cuántas filas tocó."""
        return self._wait().command_tuples or 0

    @property
    def command(self) -> bytes | None:
        """Lo que el servidor dice que hizo."""
        return self._wait().command_status

    def oids(self) -> list[int]:
        """El tipo de PostgreSQL de cada columna."""
        resultado = self._wait()
        return [resultado.ftype(n) for n in range(resultado.nfields)]

    def tuples(self) -> list[tuple[Any, ...]]:
        """Las filas, como tuplas de valores de Python."""
        self._wait()
        return self._rows


class Pipeline:
    """Una conexión y lo que espera a viajar por ella; no la comparten dos hilos a la vez."""

    def __init__(self, connection: psycopg.Connection[Any], generation: int = 0) -> None:
        self._connection = connection
        self.generation = generation  # de qué tanda es: cuando la base cae, se cierran todas las de la anterior
        self._pg = connection.pgconn
        self._pg.nonblocking = 1
        self._poll = select.poll()
        # Uno para toda la conexión: recuerda cómo se lee y se escribe cada tipo.
        self._transformer = Transformer(connection)
        self._queue: list[tuple[bytes, Sequence[Any], Reply]] = []
        # (texto, tipos de los datos) -> nombre con el que el servidor la conoce.
        self._prepared: OrderedDict[tuple[bytes, tuple[int, ...]], bytes] = OrderedDict()
        self._numero = 0
        # Lo que se añade a lo que espera, si lo hay, justo antes de que viaje.
        self.before_travelling: Callable[[], None] | None = None

    @property
    def broken(self) -> bool:
        """Si la conexión ya no sirve."""
        return self._pg.status != pq.ConnStatus.OK

    @property
    def waiting(self) -> bool:
        """Si hay algo que aún no ha viajado."""
        return bool(self._queue)

    @property
    def checking(self) -> bool:
        """Si algo de lo que espera se comprueba al llegar su respuesta: hasta entonces no se sabe si está bien."""
        return any(reply._check is not None for _, _, reply in self._queue)

    @property
    def idle(self) -> bool:
        """Si no hay ninguna transacción abierta en el servidor."""
        return self._pg.transaction_status == pq.TransactionStatus.IDLE

    def put(self, sql: bytes, params: Sequence[Any] = ()) -> Reply:
        """Pone una sentencia en la cola; viajará con la siguiente que alguien mire."""
        reply = Reply(self)
        self._queue.append((sql, params, reply))
        return reply

    def discard(self, since: Reply | None = None) -> None:
        """Olvida lo que aún no ha viajado; con ``since``, desde esa sentencia o, si ya viajó, todo."""
        replies = [reply for _, _, reply in self._queue]
        desde = replies.index(since) if since in replies else 0
        for reply in replies[desde:]:
            reply._pipeline = None
        del self._queue[desde:]

    def close(self) -> None:
        """Cierra la conexión."""
        self.discard()
        self._connection.close()

    def sync(self) -> None:
        """El viaje: envía todo lo acumulado y recoge sus respuestas. Errores: ``psycopg.Error``.

        Si una sentencia falla, el servidor se salta las que van detrás y se lanza su error.
        """
        if self._queue and self.before_travelling is not None:
            self.before_travelling()
        enviadas, self._queue = self._queue, []
        if not enviadas:
            return
        self._pg.enter_pipeline_mode()
        try:
            esperadas = [uno for sentencia in enviadas for uno in self._send(*sentencia)]
            self._pg.pipeline_sync()
            fallo = self._receive(esperadas)
        except BaseException:
            self._connection.close()  # a medio viaje no se sabe dónde quedó: esta conexión ya no sirve
            raise
        finally:
            for _, _, reply in enviadas:
                reply._pipeline = None
        self._pg.exit_pipeline_mode()
        for observer in observers:
            observer([(sql.decode(), reply.rowcount if reply.done else 0) for sql, _, reply in enviadas])
        if fallo is not None:
            raise psycopg.errors.error_from_result(fallo, "utf-8")
        for _, _, reply in enviadas:
            if reply._check is not None:
                reply._check()

    def _send(self, sql: bytes, params: Sequence[Any], reply: Reply) -> list[tuple[str, Any]]:
        """Pide al servidor que la ejecute, y antes, si no la conoce, que la prepare."""
        if sql.startswith(b"ROLLBACK"):
            # Sin preparar: para hacerle sitio habría que retirar otra, y en una transacción fallida sólo cabe deshacer.
            self._pg.send_query_params(sql, None)
            return [("ejecutar", reply)]
        esperadas: list[tuple[str, Any]] = []
        datos = self._transformer
        valores = datos.dump_sequence(params, [PyFormat.AUTO] * len(params))
        tipos = datos.types or ()
        clave = (sql, tipos)
        nombre = self._prepared.get(clave)
        if nombre is None:
            while len(self._prepared) >= MAXIMO_PREPARADAS:
                _, vieja = self._prepared.popitem(last=False)
                self._pg.send_query_params(b"DEALLOCATE " + vieja, None)
                esperadas.append(("cierre", None))
            self._numero += 1
            nombre = self._prepared[clave] = b"s%d" % self._numero
            self._pg.send_prepare(nombre, sql, tipos)
            esperadas.append(("preparar", clave))
        else:
            self._prepared.move_to_end(clave)
        self._pg.send_query_prepared(nombre, valores, datos.formats, result_format=pq.Format.BINARY)
        esperadas.append(("ejecutar", reply))
        return esperadas

    def _receive(self, esperadas: list[tuple[str, Any]]) -> "pq.abc.PGresult | None":
        """Recoge una respuesta por lo pedido, en orden; devuelve el primer fallo."""
        fallo = None
        for que, cual in esperadas:
            resultado = self._next()
            if resultado is None:
                raise psycopg.OperationalError("El servidor cerró la conexión")
            if resultado.status in _BIEN:
                if que == "ejecutar":
                    cual._result = resultado
                    if resultado.ntuples:
                        # Ya: la conexión puede pasar a otro hilo antes de que alguien las mire.
                        self._transformer.set_pgresult(resultado)
                        cual._rows = self._transformer.load_rows(0, resultado.ntuples, tuple)
            else:
                if que == "preparar":
                    self._prepared.pop(cual, None)
                if fallo is None and resultado.status == pq.ExecStatus.FATAL_ERROR:
                    fallo = resultado
            self._pg.get_result()  # el hueco que cierra cada respuesta: llega con ella
        self._next()  # el punto de encuentro
        return fallo

    def _next(self) -> "pq.abc.PGresult | None":
        """La siguiente respuesta, esperando sin retener el intérprete."""
        while self._pg.is_busy():
            queda = self._pg.flush()
            self._poll.register(self._pg.socket, select.POLLIN | (select.POLLOUT if queda else 0))
            self._poll.poll()
            self._pg.consume_input()
        return self._pg.get_result()
