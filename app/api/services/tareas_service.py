"""Lo que el sistema deja encargado a la clínica: verlo y darlo por hecho."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, literal, select

from app.api.models import alcance  # noqa: F401 - declara qué tareas ve cada cual
from app.api.models.tarea import Tarea
from app.api.schemas.tarea_schema import EstadoTarea, TareaFiltro
from app.utils.context import ahora
from app.utils.errors import TransicionInvalida
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, change, columns, fetch, find

_ESTADO = case((Tarea.hecha_en.is_(None), EstadoTarea.PENDIENTE.value), else_=EstadoTarea.HECHA.value)


def listar(filtro: TareaFiltro) -> Page:
    """Las tareas que quien pide puede ver; primero las que antes vencen y al final las que no vencen."""
    consulta = select(*columns(Tarea), _ESTADO.label("estado"))
    if len(filtro.estado) == 1:
        pendientes = Tarea.hecha_en.is_(None)
        consulta = consulta.where(pendientes if filtro.estado == [EstadoTarea.PENDIENTE] else ~pendientes)
    if filtro.tipo:
        consulta = consulta.where(Tarea.tipo.in_(filtro.tipo))
    if filtro.paciente_id:
        consulta = consulta.where(Tarea.paciente_id == filtro.paciente_id)
    if filtro.vence_hasta:
        consulta = consulta.where(Tarea.vence <= filtro.vence_hasta)
    ordenes: dict[str, Any] = {
        "vence": func.coalesce(Tarea.vence, literal(date.max)),
        "creado_en": Tarea.creado_en,
    }
    return paginate(consulta, filtro, ordenes, "vence", Tarea.id)


def obtener(id: UUID) -> Any:
    """Una tarea."""
    return fetch(select(*columns(Tarea), _ESTADO.label("estado")).where(Tarea.id == id))


def realizar(id: UUID) -> Reread:
    """Da una tarea por hecha. Errores: ``TransicionInvalida`` si ya lo estaba."""
    tarea = find(Tarea, id)
    if tarea.hecha_en is not None:
        raise TransicionInvalida(estado_actual=EstadoTarea.HECHA.value, acciones_permitidas=[])
    change(tarea, {"hecha_en": ahora()})
    return Reread(obtener, id)
