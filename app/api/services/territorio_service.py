"""De qué territorio sanitario es un animal, para saber qué vacunas se le exigen."""

from typing import Any

from sqlalchemy import and_, func, select

from app.api.models.cliente import Cliente
from app.api.models.paciente import Paciente
from app.api.models.sede import Sede
from app.api.models.titularidad import RolTitular, Titularidad
from app.api.models.vacunacion import Vacunacion


def territorio_de() -> Any:
    """El territorio sanitario de un paciente: el de la sede que lo vacunó; si no, la habitual o la que lo registró."""
    # Tablas y no clases: son del propio paciente y no lecturas que haya que volver a filtrar.
    puesta, parte, duenio, sede = (
        modelo.__table__.alias(f"{modelo.__tablename__}_territorio")
        for modelo in (Vacunacion, Titularidad, Cliente, Sede)
    )
    otra = Sede.__table__.alias("sedes_primera")
    de_la_organizacion = sede.c.organizacion_id == Paciente.organizacion_id
    ultima = (
        select(puesta.c.sede_id)
        .where(
            puesta.c.organizacion_id == Paciente.organizacion_id,
            puesta.c.paciente_id == Paciente.id,
            puesta.c.anulado_en.is_(None),
            puesta.c.sede_id.is_not(None),
        )
        .order_by(puesta.c.fecha.desc(), puesta.c.id.desc())
        .limit(1)
        .correlate(Paciente)
    )
    habitual = (
        select(duenio.c.sede_habitual_id)
        .select_from(
            parte.join(
                duenio, and_(duenio.c.organizacion_id == parte.c.organizacion_id, duenio.c.id == parte.c.cliente_id)
            )
        )
        .where(
            parte.c.organizacion_id == Paciente.organizacion_id,
            parte.c.paciente_id == Paciente.id,
            parte.c.rol == RolTitular.TITULAR,
            parte.c.hasta.is_(None),
        )
        .limit(1)
        .correlate(Paciente)
    )
    primera = (
        select(otra.c.id)
        .where(otra.c.organizacion_id == Paciente.organizacion_id, otra.c.activo)
        .order_by(otra.c.creado_en, otra.c.id)
        .limit(1)
        .correlate(Paciente)
    )
    subconsultas = (
        ultima.scalar_subquery(),
        habitual.scalar_subquery(),
        Paciente.sede_alta_id,
        primera.scalar_subquery(),
    )
    cual = func.coalesce(*subconsultas)
    territorio = select(sede.c.territorio_sanitario).where(de_la_organizacion, sede.c.id == cual)
    # A dos niveles, SQLAlchemy no lo relaciona solo: leería la última sede de cualquier paciente.
    return territorio.correlate(Paciente).scalar_subquery()
