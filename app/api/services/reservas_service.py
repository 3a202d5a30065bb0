"""Reservar y mover: de lo que se pide a una cita con su hueco, o a la razón por la que no cabe."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func, or_, select

from app.api.models import alcance  # noqa: F401 - declara qué citas ve cada cual
from app.api.models.agenda import Recurso, TipoCita
from app.api.models.cita import Cita, CitaCambio, CitaRecurso, EstadoCita, OrigenCita, TipoOcupante
from app.api.models.cliente import Autorizado, Cliente, EstadoCliente
from app.api.models.organizacion import Organizacion
from app.api.models.paciente import EstadoPaciente, Paciente
from app.api.models.profesional import Categoria, Profesional
from app.api.models.sede import Sede
from app.api.models.titularidad import Titularidad
from app.api.schemas.cita_schema import MAXIMO_MINUTOS, CitaCrear, Intervalo, Reprogramacion
from app.api.services import agenda_service
from app.api.services.ocupacion_service import SERIE_MARGEN_PREVIO, Ocupante, liberar, ocupar
from app.api.services.pacientes_service import ClienteNoActivo, PacienteFallecido, PacienteNoActivo
from app.api.services.sedes_service import sede_permitida
from app.config.parametros import valor
from app.config.permissions import Alcance, Permiso
from app.utils import horas
from app.utils.contadores import codigo
from app.utils.context import ahora, avisar, hoy, identidad, quien
from app.utils.errors import BusinessRule, Forbidden, NoEncontrado
from app.utils.records import add, execute, fetch, first, rows

MARGEN_PASADO = timedelta(hours=1)


class FueraDeHorario(BusinessRule):
    """Está fuera del horario de la agenda."""


class HoraInexistente(BusinessRule):
    """Esa hora no existe ese día: el reloj se adelanta."""


class HoraAmbigua(BusinessRule):
    """Esa hora ocurre dos veces ese día: indique el desfase."""


class DesfaseInvalido(BusinessRule):
    """Ese desfase no corresponde a esa hora en esa zona."""


class ZonaHorariaDesconocida(BusinessRule):
    """Esa zona horaria no existe."""


class CitaEnElPasado(BusinessRule):
    """No se puede reservar una hora que ya pasó."""


class IntervaloInvalido(BusinessRule):
    """El final debe ser posterior al inicio y en las 24 horas siguientes."""


class PacienteDeOtroCliente(BusinessRule):
    """Ese cliente no es titular ni autorizado del paciente."""


class ProfesionalInadecuado(BusinessRule):
    """Ese profesional no puede atender este tipo de cita."""


class RecursoInadecuado(BusinessRule):
    """Ese recurso no está disponible en esta sede."""


class TipoNoReservable(BusinessRule):
    """Este tipo de cita no se puede pedir en línea."""


class AntelacionInsuficiente(BusinessRule):
    """Hay que pedirla con más (o con menos) antelación."""


class EspecieNoAdmitida(BusinessRule):
    """Este tipo de cita no atiende a esa especie."""


class SinPermisoParaForzar(Forbidden):
    """No puede forzar un solape."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Una reserva ya comprobada, lista para ocupar."""

    sede_id: UUID
    paciente_id: UUID
    profesional_id: UUID | None
    auxiliar_id: UUID | None
    recursos: tuple[UUID, ...]
    inicio: datetime
    fin: datetime
    reglas: Row[Any]
    forzar: bool = False


def crear(datos: CitaCrear, *, por_oferta: bool = False) -> UUID:
    """Reserva la cita y su hueco, o nada. Devuelve su id.

    ``por_oferta``: la clínica ya ofreció ese hueco, así que no rigen las antelaciones ni la confirmación.
    Errores: ``CitaSolapada``, ``FueraDeHorario``, ``HoraInexistente``, ``HoraAmbigua`` y los de cada regla.
    """
    pide = identidad()
    if not sede_permitida(datos.sede_id):
        raise NoEncontrado
    reglas = _reglas(datos.sede_id, datos.tipo_cita_id, datos.cliente_id, datos.paciente_id, datos.profesional_id,
                     datos.auxiliar_id)  # fmt: skip
    _comprobar_personas(reglas, datos.profesional_id, datos.auxiliar_id)
    origen = _origen(datos)
    sin_cita = origen is OrigenCita.SIN_CITA
    inicio, fin = (ahora(), ahora() + timedelta(minutes=reglas.duracion_min)) if sin_cita else intervalo(datos, reglas)
    if not por_oferta and (pide.es_cliente or origen in (OrigenCita.PORTAL, OrigenCita.WEB)):
        _comprobar_portal(reglas, inicio)
    plan = Plan(datos.sede_id, datos.paciente_id, datos.profesional_id, datos.auxiliar_id, tuple(datos.recursos),
                inicio, fin, reglas, datos.forzar)  # fmt: skip
    if not sin_cita:
        comprobar(plan)
    estado = EstadoCita.CONFIRMADA if por_oferta else _estado_inicial(origen, reglas)
    caduca = None
    if estado is EstadoCita.SOLICITADA:
        caduca = ahora() + timedelta(hours=_parametro(reglas, "caducidad_solicitud_h"))
    cita = add(
        Cita(
            codigo=codigo("CIT", f"CIT-{datos.sede_id}"),
            estado=estado,
            origen=origen,
            inicio=inicio,
            fin=fin,
            caduca_en=caduca,
            llegada_en=ahora() if sin_cita else None,
            forzada=datos.forzar,
            **datos.model_dump(
                include={
                    "sede_id",
                    "tipo_cita_id",
                    "cliente_id",
                    "paciente_id",
                    "profesional_id",
                    "auxiliar_id",
                    "prioridad",
                    "motivo",
                    "notas_internas",
                    "motivo_forzado",
                }
            ),
        )
    )
    for recurso_id in plan.recursos:
        add(CitaRecurso(cita_id=cita.id, recurso_id=recurso_id))
    # Quien llega sin cita no quita su hueco a nadie: el profesional se ocupa al empezar.
    ocupar(cita.id, _paciente(plan) if sin_cita else ocupantes(plan), reglas.zona_horaria)
    anotar(cita, "alta", {"inicio": inicio.isoformat(), "fin": fin.isoformat()})
    return cita.id


def mover(cita: Cita, datos: Reprogramacion) -> None:
    """Cambia el intervalo (y, si se dice, quién y dónde) de una cita ya leída y bloqueada."""
    profesional_id = datos.profesional_id or cita.profesional_id
    auxiliar_id = datos.auxiliar_id or cita.auxiliar_id
    actuales = recursos_de(cita.id)
    recursos = actuales if datos.recursos is None else tuple(datos.recursos)
    reglas = _reglas(cita.sede_id, cita.tipo_cita_id, cita.cliente_id, cita.paciente_id, profesional_id, auxiliar_id)
    _comprobar_personas(reglas, profesional_id, auxiliar_id)
    inicio, fin = intervalo(datos, reglas)
    plan = Plan(
        cita.sede_id, cita.paciente_id, profesional_id, auxiliar_id, recursos, inicio, fin, reglas, datos.forzar
    )
    comprobar(plan)
    antes = {"inicio": cita.inicio.isoformat(), "fin": cita.fin.isoformat()}
    liberar(cita.id)
    ocupar_plan(cita.id, plan)
    if recursos != actuales:
        execute(CitaRecurso.__table__.delete().where(CitaRecurso.cita_id == cita.id))  # type: ignore[attr-defined]
        for recurso_id in recursos:
            add(CitaRecurso(cita_id=cita.id, recurso_id=recurso_id))
    cita.inicio, cita.fin = inicio, fin
    cita.profesional_id, cita.auxiliar_id = profesional_id, auxiliar_id
    cita.forzada, cita.motivo_forzado = datos.forzar, datos.motivo_forzado
    anotar(cita, "reprogramacion", {"antes": antes, "inicio": inicio.isoformat(), "fin": fin.isoformat(),
                                    "motivo": datos.motivo})  # fmt: skip


def comprobar_solicitante(
    sede_id: UUID, tipo_id: UUID, cliente_id: UUID, paciente_id: UUID, profesional_id: UUID | None
) -> None:
    """Que quien pide, el animal y el tipo de cita casen, sin mirar aún la hora."""
    reglas = _reglas(sede_id, tipo_id, cliente_id, paciente_id, profesional_id, None)
    _comprobar_personas(reglas, profesional_id, None)
    if identidad().es_cliente and not reglas.reservable_portal:
        raise TipoNoReservable(campo="/tipo_cita_id")


def exigir_profesional(profesional_id: UUID) -> None:
    """Que exista y atienda citas. Errores: ``NoEncontrado``."""
    fetch(select(Profesional.id).where(Profesional.id == profesional_id, Profesional.activo, Profesional.agendable))


def plan_de(cita: Cita, *, profesional_id: UUID | None = None, inicio: datetime | None = None) -> Plan:
    """El plan de una cita que ya existe, para volver a ocupar su hueco (o el de ahora)."""
    profesional = profesional_id or cita.profesional_id
    reglas = _reglas(cita.sede_id, cita.tipo_cita_id, cita.cliente_id, cita.paciente_id, profesional, cita.auxiliar_id)
    comienzo = inicio or cita.inicio
    fin = comienzo + (cita.fin - cita.inicio)
    return Plan(
        cita.sede_id, cita.paciente_id, profesional, cita.auxiliar_id, recursos_de(cita.id), comienzo, fin, reglas
    )


def anotar(cita: Cita, accion: str, detalle: dict[str, Any] | None = None) -> None:
    """Un paso más en la historia de la cita."""
    add(CitaCambio(cita_id=cita.id, por=quien(), accion=accion, estado=cita.estado, detalle=detalle or {}))


def recursos_de(cita_id: UUID) -> tuple[UUID, ...]:
    """Los recursos que reserva una cita."""
    consulta = select(CitaRecurso.recurso_id).where(CitaRecurso.cita_id == cita_id).order_by(CitaRecurso.recurso_id)
    return tuple(fila.recurso_id for fila in rows(consulta))


def intervalo(datos: Intervalo, reglas: Row[Any]) -> tuple[datetime, datetime]:
    """Inicio y fin en instantes, desde un instante o desde una hora de pared."""
    inicio = datos.inicio
    if datos.hora_local is not None:
        zona = datos.zona_horaria or reglas.zona_horaria
        try:
            inicio = horas.resolver_hora_local(datos.hora_local, zona, datos.desfase)
        except horas.HoraInexistente:
            raise HoraInexistente(campo="/hora_local") from None
        except horas.HoraAmbigua as error:
            opciones = [{"desfase": uno.desfase, "inicio": uno.inicio.isoformat()} for uno in error.opciones]
            raise HoraAmbigua(campo="/desfase", opciones=opciones) from None
        except horas.DesfaseInvalido:
            raise DesfaseInvalido(campo="/desfase") from None
        except horas.ZonaDesconocida:
            raise ZonaHorariaDesconocida(campo="/zona_horaria") from None
    if inicio is None:
        raise IntervaloInvalido(campo="/inicio")
    fin = datos.fin or inicio + timedelta(minutes=reglas.duracion_min)
    if not timedelta(0) < fin - inicio <= timedelta(minutes=MAXIMO_MINUTOS):
        raise IntervaloInvalido(campo="/fin")
    return inicio, fin


def comprobar(plan: Plan) -> None:
    """Las reglas del hueco: no ha pasado, hay quien y con qué, y es hora de abrir."""
    if plan.inicio < ahora() - MARGEN_PASADO:
        raise CitaEnElPasado(campo="/inicio")
    if plan.forzar and identidad().alcance(Permiso.CITAS_FORZAR) is Alcance.NADA:
        raise SinPermisoParaForzar
    _comprobar_recursos(plan)
    personas = [uno for uno in (plan.profesional_id, plan.auxiliar_id) if uno]
    if not plan.forzar and not agenda_service.dentro_de_horario(
        personas, plan.recursos, plan.sede_id, plan.inicio, plan.fin
    ):
        raise FueraDeHorario(campo="/inicio")
    if plan.reglas.requiere_veterinario and plan.profesional_id is None:
        avisar("SIN_PROFESIONAL", "La cita no tiene profesional asignado")


def ocupantes(plan: Plan) -> list[Ocupante]:
    """A quién y qué bloquea la cita: profesionales y recursos con sus márgenes, paciente sin ellos."""
    reglas = plan.reglas
    antes, despues = timedelta(minutes=reglas.buffer_antes_min), timedelta(minutes=reglas.buffer_despues_min)
    forzado = plan.forzar and reglas.permite_solape
    capacidades = _capacidades(plan.recursos)
    quienes = [(TipoOcupante.PROFESIONAL, uno, 1, forzado) for uno in (plan.profesional_id, plan.auxiliar_id) if uno]
    quienes += [(TipoOcupante.RECURSO, uno, capacidades[uno], False) for uno in plan.recursos]
    salida = _paciente(plan)
    for tipo, id, plazas, solapable in quienes:
        if _parametro(reglas, "buffers_compartidos"):
            salida.append(Ocupante(tipo, id, plan.inicio, plan.fin + despues, plazas, solapable))
            salida.append(Ocupante(tipo, id, plan.inicio - antes, plan.fin, plazas, solapable, SERIE_MARGEN_PREVIO))
        else:
            salida.append(Ocupante(tipo, id, plan.inicio - antes, plan.fin + despues, plazas, solapable))
    return salida


def ocupar_plan(cita_id: UUID, plan: Plan) -> None:
    """Toma el hueco entero de un plan. Errores: ``CitaSolapada``."""
    ocupar(cita_id, ocupantes(plan), plan.reglas.zona_horaria)


def _paciente(plan: Plan) -> list[Ocupante]:
    return [Ocupante(TipoOcupante.PACIENTE, plan.paciente_id, plan.inicio, plan.fin)]


def _parametro(reglas: Row[Any], nombre: str) -> Any:
    return valor(nombre, reglas.config_organizacion, reglas.config_sede)


def _reglas(sede_id: UUID, tipo_id: UUID, cliente_id: UUID, paciente_id: UUID, profesional_id: UUID | None,
            auxiliar_id: UUID | None) -> Row[Any]:  # fmt: skip
    """Todo lo que hace falta saber para reservar, en una lectura. Errores: ``NoEncontrado``."""
    org = Sede.organizacion_id
    titular = (
        select(Titularidad.id)
        .where(
            Titularidad.paciente_id == paciente_id, Titularidad.hasta.is_(None), Titularidad.cliente_id == cliente_id
        )
        .exists()
    )
    autorizado = (
        select(Autorizado.id)
        .join(Titularidad, and_(Titularidad.organizacion_id == Autorizado.organizacion_id,
                                Titularidad.cliente_id == Autorizado.cliente_id))
        .where(Titularidad.paciente_id == paciente_id, Titularidad.hasta.is_(None), Autorizado.activo,
               Autorizado.cliente_autorizado_id == cliente_id, Autorizado.puede_pedir_cita,
               Autorizado.desde <= hoy(), or_(Autorizado.hasta.is_(None), Autorizado.hasta >= hoy()))
        .exists()
    )  # fmt: skip
    categorias = (
        select(func.array_agg(Profesional.categoria))
        .where(Profesional.id.in_([uno for uno in (profesional_id, auxiliar_id) if uno]), Profesional.activo,
               Profesional.agendable)
        .scalar_subquery()
    )  # fmt: skip
    fila = first(
        select(
            Sede.zona_horaria, Sede.config.label("config_sede"), Organizacion.config.label("config_organizacion"),
            TipoCita.duracion_min, TipoCita.buffer_antes_min, TipoCita.buffer_despues_min, TipoCita.permite_solape,
            TipoCita.requiere_veterinario, TipoCita.requiere_confirmacion, TipoCita.reservable_portal,
            TipoCita.antelacion_min_h, TipoCita.antelacion_max_dias, TipoCita.especies,
            Cliente.estado.label("cliente_estado"), Paciente.estado.label("paciente_estado"), Paciente.especie,
            or_(titular, autorizado).label("vinculado"), categorias.label("categorias"),
        )
        .select_from(Sede)
        .join(Organizacion, Organizacion.id == org)
        .join(TipoCita, and_(TipoCita.organizacion_id == org, TipoCita.id == tipo_id, TipoCita.activo))
        .join(Cliente, and_(Cliente.organizacion_id == org, Cliente.id == cliente_id))
        .join(Paciente, and_(Paciente.organizacion_id == org, Paciente.id == paciente_id))
        .where(Sede.id == sede_id, Sede.activo)
        # Compartido: una fusión o un fallecimiento a la vez esperan, o se ven ya hechos.
        .with_for_update(read=True, key_share=True, of=[Cliente, Paciente])
    )  # fmt: skip
    if fila is None:
        raise NoEncontrado
    return fila


def _comprobar_personas(reglas: Row[Any], profesional_id: UUID | None, auxiliar_id: UUID | None) -> None:
    if reglas.paciente_estado is EstadoPaciente.FALLECIDO:
        raise PacienteFallecido(campo="/paciente_id")
    if reglas.paciente_estado in (EstadoPaciente.FUSIONADO, EstadoPaciente.INACTIVO):
        raise PacienteNoActivo(campo="/paciente_id")
    if reglas.cliente_estado is not EstadoCliente.ACTIVO:
        raise ClienteNoActivo(campo="/cliente_id")
    if not reglas.vinculado:
        raise PacienteDeOtroCliente(campo="/paciente_id")
    if reglas.especies and reglas.especie not in reglas.especies:
        raise EspecieNoAdmitida(campo="/tipo_cita_id")
    categorias = list(reglas.categorias or [])
    if len(categorias) < len({uno for uno in (profesional_id, auxiliar_id) if uno}):
        raise NoEncontrado
    if reglas.requiere_veterinario and profesional_id and Categoria.VETERINARIO not in categorias:
        raise ProfesionalInadecuado(campo="/profesional_id")


def _comprobar_portal(reglas: Row[Any], inicio: datetime) -> None:
    if not reglas.reservable_portal:
        raise TipoNoReservable(campo="/tipo_cita_id")
    if not timedelta(hours=reglas.antelacion_min_h) <= inicio - ahora() <= timedelta(days=reglas.antelacion_max_dias):
        raise AntelacionInsuficiente(campo="/inicio")


def _comprobar_recursos(plan: Plan) -> None:
    if len(set(plan.recursos)) < len(plan.recursos):
        raise RecursoInadecuado("Un recurso está repetido", campo="/recursos")
    if plan.recursos and len(_capacidades(plan.recursos, plan.sede_id)) < len(plan.recursos):
        if len(_capacidades(plan.recursos)) < len(plan.recursos):
            raise NoEncontrado
        raise RecursoInadecuado(campo="/recursos")


def _capacidades(recursos: tuple[UUID, ...], sede_id: UUID | None = None) -> dict[UUID, int]:
    if not recursos:
        return {}
    consulta = select(Recurso.id, Recurso.capacidad).where(Recurso.id.in_(recursos), Recurso.activo)
    if sede_id is not None:
        consulta = consulta.where(Recurso.sede_id == sede_id)
    return {fila.id: fila.capacidad for fila in rows(consulta)}


def _origen(datos: CitaCrear) -> OrigenCita:
    pide = identidad()
    if pide.es_cliente:
        return OrigenCita.PORTAL
    if pide.tipo == "integracion" and datos.origen is not OrigenCita.WEB:
        return OrigenCita.INTEGRACION
    return datos.origen or OrigenCita.RECEPCION


def _estado_inicial(origen: OrigenCita, reglas: Row[Any]) -> EstadoCita:
    if origen is OrigenCita.SIN_CITA:
        return EstadoCita.EN_SALA
    remoto = origen in (OrigenCita.PORTAL, OrigenCita.WEB, OrigenCita.INTEGRACION)
    return EstadoCita.SOLICITADA if remoto and reglas.requiere_confirmacion else EstadoCita.CONFIRMADA
