"""El hueco que queda libre se ofrece solo: a quién, hasta cuándo y qué pasa si no lo quiere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, select

from app.api.models.agenda import TipoCita
from app.api.models.buzon import Envio, TipoEnvio
from app.api.models.cita import Cita, Prioridad
from app.api.models.cliente import Cliente, EstadoCliente
from app.api.models.lista_espera import Espera, EstadoEspera, HuecoYaOfertado
from app.api.models.paciente import EstadoPaciente, Paciente
from app.api.models.sede import Sede
from app.api.services import reservas_service
from app.api.services.ocupacion_service import caben, por_turno
from app.api.services.parametros_service import pedir
from app.utils.cifrado import cifrar
from app.utils.context import ahora
from app.utils.errors import Conflict, DomainError
from app.utils.records import add, ask_all, change, change_all, entities, rows

MAXIMO_CANDIDATOS = 200
_VIVOS = (EstadoPaciente.ACTIVO, EstadoPaciente.PENDIENTE_VALIDACION)


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


def hueco_de(cita: Cita, recursos: tuple[UUID, ...]) -> Hueco:
    """El hueco que ocupa una cita con esos recursos, para ofrecerlo cuando lo deje."""
    return Hueco(cita.sede_id, cita.profesional_id, recursos, cita.inicio, cita.fin)


def ofrecer(hueco: Hueco) -> UUID | None:
    """Ofrece un hueco libre a quien va primero y le cabe. Devuelve a quién, o nada.

    Quien acaba de soltarlo ya tiene su turno; aquí sólo lo espera quien no soltó nada (un rechazo, una baja).
    Primero la prioridad y después la antigüedad; una sola oferta viva por hueco. Sólo se ofrece lo que al aceptarlo
    se podría reservar: mismas reglas, mismos márgenes.
    """
    if hueco.inicio <= ahora():
        return None
    _esperar_turno(hueco)
    sedes = rows(select(Sede.zona_horaria).where(Sede.id == hueco.sede_id), alcance=False)
    if _ofertado(hueco):
        return None
    zona = sedes[0].zona_horaria
    for espera, duracion_min in _candidatos(hueco):
        fin = hueco.inicio + timedelta(minutes=duracion_min)
        if fin <= hueco.fin and _le_viene_bien(espera.ventanas, hueco.inicio, fin, zona) and _cabe(espera, hueco):
            _ofrecer_a(espera, hueco, fin)
            return espera.id
    return None


def ofertar(espera: Espera, profesional_id: UUID | None, recursos: tuple[UUID, ...], inicio: datetime) -> None:
    """Ofrece a mano un hueco. Errores: ``HuecoYaOfertado``, ``HuecoOcupado`` y los de reservar."""
    plan = reservas_service.planear(
        espera.sede_id, espera.tipo_cita_id, espera.cliente_id, espera.paciente_id, profesional_id, recursos, inicio
    )
    hueco = Hueco(espera.sede_id, profesional_id, recursos, inicio, plan.fin)
    _esperar_turno(hueco)
    if _ofertado(hueco):
        raise HuecoYaOfertado
    if inicio <= ahora() or not caben(reservas_service.ocupantes(plan)):
        raise HuecoOcupado(campo="/inicio")
    _ofrecer_a(espera, hueco, plan.fin)


def cerrar(esperas: Sequence[Espera], estado: EstadoEspera) -> None:
    """Acaba unas esperas; si tenían una oferta, el hueco de cada una pasa al siguiente."""
    ofertadas = [una for una in esperas if una.estado is EstadoEspera.OFERTADA]
    change_all(esperas, lambda _: {"oferta_caduca_en": None, "estado": estado})
    for espera in ofertadas:
        inicio, fin = espera.oferta_inicio, espera.oferta_fin
        if inicio and fin:
            recursos = tuple(UUID(uno) for uno in espera.oferta_recursos or [])
            ofrecer(Hueco(espera.sede_id, espera.oferta_profesional_id, recursos, inicio, fin))


def _esperar_turno(hueco: Hueco) -> None:
    por_turno([uno for uno in (hueco.profesional_id, *hueco.recursos) if uno])


def _ofertado(hueco: Hueco) -> bool:
    """Si hay una oferta viva que lo pisa; las vencidas que aún nadie barrió se dan por caducadas aquí mismo."""
    que_pisan = entities(
        select(Espera).where(
            Espera.estado == EstadoEspera.OFERTADA,
            Espera.sede_id == hueco.sede_id,
            Espera.oferta_profesional_id.is_not_distinct_from(hueco.profesional_id),
            Espera.oferta_inicio < hueco.fin,
            Espera.oferta_fin > hueco.inicio,
        ),
        alcance=False,
    )
    vencidas = [una.id for una in que_pisan if una.oferta_caduca_en and una.oferta_caduca_en <= ahora()]
    libres: set[UUID] = set()
    if vencidas:
        # Sin esperar por ellas: si otro las tiene (alguien está contestando), ya las cerrará él.
        suyas = select(Espera).where(Espera.id.in_(vencidas)).with_for_update(skip_locked=True)
        tomadas = entities(suyas, alcance=False)
        libres = {una.id for una in tomadas}
        change_all(tomadas, lambda _: {"oferta_caduca_en": None, "estado": EstadoEspera.CADUCADA})
    vivas = False
    for espera in que_pisan:
        if espera.id in vencidas:
            vivas = vivas or espera.id not in libres
        elif hueco.profesional_id or set(espera.oferta_recursos or []) & {str(uno) for uno in hueco.recursos}:
            vivas = True
    return vivas


def _candidatos(hueco: Hueco) -> list[tuple[Espera, int]]:
    urgencia = case({Prioridad.URGENTE: 0, Prioridad.PREFERENTE: 1}, value=Espera.prioridad, else_=2)
    org = Espera.organizacion_id
    de_aqui = (Espera.estado == EstadoEspera.ACTIVA, Espera.sede_id == hueco.sede_id)
    leer_esperas = ask_all(
        select(Espera)
        .join(Paciente, and_(Paciente.organizacion_id == org, Paciente.id == Espera.paciente_id))
        .join(Cliente, and_(Cliente.organizacion_id == org, Cliente.id == Espera.cliente_id))
        .where(
            *de_aqui,
            Espera.profesional_id.is_(None) | (Espera.profesional_id == hueco.profesional_id),
            Paciente.estado.in_(_VIVOS),
            Cliente.estado == EstadoCliente.ACTIVO,
        )
        .order_by(urgencia, Espera.creado_en, Espera.id)
        .limit(MAXIMO_CANDIDATOS)
        .with_for_update(of=Espera, skip_locked=True),
        alcance=False,
    )
    de_tipos = select(TipoCita.id, TipoCita.duracion_min)
    tipos = rows(de_tipos.where(TipoCita.id.in_(select(Espera.tipo_cita_id).where(*de_aqui))), alcance=False)
    duracion_de = {fila.id: fila.duracion_min for fila in tipos}
    return [(espera, duracion_de[espera.tipo_cita_id]) for espera in leer_esperas()]


def _cabe(espera: Espera, hueco: Hueco) -> bool:
    try:
        plan = reservas_service.planear(
            espera.sede_id, espera.tipo_cita_id, espera.cliente_id, espera.paciente_id, hueco.profesional_id,
            hueco.recursos, hueco.inicio,
        )  # fmt: skip
    except DomainError:
        return False
    return caben(reservas_service.ocupantes(plan))


def _ofrecer_a(espera: Espera, hueco: Hueco, fin: datetime) -> None:
    caducidad = pedir("caducidad_oferta_espera_h", hueco.sede_id)
    clientes = rows(select(Cliente.email).where(Cliente.id == espera.cliente_id), alcance=False)
    change(
        espera,
        {
            "estado": EstadoEspera.OFERTADA,
            "oferta_profesional_id": hueco.profesional_id,
            "oferta_inicio": hueco.inicio,
            "oferta_fin": fin,
            "oferta_recursos": [str(uno) for uno in hueco.recursos],
            "oferta_caduca_en": ahora() + timedelta(hours=caducidad()),
        },
    )
    if clientes and clientes[0].email:
        texto = "Ha quedado libre una cita de las que esperaba. Entre en el portal o llame a la clínica para aceptarla."
        add(
            Envio(
                tipo=TipoEnvio.OFERTA_ESPERA,
                destinatario=clientes[0].email,
                asunto="Ha quedado libre una cita",
                cuerpo_cifrado=cifrar(texto.encode()),
            )
        )


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
