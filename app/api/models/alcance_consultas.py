"""Reglas de objeto de lo clínico: en el portal, sólo lo cerrado y publicado; en la clínica, lo de sus pacientes."""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, false

from app.api.models.alcance import paciente_propio, paciente_visible
from app.api.models.constantes import Constantes
from app.api.models.consulta import Consulta, EstadoConsulta
from app.api.models.diagnostico import Diagnostico, Problema
from app.api.models.enmienda import PUBLICABLES, Enmienda
from app.utils.tenancy import Quien, restringir

_consultas = Consulta.__table__.alias("consultas_regla")


def consulta_visible(quien: Quien, consulta_id: SQLColumnExpression[Any]) -> ColumnElement[bool] | None:
    """Que la consulta de la que cuelga algo la pueda ver quien pide. None: sin límite."""
    suya = exists().where(_consultas.c.organizacion_id == quien.organizacion_id, _consultas.c.id == consulta_id)
    if quien.es_cliente:
        return suya.where(_publicada(_consultas.c), paciente_propio(quien, _consultas.c.paciente_id))
    visible = paciente_visible(quien, _consultas.c.paciente_id)
    return None if visible is None else suya.where(visible)


def _publicada(columnas: Any) -> ColumnElement[bool]:
    return and_(columnas.estado == EstadoConsulta.CERRADA, columnas.publicada_en.is_not(None))


def _consulta(quien: Quien) -> ColumnElement[bool] | None:
    if quien.es_cliente:
        return and_(_publicada(Consulta), paciente_propio(quien, Consulta.paciente_id))
    return paciente_visible(quien, Consulta.paciente_id)


def _constantes(quien: Quien) -> ColumnElement[bool] | None:
    return consulta_visible(quien, Constantes.consulta_id)


def _diagnostico(quien: Quien) -> ColumnElement[bool] | None:
    visible = consulta_visible(quien, Diagnostico.consulta_id)
    return and_(Diagnostico.publicado, visible) if quien.es_cliente and visible is not None else visible


def _enmienda(quien: Quien) -> ColumnElement[bool] | None:
    visible = consulta_visible(quien, Enmienda.consulta_id)
    if quien.es_cliente and visible is not None:
        return and_(Enmienda.seccion.in_(PUBLICABLES), visible)
    return visible


def _problema(quien: Quien) -> ColumnElement[bool] | None:
    return false() if quien.es_cliente else paciente_visible(quien, Problema.paciente_id)


for _modelo, _regla in (
    (Consulta, _consulta),
    (Constantes, _constantes),
    (Diagnostico, _diagnostico),
    (Enmienda, _enmienda),
    (Problema, _problema),
):
    restringir(_modelo, _regla)
