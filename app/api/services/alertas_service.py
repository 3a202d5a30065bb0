"""Las alertas de un paciente: lo que salta al abrir su ficha."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from app.api.models.alerta import Alerta, LugarAlerta
from app.api.models.paciente import EstadoPaciente, Paciente
from app.api.schemas.alerta_schema import AlertaCrear, AlertaEditar, AlertaFiltro
from app.api.services.pacientes_service import PacienteNoActivo
from app.utils.context import hoy
from app.utils.errors import NoEncontrado
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, change, columns, fetch, find, remove


def listar(paciente_id: UUID, filtro: AlertaFiltro) -> Page:
    """Las alertas de un paciente; sin pedir más, sólo las que hoy saltan."""
    fetch(select(Paciente.id).where(Paciente.id == paciente_id))
    consulta = select(*columns(Alerta)).where(Alerta.paciente_id == paciente_id)
    if not filtro.incluir_bajas:
        consulta = consulta.where(Alerta.activo)
    if not filtro.incluir_caducadas:
        consulta = consulta.where(vigente())
    if filtro.visible_en:
        consulta = consulta.where(salta_en(filtro.visible_en))
    return paginate(consulta, filtro, {"creado_en": Alerta.creado_en}, "-creado_en", Alerta.id)


def obtener(id: UUID) -> Any:
    """Una alerta."""
    return fetch(select(*columns(Alerta)).where(Alerta.id == id, Alerta.activo))


def crear(paciente_id: UUID, datos: AlertaCrear) -> Reread:
    """Pone una alerta."""
    if find(Paciente, paciente_id).estado is EstadoPaciente.FUSIONADO:
        raise PacienteNoActivo
    return Reread(obtener, add(Alerta(paciente_id=paciente_id, **datos.model_dump())).id)


def editar(id: UUID, cambios: AlertaEditar) -> Reread:
    """Corrige una alerta."""
    change(_activa(id), cambios)
    return Reread(obtener, id)


def eliminar(id: UUID) -> None:
    """Retira una alerta."""
    remove(_activa(id))


def vigente() -> ColumnElement[bool]:
    """Que hoy siga saltando."""
    return or_(Alerta.vigente_hasta.is_(None), Alerta.vigente_hasta >= hoy())


def salta_en(lugar: LugarAlerta) -> ColumnElement[bool]:
    """Que salte ahí; las que no dicen dónde, saltan en todas partes."""
    return or_(func.cardinality(Alerta.visible_en) == 0, Alerta.visible_en.contains([lugar.value]))


def _activa(id: UUID) -> Alerta:
    alerta = find(Alerta, id)
    if not alerta.activo:
        raise NoEncontrado
    return alerta
