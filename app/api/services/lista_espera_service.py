"""La lista de espera: apuntarse, y que un hueco libre se ofrezca solo al siguiente."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, and_, case, func, select

from app.api.models.agenda import TipoCita
from app.api.models.buzon import Envio, TipoEnvio
from app.api.models.cita import Cita, OrigenCita, Prioridad
from app.api.models.cliente import Cliente
from app.api.models.lista_espera import Espera, EstadoEspera, HuecoYaOfertado
from app.api.models.paciente import EstadoPaciente, Paciente
from app.api.models.sede import Sede
from app.api.schemas.cita_schema import CitaCrear
from app.api.schemas.lista_espera_schema import EsperaCrear, EsperaEditar, EsperaFiltro, OfertaCrear
from app.api.services import reservas_service
from app.api.services.ocupacion_service import libre, por_turno
from app.api.services.parametros_service import parametro
from app.api.services.sedes_service import exigir_sede
from app.utils.cifrado import cifrar
from app.utils.context import ahora, identidad
from app.utils.errors import Conflict, TransicionInvalida
from app.utils.pagination import Page, paginate
from app.utils.records import add, change, columns, entities, fetch, find, first, flush, rows

MAXIMO_CANDIDATOS = 200
_VIVOS = (EstadoPaciente.ACTIVO, EstadoPaciente.PENDIENTE_VALIDACION)


class OfertaCaducada(Conflict):
    """La oferta ya ha caducado."""


class HuecoOcupado(Conflict):
    """Ese hueco ya no está libre."""


@dataclass(frozen=True, slots=True)
class Hueco:
    """Lo que una cita deja libre al irse."""

    sede_id: UUID
    profesional_id: UUID | None
    recursos: tuple[UUID, ...]
    inicio: datetime
    fin: datetime


@cache
def lectura() -> Select[*tuple[Any, ...]]:
    """Una fila por espera, con los nombres que se leen en el mostrador."""
    org = Espera.organizacion_id
    return (
        select(
            *columns(Espera),
            Sede.zona_horaria,
            Paciente.nombre.label("paciente"),
            TipoCita.nombre.label("tipo_cita"),
            func.coalesce(Cliente.razon_social, func.concat_ws(" ", Cliente.nombre, Cliente.apellidos)).label(
                "cliente"
            ),
        )
        .join(Sede, and_(Sede.organizacion_id == org, Sede.id == Espera.sede_id))
        .join(Paciente, and_(Paciente.organizacion_id == org, Paciente.id == Espera.paciente_id))
        .join(TipoCita, and_(TipoCita.organizacion_id == org, TipoCita.id == Espera.tipo_cita_id))
        .join(Cliente, and_(Cliente.organizacion_id == org, Cliente.id == Espera.cliente_id))
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
        consulta = consulta.where(Espera.estado.in_(filtro.estado))
    pagina = paginate(consulta, filtro, {"creado_en": Espera.creado_en}, "creado_en", Espera.id)
    return Page([presentar(fila) for fila in pagina.datos], pagina.siguiente)


def obtener(id: UUID) -> dict[str, Any]:
    """Una espera."""
    return presentar(fetch(lectura().where(Espera.id == id)))


def presentar(fila: Row[Any]) -> dict[str, Any]:
    """La fila, con la oferta viva en la hora de la sede; una oferta vencida se lee ya como caducada."""
    espera = dict(fila._mapping)
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


def crear(datos: EsperaCrear) -> dict[str, Any]:
    """Apunta a un paciente a la lista de espera."""
    exigir_sede(datos.sede_id)
    reservas_service.comprobar_solicitante(
        datos.sede_id, datos.tipo_cita_id, datos.cliente_id, datos.paciente_id, datos.profesional_id
    )
    campos = datos.model_dump(exclude={"ventanas", "prioridad"})
    prioridad = Prioridad.NORMAL if identidad().es_cliente else datos.prioridad
    return obtener(add(Espera(**campos, prioridad=prioridad, ventanas=_ventanas(datos.ventanas))).id)


def editar(id: UUID, cambios: EsperaEditar) -> dict[str, Any]:
    """Cambia cuándo, con quién o con qué prioridad se espera."""
    espera = _en_estado(find(Espera, id), EstadoEspera.ACTIVA, "oferta")
    nuevos = cambios.model_dump(include=cambios.model_fields_set - {"ventanas"})
    if nuevos.get("profesional_id"):
        reservas_service.exigir_profesional(nuevos["profesional_id"])
    if cambios.ventanas is not None:
        nuevos["ventanas"] = _ventanas(cambios.ventanas)
    change(espera, nuevos)
    return obtener(id)


def eliminar(id: UUID) -> None:
    """Se borra de la lista; si tenía una oferta, pasa al siguiente."""
    espera = find(Espera, id)
    if espera.estado not in (EstadoEspera.ACTIVA, EstadoEspera.OFERTADA):
        raise TransicionInvalida(estado_actual=espera.estado.value, acciones_permitidas=[])
    _cerrar(espera, EstadoEspera.BAJA)


def ofertar(id: UUID, datos: OfertaCrear) -> dict[str, Any]:
    """Ofrece a mano un hueco a quien espera. Errores: ``HuecoOcupado``, ``HuecoYaOfertado``."""
    espera = _en_estado(find(Espera, id), EstadoEspera.ACTIVA, "oferta")
    profesional = datos.profesional_id or espera.profesional_id
    if profesional:
        reservas_service.exigir_profesional(profesional)
    hueco = Hueco(espera.sede_id, profesional, tuple(datos.recursos), datos.inicio, datos.inicio)
    por_turno([uno for uno in (profesional,) if uno])
    if _ofertado(hueco):
        raise HuecoYaOfertado
    tipo = fetch(select(TipoCita.duracion_min).where(TipoCita.id == espera.tipo_cita_id))
    fin = datos.inicio + timedelta(minutes=tipo.duracion_min)
    if datos.inicio <= ahora() or not libre(_ocupantes(espera, hueco), datos.inicio, fin):
        raise HuecoOcupado(campo="/inicio")
    _ofrecer_a(espera, hueco, fin)
    return obtener(id)


def aceptar(id: UUID) -> dict[str, Any]:
    """Acepta la oferta: nace la cita, si el hueco sigue libre. Errores: ``OfertaCaducada``, ``CitaSolapada``."""
    espera = _en_estado(find(Espera, id), EstadoEspera.OFERTADA, "aceptacion")
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
            fin=espera.oferta_fin,
            origen=OrigenCita.RECEPCION,
            prioridad=espera.prioridad,
        ),
        por_oferta=True,
    )
    _soltar(espera)
    change(espera, {"estado": EstadoEspera.CONVERTIDA, "cita_id": cita_id})
    return obtener(id)


def rechazar(id: UUID) -> dict[str, Any]:
    """Rechaza la oferta; el hueco se ofrece al siguiente."""
    _cerrar(_en_estado(find(Espera, id), EstadoEspera.OFERTADA, "rechazo"), EstadoEspera.RECHAZADA)
    return obtener(id)


def caducar(espera: Espera) -> None:
    """La oferta venció sin respuesta: el hueco pasa al siguiente."""
    _cerrar(espera, EstadoEspera.CADUCADA)


def retirar(paciente_id: UUID) -> int:
    """Quita a un paciente de todas las listas: lo que se le ofrecía pasa al siguiente. Devuelve de cuántas."""
    vivas = (EstadoEspera.ACTIVA, EstadoEspera.OFERTADA)
    esperas = entities(
        select(Espera).where(Espera.paciente_id == paciente_id, Espera.estado.in_(vivas)).with_for_update(),
        alcance=False,
    )
    ofertadas = [una for una in esperas if una.estado is EstadoEspera.OFERTADA]
    for espera in esperas:
        if espera.estado is EstadoEspera.ACTIVA:
            change(espera, {"estado": EstadoEspera.BAJA})
    for espera in ofertadas:
        _cerrar(espera, EstadoEspera.BAJA)
    return len(esperas)


def hueco_de(cita: Cita) -> Hueco:
    """El hueco que ocupa una cita, para ofrecerlo cuando lo deje."""
    return Hueco(cita.sede_id, cita.profesional_id, reservas_service.recursos_de(cita.id), cita.inicio, cita.fin)


def ofrecer(hueco: Hueco) -> UUID | None:
    """Ofrece un hueco libre a quien va primero y le cabe. Devuelve a quién, o nada.

    Primero la prioridad y después la antigüedad; una sola oferta viva por hueco.
    """
    if hueco.inicio <= ahora():
        return None
    por_turno([uno for uno in (hueco.profesional_id,) if uno])
    if _ofertado(hueco):
        return None
    zona = fetch(select(Sede.zona_horaria).where(Sede.id == hueco.sede_id), alcance=False).zona_horaria
    urgencia = case({Prioridad.URGENTE: 0, Prioridad.PREFERENTE: 1}, value=Espera.prioridad, else_=2)
    org = Espera.organizacion_id
    candidatos = entities(
        select(Espera)
        .join(Paciente, and_(Paciente.organizacion_id == org, Paciente.id == Espera.paciente_id))
        .where(
            Espera.estado == EstadoEspera.ACTIVA,
            Espera.sede_id == hueco.sede_id,
            Espera.profesional_id.is_(None) | (Espera.profesional_id == hueco.profesional_id),
            Paciente.estado.in_(_VIVOS),
        )
        .order_by(urgencia, Espera.creado_en, Espera.id)
        .limit(MAXIMO_CANDIDATOS)
        .with_for_update(of=Espera, skip_locked=True),
        alcance=False,
    )
    duraciones = _duraciones({espera.tipo_cita_id for espera in candidatos})
    for espera in candidatos:
        fin = hueco.inicio + timedelta(minutes=duraciones[espera.tipo_cita_id])
        if fin > hueco.fin or not _le_viene_bien(espera.ventanas, hueco.inicio, fin, zona):
            continue
        if libre(_ocupantes(espera, hueco), hueco.inicio, fin):
            _ofrecer_a(espera, hueco, fin)
            return espera.id
    return None


def _ofrecer_a(espera: Espera, hueco: Hueco, fin: datetime) -> None:
    change(
        espera,
        {
            "estado": EstadoEspera.OFERTADA,
            "oferta_profesional_id": hueco.profesional_id,
            "oferta_inicio": hueco.inicio,
            "oferta_fin": fin,
            "oferta_recursos": [str(uno) for uno in hueco.recursos],
            "oferta_caduca_en": ahora() + timedelta(hours=parametro("caducidad_oferta_espera_h", hueco.sede_id)),
        },
    )
    cliente = first(select(Cliente.email).where(Cliente.id == espera.cliente_id), alcance=False)
    if cliente is not None and cliente.email:
        texto = "Ha quedado libre una cita de las que esperaba. Entre en el portal o llame a la clínica para aceptarla."
        add(
            Envio(
                tipo=TipoEnvio.OFERTA_ESPERA,
                destinatario=cliente.email,
                asunto="Ha quedado libre una cita",
                cuerpo_cifrado=cifrar(texto.encode()),
            )
        )


def _cerrar(espera: Espera, estado: EstadoEspera) -> None:
    hueco = None
    if espera.estado is EstadoEspera.OFERTADA and espera.oferta_inicio and espera.oferta_fin:
        recursos = tuple(UUID(uno) for uno in espera.oferta_recursos or [])
        hueco = Hueco(espera.sede_id, espera.oferta_profesional_id, recursos, espera.oferta_inicio, espera.oferta_fin)
    _soltar(espera)
    change(espera, {"estado": estado})
    flush()
    if hueco is not None:
        ofrecer(hueco)


def _soltar(espera: Espera) -> None:
    espera.oferta_caduca_en = None


def _en_estado(espera: Espera, estado: EstadoEspera, accion: str) -> Espera:
    if espera.estado is not estado:
        posibles = {
            EstadoEspera.ACTIVA: ["oferta"],
            EstadoEspera.OFERTADA: ["aceptacion", "rechazo"],
        }.get(espera.estado, [])
        raise TransicionInvalida(estado_actual=espera.estado.value, acciones_permitidas=posibles)
    return espera


def _ofertado(hueco: Hueco) -> bool:
    consulta = select(Espera.id).where(
        Espera.estado == EstadoEspera.OFERTADA,
        Espera.oferta_inicio == hueco.inicio,
        Espera.oferta_profesional_id == hueco.profesional_id,
        Espera.sede_id == hueco.sede_id,
    )
    return first(consulta, alcance=False) is not None


def _ocupantes(espera: Espera, hueco: Hueco) -> list[UUID]:
    return [uno for uno in (hueco.profesional_id, espera.paciente_id) if uno]


def _duraciones(tipos: set[UUID]) -> dict[UUID, int]:
    return {
        fila.id: fila.duracion_min
        for fila in rows(select(TipoCita.id, TipoCita.duracion_min).where(TipoCita.id.in_(tipos)))
    }


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


def _le_viene_bien(ventanas: list[Any], inicio: datetime, fin: datetime, zona: str) -> bool:
    if not ventanas:
        return True
    comienza, acaba = inicio.astimezone(ZoneInfo(zona)), fin.astimezone(ZoneInfo(zona))
    dia = comienza.date().isoformat()
    for una in ventanas:
        if not una["desde"] <= dia <= una["hasta"]:
            continue
        if una.get("hora_inicio") is None:
            return True
        entra, sale = time.fromisoformat(una["hora_inicio"]), time.fromisoformat(una["hora_fin"])
        if comienza.time() >= entra and acaba.time() <= sale and acaba.date() == comienza.date():
            return True
    return False
