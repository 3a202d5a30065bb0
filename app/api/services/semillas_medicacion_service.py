"""Dar a una organización sus principios activos y sus reglas de alerta de partida."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, exists, select
from sqlalchemy.dialects.postgresql import insert

from app.api.models.medicamento import PrincipioActivo
from app.api.models.organizacion import Organizacion
from app.api.models.regla_alerta import ReglaAlerta
from app.config import semillas_medicacion as semillas
from app.utils.context import ahora
from app.utils.entities import Base, nuevo_id
from app.utils.records import insert_if_free

IdDe = Callable[[str, str], UUID]


def sembrar_medicacion(id_de: IdDe = lambda _tabla, _codigo: nuevo_id()) -> None:
    """Da a la organización en curso los principios y reglas que le falten; ``id_de`` decide el id de cada uno.

    Fuente: dominio §5.7 y §3.4.
    """
    for modelo, restriccion, filas in _catalogos(id_de):
        insert_if_free(modelo, filas, restriccion, modelo.id)  # type: ignore[attr-defined]


def sembrar_las_que_faltan(conexion: Connection) -> None:
    """Lo mismo, con el dueño del esquema, en las organizaciones anteriores a las reglas: sin ellas nadie avisa."""
    con_reglas = exists().where(ReglaAlerta.organizacion_id == Organizacion.id)
    for organizacion in conexion.scalars(select(Organizacion.id).where(~con_reglas)).all():
        comunes = {"organizacion_id": organizacion, "activo": True, "version": 1}
        fechas = {"creado_en": ahora(), "actualizado_en": ahora()}
        for modelo, restriccion, filas in _catalogos(lambda _tabla, _codigo: nuevo_id()):
            sentencia = insert(modelo).on_conflict_do_nothing(constraint=restriccion)
            conexion.execute(sentencia, [{**fila, **comunes, **fechas} for fila in filas])


def _catalogos(id_de: IdDe) -> Iterator[tuple[type[Base], str, list[dict[str, Any]]]]:
    principios = [{**uno, "id": id_de("principios_activos", uno["codigo"])} for uno in semillas.principios_activos()]
    yield PrincipioActivo, "principios_activos_codigo_uq", principios
    reglas = [
        {**una, "id": id_de("reglas_alerta", f"{una['codigo']}-{una['variante']}"), "semilla": True, "activa": True}
        for una in semillas.reglas_alerta()
    ]
    yield ReglaAlerta, "reglas_alerta_codigo_uq", reglas
