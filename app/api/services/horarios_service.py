"""Los horarios semanales de sedes, profesionales y recursos."""

from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, delete, func, or_, select

from app.api.models.agenda import Horario
from app.api.models.sede import Sede
from app.api.schemas.horario_schema import HorarioCrear, HorarioEditar, HorarioFiltro, HorarioProfesionalCrear
from app.api.services.avisos_agenda_service import avisar_citas_fuera
from app.api.services.duenios_agenda_service import (
    Duenio,
    de_quien,
    duenio_de,
    editable,
    exigir_duenio,
    referencias,
)
from app.api.services.pacientes_service import FechasIncoherentes
from app.utils.audit import anotar
from app.utils.errors import BusinessRule
from app.utils.horarios import Franja, expandir
from app.utils.intervalos import intersecar
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, change, columns, execute, fetch, rows

_CAMPOS = ("dia_semana", "hora_inicio", "hora_fin", "desde", "hasta")
UN_DIA = timedelta(days=1)
# Un año largo recorre todas las combinaciones de cambio de hora entre dos zonas.
CICLO = timedelta(days=370)


class HorarioSolapado(BusinessRule):
    """La franja se solapa con otra."""


@cache
def lectura() -> Select[Any]:
    """Una fila por franja, con las horas como HH:MM."""
    return select(
        *columns(Horario, "hora_inicio", "hora_fin"),
        func.to_char(Horario.hora_inicio, "HH24:MI").label("hora_inicio"),
        func.to_char(Horario.hora_fin, "HH24:MI").label("hora_fin"),
    )


def listar(duenio: Duenio, id: UUID, filtro: HorarioFiltro) -> Page:
    """Las franjas de una sede, un profesional o un recurso."""
    exigir_duenio(duenio, id)
    consulta = lectura().where(*de_quien(Horario, duenio, id))
    if filtro.sede_id:
        consulta = consulta.where(Horario.sede_id == filtro.sede_id)
    if filtro.dia_semana:
        consulta = consulta.where(Horario.dia_semana == filtro.dia_semana)
    if filtro.vigente_en:
        consulta = consulta.where(
            Horario.desde <= filtro.vigente_en, or_(Horario.hasta.is_(None), Horario.hasta >= filtro.vigente_en)
        )
    # Día y hora en una sola clave: las páginas se ordenan por columnas de texto, número o fecha.
    cuando = func.concat(Horario.dia_semana, func.to_char(Horario.hora_inicio, "HH24:MI"))
    ordenes: dict[str, Any] = {"dia_semana": cuando, "desde": Horario.desde, "creado_en": Horario.creado_en}
    return paginate(consulta, filtro, ordenes, "dia_semana", Horario.id)


def obtener(id: UUID) -> Any:
    """Una franja."""
    return fetch(lectura, Horario.id == id)


def crear(duenio: Duenio, id: UUID, datos: HorarioCrear | HorarioProfesionalCrear) -> Reread:
    """Añade una franja semanal y avisa si deja citas fuera. Errores: ``HorarioSolapado``."""
    campos = datos.model_dump()
    suyas = referencias(duenio, id, campos.pop("sede_id", None))
    horario = Horario(**suyas, **campos)
    _comprobar(horario, campos)
    add(horario)
    avisar_citas_fuera(horario, horario.desde, horario.hasta)
    return Reread(obtener, horario.id)


def editar(id: UUID, cambios: HorarioEditar) -> Reread:
    """Cambia una franja y avisa si deja citas fuera. Errores: ``HorarioSolapado``."""
    horario = editable(Horario, id)
    antes = {campo: getattr(horario, campo) for campo in _CAMPOS}
    despues = {**antes, **cambios.cambios()}
    _comprobar(horario, despues)
    change(horario, despues)
    hasta = max(antes["hasta"] or date.max, despues["hasta"] or date.max)
    avisar_citas_fuera(horario, min(antes["desde"], despues["desde"]), None if hasta == date.max else hasta)
    return Reread(obtener, id)


def eliminar(id: UUID) -> None:
    """Borra una franja; queda en la auditoría."""
    horario = editable(Horario, id)
    anotar("eliminar", "horarios", id, {campo: (getattr(horario, campo), None) for campo in _CAMPOS})
    execute(delete(Horario).where(Horario.id == id))


def _comprobar(horario: Horario, campos: dict[str, Any]) -> None:
    """Fechas en orden y ninguna otra franja del mismo dueño a la misma hora, tampoco en otra sede."""
    if campos["hasta"] and campos["hasta"] < campos["desde"]:
        raise FechasIncoherentes("No puede ser anterior al primer día", campo="/hasta")
    duenio, duenio_id = duenio_de(horario)
    # Con el dueño bloqueado, dos franjas a la vez se comprueban de una en una.
    rows(select(duenio.id).where(duenio.id == duenio_id).with_for_update(of=duenio))
    zonas = rows(select(Sede.zona_horaria).where(Sede.id == horario.sede_id), alcance=False)
    nueva = Franja(**campos)
    otras = _otras(duenio, duenio_id, horario.id, nueva)
    zona = zonas[0].zona_horaria
    for otra in otras:
        if _coinciden(nueva, zona, Franja(**{campo: getattr(otra, campo) for campo in _CAMPOS}), otra.zona_horaria):
            raise HorarioSolapado(
                f"Ya tiene de {otra.hora_inicio:%H:%M} a {otra.hora_fin:%H:%M} en la sede {otra.sede}",
                campo="/hora_inicio",
                conflictos=[{"tipo": "horario", "id": str(otra.id), "sede_id": str(otra.sede_id)}],
            )


def _otras(duenio: Duenio, duenio_id: UUID, propia: UUID | None, nueva: Franja) -> Any:
    """Las demás franjas del dueño que valen en alguno de los días de la nueva, con la zona de su sede."""
    consulta = (
        select(
            Horario.id, Horario.sede_id, *(getattr(Horario, campo) for campo in _CAMPOS),
            Sede.zona_horaria, Sede.nombre.label("sede"),
        )
        .join(Sede, and_(Sede.organizacion_id == Horario.organizacion_id, Sede.id == Horario.sede_id))
        .where(*de_quien(Horario, duenio, duenio_id))
        .where(or_(Horario.hasta.is_(None), Horario.hasta >= nueva.desde - UN_DIA))
    )  # fmt: skip
    if propia:
        consulta = consulta.where(Horario.id != propia)
    if nueva.hasta:
        consulta = consulta.where(Horario.desde <= nueva.hasta + UN_DIA)
    return rows(consulta.order_by(Horario.id), alcance=False)


def _coinciden(una: Franja, zona: str, otra: Franja, otra_zona: str) -> bool:
    """Si las dos franjas comparten algún instante."""
    if zona == otra_zona and (una.dia_semana - otra.dia_semana) % 7 not in (0, 1, 6):
        return False
    desde = max(una.desde, otra.desde) - UN_DIA
    hasta = min(una.hasta or desde + CICLO, otra.hasta or desde + CICLO, desde + CICLO) + UN_DIA
    return bool(
        intersecar(
            expandir([una], [], [], zona, desde, hasta),
            expandir([otra], [], [], otra_zona, desde, hasta),
        )
    )
