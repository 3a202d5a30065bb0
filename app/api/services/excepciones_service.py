"""Los días en que el horario no vale: festivos, cierres, vacaciones, guardias y aperturas extra."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, select

from app.api.models.agenda import ExcepcionHorario, TipoExcepcion
from app.api.schemas.horario_schema import (
    ExcepcionCrear,
    ExcepcionEditar,
    ExcepcionFiltro,
    ExcepcionProfesionalCrear,
)
from app.api.services.avisos_agenda_service import avisar_citas_fuera
from app.api.services.duenios_agenda_service import (
    Duenio,
    de_quien,
    editable,
    exigir_duenio,
    referencias,
)
from app.api.services.pacientes_service import FechasIncoherentes
from app.utils.audit import anotar
from app.utils.errors import BusinessRule
from app.utils.horarios import SUMAN
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, change, columns, execute, fetch

_CAMPOS = ("tipo", "desde", "hasta", "hora_inicio", "hora_fin", "descripcion")
DE_PERSONAS = frozenset({TipoExcepcion.VACACIONES, TipoExcepcion.BAJA, TipoExcepcion.FORMACION})


class TipoNoAplicable(BusinessRule):
    """Ese tipo de excepción es sólo de profesionales."""


class SedeRequerida(BusinessRule):
    """Una guardia o una apertura extra es en una sede concreta."""


class HorasIncompletas(BusinessRule):
    """Indique las dos horas o ninguna."""


@cache
def lectura() -> Select[Any]:
    """Una fila por excepción, con las horas como HH:MM."""
    return select(
        *columns(ExcepcionHorario, "hora_inicio", "hora_fin"),
        func.to_char(ExcepcionHorario.hora_inicio, "HH24:MI").label("hora_inicio"),
        func.to_char(ExcepcionHorario.hora_fin, "HH24:MI").label("hora_fin"),
    )


def listar(duenio: Duenio, id: UUID, filtro: ExcepcionFiltro) -> Page:
    """Las excepciones de una sede, un profesional o un recurso que tocan las fechas pedidas."""
    exigir_duenio(duenio, id)
    consulta = lectura().where(*de_quien(ExcepcionHorario, duenio, id))
    if filtro.sede_id:
        consulta = consulta.where(ExcepcionHorario.sede_id == filtro.sede_id)
    if filtro.tipo:
        consulta = consulta.where(ExcepcionHorario.tipo.in_(filtro.tipo))
    if filtro.desde:
        consulta = consulta.where(ExcepcionHorario.hasta >= filtro.desde)
    if filtro.hasta:
        consulta = consulta.where(ExcepcionHorario.desde <= filtro.hasta)
    ordenes: dict[str, Any] = {"desde": ExcepcionHorario.desde, "creado_en": ExcepcionHorario.creado_en}
    return paginate(consulta, filtro, ordenes, "desde", ExcepcionHorario.id)


def obtener(id: UUID) -> Any:
    """Una excepción."""
    return fetch(lectura, ExcepcionHorario.id == id)


def crear(duenio: Duenio, id: UUID, datos: ExcepcionCrear | ExcepcionProfesionalCrear) -> Reread:
    """Añade una excepción y avisa si deja citas fuera.

    Errores: ``TipoNoAplicable``, ``SedeRequerida``, ``HorasIncompletas``, ``FechasIncoherentes``, ``SinPermiso``.
    """
    campos = datos.model_dump()
    suyas = referencias(duenio, id, campos.pop("sede_id", None))
    campos["hasta"] = campos["hasta"] or campos["desde"]
    _comprobar(campos, suyas)
    excepcion = add(ExcepcionHorario(**suyas, **campos))
    avisar_citas_fuera(excepcion, excepcion.desde, excepcion.hasta)
    return Reread(obtener, excepcion.id)


def editar(id: UUID, cambios: ExcepcionEditar) -> Reread:
    """Cambia una excepción y avisa si deja citas fuera. Errores: los del alta."""
    excepcion = editable(ExcepcionHorario, id)
    antes = {campo: getattr(excepcion, campo) for campo in _CAMPOS}
    despues = {**antes, **cambios.cambios()}
    despues["hasta"] = despues["hasta"] or despues["desde"]
    _comprobar(despues, {"sede_id": excepcion.sede_id, "profesional_id": excepcion.profesional_id})
    change(excepcion, despues)
    avisar_citas_fuera(excepcion, min(antes["desde"], despues["desde"]), max(antes["hasta"], despues["hasta"]))
    return Reread(obtener, id)


def eliminar(id: UUID) -> None:
    """Borra una excepción; queda en la auditoría."""
    excepcion = editable(ExcepcionHorario, id)
    anotar("eliminar", "excepciones_horario", id, {campo: (getattr(excepcion, campo), None) for campo in _CAMPOS})
    execute(delete(ExcepcionHorario).where(ExcepcionHorario.id == id))


def _comprobar(campos: dict[str, Any], referencias: dict[str, Any]) -> None:
    if campos["hasta"] < campos["desde"]:
        raise FechasIncoherentes("No puede ser anterior al primer día", campo="/hasta")
    if (campos["hora_inicio"] is None) != (campos["hora_fin"] is None):
        raise HorasIncompletas(campo="/hora_inicio" if campos["hora_inicio"] is None else "/hora_fin")
    if campos["tipo"] in DE_PERSONAS and not referencias["profesional_id"]:
        raise TipoNoAplicable(campo="/tipo")
    if campos["tipo"].value in SUMAN and not referencias["sede_id"]:
        raise SedeRequerida(campo="/sede_id")
