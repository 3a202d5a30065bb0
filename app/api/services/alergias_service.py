"""Las alergias de un paciente."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.api.models.alerta import Alergia
from app.api.models.paciente import EstadoPaciente, Paciente
from app.api.schemas.alergia_schema import AlergiaCrear, AlergiaEditar, AlergiaFiltro
from app.api.services.pacientes_service import PacienteNoActivo, exigir_fecha
from app.utils.context import identidad
from app.utils.errors import NoEncontrado
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, change, columns, fetch, find, remove


def listar(paciente_id: UUID, filtro: AlergiaFiltro) -> Page:
    """Las alergias de un paciente, de la última apuntada a la primera."""
    fetch(select(Paciente.id).where(Paciente.id == paciente_id))
    consulta = select(*columns(Alergia)).where(Alergia.paciente_id == paciente_id)
    if not filtro.incluir_bajas or identidad().es_cliente:
        consulta = consulta.where(Alergia.activo)
    return paginate(consulta, filtro, {"creado_en": Alergia.creado_en}, "-creado_en", Alergia.id)


def obtener(id: UUID) -> Any:
    """Una alergia."""
    return fetch(select(*columns(Alergia)).where(Alergia.id == id, Alergia.activo))


def crear(paciente_id: UUID, datos: AlergiaCrear) -> Reread:
    """Apunta una alergia."""
    if find(Paciente, paciente_id).estado is EstadoPaciente.FUSIONADO:
        raise PacienteNoActivo
    if datos.desde:
        exigir_fecha("desde", datos.desde)
    return Reread(obtener, add(Alergia(paciente_id=paciente_id, **datos.model_dump())).id)


def editar(id: UUID, cambios: AlergiaEditar) -> Reread:
    """Corrige una alergia."""
    if cambios.desde:
        exigir_fecha("desde", cambios.desde)
    change(_activa(id), cambios)
    return Reread(obtener, id)


def eliminar(id: UUID) -> None:
    """Descarta una alergia; queda en la historia."""
    remove(_activa(id))


def _activa(id: UUID) -> Alergia:
    alergia = find(Alergia, id)
    if not alergia.activo:
        raise NoEncontrado
    return alergia
