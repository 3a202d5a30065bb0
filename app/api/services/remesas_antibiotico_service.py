"""Llevar a la autoridad lo pendiente de comunicar: listarlo, exportarlo por remesas y apuntar su acuse."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.api.models import alcance  # noqa: F401 - declara qué comunicaciones ve cada cual
from app.api.models.comunicacion_antibiotico import ComunicacionAntibiotico, EstadoComunicacion
from app.api.models.profesional import Profesional
from app.api.schemas.comunicacion_antibiotico_schema import Acuse, ComunicacionFiltro, Exportar
from app.api.services.sedes_service import exigir_sede
from app.utils.audit import anotar
from app.utils.cifrado import descifrar
from app.utils.context import ahora, avisar, hoy
from app.utils.entities import nuevo_id
from app.utils.errors import NoEncontrado, TransicionInvalida
from app.utils.filters import between_dates, matching
from app.utils.pagination import Page, paginate
from app.utils.records import change_all, columns, entities, fetch, one_of, rows

DIAS_DE_PLAZO = timedelta(days=15)  # la comunicación es, como poco, quincenal (F1 39)
# Lo que aún puede salir en una remesa; lo rechazado, si se pide.
EXPORTABLES = (EstadoComunicacion.PENDIENTE, EstadoComunicacion.ERROR)
_ORDENES: dict[str, Any] = {"fecha": ComunicacionAntibiotico.fecha}


def listar(filtro: ComunicacionFiltro) -> Page:
    """Las comunicaciones que quien pide puede ver, de la más antigua a la más nueva."""
    fila = ComunicacionAntibiotico
    donde = matching(fila, filtro, "sede_id", "veterinario_id", "remesa_id", "estado")
    donde += between_dates(fila.fecha, filtro)
    if filtro.atrasadas:
        donde += [fila.estado == EstadoComunicacion.PENDIENTE, fila.fecha < hoy() - DIAS_DE_PLAZO]
    return paginate(select(*columns(fila)), filtro, _ORDENES, "fecha", fila.id, *donde)


def obtener(id: UUID) -> Any:
    """Una comunicación."""
    return fetch(select(*columns(ComunicacionAntibiotico)).where(ComunicacionAntibiotico.id == id))


def exportar(datos: Exportar) -> dict[str, Any]:
    """Saca lo pendiente en una remesa, con el documento de cada prescriptor; nadie más se lleva lo mismo."""
    if datos.sede_id:
        exigir_sede(datos.sede_id)
    suyas = _tomar(datos)
    remesa = nuevo_id() if suyas else None
    change_all(suyas, lambda _: _exportada(remesa))
    documentos = _documentos({una.veterinario_id for una in suyas})
    if any(documento is None for documento in documentos.values()):
        avisar("PRESCRIPTOR_SIN_DOCUMENTO", "Falta el documento de identidad de algún prescriptor en su ficha")
    anotar("exportar", "comunicaciones_antibiotico", remesa, {"cuantas": (None, len(suyas))})
    return {
        "remesa_id": remesa,
        "exportada_en": ahora(),
        "datos": [{**_campos(una), "documento_identidad": documentos[una.veterinario_id]} for una in suyas],
    }


def marcar_comunicadas(datos: Acuse) -> dict[str, Any]:
    """Apunta lo que dijo la autoridad de lo exportado. Errores: ``NoEncontrado``, ``TransicionInvalida``."""
    dichos = {uno.id: uno for uno in datos.comunicaciones}
    fila = ComunicacionAntibiotico
    suyas = entities(select(fila).where(one_of(fila.id, sorted(dichos))).order_by(fila.id).with_for_update())
    if len(suyas) < len(dichos):
        raise NoEncontrado
    for una in suyas:
        if una.estado is not EstadoComunicacion.EXPORTADA:
            permitidas = ["exportacion"] if una.estado in EXPORTABLES else []
            raise TransicionInvalida(estado_actual=una.estado.value, acciones_permitidas=permitidas)
    change_all(suyas, lambda una: _acusada(dichos[una.id]))
    return {"datos": [_campos(una) for una in suyas]}


def _tomar(datos: Exportar) -> list[ComunicacionAntibiotico]:
    """Lo que se lleva esta remesa, bloqueado; lo que otra se está llevando se salta, no se espera."""
    fila = ComunicacionAntibiotico
    consulta = select(fila).where(fila.estado.in_(EXPORTABLES if datos.con_errores else EXPORTABLES[:1]))
    if datos.sede_id:
        consulta = consulta.where(fila.sede_id == datos.sede_id)
    if datos.hasta:
        consulta = consulta.where(fila.fecha <= datos.hasta)
    consulta = consulta.order_by(fila.fecha, fila.id).limit(datos.maximo)
    return list(entities(consulta.with_for_update(skip_locked=True)))


def _exportada(remesa: UUID | None) -> dict[str, Any]:
    vacios = dict.fromkeys(("acuse_en", "referencia", "error"))
    return {"estado": EstadoComunicacion.EXPORTADA, "exportada_en": ahora(), "remesa_id": remesa, **vacios}


def _acusada(dicho: Any) -> dict[str, Any]:
    estado = EstadoComunicacion(dicho.resultado)
    return {"estado": estado, "acuse_en": ahora(), "referencia": dicho.referencia, "error": dicho.error}


def _documentos(veterinarios: set[UUID]) -> dict[UUID, str | None]:
    if not veterinarios:
        return {}
    consulta = select(Profesional.id, Profesional.documento_identidad)
    return {
        fila.id: descifrar(fila.documento_identidad).decode() if fila.documento_identidad else None
        for fila in rows(consulta.where(one_of(Profesional.id, sorted(veterinarios))))
    }


def _campos(una: ComunicacionAntibiotico) -> dict[str, Any]:
    return {columna.key: getattr(una, columna.key) for columna in ComunicacionAntibiotico.__table__.columns}
