"""Páginas por clave: la página mil cuesta lo que la primera."""

import base64
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Integer, Row, Select, and_, bindparam, or_, true

from app.config.settings import get_settings
from app.utils.context import contexto, organizacion_id
from app.utils.errors import BusinessRule
from app.utils.schemas import PageQuery
from app.utils.statements import Condition, Where, is_fixed, run

MAXIMO_CONTADO = 10_000
MAXIMO_ORDENADAS = 1_000
AnySelect = Select[*tuple[Any, ...]]
Columnas = tuple[tuple[Any, bool], ...]  # por qué columnas se ordena, y si cada una va hacia abajo


class CursorInvalido(BusinessRule):
    """El cursor no vale para esta lista."""


class OrdenDesconocido(BusinessRule):
    """No se puede ordenar por ese campo."""


@dataclass(slots=True)
class Page:
    """Las filas de una página, el cursor de la siguiente y cuántas son en todas, si se pidió y se sabe."""

    datos: Sequence[Any]
    siguiente: str | None
    total: int | None = None

    def mapear(self, presentar: Callable[[Any], Any]) -> "Page":
        """La misma página con cada fila presentada."""
        return Page([presentar(fila) for fila in self.datos], self.siguiente, self.total)


def _firma(carga: bytes) -> bytes:
    # El cursor sólo vale en su ruta y en su organización.
    sal = f"{contexto().ruta}|{organizacion_id()}".encode()
    clave = get_settings().secreto.get_secret_value().encode()[:64]
    return blake2b(carga + b"|" + sal, key=clave, digest_size=12).digest()


def _codificar(orden: str, valores: list[Any]) -> str:
    carga = msgspec.json.encode([orden, *valores])
    return base64.urlsafe_b64encode(_firma(carga) + carga).decode().rstrip("=")


def _descodificar(cursor: str, orden: str, tipos: list[type]) -> list[Any]:
    try:
        crudo = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        firma, carga = crudo[:12], crudo[12:]
        if not hmac.compare_digest(firma, _firma(carga)):
            raise ValueError
        leido = msgspec.json.decode(carga)
        if leido[0] != orden or len(leido) != len(tipos) + 1:
            raise ValueError
        return [msgspec.convert(valor, tipo, strict=False) for valor, tipo in zip(leido[1:], tipos, strict=True)]
    except (ValueError, UnicodeError, IndexError, TypeError, msgspec.MsgspecError):
        raise CursorInvalido(campo="/cursor") from None


def _despues(columnas: Columnas, valores: Sequence[Any]) -> ColumnElement[bool]:
    """Condición «detrás de esta fila» para un orden con sentidos mezclados."""
    alternativas: list[ColumnElement[bool]] = []
    iguales: ColumnElement[bool] = true()
    for (columna, descendente), valor in zip(columnas, valores, strict=True):
        alternativas.append(and_(iguales, columna < valor if descendente else columna > valor))
        iguales = and_(iguales, columna == valor)
    # La primera condición, suelta, deja que el índice se use desde el cursor.
    primera, descendente = columnas[0]
    arranque = primera <= valores[0] if descendente else primera >= valores[0]
    return and_(arranque, or_(*alternativas))


def _detras(columnas: Columnas, valores: Sequence[Any]) -> Where:
    """La misma condición; si las columnas son siempre las mismas, construida una sola vez."""
    if not all(is_fixed(columna) for columna, _ in columnas):
        return _despues(columnas, valores)
    return Condition(_despues_siempre(columnas), {f"desde_{n}": valor for n, valor in enumerate(valores)})


@lru_cache(MAXIMO_ORDENADAS)
def _despues_siempre(columnas: Columnas) -> Callable[[], ColumnElement[bool]]:
    desde = [bindparam(f"desde_{n}", type_=columna.type) for n, (columna, _) in enumerate(columnas)]
    return cache(lambda: _despues(columnas, desde))


def paginate(
    consulta: AnySelect | Callable[[], AnySelect],
    filtro: PageQuery,
    ordenes: Mapping[str, Any],
    defecto: str,
    id_: Any,
    *donde: Where,
    **datos: Any,
) -> Page:
    """Una página de la consulta con las condiciones que se le añaden, ordenada por lo pedido y al final por el id.

    ``ordenes``: nombre público -> columna no nula. ``defecto``: orden si no se pide otro. ``datos``: los que la
    consulta deja por dar.
    Errores: ``CursorInvalido``, ``OrdenDesconocido``.
    """
    orden = filtro.orden or defecto
    columnas = _columnas(orden, ordenes, id_)
    total = _contar(consulta, donde, id_, datos) if filtro.total else None
    if filtro.cursor:
        leido = _descodificar(filtro.cursor, orden, [_tipo(columna) for columna, _ in columnas])
        donde = (*donde, _detras(columnas, leido))
    ordenada = _ordenada_siempre(consulta, columnas) if callable(consulta) else _ordenada(consulta, columnas)
    filas: list[Row[Any]] = list(run(ordenada, *donde, dados={**datos, "limite_pagina": filtro.limite + 1}))
    if len(filas) <= filtro.limite:
        return Page(filas, None, total)
    filas.pop()
    ultima = filas[-1]._asdict()
    return Page(filas, _codificar(orden, [ultima[f"clave_{n}"] for n in range(len(columnas))]), total)


def _columnas(orden: str, ordenes: Mapping[str, Any], id_: Any) -> Columnas:
    """Por qué se ordena, y si hacia abajo; al final por el id, para que no haya dos en el mismo sitio."""
    columnas: list[tuple[Any, bool]] = []
    for parte in orden.split(","):
        nombre = parte.strip().removeprefix("-")
        if nombre not in ordenes or any(ordenes[nombre] is columna for columna, _ in columnas):
            raise OrdenDesconocido(campo="/orden")
        columnas.append((ordenes[nombre], parte.strip().startswith("-")))
    return (*columnas, (id_, columnas[0][1]))


def _ordenada(consulta: AnySelect, columnas: Columnas) -> AnySelect:
    """La consulta en orden y con las columnas que lo deciden, que son las del cursor."""
    consulta = consulta.add_columns(*(columna.label(f"clave_{n}") for n, (columna, _) in enumerate(columnas)))
    sentidos = (columna.desc() if descendente else columna.asc() for columna, descendente in columnas)
    return consulta.order_by(*sentidos).limit(bindparam("limite_pagina", type_=Integer()))


@lru_cache(MAXIMO_ORDENADAS)
def _ordenada_siempre(consulta: Callable[[], AnySelect], columnas: Columnas) -> Callable[[], AnySelect]:
    """Lo mismo para las que no cambian de una petición a otra: se construyen y se compilan una vez."""
    return cache(lambda: _ordenada(consulta(), columnas))


def _contar(
    consulta: AnySelect | Callable[[], AnySelect], donde: Sequence[Where], id_: Any, datos: dict[str, Any]
) -> int | None:
    """Cuántas filas hay en todas las páginas, o nada si son tantas que contarlas sale caro."""
    # La misma consulta con otra columna, y no «count» por fuera: así conserva lo que quien pide puede ver.
    entera = consulta() if callable(consulta) else consulta
    ids = entera.with_only_columns(id_).limit(MAXIMO_CONTADO + 1)
    cuantas = len(run(ids, *donde, dados=datos))
    return cuantas if cuantas <= MAXIMO_CONTADO else None


def _tipo(columna: ColumnElement[Any]) -> type:
    tipo: type = columna.type.python_type
    return tipo if tipo in (UUID, str, int, bool, date, datetime, Decimal, float) else str
