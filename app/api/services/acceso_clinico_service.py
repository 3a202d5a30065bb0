"""La relación asistencial: quién puede leer la historia de un paciente sin dar explicaciones.

Leer lo clínico se apunta siempre. Quien no atiende al animal ha de decir por qué, y se apunta aparte.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Integer, Select, Uuid, and_, any_, cast, func, literal, or_, select

from app.api.models import alcance  # noqa: F401 - declara qué pacientes ve cada cual
from app.api.models.administracion import Administracion
from app.api.models.alerta import Alergia, Alerta
from app.api.models.cita import Cita, CitaPaciente, EstadoCita
from app.api.models.consulta import Consulta, EstadoConsulta
from app.api.models.desparasitacion import Desparasitacion
from app.api.models.diagnostico import Problema
from app.api.models.organizacion import Organizacion
from app.api.models.paciente import Paciente
from app.api.models.peso import Peso
from app.api.models.profesional import Profesional
from app.api.models.receta import Receta
from app.api.models.vacunacion import Vacunacion
from app.config.parametros import PARAMETROS
from app.utils.audit import anotar
from app.utils.context import ahora, contexto, hoy, identidad, zona_actual
from app.utils.errors import Forbidden, NoEncontrado
from app.utils.horas import limites_del_dia
from app.utils.records import rows

PARAMETRO = "acceso_excepcional_dias"
ATENDIENDO = timedelta(hours=24)  # lo que dura para toda la sede: una consulta olvidada abierta no la alarga
# Lo que, hecho por alguien sobre un paciente, lo relaciona con él: tablas con ``paciente_id`` y autoría.
ACTOS: tuple[Any, ...] = (
    Peso.__table__, Alergia.__table__, Alerta.__table__, Receta.__table__, Administracion.__table__,
    Vacunacion.__table__, Desparasitacion.__table__, Problema.__table__,
)  # fmt: skip
NO_VIENE = (EstadoCita.CANCELADA, EstadoCita.NO_PRESENTADO)

# Tablas y no entidades: son la regla misma, y no se recorta con lo que quien pide puede ver.
_citas, _otros = Cita.__table__, CitaPaciente.__table__
_consultas, _profesionales = Consulta.__table__, Profesional.__table__


class MotivoRequerido(Forbidden):
    """Para leer esta historia hay que decir por qué.

    Quien no ha atendido al paciente hace poco envía la razón en la cabecera X-Motivo-Acceso, y queda apuntada.
    """


def exigir_relacion(
    paciente: UUID | ColumnElement[Any], recurso: str = "pacientes", recurso_id: UUID | None = None
) -> UUID:
    """Que quien pide atienda a ese paciente o diga por qué lo lee; la lectura queda apuntada. Devuelve su id.

    ``paciente``: su id, o la subconsulta que lo da (``de_consulta(id)``). En el portal basta con que sea suyo.
    Errores: ``NoEncontrado``, ``MotivoRequerido``.
    """
    return pedir_relacion(paciente, recurso, recurso_id)()


def pedir_relacion(
    paciente: UUID | ColumnElement[Any], recurso: str = "pacientes", recurso_id: UUID | None = None
) -> Callable[[], UUID]:
    """Lo mismo que ``exigir_relacion``, en dos tiempos: se pide ya y se exige al llamarlo."""
    pide = identidad()
    libre = pide.es_cliente or pide.tipo == "integracion"
    relacion = literal(True) if libre else _relacion()
    pedida = rows(_de(paciente).add_columns(relacion.label("relacion")))

    def exigir() -> UUID:
        fila = pedida.first()
        if fila is None:
            raise NoEncontrado
        if not fila.relacion and not contexto().motivo_acceso:
            raise MotivoRequerido
        if not pide.es_cliente:
            accion = "leer" if fila.relacion else "acceso_excepcional"
            anotar(accion, recurso, recurso_id or fila.id, {"paciente_id": (None, fila.id)})
        return UUID(str(fila.id))

    return exigir


def de_consulta(id: UUID | ColumnElement[Any]) -> ColumnElement[Any]:
    """El paciente de una consulta que quien pide puede ver, para ``exigir_relacion``; también por una subconsulta."""
    return select(Consulta.paciente_id).where(Consulta.id == id).scalar_subquery()


def _de(paciente: UUID | ColumnElement[Any]) -> Select[Any]:
    return (
        select(Paciente.id)
        .join(Organizacion, Organizacion.id == Paciente.organizacion_id)
        .where(Paciente.id == paciente)
    )


def _relacion() -> ColumnElement[bool]:
    """Una consulta o una cita suyas, algo escrito por él, o que en su sede lo estén atendiendo hoy."""
    yo, desde = literal(identidad().id, Uuid()), _desde()
    lo_dio_de_alta = and_(yo == Paciente.creado_por, Paciente.creado_en >= desde)
    return or_(lo_dio_de_alta, *(una.exists() for una in _pruebas(yo, desde)))


def _pruebas(yo: ColumnElement[Any], desde: ColumnElement[Any]) -> Iterator[Select[Any]]:
    mias = select(_profesionales.c.id).where(
        _profesionales.c.organizacion_id == identidad().organizacion_id, _profesionales.c.usuario_id == yo
    )
    de_mis_sedes = literal(list(identidad().sedes), ARRAY(Uuid()))
    yield (
        _suya(_consultas)
        .where(_consultas.c.inicio >= desde)
        .where(
            or_(
                _consultas.c.veterinario_id.in_(mias),
                yo == _consultas.c.creado_por,
                yo == _consultas.c.actualizado_por,
                and_(
                    _consultas.c.estado != EstadoConsulta.ANULADA,
                    _consultas.c.inicio >= ahora() - ATENDIENDO,
                    _consultas.c.sede_id == any_(de_mis_sedes),
                ),
            )
        )
    )
    inicio, fin = limites_del_dia(hoy(), zona_actual())
    de_hoy = and_(_citas.c.inicio >= inicio, _citas.c.inicio < fin, _citas.c.sede_id == any_(de_mis_sedes))
    mia = or_(_citas.c.profesional_id.in_(mias), _citas.c.auxiliar_id.in_(mias), de_hoy)
    viene = and_(_citas.c.inicio >= desde, _citas.c.estado.not_in(NO_VIENE), mia)
    yield _suya(_citas).where(viene)
    junto = and_(_citas.c.organizacion_id == _otros.c.organizacion_id, _citas.c.id == _otros.c.cita_id)
    yield _suya(_otros).join(_citas, junto).where(viene)
    for tabla in ACTOS:
        yield _suya(tabla).where(tabla.c.creado_por == yo, tabla.c.creado_en >= desde)


def _suya(tabla: Any) -> Select[Any]:
    """Las filas de una tabla que son del paciente de fuera."""
    del_paciente = (tabla.c.organizacion_id == Paciente.organizacion_id, tabla.c.paciente_id == Paciente.id)
    return select(1).select_from(tabla).where(*del_paciente).correlate(Paciente, Organizacion)


def _desde() -> ColumnElement[Any]:
    """Desde cuándo cuenta haberlo atendido: los días que diga la organización."""
    defecto = PARAMETROS[PARAMETRO].defecto
    dias = func.coalesce(cast(Organizacion.config[PARAMETRO].astext, Integer), defecto)
    return literal(ahora()) - func.make_interval(0, 0, 0, dias)
