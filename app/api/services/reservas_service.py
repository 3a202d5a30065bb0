"""Reservar y mover: de lo que se pide a una cita con su hueco, o a la razón por la que no cabe."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, select

from app.api.models.agenda import Recurso
from app.api.models.cita import (
    Cita,
    CitaRecurso,
    EstadoCita,
    OrigenCita,
    TipoOcupante,
)
from app.api.schemas.cita_schema import CitaCrear, Reprogramacion
from app.api.services import agenda_service, reglas_reserva_service
from app.api.services.hora_cita_service import dias_alrededor, dias_posibles, intervalo
from app.api.services.lectura_agenda_service import Horarios, leer_horarios
from app.api.services.ocupacion_service import cambiar, elegir_plazas, ocupar, tomar
from app.api.services.participantes_service import Participantes, anotar, pacientes_pedidos, traer
from app.api.services.plazas_service import SERIE_MARGEN_PREVIO, Ocupante
from app.api.services.reglas_reserva_service import CampoDeLaClinica, Pedido, parametro_de
from app.config.permissions import Alcance, Permiso
from app.utils import audit, contadores
from app.utils.context import ahora, avisar, identidad
from app.utils.errors import BusinessRule, Forbidden, NoEncontrado
from app.utils.records import AnyRow, add, dato, execute, flush, one_of, rows

MARGEN_PASADO = timedelta(hours=1)
_COPIADOS = {
    "sede_id", "tipo_cita_id", "cliente_id", "profesional_id", "auxiliar_id", "prioridad", "motivo", "notas_internas",
    "motivo_forzado",
}  # fmt: skip


class FueraDeHorario(BusinessRule):
    """Está fuera del horario de la agenda."""


class CitaEnElPasado(BusinessRule):
    """No se puede reservar una hora que ya pasó."""


class RecursoInadecuado(BusinessRule):
    """Ese recurso no está disponible en esta sede."""


class SinPermisoParaForzar(Forbidden):
    """No puede forzar un solape."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Una reserva con sus reglas ya leídas y comprobadas, lista para ocupar."""

    sede_id: UUID
    pacientes: tuple[UUID, ...]
    profesional_id: UUID | None
    auxiliar_id: UUID | None
    recursos: tuple[UUID, ...]
    inicio: datetime
    fin: datetime
    reglas: AnyRow
    medios: Sequence[AnyRow]
    forzar: bool = False


def crear(datos: CitaCrear, *, por_oferta: bool = False) -> UUID:
    """Reserva la cita y su hueco, o nada. Devuelve su id.

    ``por_oferta``: la clínica ya ofreció ese hueco, así que no rigen las antelaciones ni la confirmación.
    Errores: ``CitaSolapada``, ``FueraDeHorario``, ``HoraInexistente``, ``HoraAmbigua`` y los de cada regla.
    """
    pacientes = pacientes_pedidos(datos)
    origen, recursos = _origen(datos), tuple(datos.recursos)
    sin_cita = origen is OrigenCita.SIN_CITA
    # Todo lo que no depende de las reglas se pide con ellas, detrás de los bloqueos: viaja junto.
    leer_reglas = reglas_reserva_service.pedir(
        Pedido(datos.sede_id, datos.tipo_cita_id, datos.cliente_id, pacientes, datos.profesional_id, datos.auxiliar_id)
    )
    medios = _leer_medios(recursos)
    horarios = None if sin_cita else _leer_horarios(datos)
    numero = contadores.pedir(f"CIT-{datos.sede_id}")
    reglas = leer_reglas()
    inicio, fin = (ahora(), ahora() + timedelta(minutes=reglas.duracion_min)) if sin_cita else intervalo(datos, reglas)
    if not por_oferta and (identidad().es_cliente or origen in (OrigenCita.PORTAL, OrigenCita.WEB)):
        reglas_reserva_service.comprobar_portal(reglas, datos, inicio)
    plan = Plan(datos.sede_id, pacientes, datos.profesional_id, datos.auxiliar_id, recursos, inicio, fin, reglas,
                medios, datos.forzar)  # fmt: skip
    _comprobar_permiso(plan)
    if not sin_cita:
        _comprobar_hora(plan, horarios)
    _comprobar_medios(plan)
    # Quien llega sin cita no quita su hueco a nadie: el profesional se ocupa al empezar.
    plazas = elegir_plazas(_animales(plan) if sin_cita else ocupantes(plan), reglas.zona_horaria)
    estado = EstadoCita.CONFIRMADA if por_oferta else _estado_inicial(origen, reglas)
    solicitada = estado is EstadoCita.SOLICITADA
    cita = add(
        Cita(
            codigo=contadores.formato("CIT", numero()),
            paciente_id=pacientes[0],
            estado=estado,
            origen=origen,
            inicio=inicio,
            fin=fin,
            caduca_en=ahora() + timedelta(hours=parametro_de(reglas, "caducidad_solicitud_h")) if solicitada else None,
            llegada_en=ahora() if sin_cita else None,
            forzada=datos.forzar,
            **datos.model_dump(include=_COPIADOS),
        )
    )
    traer(cita.id, plan.recursos, pacientes[1:])
    tomar(cita.id, plazas, reglas.zona_horaria)
    anotar(cita, "alta", {"inicio": inicio.isoformat(), "fin": fin.isoformat()})
    return cita.id


def mover(cita: Cita, vienen: Participantes, datos: Reprogramacion) -> None:
    """Cambia el intervalo (y, si se dice, quién y dónde) de una cita ya leída y bloqueada."""
    dichos = datos.model_fields_set
    profesional_id = datos.profesional_id if "profesional_id" in dichos else cita.profesional_id
    auxiliar_id = datos.auxiliar_id if "auxiliar_id" in dichos else cita.auxiliar_id
    actuales, pacientes = vienen.recursos, vienen.pacientes
    recursos = actuales if datos.recursos is None else tuple(datos.recursos)
    medios = _leer_medios(recursos)
    horarios = leer_horarios(_quienes(profesional_id, auxiliar_id), recursos, [cita.sede_id], *dias_posibles(datos))
    reglas = reglas_reserva_service.consultar(
        Pedido(cita.sede_id, cita.tipo_cita_id, cita.cliente_id, pacientes, profesional_id, auxiliar_id)
    )
    inicio, fin = intervalo(datos, reglas, cita.fin - cita.inicio)
    plan = Plan(cita.sede_id, pacientes, profesional_id, auxiliar_id, recursos, inicio, fin, reglas, medios,
                datos.forzar)  # fmt: skip
    _comprobar_permiso(plan)
    _comprobar_hora(plan, horarios)
    _comprobar_medios(plan)
    antes = {"inicio": cita.inicio.isoformat(), "fin": cita.fin.isoformat()}
    cambiar_hueco(cita, plan, actuales)
    if recursos != actuales:
        audit.anotar("editar", "citas", cita.id, {"recursos": (list(actuales), list(recursos))})
        execute(delete(CitaRecurso).where(CitaRecurso.cita_id == cita.id))
        traer(cita.id, recursos)
    cita.inicio, cita.fin = inicio, fin
    cita.profesional_id, cita.auxiliar_id = profesional_id, auxiliar_id
    cita.forzada, cita.motivo_forzado = datos.forzar, datos.motivo_forzado
    despues = {"inicio": inicio.isoformat(), "fin": fin.isoformat()}
    anotar(cita, "reprogramacion", {"antes": antes, **despues, "motivo": datos.motivo})
    flush()


def plan_de(
    cita: Cita, vienen: Participantes, *, profesional_id: UUID | None = None, inicio: datetime | None = None
) -> Plan:
    """El plan de una cita ya bloqueada, para volver a ocupar su hueco (o el de ahora), con sus reglas de hoy."""
    profesional = profesional_id or cita.profesional_id
    medios = _leer_medios(vienen.recursos)
    reglas = reglas_reserva_service.consultar(
        Pedido(cita.sede_id, cita.tipo_cita_id, cita.cliente_id, vienen.pacientes, profesional, cita.auxiliar_id)
    )
    comienzo = inicio or cita.inicio
    fin = comienzo + (cita.fin - cita.inicio)
    return Plan(cita.sede_id, vienen.pacientes, profesional, cita.auxiliar_id, vienen.recursos, comienzo, fin, reglas,
                medios, cita.forzada)  # fmt: skip


def planear(
    sede_id: UUID,
    tipo_cita_id: UUID,
    cliente_id: UUID,
    paciente_id: UUID,
    profesional_id: UUID | None,
    recursos: tuple[UUID, ...],
    inicio: datetime,
) -> Plan:
    """El plan de una reserva que se podría hacer: sólo falta saber si el hueco sigue libre. Sujeta sus recursos."""
    medios = _leer_medios(recursos)
    horarios = leer_horarios(_quienes(profesional_id), recursos, [sede_id], *dias_alrededor(inicio))
    reglas = reglas_reserva_service.consultar(Pedido(sede_id, tipo_cita_id, cliente_id, [paciente_id], profesional_id))
    fin = inicio + timedelta(minutes=reglas.duracion_min)
    plan = Plan(sede_id, (paciente_id,), profesional_id, None, recursos, inicio, fin, reglas, medios)
    _comprobar_hora(plan, horarios)
    _comprobar_recursos(plan)
    return plan


def ocupantes(plan: Plan) -> list[Ocupante]:
    """A quién y qué bloquea la cita: profesionales y recursos con sus márgenes, paciente sin ellos."""
    reglas = plan.reglas
    antes, despues = timedelta(minutes=reglas.buffer_antes_min), timedelta(minutes=reglas.buffer_despues_min)
    forzado = plan.forzar and reglas.permite_solape
    quienes = [(TipoOcupante.PROFESIONAL, uno, 1, forzado) for uno in (plan.profesional_id, plan.auxiliar_id) if uno]
    quienes += [(TipoOcupante.RECURSO, fila.id, fila.capacidad, False) for fila in plan.medios]
    salida = _animales(plan)
    for tipo, id, plazas, solapable in quienes:
        if parametro_de(reglas, "buffers_compartidos"):
            salida.append(Ocupante(tipo, id, plan.inicio, plan.fin + despues, plazas, solapable))
            salida.append(Ocupante(tipo, id, plan.inicio - antes, plan.fin, plazas, solapable, SERIE_MARGEN_PREVIO))
        else:
            salida.append(Ocupante(tipo, id, plan.inicio - antes, plan.fin + despues, plazas, solapable))
    return salida


def ocupar_plan(cita_id: UUID, plan: Plan) -> None:
    """Toma el hueco entero de un plan. Errores: ``CitaSolapada``."""
    ocupar(cita_id, ocupantes(plan), plan.reglas.zona_horaria)


def cambiar_hueco(cita: Cita, plan: Plan, tenia: tuple[UUID, ...]) -> None:
    """Suelta el hueco de la cita, con los recursos que tenía, y toma el del plan. Errores: ``CitaSolapada``."""
    deja = (cita.profesional_id, cita.auxiliar_id, *tenia)
    cambiar(cita.id, ocupantes(plan), plan.reglas.zona_horaria, deja)


def exigir_futura(inicio: datetime) -> None:
    """Lo que ya pasó no se reserva ni se confirma. Errores: ``CitaEnElPasado``."""
    if inicio < ahora() - MARGEN_PASADO:
        raise CitaEnElPasado(campo="/inicio")


def _comprobar_hora(plan: Plan, horarios: Horarios | None = None) -> None:
    exigir_futura(plan.inicio)
    personas = _quienes(plan.profesional_id, plan.auxiliar_id)
    if not plan.forzar and not agenda_service.dentro_de_horario(
        personas, plan.recursos, plan.sede_id, plan.inicio, plan.fin, leido=horarios
    ):
        raise FueraDeHorario(campo="/inicio")
    if plan.reglas.requiere_veterinario and plan.profesional_id is None:
        avisar("SIN_PROFESIONAL", "La cita no tiene profesional asignado")


def _comprobar_permiso(plan: Plan) -> None:
    if plan.forzar and identidad().alcance(Permiso.CITAS_FORZAR) is Alcance.NADA:
        raise SinPermisoParaForzar


def _comprobar_medios(plan: Plan) -> None:
    """Que los recursos valgan para esta cita y, en el portal, que no se pidan de más."""
    _comprobar_recursos(plan)
    pedidos = {plan.reglas.sala_tipo, plan.reglas.equipo_tipo}
    if identidad().es_cliente and any(fila.tipo not in pedidos for fila in plan.medios):
        raise CampoDeLaClinica(campo="/recursos")


def _comprobar_recursos(plan: Plan) -> None:
    if len(set(plan.recursos)) < len(plan.recursos):
        raise RecursoInadecuado("Un recurso está repetido", campo="/recursos")
    if len(plan.medios) < len(plan.recursos):
        raise NoEncontrado
    if any(not fila.activo or fila.sede_id != plan.sede_id for fila in plan.medios):
        raise RecursoInadecuado(campo="/recursos")


def _animales(plan: Plan) -> list[Ocupante]:
    return [Ocupante(TipoOcupante.PACIENTE, uno, plan.inicio, plan.fin) for uno in plan.pacientes]


def _quienes(*personas: UUID | None) -> list[UUID]:
    return [uno for uno in personas if uno]


def _leer_medios(recursos: tuple[UUID, ...]) -> Sequence[AnyRow]:
    return rows(_medios, ids=list(recursos)) if recursos else []


def _leer_horarios(datos: CitaCrear) -> Horarios:
    personas = _quienes(datos.profesional_id, datos.auxiliar_id)
    return leer_horarios(personas, datos.recursos, [datos.sede_id], *dias_posibles(datos))


@cache
def _medios() -> Select[*tuple[Any, ...]]:
    columnas = (Recurso.id, Recurso.capacidad, Recurso.sede_id, Recurso.tipo, Recurso.activo)
    # Compartidos: nadie les quita capacidad ni los da de baja mientras se reservan.
    consulta = select(*columnas).where(one_of(Recurso.id, dato("ids")))
    return consulta.order_by(Recurso.id).with_for_update(read=True)


def _origen(datos: CitaCrear) -> OrigenCita:
    pide = identidad()
    if pide.es_cliente:
        return OrigenCita.PORTAL
    if pide.tipo == "integracion" and datos.origen is not OrigenCita.WEB:
        return OrigenCita.INTEGRACION
    return datos.origen or OrigenCita.RECEPCION


def _estado_inicial(origen: OrigenCita, reglas: AnyRow) -> EstadoCita:
    if origen is OrigenCita.SIN_CITA:
        return EstadoCita.EN_SALA
    remoto = origen in (OrigenCita.PORTAL, OrigenCita.WEB, OrigenCita.INTEGRACION)
    return EstadoCita.SOLICITADA if remoto and reglas.requiere_confirmacion else EstadoCita.CONFIRMADA
