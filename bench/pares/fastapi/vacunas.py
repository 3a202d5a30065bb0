"""Las vacunas que le tocan a un paciente: los protocolos de su especie y las dosis que lleva puestas."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, any_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.utils.calendario_vacunal import Requisito
from bench.pares.comun import vacunas
from bench.pares.fastapi.modelos import Sede
from bench.pares.fastapi.modelos_clinicos import ProductoVacuna, ProtocoloVacunal, RequisitoTerritorial, Vacunacion


async def proximas(sesion: AsyncSession, fila: Any, hoy: date) -> list[dict[str, Any]]:
    """Lo que toca de cada protocolo al paciente de esa fila; de quien ha muerto, nada."""
    paciente, titular = fila.Paciente, fila.Cliente
    if paciente.estado in vacunas.SIN_CALENDARIO:
        return []
    org, exige = paciente.organizacion_id, RequisitoTerritorial
    suya = (titular and titular.sede_habitual_id) or paciente.sede_alta_id
    protocolos = (await sesion.execute(
        select(ProtocoloVacunal, exige)
        .outerjoin(exige, and_(
            exige.organizacion_id == org, exige.territorio == _territorio(org, paciente.id, suya),
            exige.especie == paciente.especie, exige.protocolo == ProtocoloVacunal.codigo, exige.activo,
            exige.vigente_desde <= hoy, or_(exige.vigente_hasta.is_(None), exige.vigente_hasta >= hoy),
        ))
        .where(ProtocoloVacunal.organizacion_id == org, ProtocoloVacunal.activo,
               paciente.especie == any_(ProtocoloVacunal.especies))
    )).all()
    dosis = (await sesion.execute(
        select(Vacunacion.id, Vacunacion.fecha, Vacunacion.proxima_manual, ProductoVacuna.protocolos,
               ProductoVacuna.validez_meses)
        .join(ProductoVacuna, and_(ProductoVacuna.organizacion_id == org,
                                   ProductoVacuna.producto_id == Vacunacion.producto_id))
        .where(Vacunacion.organizacion_id == org, Vacunacion.paciente_id == paciente.id,
               Vacunacion.anulado_en.is_(None))
    )).all()
    exigidos = [(protocolo, _requisito(suyo)) for protocolo, suyo in protocolos]
    return vacunas.proximas(exigidos, dosis, fila.config, paciente.fecha_nacimiento, hoy)


def _requisito(fila: RequisitoTerritorial | None) -> Requisito | None:
    return fila and Requisito(fila.obligatoria, fila.dosis_iniciales, fila.periodicidad_meses)


def _territorio(org: UUID, paciente_id: UUID, suya: UUID | None):
    """El territorio de la sede que lo vacunó; si no, de la suya; y si no tiene, de la primera."""
    ultima = (
        select(Vacunacion.sede_id)
        .where(Vacunacion.organizacion_id == org, Vacunacion.paciente_id == paciente_id,
               Vacunacion.anulado_en.is_(None), Vacunacion.sede_id.is_not(None))
        .order_by(Vacunacion.fecha.desc(), Vacunacion.id.desc()).limit(1).scalar_subquery()
    )
    primera = (
        select(Sede.id).where(Sede.organizacion_id == org, Sede.activo).order_by(Sede.creado_en, Sede.id).limit(1)
        .correlate(None).scalar_subquery()
    )
    cual = func.coalesce(ultima, suya, primera)
    return select(Sede.territorio_sanitario).where(Sede.organizacion_id == org, Sede.id == cual).scalar_subquery()
