"""Lo que hay que saber y cumplir antes de reservar: quién pide, para quién, con quién y qué tipo de cita es."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, and_, func, or_, select

from app.api.models import alcance  # noqa: F401 - declara qué filas ve cada cual
from app.api.models.agenda import TipoCita
from app.api.models.cliente import Autorizado, Cliente, EstadoCliente
from app.api.models.organizacion import Organizacion
from app.api.models.paciente import EstadoPaciente, Paciente
from app.api.models.profesional import Categoria, Profesional
from app.api.models.sede import Sede
from app.api.models.titularidad import Titularidad
from app.api.schemas.cita_schema import CitaCrear
from app.api.services.pacientes_service import ClienteNoActivo, PacienteFallecido, PacienteNoActivo
from app.api.services.sedes_service import sede_permitida
from app.config.parametros import valor
from app.utils.context import ahora, contexto, hoy, identidad
from app.utils.errors import BusinessRule, NoEncontrado
from app.utils.records import AnyRow, dato, one_of, rows

# Lo que sólo decide la clínica: en el portal no se acepta en silencio, se dice.
DE_LA_CLINICA = ("fin", "notas_internas", "prioridad", "forzar", "motivo_forzado")


class PacienteDeOtroCliente(BusinessRule):
    """Ese cliente no es titular ni autorizado del paciente."""


class ProfesionalInadecuado(BusinessRule):
    """Ese profesional no puede atender este tipo de cita."""


class TipoNoReservable(BusinessRule):
    """Este tipo de cita no se puede pedir en línea."""


class AntelacionInsuficiente(BusinessRule):
    """Hay que pedirla con más (o con menos) antelación."""


class EspecieNoAdmitida(BusinessRule):
    """Este tipo de cita no atiende a esa especie."""


class CampoDeLaClinica(BusinessRule):
    """Eso sólo lo decide la clínica."""


class InicioDesajustado(BusinessRule):
    """Esa hora no coincide con la rejilla de la agenda."""


@dataclass(frozen=True, slots=True)
class Pedido:
    """Qué se pide reservar: dónde, para qué, de quién, qué animales y con quién."""

    sede_id: UUID
    tipo_cita_id: UUID
    cliente_id: UUID
    pacientes: Sequence[UUID]
    profesional_id: UUID | None = None
    auxiliar_id: UUID | None = None

    @property
    def personas(self) -> list[UUID]:
        """Quiénes lo atienden."""
        return [uno for uno in (self.profesional_id, self.auxiliar_id) if uno]


def pedir(pedido: Pedido) -> Callable[[], AnyRow]:
    """Bloquea a las personas y lee, ya quietas, todas las reglas de la reserva; al llamarlo se esperan y se comprueban.

    Primero el bloqueo y después la lectura: quien esperó a una fusión o a un cambio de titular los ve ya hechos.
    Errores: ``NoEncontrado``, ``PacienteFallecido``, ``PacienteNoActivo``, ``ClienteNoActivo``,
    ``PacienteDeOtroCliente``, ``EspecieNoAdmitida``, ``ProfesionalInadecuado``.
    """
    ajeno = identidad().es_cliente and pedido.cliente_id != identidad().cliente_id
    if not sede_permitida(pedido.sede_id) or ajeno:
        raise NoEncontrado
    bloqueadas = pedir_bloqueo(pedido.sede_id, pedido.cliente_id, pedido.pacientes)
    leidas = _leer(pedido)  # detrás, en el mismo viaje

    def comprobar() -> AnyRow:
        bloqueadas()
        return _comprobadas(leidas, pedido)

    return comprobar


def leer(pedido: Pedido) -> AnyRow:
    """Las reglas de la reserva, pedidas y comprobadas ya. Errores: los de ``pedir``."""
    return pedir(pedido)()


def consultar(pedido: Pedido) -> AnyRow:
    """Las reglas, comprobadas, sin bloquear ni mirar quién pide: la cita ya está bloqueada o actúa el sistema."""
    return _comprobadas(_leer(pedido), pedido)


def _comprobadas(leidas: Sequence[AnyRow], pedido: Pedido) -> AnyRow:
    reglas, pacientes = {fila.paciente_id: fila for fila in leidas}, pedido.pacientes
    pide = contexto().identidad
    suyas = pide is not None and pide.cliente_id == pedido.cliente_id
    if len(reglas) < len(pacientes) or (suyas and not all(fila.vinculado for fila in reglas.values())):
        raise NoEncontrado
    for n, uno in enumerate(pacientes):
        _comprobar_paciente(reglas[uno], "/paciente_id" if len(pacientes) == 1 else f"/pacientes/{n}")
    comunes = reglas[pacientes[0]]
    _comprobar(comunes, pedido)
    return comunes


def bloquear(sede_id: UUID, cliente_id: UUID, *pacientes: UUID) -> None:
    """Nadie cierra la sede, ni fusiona, ni da por muerto a quien reserva hasta que esta petición acabe.

    Siempre en este orden (sede, cliente, pacientes): es el orden de bloqueo de todo el sistema.
    Errores: ``NoEncontrado``.
    """
    pedir_bloqueo(sede_id, cliente_id, pacientes)()


def pedir_bloqueo(sede_id: UUID, cliente_id: UUID, pacientes: Sequence[UUID]) -> Callable[[], None]:
    """Lo mismo, en dos tiempos: viaja con lo que se pida detrás, y al llamarlo se exige haberlos conseguido."""
    pedidos: tuple[tuple[Any, Sequence[UUID]], ...] = (
        (Sede, (sede_id,)), (Cliente, (cliente_id,)), (Paciente, pacientes)
    )  # fmt: skip
    bloqueos = [(len(ids), rows(_a_bloquear(modelo), alcance=False, ids=list(ids))) for modelo, ids in pedidos]

    def exigir() -> None:
        if any(len(conseguidos) < cuantos for cuantos, conseguidos in bloqueos):
            raise NoEncontrado

    return exigir


@cache
def _a_bloquear(modelo: Any) -> Any:
    consulta = select(modelo.id).where(one_of(modelo.id, dato("ids"))).order_by(modelo.id)
    return cache(lambda: consulta.with_for_update(read=True, key_share=True))


def parametro_de(reglas: Row[Any] | AnyRow, nombre: str) -> Any:
    """El valor vigente de un parámetro en la sede de la reserva."""
    return valor(nombre, reglas.config_organizacion, reglas.config_sede)


def comprobar_portal(reglas: AnyRow, datos: CitaCrear, inicio: datetime) -> None:
    """Lo que rige cuando no reserva la clínica: tipos en línea, antelación, rejilla y campos propios."""
    if not reglas.reservable_portal:
        raise TipoNoReservable(campo="/tipo_cita_id")
    if identidad().es_cliente:
        for campo in DE_LA_CLINICA:
            if campo in datos.model_fields_set:
                raise CampoDeLaClinica(campo=f"/{campo}")
        if datos.auxiliar_id and not reglas.requiere_auxiliar:
            raise CampoDeLaClinica(campo="/auxiliar_id")
        if len(datos.recursos) > sum(tipo is not None for tipo in (reglas.sala_tipo, reglas.equipo_tipo)):
            raise CampoDeLaClinica(campo="/recursos")
    if not timedelta(hours=reglas.antelacion_min_h) <= inicio - ahora() <= timedelta(days=reglas.antelacion_max_dias):
        raise AntelacionInsuficiente(campo="/inicio")
    local = inicio.astimezone(ZoneInfo(reglas.zona_horaria))
    minutos = local.hour * 60 + local.minute
    if local.second or local.microsecond or minutos % int(parametro_de(reglas, "granularidad_agenda_min")):
        raise InicioDesajustado(campo="/inicio")


def _leer(pedido: Pedido) -> Sequence[AnyRow]:
    return rows(
        _reglas, alcance=False, sede_id=pedido.sede_id, tipo_id=pedido.tipo_cita_id, cliente_id=pedido.cliente_id,
        pacientes=list(pedido.pacientes), personas=pedido.personas, hoy=hoy(),
    )  # fmt: skip


@cache
def _reglas() -> Any:
    """Una fila por animal, con lo que rige la reserva y lo que hay que mirar de él."""
    org, cliente_id, hoy_ = Sede.organizacion_id, dato("cliente_id"), dato("hoy")
    titular = (
        select(Titularidad.id)
        .where(
            Titularidad.paciente_id == Paciente.id, Titularidad.hasta.is_(None), Titularidad.cliente_id == cliente_id
        )
        .exists()
    )
    autorizado = (
        select(Autorizado.id)
        .join(Titularidad, and_(Titularidad.organizacion_id == Autorizado.organizacion_id,
                                Titularidad.cliente_id == Autorizado.cliente_id))
        .where(Titularidad.paciente_id == Paciente.id, Titularidad.hasta.is_(None), Autorizado.activo,
               Autorizado.cliente_autorizado_id == cliente_id, Autorizado.puede_pedir_cita,
               Autorizado.desde <= hoy_, or_(Autorizado.hasta.is_(None), Autorizado.hasta >= hoy_))
        .exists()
    )  # fmt: skip
    categorias = (
        select(func.array_agg(Profesional.categoria))
        .where(one_of(Profesional.id, dato("personas")), Profesional.activo,
               Profesional.agendable)
        .scalar_subquery()
    )  # fmt: skip
    return (
        select(
            Sede.zona_horaria, Sede.config.label("config_sede"), Organizacion.config.label("config_organizacion"),
            TipoCita.duracion_min, TipoCita.buffer_antes_min, TipoCita.buffer_despues_min, TipoCita.permite_solape,
            TipoCita.requiere_veterinario, TipoCita.requiere_auxiliar, TipoCita.sala_tipo, TipoCita.equipo_tipo,
            TipoCita.requiere_confirmacion, TipoCita.reservable_portal, TipoCita.antelacion_min_h,
            TipoCita.antelacion_max_dias, TipoCita.especies, Cliente.estado.label("cliente_estado"),
            Paciente.id.label("paciente_id"), Paciente.estado.label("paciente_estado"), Paciente.especie,
            or_(titular, autorizado).label("vinculado"), categorias.label("categorias"),
        )
        .select_from(Sede)
        .join(Organizacion, Organizacion.id == org)
        .join(TipoCita, and_(TipoCita.organizacion_id == org, TipoCita.id == dato("tipo_id"), TipoCita.activo))
        .join(Cliente, and_(Cliente.organizacion_id == org, Cliente.id == cliente_id))
        .join(Paciente, and_(Paciente.organizacion_id == org, one_of(Paciente.id, dato("pacientes"))))
        .where(Sede.id == dato("sede_id"), Sede.activo)
    )  # fmt: skip


def _comprobar_paciente(reglas: AnyRow, campo: str) -> None:
    if reglas.paciente_estado is EstadoPaciente.FALLECIDO:
        raise PacienteFallecido(campo=campo)
    if reglas.paciente_estado in (EstadoPaciente.FUSIONADO, EstadoPaciente.INACTIVO):
        raise PacienteNoActivo(campo=campo)
    if reglas.cliente_estado is not EstadoCliente.ACTIVO:
        raise ClienteNoActivo(campo="/cliente_id")
    if not reglas.vinculado:
        raise PacienteDeOtroCliente(campo=campo)
    if reglas.especies and reglas.especie not in reglas.especies:
        raise EspecieNoAdmitida(campo="/tipo_cita_id")


def _comprobar(reglas: AnyRow, pedido: Pedido) -> None:
    categorias = list(reglas.categorias or [])
    if len(categorias) < len(set(pedido.personas)):
        raise NoEncontrado
    if reglas.requiere_veterinario and pedido.profesional_id and Categoria.VETERINARIO not in categorias:
        raise ProfesionalInadecuado(campo="/profesional_id")
