"""Cambiar muchas filas de una vez: una sola sentencia, y el mismo rastro que de una en una."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sqlalchemy import Integer, Uuid, cast, column, update, values
from sqlalchemy.orm.attributes import set_committed_value

from app.config.database import current_session
from app.utils.audit import anotar
from app.utils.context import ahora, quien
from app.utils.entities import Base
from app.utils.errors import ConflictoConcurrente
from app.utils.records import execute, flush

E = TypeVar("E", bound=Base)
TAPADO = "***"


def cambiar_todas(filas: Iterable[E], valores: Callable[[E], dict[str, Any]]) -> None:
    """Escribe en cada fila lo que diga ``valores``, siempre los mismos campos; sube su versión y deja su asiento.

    La unidad de trabajo enviaría una sentencia por fila, porque llevan versión. Aquí no se calcula nada de más: si un
    campo se deduce de otro, se dan los dos.
    Errores: ``ConflictoConcurrente`` si alguna cambió desde que se leyó.
    """
    cambios: list[tuple[Any, dict[str, Any]]] = [(fila, valores(fila)) for fila in filas]
    if not cambios:
        return
    flush()
    modelo, campos = type(cambios[0][0]), list(cambios[0][1])
    tipos = {campo: modelo.__table__.c[campo].type for campo in campos}
    columnas: list[Any] = [column("id", Uuid()), column("leida", Integer())]
    columnas += [column(campo, tipo) for campo, tipo in tipos.items()]
    nuevas = values(*columnas, name="nuevas").data(
        [(fila.id, fila.version, *suyos.values()) for fila, suyos in cambios]
    )
    firma = {"actualizado_en": ahora(), "actualizado_por": quien()}
    sentencia = (
        update(modelo)
        .where(modelo.id == nuevas.c.id, modelo.version == nuevas.c.leida)
        .values({campo: cast(nuevas.c[campo], tipo) for campo, tipo in tipos.items()})
        .values(**firma, version=modelo.version + 1)
    )
    if execute(sentencia.execution_options(synchronize_session=False)).rowcount < len(cambios):
        raise ConflictoConcurrente
    for fila, suyos in cambios:
        _anotar(fila, suyos)
        for campo, valor in {**suyos, **firma, "version": fila.version + 1}.items():
            set_committed_value(fila, campo, valor)


def _anotar(fila: Any, suyos: dict[str, Any]) -> None:
    ocultos = current_session().info.get("ocultos", ())
    cambios = {}
    for campo, despues in suyos.items():
        antes = getattr(fila, campo)
        if antes != despues:
            oculto = campo in ocultos
            cambios[campo] = (antes and TAPADO, despues and TAPADO) if oculto else (antes, despues)
    if cambios:
        anotar("editar", fila.__tablename__, fila.id, cambios)
