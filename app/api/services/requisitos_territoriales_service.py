"""Lo que cada territorio exige de las vacunas: editarlo mueve las fechas que nadie fijó a mano."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from app.api.models.catalogo import Especie
from app.api.models.protocolo_vacunal import ProtocoloVacunal, RequisitoTerritorial
from app.api.schemas.requisito_territorial_schema import RequisitoCrear, RequisitoEditar, RequisitoFiltro
from app.api.services.pacientes_service import EspecieDesconocida, FechasIncoherentes
from app.api.services.productos_service import ProtocoloDesconocido
from app.api.services.recalculo_vacunal_service import rehacer_los_de
from app.utils.filters import matching
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, change, columns, fetch, find, first, remove


def listar(filtro: RequisitoFiltro) -> Page:
    """Los requisitos territoriales de la organización."""
    consulta = select(*columns(RequisitoTerritorial))
    if not filtro.incluir_inactivos:
        consulta = consulta.where(RequisitoTerritorial.activo)
    donde = matching(RequisitoTerritorial, filtro, "territorio", "especie", "protocolo")
    if filtro.vigente_en:
        hasta = RequisitoTerritorial.vigente_hasta
        consulta = consulta.where(
            RequisitoTerritorial.vigente_desde <= filtro.vigente_en, or_(hasta.is_(None), hasta >= filtro.vigente_en)
        )
    ordenes: dict[str, Any] = {
        "territorio": RequisitoTerritorial.territorio,
        "vigente_desde": RequisitoTerritorial.vigente_desde,
    }
    return paginate(consulta, filtro, ordenes, "territorio", RequisitoTerritorial.id, *donde)


def obtener(id: UUID) -> Any:
    """Un requisito territorial."""
    return fetch(select(*columns(RequisitoTerritorial)).where(RequisitoTerritorial.id == id))


def crear(datos: RequisitoCrear) -> Reread:
    """Da de alta un requisito. Errores: ``RequisitoSolapado`` y los de cada referencia."""
    if first(select(Especie.codigo).where(Especie.codigo == datos.especie)) is None:
        raise EspecieDesconocida(campo="/especie")
    protocolo = select(ProtocoloVacunal.codigo).where(
        ProtocoloVacunal.codigo == datos.protocolo, ProtocoloVacunal.activo
    )
    if first(protocolo) is None:
        raise ProtocoloDesconocido(campo="/protocolo")
    _en_orden(datos.vigente_desde, datos.vigente_hasta)
    requisito = add(RequisitoTerritorial(**datos.model_dump()))
    rehacer_los_de(datos.protocolo)
    return Reread(obtener, requisito.id)


def editar(id: UUID, cambios: RequisitoEditar) -> Reread:
    """Cambia un requisito y rehace las fechas de su protocolo."""
    requisito = find(RequisitoTerritorial, id)
    nuevos = cambios.cambios()
    _en_orden(
        nuevos.get("vigente_desde", requisito.vigente_desde), nuevos.get("vigente_hasta", requisito.vigente_hasta)
    )
    change(requisito, nuevos)
    rehacer_los_de(requisito.protocolo)
    return Reread(obtener, id)


def eliminar(id: UUID) -> None:
    """Baja lógica: deja de exigirse."""
    requisito = find(RequisitoTerritorial, id)
    remove(requisito)
    rehacer_los_de(requisito.protocolo)


def _en_orden(desde: date, hasta: date | None) -> None:
    if hasta and hasta < desde:
        raise FechasIncoherentes("La vigencia acaba antes de empezar", campo="/vigente_hasta")
