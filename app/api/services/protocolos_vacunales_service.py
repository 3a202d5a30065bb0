"""Los calendarios vacunales de la organización: editarlos mueve las fechas que nadie fijó a mano."""

from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import any_, literal, select

from app.api.models.catalogo import Especie
from app.api.models.protocolo_vacunal import ProtocoloVacunal, TipoProtocolo
from app.api.schemas.protocolo_vacunal_schema import ProtocoloCrear, ProtocoloEditar, ProtocoloFiltro
from app.api.services.pacientes_service import EspecieDesconocida
from app.api.services.recalculo_vacunal_service import rehacer_los_de
from app.utils.errors import BusinessRule
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, change, columns, fetch, find, remove, rows

# Cambiarlos no mueve ninguna fecha.
SOLO_TEXTO = frozenset({"nombre", "clase", "fuente", "estado", "notas"})


class ParametrosIncoherentes(BusinessRule):
    """Los plazos del protocolo se contradicen."""


def listar(filtro: ProtocoloFiltro) -> Page:
    """Los protocolos de la organización."""
    consulta = select(*columns(ProtocoloVacunal))
    if not filtro.incluir_inactivos:
        consulta = consulta.where(ProtocoloVacunal.activo)
    if filtro.codigo:
        consulta = consulta.where(ProtocoloVacunal.codigo == filtro.codigo)
    if filtro.especie:
        consulta = consulta.where(literal(filtro.especie) == any_(ProtocoloVacunal.especies))
    ordenes: dict[str, Any] = {"codigo": ProtocoloVacunal.codigo, "nombre": ProtocoloVacunal.nombre}
    return paginate(consulta, filtro, ordenes, "codigo", ProtocoloVacunal.id)


def obtener(id: UUID) -> Any:
    """Un protocolo."""
    return fetch(select(*columns(ProtocoloVacunal)).where(ProtocoloVacunal.id == id))


def crear(datos: ProtocoloCrear) -> Reread:
    """Da de alta un protocolo. Errores: ``ProtocoloDuplicado``, ``EspecieDesconocida``, ``ParametrosIncoherentes``."""
    campos = datos.model_dump()
    _comprobar(campos, campos)
    return Reread(obtener, add(ProtocoloVacunal(**campos)).id)


def editar(id: UUID, cambios: ProtocoloEditar) -> Reread:
    """Cambia un protocolo y rehace las fechas de quien lo sigue."""
    protocolo = find(ProtocoloVacunal, id)
    nuevos = cambios.cambios()
    plazos = (
        "tipo",
        "edad_min_semanas",
        "fin_serie_semanas",
        "refuerzo_1_semanas",
        "intervalo_min_dias",
        "intervalo_objetivo_dias",
    )
    _comprobar({**{campo: getattr(protocolo, campo) for campo in plazos}, **nuevos}, nuevos)
    mueve = any(getattr(protocolo, campo) != nuevos[campo] for campo in nuevos.keys() - SOLO_TEXTO)
    change(protocolo, nuevos)
    if mueve:
        rehacer_los_de(protocolo.codigo)
    return Reread(obtener, id)


def eliminar(id: UUID) -> None:
    """Baja lógica: deja de pedirse; las vacunas puestas siguen."""
    protocolo = find(ProtocoloVacunal, id)
    remove(protocolo)
    rehacer_los_de(protocolo.codigo)


def _comprobar(campos: dict[str, Any], nuevos: dict[str, Any]) -> None:
    en_orden: tuple[str, ...] = ("edad_min_semanas", "fin_serie_semanas", "refuerzo_1_semanas")
    if campos["tipo"] is TipoProtocolo.DOSIS:
        en_orden = en_orden[1:]
    for antes, despues in (
        *pairwise(en_orden),
        ("intervalo_min_dias", "intervalo_objetivo_dias"),
    ):
        if campos[despues] < campos[antes]:
            raise ParametrosIncoherentes(f"No puede ser menor que «{antes}»", campo=f"/{despues}")
    if "especies" in nuevos:
        especies = set(nuevos["especies"])
        if especies - {fila.codigo for fila in rows(select(Especie.codigo).where(Especie.codigo.in_(especies)))}:
            raise EspecieDesconocida(campo="/especies")
        nuevos["especies"] = sorted(especies)
