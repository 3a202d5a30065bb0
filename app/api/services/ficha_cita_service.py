"""Cómo se lee una cita: qué columnas y en qué hora."""

from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.api.models import alcance, alcance_consultas  # noqa: F401 - declaran qué citas y consultas ve cada cual
from app.api.models.agenda import TipoCita
from app.api.models.cita import Cita, CitaPaciente, CitaRecurso
from app.api.models.cliente import Cliente
from app.api.models.consulta import Consulta, EstadoConsulta
from app.api.models.paciente import Paciente
from app.api.models.profesional import Profesional
from app.api.models.sede import Sede
from app.utils.records import columns


@cache
def lectura() -> Select[*tuple[Any, ...]]:
    """Una fila por cita, con los nombres que se leen en el mostrador."""
    org = Cita.organizacion_id
    # Tablas y no entidades: quien puede ver la cita puede leer en ella de quién es.
    paciente, cliente = Paciente.__table__, Cliente.__table__
    recursos = (
        select(func.array_agg(aggregate_order_by(CitaRecurso.recurso_id, CitaRecurso.recurso_id)))
        .where(CitaRecurso.organizacion_id == org, CitaRecurso.cita_id == Cita.id)
        .scalar_subquery()
    )
    # Aquí sí la entidad: en el portal, de los que acompañan sólo se ven los suyos.
    suya = _consulta_de(CitaPaciente.cita_id, CitaPaciente.paciente_id, CitaPaciente)
    otro = func.jsonb_build_object("id", Paciente.id, "nombre", Paciente.nombre, "consulta_id", suya)
    acompanantes = (
        select(func.jsonb_agg(aggregate_order_by(otro, CitaPaciente.id)))
        .select_from(CitaPaciente)
        .join(Paciente, and_(Paciente.organizacion_id == org, Paciente.id == CitaPaciente.paciente_id))
        .where(CitaPaciente.organizacion_id == org, CitaPaciente.cita_id == Cita.id)
        .scalar_subquery()
    )
    return (
        select(
            *columns(Cita),
            Sede.zona_horaria,
            Sede.nombre.label("sede"),
            TipoCita.nombre.label("tipo_cita"),
            TipoCita.instrucciones,
            TipoCita.color,
            paciente.c.nombre.label("paciente"),
            func.coalesce(cliente.c.razon_social, func.concat_ws(" ", cliente.c.nombre, cliente.c.apellidos)).label(
                "cliente"
            ),
            Profesional.nombre.label("profesional"),
            recursos.label("recursos"),
            acompanantes.label("acompanantes"),
            _consulta_de(Cita.id, Cita.paciente_id, Cita).label("consulta_id"),
        )
        .join(Sede, and_(Sede.organizacion_id == org, Sede.id == Cita.sede_id))
        .join(TipoCita, and_(TipoCita.organizacion_id == org, TipoCita.id == Cita.tipo_cita_id))
        .join(paciente, and_(paciente.c.organizacion_id == org, paciente.c.id == Cita.paciente_id))
        .join(cliente, and_(cliente.c.organizacion_id == org, cliente.c.id == Cita.cliente_id))
        .outerjoin(Profesional, and_(Profesional.organizacion_id == org, Profesional.id == Cita.profesional_id))
    )


def _consulta_de(cita_id: Any, paciente_id: Any, de: Any) -> Any:
    """La consulta que la cita abrió a un animal; en el portal, sólo si está publicada."""
    suya = select(Consulta.id).where(
        Consulta.organizacion_id == de.organizacion_id,
        Consulta.cita_id == cita_id,
        Consulta.paciente_id == paciente_id,
        Consulta.estado != EstadoConsulta.ANULADA,
    )
    return suya.order_by(Consulta.id.desc()).limit(1).correlate(de).scalar_subquery()


def presentar(fila: Row[Any]) -> dict[str, Any]:
    """La fila con sus instantes en la hora de la sede."""
    cita = fila._asdict()
    zona = ZoneInfo(fila.zona_horaria)
    for campo in ("inicio", "fin", "llegada_en", "inicio_real", "fin_real", "caduca_en", "cancelada_en"):
        if cita[campo] is not None:
            cita[campo] = cita[campo].astimezone(zona)
    cita["recursos"] = fila.recursos or []
    primero = {"id": fila.paciente_id, "nombre": fila.paciente, "consulta_id": fila.consulta_id}
    cita["pacientes"] = [primero, *(fila.acompanantes or [])]
    cita["cancelacion"] = (
        {"en": cita["cancelada_en"], "por": fila.cancelada_por, "motivo": fila.cancelacion_motivo}
        if fila.cancelada_en
        else None
    )
    return cita
