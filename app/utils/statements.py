"""De una consulta de SQLAlchemy a SQL: se compila una vez por forma y después sólo cambian los datos."""

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property
from typing import Any, NamedTuple, overload

from sqlalchemy import ARRAY, BindParameter, Column, ColumnElement, Enum, Row, Table, any_, bindparam, inspect, literal
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.cache_key import CacheKey
from sqlalchemy.sql.compiler import SQLCompiler

from app.config.database import current_transaction
from app.config.pipeline import Reply
from app.utils.dialect import DIALECTO
from app.utils.tenancy import Quien, contextual, criteria, shape

MAXIMO_COMPILADAS = 1_000
AnyRow = Row[*tuple[Any, ...]]
_compiladas: dict[Any, "Statement"] = {}
# La misma lectura, que falla en la propia base si no da exactamente una fila.
_UNA_SOLA = (
    b"WITH leida AS (%b), una AS (SELECT exigir_una(count(*)) AS hay FROM leida) "
    b"SELECT leida.* FROM una LEFT JOIN leida ON una.hay"
)


class Condition(NamedTuple):
    """Una condición que es siempre la misma (``build``, con ``@cache``) y los datos que lleva esta vez.

    Construir y reconocer la expresión en cada petición cuesta más que leer una fila.
    """

    build: Callable[[], ColumnElement[bool]]
    data: dict[str, Any]


Where = ColumnElement[bool] | Condition


def is_fixed(columna: Any) -> bool:
    """Si la columna es de una tabla y por tanto siempre la misma; la de una subconsulta o un alias puede ser nueva."""
    if isinstance(columna, InstrumentedAttribute):
        return not inspect(columna).parent.is_aliased_class
    return isinstance(columna, Column) and isinstance(columna.table, Table)


class Statement:
    """Una sentencia compilada: su texto, de dónde sale cada dato y cómo se leen sus filas."""

    def __init__(self, compiled: SQLCompiler, binds: Sequence[Any], *, locks: bool, writes: bool) -> None:
        self.sql = str(compiled).encode()
        self.writes = writes or locks
        # Lo compilado ocupa mucho y casi nunca hace falta después: sólo si el texto depende de cuántos datos lleva.
        self._expanding = compiled if compiled.post_compile_params or compiled.literal_execute_params else None
        self._sources = {nombre: _source(compiled, nombre, binds) for nombre in compiled.bind_names.values()}
        self._process: dict[str, Any] = dict(compiled._bind_processors)
        # Lo mismo, en el orden del texto: de dónde sale cada dato y, si hay que convertirlo, cómo.
        self._plan = [(self._sources[nombre], self._process.get(nombre)) for nombre in compiled.positiontup or ()]
        columnas = compiled._result_columns if hasattr(compiled, "_result_columns") else []
        self._row = _clase_de_fila(tuple(columna.keyname for columna in columnas))
        self._types = [columna.type for columna in columnas]
        self._convert: list[tuple[int, Callable[[Any], Any]]] | None = None

    @cached_property
    def sql_una(self) -> bytes:
        """El texto que falla si no da exactamente una fila."""
        return _UNA_SOLA % self.sql

    def params(self, extraidos: Sequence[Any], dados: dict[str, Any], una: bool = False) -> tuple[bytes, list[Any]]:
        """El texto y sus datos, en orden, para esta vez; ``una``, si ha de dar exactamente una fila."""
        if self._expanding is None:
            return self.sql_una if una else self.sql, [
                self._value(fuente, extraidos, dados)
                if proceso is None
                else proceso(self._value(fuente, extraidos, dados))
                for fuente, proceso in self._plan
            ]
        valores = {nombre: self._value(fuente, extraidos, dados) for nombre, fuente in self._sources.items()}
        estado = self._expanding.construct_expanded_state(valores)
        sql, datos = estado.statement.encode(), dict(estado.parameters)
        procesos = {**self._process, **estado.processors}
        return _UNA_SOLA % sql if una else sql, [
            procesos[nombre](datos[nombre]) if nombre in procesos else datos[nombre]
            for nombre in estado.positiontup or ()
        ]

    @staticmethod
    def _value(fuente: tuple[str, Any], extraidos: Sequence[Any], dados: dict[str, Any]) -> Any:
        tipo, dato = fuente
        if tipo == "consulta":
            return extraidos[dato].effective_value
        if tipo == "contexto":
            return dato()
        if tipo == "dado":
            return dados[dato]
        if tipo == "defecto":
            return default_value(dato)
        return dato

    def rows(self, reply: Reply) -> list[AnyRow]:
        """Las filas de una respuesta, con los valores que declara el modelo."""
        filas: Sequence[tuple[Any, ...]] = reply.tuples()
        if self._convert is None:
            procesos = [_lectura_de(tipo, oid) for tipo, oid in zip(self._types, reply.oids(), strict=True)]
            self._convert = [(n, proceso) for n, proceso in enumerate(procesos) if proceso is not None]
        if not self._convert:
            return list(map(self._row, filas))
        leidas: list[AnyRow] = []
        for fila in filas:
            leida = list(fila)
            for n, convertir in self._convert:
                leida[n] = convertir(leida[n])
            leidas.append(self._row(leida))
        return leidas


def _source(compiled: SQLCompiler, nombre: str, binds: Sequence[Any]) -> tuple[str, Any]:
    """De dónde sale un dato: de la consulta en curso, del contexto, de un valor por defecto o siempre el mismo."""
    bind = compiled.binds[nombre]
    if (valor := contextual(bind.key)) is not None:
        return "contexto", valor
    for columna in (*compiled.insert_prefetch, *compiled.update_prefetch):
        if columna.key == bind.key:
            return "defecto", columna.default if columna in compiled.insert_prefetch else columna.onupdate
    if bind.required:
        return "dado", bind.key
    coinciden = compiled._cache_key_bind_match
    if coinciden is not None:
        for posicion, original in enumerate(binds):
            if any(uno is bind for uno in coinciden[0][original]):
                return "consulta", posicion
    return "fijo", bind.effective_value


class Rows(Sequence[AnyRow]):
    """Las filas que traerá una sentencia: se piden ya y se esperan cuando alguien las mira."""

    __slots__ = ("_filas", "_reply", "_statement")

    def __init__(self, statement: Statement, reply: Reply) -> None:
        self._statement = statement
        self._reply = reply
        self._filas: list[AnyRow] | None = None

    def all(self) -> list[AnyRow]:
        """Todas, ya."""
        if self._filas is None:
            self._filas = self._statement.rows(self._reply)
        return self._filas

    def then(self, check: Callable[["Rows"], None]) -> "Rows":
        """Lo que se comprueba en cuanto lleguen, sin hacer un viaje sólo para ellas. Puede lanzar."""
        self._reply.then(lambda: check(self))
        return self

    @property
    def rowcount(self) -> int:
        """Cuántas filas tocó."""
        return self._reply.rowcount

    def first(self) -> AnyRow | None:
        """La primera, o nada."""
        filas = self.all()
        return filas[0] if filas else None

    def scalars(self) -> list[Any]:
        """El primer valor de cada una."""
        return [fila[0] for fila in self.all()]

    def __len__(self) -> int:
        return len(self.all())

    def __iter__(self) -> Iterator[AnyRow]:
        return iter(self.all())

    @overload
    def __getitem__(self, n: int) -> AnyRow: ...
    @overload
    def __getitem__(self, n: slice) -> list[AnyRow]: ...
    def __getitem__(self, n: int | slice) -> AnyRow | list[AnyRow]:
        return self.all()[n]


@cache
def _clase_de_fila(nombres: Any) -> Any:
    """Una tupla con nombres: se lee como la fila de SQLAlchemy y cuesta la quinta parte."""
    clase: Any = namedtuple("Fila", nombres)  # type: ignore[misc]
    return clase._make


def _lectura_de(tipo: Any, oid: int) -> Callable[[Any], Any] | None:
    """Qué hacer con el valor de una columna para tener el que declara el modelo; nada, si ya lo es."""
    if isinstance(tipo, Enum) and tipo.enum_class is not None:
        return {None: None, **{uno.value: uno for uno in tipo.enum_class}}.__getitem__
    proceso: Callable[[Any], Any] | None = tipo._cached_result_processor(DIALECTO, oid)
    return proceso


def dato(nombre: str, tipo: Any = None) -> BindParameter[Any]:
    """Un dato que se da al ejecutar la consulta: así se construye y se compila una sola vez."""
    return bindparam(nombre, type_=tipo)


def one_of(columna: Any, valores: Iterable[Any] | BindParameter[Any]) -> ColumnElement[bool]:
    """La columna vale alguno de esos. Un solo dato, y no uno por valor: la sentencia es la misma sean cuantos sean."""
    tipo = ARRAY(columna.type)
    lista = dato(valores.key, tipo) if isinstance(valores, BindParameter) else literal(list(valores), tipo)
    return columna == any_(lista)  # type: ignore[no-any-return]


def default_value(defecto: Any) -> Any:
    """El valor por defecto de una columna, para una fila."""
    return defecto.arg(None) if defecto.is_callable else defecto.arg


def run(
    consulta: Any, *donde: Any, alcance: bool = True, dados: dict[str, Any] | None = None, una: bool = False
) -> Rows:
    """Pone en camino una sentencia. ``consulta``: ella misma, o la función (con ``@cache``) que la construye.

    ``donde``: condiciones que se le añaden. ``alcance``: si se aplica lo que quien pide puede ver. ``una``: la base
    la da por fallida si no lee exactamente una fila.
    """
    fija, forma, datos = callable(consulta), shape(alcance), dict(dados or ())
    if fija and not hasattr(consulta, "cache_info"):
        raise TypeError(f"{consulta.__name__} puede cambiar de una petición a otra: páselo ya construido, o con @cache")
    # Lo que se ve depende de quién pide; dos que ven con las mismas reglas comparten sentencia.
    clave, extraidos, guardable = [consulta if fija else None, forma], [], True
    for uno in donde if fija else (consulta, *donde):
        if isinstance(uno, Condition):
            if not datos.keys().isdisjoint(uno.data):
                raise RuntimeError(f"Dos condiciones dan el mismo dato: {sorted(uno.data)}")
            datos |= uno.data
            clave.append(uno.build)
        elif (suya := uno._generate_cache_key()) is not None:
            clave.append(suya.key)
            extraidos += suya.bindparams
        else:
            guardable = False
    if guardable:
        compilada = _guardada(tuple(clave), tuple(extraidos), consulta, donde, forma)
    else:
        compilada, extraidos = _compilar(consulta, donde, forma, None), []
    sql, valores = compilada.params(extraidos, datos, una)
    transaccion = current_transaction()
    return Rows(compilada, transaccion.write(sql, valores) if compilada.writes else transaccion.read(sql, valores))


def _guardada(
    clave: tuple[Any, ...], extraidos: tuple[Any, ...], consulta: Any, donde: Sequence[Any], forma: Quien | bool
) -> Statement:
    """La sentencia de esa clave; la primera vez, se compila."""
    guardada = _compiladas.get(clave)
    if guardada is None:
        if len(_compiladas) >= MAXIMO_COMPILADAS:
            _compiladas.clear()
        guardada = _compiladas[clave] = _compilar(consulta, donde, forma, CacheKey(clave, extraidos, None))
    return guardada


def _compilar(consulta: Any, donde: Sequence[Any], forma: Quien | bool, clave: CacheKey | None) -> Statement:
    sentencia = consulta() if callable(consulta) else consulta
    if donde:
        sentencia = sentencia.where(*(uno.build() if isinstance(uno, Condition) else uno for uno in donde))
    lee = bool(getattr(sentencia, "is_select", False))
    bloquea = lee and getattr(sentencia, "_for_update_arg", None) is not None
    if opciones := criteria(forma):
        sentencia = sentencia.options(*opciones)
    compilada = sentencia.compile(dialect=DIALECTO, cache_key=clave)
    return Statement(compilada, clave.bindparams if clave else (), locks=bloquea, writes=not lee)
