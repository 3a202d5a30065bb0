"""La lista de espera: apuntarse, y que un hueco libre se ofrezca solo al siguiente."""

from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, Text, and_, case, cast, func, select

from app.api.models.agenda import TipoCita
from app.api.models.cita import OrigenCita, Prioridad
from app.api.models.cliente import Cliente
from app.api.models.lista_espera import Espera, EstadoEspera
from app.api.models.paciente import Paciente
from app.api.models.profesional import Profesional
from app.api.models.sede import Sede
from app.api.schemas.cita_schema import CitaCrear
from app.api.schemas.lista_espera_schema import EsperaCrear, EsperaEditar, EsperaFiltro, OfertaCrear
from app.api.services import ofertas_service, reglas_reserva_service, reservas_service
from app.api.services.reglas_reserva_service import Pedido, TipoNoReservable, bloquear
from app.utils.context import ahora, identidad
from app.utils.errors import Conflict, ConflictoConcurrente, NoEncontrado, TransicionInvalida
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, ask, change, columns, entities, fetch, find, rows

_VIVAS = (EstadoEspera.ACTIVA, EstadoEspera.OFERTADA)


class OfertaCaducada(Conflict):
    """La oferta ya ha caducado."""


@cache
def lectura() -> Select[*tuple[Any, ...]]:
    """Una fila por espera, con los nombres que se leen en el mostrador."""
    org = Espera.organizacion_id
    paciente, cliente = Paciente.__table__, Cliente.__table__
    return (
        select(
            *columns(Espera),
            Sede.zona_horaria,
            paciente.c.nombre.label("paciente"),
            TipoCita.nombre.label("tipo_cita"),
            func.coalesce(cliente.c.razon_social, func.concat_ws(" ", cliente.c.nombre, cliente.c.apellidos)).label(
                "cliente"
            ),
        )
        .join(Sede, and_(Sede.organizacion_id == org, Sede.id == Espera.sede_id))
        .join(paciente, and_(paciente.c.organizacion_id == org, paciente.c.id == Espera.paciente_id))
        .join(TipoCita, and_(TipoCita.organizacion_id == org, TipoCita.id == Espera.tipo_cita_id))
        .join(cliente, and_(cliente.c.organizacion_id == org, cliente.c.id == Espera.cliente_id))
    )


def listar(filtro: EsperaFiltro) -> Page:
    """Las esperas que quien pide puede ver, por antigüedad."""
    consulta = lectura()
    for columna, buscado in (
        (Espera.sede_id, filtro.sede_id),
        (Espera.tipo_cita_id, filtro.tipo_cita_id),
        (Espera.profesional_id, filtro.profesional_id),
        (Espera.cliente_id, filtro.cliente_id),
        (Espera.paciente_id, filtro.paciente_id),
    ):
        if buscado:
            consulta = consulta.where(columna == buscado)
    if filtro.estado:
        vencida = and_(Espera.estado == EstadoEspera.OFERTADA, Espera.oferta_caduca_en <= ahora())
        visible = case((vencida, EstadoEspera.CADUCADA.value), else_=cast(Espera.estado, Text))
        consulta = consulta.where(visible.in_([estado.value for estado in filtro.estado]))
    pagina = paginate(consulta, filtro, {"creado_en": Espera.creado_en}, "creado_en", Espera.id)
    return pagina.mapear(presentar)


def obtener(id: UUID) -> dict[str, Any]:
    """Una espera."""
    return presentar(fetch(lectura, Espera.id == id))


def presentar(fila: Row[Any]) -> dict[str, Any]:
    """La fila, con la oferta viva en la hora de la sede; una oferta vencida se lee ya como caducada."""
    espera = fila._asdict()
    espera["oferta"] = None
    if fila.estado is EstadoEspera.OFERTADA:
        zona = ZoneInfo(fila.zona_horaria)
        espera["oferta"] = {
            "profesional_id": fila.oferta_profesional_id,
            "inicio": fila.oferta_inicio.astimezone(zona),
            "fin": fila.oferta_fin.astimezone(zona),
            "caduca_en": fila.oferta_caduca_en.astimezone(zona),
        }
        if fila.oferta_caduca_en <= ahora():
            espera["estado"] = EstadoEspera.CADUCADA
    return espera


def crear(datos: EsperaCrear) -> Reread:
    """Apunta a un paciente a la lista de espera. Errores: ``YaEnEspera``."""
    reglas = reglas_reserva_service.leer(
        Pedido(datos.sede_id, datos.tipo_cita_id, datos.cliente_id, [datos.paciente_id], datos.profesional_id)
    )
    if identidad().es_cliente and not reglas.reservable_portal:
        raise TipoNoReservable(campo="/tipo_cita_id")
    campos = datos.model_dump(exclude={"ventanas", "prioridad"})
    prioridad = Prioridad.NORMAL if identidad().es_cliente else datos.prioridad
    return Reread(obtener, add(Espera(**campos, prioridad=prioridad, ventanas=_ventanas(datos.ventanas))).id)


def editar(id: UUID, cambios: EsperaEditar) -> Reread:
    """Cambia cuándo, con quién o con qué prioridad se espera."""
    nuevos, leer_espera = cambios.model_dump(include=cambios.model_fields_set - {"ventanas"}), ask(Espera, id)
    atiende = (Profesional.id == nuevos.get("profesional_id"), Profesional.activo, Profesional.agendable)
    profesionales = rows(select(Profesional.id).where(*atiende))
    espera = _en_estado(leer_espera(), EstadoEspera.ACTIVA)
    if nuevos.get("profesional_id") and not profesionales:
        raise NoEncontrado
    if cambios.ventanas is not None:
        nuevos["ventanas"] = _ventanas(cambios.ventanas)
    change(espera, nuevos)
    return Reread(obtener, id)


def eliminar(id: UUID) -> None:
    """Se borra de la lista; si tenía una oferta, pasa al siguiente."""
    espera = find(Espera, id)
    if espera.estado not in _VIVAS:
        raise TransicionInvalida(estado_actual=espera.estado.value, acciones_permitidas=[])
    ofertas_service.cerrar([espera], EstadoEspera.BAJA)


def ofertar(id: UUID, datos: OfertaCrear) -> Reread:
    """Ofrece a mano un hueco a quien espera. Errores: ``HuecoOcupado``, ``HuecoYaOfertado`` y los de reservar."""
    espera = _en_estado(find(Espera, id), EstadoEspera.ACTIVA)
    profesional_id = datos.profesional_id or espera.profesional_id
    ofertas_service.ofertar(espera, profesional_id, tuple(datos.recursos), datos.inicio)
    return Reread(obtener, id)


def aceptar(id: UUID) -> Reread:
    """Acepta la oferta: nace la cita, si el hueco sigue libre. Errores: ``OfertaCaducada``, ``CitaSolapada``."""
    de = fetch(select(Espera.sede_id, Espera.cliente_id, Espera.paciente_id).where(Espera.id == id))
    bloquear(de.sede_id, de.cliente_id, de.paciente_id)
    espera = _en_estado(find(Espera, id), EstadoEspera.OFERTADA)
    if (espera.cliente_id, espera.paciente_id) != (de.cliente_id, de.paciente_id):
        raise ConflictoConcurrente  # entre la lectura y el bloqueo cambió de manos
    if espera.oferta_caduca_en is None or espera.oferta_caduca_en <= ahora():
        raise OfertaCaducada
    cita_id = reservas_service.crear(
        CitaCrear(
            sede_id=espera.sede_id,
            tipo_cita_id=espera.tipo_cita_id,
            cliente_id=espera.cliente_id,
            paciente_id=espera.paciente_id,
            profesional_id=espera.oferta_profesional_id,
            recursos=[UUID(uno) for uno in espera.oferta_recursos or []],
            inicio=espera.oferta_inicio,
            origen=OrigenCita.RECEPCION,
            prioridad=espera.prioridad,
        ),
        por_oferta=True,
    )
    change(espera, {"oferta_caduca_en": None, "estado": EstadoEspera.CONVERTIDA, "cita_id": cita_id})
    return Reread(obtener, id)


def rechazar(id: UUID) -> Reread:
    """Rechaza la oferta; el hueco se ofrece al siguiente."""
    ofertas_service.cerrar([_en_estado(find(Espera, id), EstadoEspera.OFERTADA)], EstadoEspera.RECHAZADA)
    return Reread(obtener, id)


def retirar(paciente_id: UUID) -> int:
    """Quita a un paciente de todas las listas: lo que se le ofrecía pasa al siguiente. Devuelve de cuántas."""
    esperas = entities(
        select(Espera)
        .where(Espera.paciente_id == paciente_id, Espera.estado.in_(_VIVAS))
        .order_by(Espera.id)
        .with_for_update(),
        alcance=False,
    )
    ofertas_service.cerrar(esperas, EstadoEspera.BAJA)
    return len(esperas)


def _en_estado(espera: Espera, estado: EstadoEspera) -> Espera:
    if espera.estado is not estado:
        posibles = {EstadoEspera.ACTIVA: ["oferta"], EstadoEspera.OFERTADA: ["aceptacion", "rechazo"]}
        raise TransicionInvalida(estado_actual=espera.estado.value, acciones_permitidas=posibles.get(espera.estado, []))
    return espera


def _ventanas(ventanas: list[Any]) -> list[dict[str, Any]]:
    return [
        {
            "desde": una.desde.isoformat(),
            "hasta": una.hasta.isoformat(),
            "hora_inicio": una.hora_inicio.strftime("%H:%M") if una.hora_inicio else None,
            "hora_fin": una.hora_fin.strftime("%H:%M") if una.hora_fin else None,
        }
        for una in ventanas
    ]
