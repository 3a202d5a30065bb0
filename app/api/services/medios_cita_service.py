"""Con qué se puede atender una clase de cita en una sede: sus reglas, sus profesionales y sus recursos."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select

from app.api.models.agenda import ExcepcionHorario, Horario, Recurso, TipoCita, TipoExcepcion
from app.api.models.organizacion import Organizacion
from app.api.models.paciente import Paciente
from app.api.models.profesional import Categoria, Profesional
from app.api.models.sede import Sede
from app.api.schemas.disponibilidad_schema import DisponibilidadFiltro
from app.api.services import tipos_cita_service
from app.api.services.lectura_agenda_service import UN_DIA
from app.api.services.pacientes_service import exigir_vivo
from app.api.services.reglas_reserva_service import EspecieNoAdmitida
from app.utils.errors import NoEncontrado
from app.utils.horarios import SUMAN
from app.utils.records import AnyRow, dato, find, one_of, rows


@dataclass(frozen=True, slots=True)
class Medios:
    """Las reglas del tipo de cita y de la sede, y quienes y lo que puede atenderla, por nombre."""

    reglas: AnyRow
    personas: Sequence[AnyRow]
    recursos: Sequence[AnyRow]

    @property
    def con_auxiliar(self) -> bool:
        """Si al veterinario le ha de acompañar un auxiliar."""
        return bool(self.reglas.requiere_veterinario and self.reglas.requiere_auxiliar)

    @property
    def clases(self) -> list[Any]:
        """Las clases de recurso que hacen falta."""
        return list(dict.fromkeys(uno for uno in (self.reglas.sala_tipo, self.reglas.equipo_tipo) if uno))

    def de_clase(self, clase: Any) -> list[tuple[UUID, int]]:
        """Los recursos de una clase, con sus plazas."""
        return [(uno.id, uno.capacidad) for uno in self.recursos if uno.tipo is clase]


def leer(filtro: DisponibilidadFiltro) -> Medios:
    """Los medios de lo que se pide, en un solo viaje.

    Errores: ``NoEncontrado``, ``PacienteFallecido``, ``PacienteNoActivo``, ``EspecieNoAdmitida``.
    """
    # El tipo decide quiénes hacen falta, pero esperar a saberlo costaría otro viaje: se leen todos y se elige aquí.
    visible = tipos_cita_service.visibles()
    reglas = rows(_reglas, *visible, alcance=False, tipo_id=filtro.tipo_cita_id, sede_id=filtro.sede_id)
    personas = rows(_personas, alcance=False, sede_id=filtro.sede_id, vispera=filtro.desde - UN_DIA)
    recursos = rows(_recursos, sede_id=filtro.sede_id)
    paciente = find(Paciente, filtro.paciente_id) if filtro.paciente_id else None
    regla = reglas.first()
    if regla is None:
        raise NoEncontrado
    if paciente:
        exigir_vivo(paciente)
        if regla.especies and paciente.especie not in regla.especies:
            raise EspecieNoAdmitida(campo="/paciente_id")
    medios = Medios(regla, (), recursos)
    clases = medios.clases
    return Medios(
        regla,
        _elegir(personas, medios, filtro.profesional_id),
        [uno for uno in recursos if uno.tipo in clases],
    )


def _elegir(personas: Sequence[AnyRow], medios: Medios, pedidos: Sequence[UUID]) -> list[AnyRow]:
    """Los profesionales que hacen falta; si se piden unos, ésos y quienes puedan acompañarlos."""
    reglas = medios.reglas
    categorias = set()
    if reglas.requiere_auxiliar:
        categorias.add(Categoria.AUXILIAR)
    if reglas.requiere_veterinario:
        categorias.add(Categoria.VETERINARIO)
    if not categorias and not pedidos:
        return []
    salida = [uno for uno in personas if not categorias or uno.categoria in categorias]
    if not pedidos:
        return salida
    # El auxiliar que acompaña no es el profesional que se elige.
    return [uno for uno in salida if uno.id in pedidos or (medios.con_auxiliar and uno.categoria is Categoria.AUXILIAR)]


@cache
def _reglas() -> Select[*tuple[Any, ...]]:
    return (
        select(
            TipoCita.id, TipoCita.duracion_min, TipoCita.buffer_antes_min, TipoCita.buffer_despues_min,
            TipoCita.requiere_veterinario, TipoCita.requiere_auxiliar, TipoCita.sala_tipo, TipoCita.equipo_tipo,
            TipoCita.especies, TipoCita.antelacion_min_h, TipoCita.antelacion_max_dias, Sede.zona_horaria,
            Organizacion.config.label("config"), Sede.config.label("config_sede"),
        )
        .select_from(Sede)
        .join(Organizacion, Organizacion.id == Sede.organizacion_id)
        .join(TipoCita, and_(TipoCita.organizacion_id == Sede.organizacion_id, TipoCita.id == dato("tipo_id")))
        .where(Sede.id == dato("sede_id"), Sede.activo, TipoCita.activo)
    )  # fmt: skip


@cache
def _personas() -> Select[*tuple[Any, ...]]:
    """Quienes atienden citas y tienen horario en la sede, o guardia desde el primer día."""
    con_horario = select(Horario.profesional_id).where(
        Horario.sede_id == dato("sede_id"), Horario.profesional_id.is_not(None)
    )
    de_guardia = select(ExcepcionHorario.profesional_id).where(
        ExcepcionHorario.sede_id == dato("sede_id"),
        ExcepcionHorario.profesional_id.is_not(None),
        one_of(ExcepcionHorario.tipo, [TipoExcepcion(uno) for uno in sorted(SUMAN)]),
        ExcepcionHorario.hasta >= dato("vispera"),
    )
    return (
        select(Profesional.id, Profesional.nombre, Profesional.categoria)
        .where(
            Profesional.activo,
            Profesional.agendable,
            or_(Profesional.id.in_(con_horario), Profesional.id.in_(de_guardia)),
        )
        .order_by(Profesional.nombre, Profesional.id)
    )


@cache
def _recursos() -> Select[*tuple[Any, ...]]:
    return (
        select(Recurso.id, Recurso.tipo, Recurso.capacidad)
        .where(Recurso.sede_id == dato("sede_id"), Recurso.activo)
        .order_by(Recurso.nombre, Recurso.id)
    )
