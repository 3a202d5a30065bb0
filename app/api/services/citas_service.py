"""La vida de una cita: consultarla, corregirla y cada paso desde que se pide hasta que acaba."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, select

from app.api.models.agenda import TipoCita
from app.api.models.cita import Cita, CitaCambio, EstadoCita, OrigenCita, Prioridad, es_de
from app.api.schemas.cita_schema import (
    Cancelacion,
    CitaCrear,
    CitaEditar,
    CitaFiltro,
    ColaFiltro,
    Inicio,
    Reprogramacion,
)
from app.api.services import ofertas_service, parametros_service, reservas_service
from app.api.services.consultas_de_cita_service import abrir_de_cita
from app.api.services.ficha_cita_service import lectura, presentar
from app.api.services.ocupacion_service import liberar, por_turno, recortar
from app.api.services.parametros_service import parametro
from app.api.services.participantes_service import Participantes, anotar, apartar, participantes, pedir_participantes
from app.api.services.reglas_reserva_service import pedir_bloqueo
from app.api.services.sedes_service import exigir_sede
from app.utils import horas
from app.utils.context import ahora, hoy, identidad, quien, zona_actual
from app.utils.errors import BusinessRule, ConflictoConcurrente
from app.utils.filters import between_days, matching
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, ask, change, columns, dato, entities, fetch, find, flush, rows


class ToleranciaNoCumplida(BusinessRule):
    """Aún no ha pasado el tiempo de cortesía."""


class CancelacionFueraDePlazo(BusinessRule):
    """Ya no se puede cancelar en línea: llame a la clínica."""


class CancelacionSinMotivo(BusinessRule):
    """Hay que decir por qué se marcha quien ya estaba en la sala."""


class LlegadaFueraDeDia(BusinessRule):
    """La llegada sólo se puede registrar el día de la cita."""


class ProfesionalRequerido(BusinessRule):
    """Falta decir quién atiende."""


def listar(filtro: CitaFiltro) -> Page:
    """Las citas que quien pide puede ver, por hora de inicio."""
    zona = exigir_sede(filtro.sede_id).zona_horaria if filtro.sede_id else zona_actual()
    desde, hasta = filtro.fecha or filtro.desde, filtro.fecha or filtro.hasta
    donde = between_days(Cita.inicio, desde, hasta, zona)
    donde += matching(Cita, filtro, "sede_id", "profesional_id", "cliente_id", "estado")
    if filtro.paciente_id:
        donde.append(es_de(filtro.paciente_id))
    ordenes = {"inicio": Cita.inicio, "creado_en": Cita.creado_en}
    pagina = paginate(lectura, filtro, ordenes, "inicio", Cita.id, *donde)
    return pagina.mapear(presentar)


def obtener(id: UUID) -> dict[str, Any]:
    """Una cita, con su historia."""
    cambios = rows(_cambios, id=id)
    cita = presentar(fetch(_una, id=id))
    cita["historial_cambios"] = cambios
    return cita


@cache
def _una() -> Select[Any]:
    return lectura().where(Cita.id == dato("id"))


@cache
def _cambios() -> Select[Any]:
    return select(*columns(CitaCambio)).where(CitaCambio.cita_id == dato("id")).order_by(CitaCambio.en, CitaCambio.id)


def cola(filtro: ColaFiltro) -> dict[str, Any]:
    """La sala de espera de una sede: primero lo urgente, después por orden de llegada."""
    exigir_sede(filtro.sede_id)
    urgencia = case({Prioridad.URGENTE: 0, Prioridad.PREFERENTE: 1}, value=Cita.prioridad, else_=2)
    filas = rows(
        lectura()
        .where(Cita.sede_id == filtro.sede_id, Cita.estado == EstadoCita.EN_SALA)
        .order_by(urgencia, Cita.llegada_en, Cita.id)
        .limit(200)
    )
    puestos = [
        {
            "posicion": n,
            "cita": presentar(fila),
            "espera_min": max(0, int((ahora() - fila.llegada_en).total_seconds() // 60)),
        }
        for n, fila in enumerate(filas, start=1)
    ]
    return {"fecha": hoy(), "datos": puestos, "siguiente": None}


def crear(datos: CitaCrear) -> Reread:
    """Reserva una cita."""
    return Reread(obtener, reservas_service.crear(datos))


def editar(id: UUID, cambios: CitaEditar) -> Reread:
    """Corrige el motivo, las notas o la prioridad."""
    cita = find(Cita, id)
    change(cita, cambios.model_dump(include=cambios.model_fields_set))
    return Reread(obtener, id)


def confirmar(id: UUID) -> Reread:
    """Confirma una solicitud; si su hueco había caducado, vuelve a tomarlo o falla."""
    cita, vienen = _tomar(id)
    cita.pasar_por("confirmacion")
    reservas_service.exigir_futura(cita.inicio)
    plan = reservas_service.plan_de(cita, vienen)
    reservas_service.cambiar_hueco(cita, plan, plan.recursos)
    cita.caduca_en = None
    return _anotada(cita, "confirmacion")


def reprogramar(id: UUID, datos: Reprogramacion) -> Reread:
    """Mueve la cita a otro intervalo; el anterior queda libre para la lista de espera."""
    cita, vienen = _tomar(id)
    cita.pasar_por("reprogramacion")
    hueco = ofertas_service.hueco_de(cita, vienen.recursos)
    reservas_service.mover(cita, vienen, datos)
    ofertas_service.ofrecer(hueco)
    return Reread(obtener, id)


def cancelar(id: UUID, datos: Cancelacion) -> Reread:
    """Cancela la cita y ofrece su hueco a la lista de espera."""
    leer_cita, leer_participantes = ask(Cita, id), pedir_participantes(id, alcance=False)
    cita, vienen = leer_cita(), leer_participantes()
    if cita.estado is EstadoCita.EN_SALA and not datos.motivo:
        raise CancelacionSinMotivo(campo="/motivo")
    previo = cita.estado
    cita.pasar_por("cancelacion")
    if identidad().es_cliente and previo is not EstadoCita.SOLICITADA:
        antelacion = timedelta(hours=parametro("antelacion_min_cancelacion_h", cita.sede_id))
        if cita.inicio - ahora() < antelacion:
            raise CancelacionFueraDePlazo
    _cancelar(cita, vienen, datos.motivo)
    return Reread(obtener, id)


def cancelar_futuras(paciente_id: UUID, motivo: str) -> int:
    """Cancela las citas que aún no han empezado de un paciente y ofrece sus huecos. Devuelve cuántas.

    De una cita compartida sólo se va él: los demás animales siguen con ella.
    """
    solas = apartar(_vivas_de(paciente_id), paciente_id, motivo)
    for cita in solas:
        cita.pasar_por("cancelacion")
        _cancelar(cita, participantes(cita.id, alcance=False), motivo)
    return len(solas)


def separar(paciente_id: UUID, conservan: list[UUID], motivo: str) -> int:
    """Un paciente que cambia de manos deja las citas que compartía con animales de otros. Devuelve cuántas."""
    ajenas = [cita for cita in _vivas_de(paciente_id) if cita.cliente_id not in conservan]
    return len(ajenas) - len(apartar(ajenas, paciente_id, motivo))


def expirar(cita: Cita) -> None:
    """Cancela una solicitud que nadie confirmó a tiempo."""
    cita.pasar_por("cancelacion")
    _cancelar(cita, participantes(cita.id, alcance=False), "expirada")


def registrar_llegada(id: UUID) -> Reread:
    """El paciente ya está en la sala; quien se dio por no presentado recupera su hueco si sigue libre."""
    cita, vienen = _tomar(id)
    ausente = cita.estado is EstadoCita.NO_PRESENTADO
    cita.pasar_por("llegada")
    plan = reservas_service.plan_de(cita, vienen)
    if ausente:
        zona = plan.reglas.zona_horaria
        if horas.fecha_local(cita.inicio, zona) != horas.fecha_local(ahora(), zona):
            raise LlegadaFueraDeDia
        reservas_service.ocupar_plan(id, plan)
    cita.llegada_en = ahora()
    return _anotada(cita, "llegada")


def iniciar(id: UUID, datos: Inicio) -> Reread:
    """Empieza la consulta y la abre, una por animal; quien llegó sin cita ocupa ahora a su profesional."""
    cita, vienen = _tomar(id)
    cita.pasar_por("inicio")
    if cita.origen is OrigenCita.SIN_CITA or datos.profesional_id:
        if not (datos.profesional_id or cita.profesional_id):
            raise ProfesionalRequerido(campo="/profesional_id")
        desde = ahora() if cita.origen is OrigenCita.SIN_CITA else cita.inicio
        plan = reservas_service.plan_de(cita, vienen, profesional_id=datos.profesional_id, inicio=desde)
        reservas_service.cambiar_hueco(cita, plan, plan.recursos)
        cita.profesional_id, cita.inicio, cita.fin = plan.profesional_id, plan.inicio, plan.fin
    cita.inicio_real = ahora()
    anotar(cita, "inicio")
    abrir_de_cita(cita, vienen.pacientes)
    return Reread(obtener, id)


def finalizar(id: UUID) -> Reread:
    """Acaba la consulta; si sobró tiempo, queda libre."""
    leer_cita, leer_participantes = ask(Cita, id), pedir_participantes(id, alcance=False)
    del_tipo = select(Cita.tipo_cita_id).where(Cita.id == id).scalar_subquery()
    tipos = rows(select(TipoCita.buffer_despues_min).where(TipoCita.id == del_tipo))
    cita, vienen = leer_cita(), leer_participantes()
    cita.pasar_por("finalizacion")
    cita.fin_real = ahora()
    _esperar_turno(cita, vienen)
    recortar(id, ahora(), timedelta(minutes=tipos[0].buffer_despues_min))
    return _anotada(cita, "finalizacion")


def marcar_no_presentado(id: UUID) -> Reread:
    """No vino: pasado el tiempo de cortesía, su hueco queda libre."""
    leer_cita, leer_participantes = ask(Cita, id), pedir_participantes(id, alcance=False)
    suya = select(Cita.sede_id).where(Cita.id == id).scalar_subquery()
    tolerancia = parametros_service.pedir("tolerancia_no_presentado_min", suya)
    cita, vienen = leer_cita(), leer_participantes()
    cita.pasar_por("no-presentacion")
    if ahora() < cita.inicio + timedelta(minutes=tolerancia()):
        raise ToleranciaNoCumplida
    _esperar_turno(cita, vienen)
    liberar([id])
    return _anotada(cita, "no-presentacion")


def _vivas_de(paciente_id: UUID) -> Sequence[Cita]:
    vivas = (EstadoCita.SOLICITADA, EstadoCita.CONFIRMADA, EstadoCita.EN_SALA)
    consulta = select(Cita).where(es_de(paciente_id), Cita.estado.in_(vivas)).order_by(Cita.id).with_for_update()
    return entities(consulta, alcance=False)


def _tomar(id: UUID) -> tuple[Cita, Participantes]:
    """La cita, bloqueada después que sus personas (el orden de bloqueo es siempre el mismo), y quién viene a ella."""
    de = participantes(id)
    bloqueadas = pedir_bloqueo(de.sede_id, de.cliente_id, de.pacientes)
    leer_cita, leer_participantes = ask(Cita, id), pedir_participantes(id)
    bloqueadas()
    cita, vienen = leer_cita(), leer_participantes()
    if (vienen.cliente_id, vienen.pacientes) != (de.cliente_id, de.pacientes):
        raise ConflictoConcurrente  # entre la lectura y el bloqueo cambió de manos, o de animales
    return cita, vienen


def _cancelar(cita: Cita, vienen: Participantes, motivo: str | None) -> None:
    cita.cancelada_en, cita.cancelada_por, cita.cancelacion_motivo = ahora(), quien(), motivo
    _esperar_turno(cita, vienen)
    hueco = ofertas_service.hueco_de(cita, vienen.recursos)
    liberar([cita.id])
    anotar(cita, "cancelacion", {"motivo": motivo})
    flush()
    ofertas_service.ofrecer(hueco)


def _esperar_turno(cita: Cita, vienen: Participantes) -> None:
    """El turno de todo lo que ocupa, antes de soltarlo: quien lo tenga puede estar tomándolo o recolocándolo."""
    atienden = [uno for uno in (cita.profesional_id, cita.auxiliar_id) if uno]
    por_turno([*vienen.pacientes, *vienen.recursos, *atienden])


def _anotada(cita: Cita, accion: str) -> Reread:
    anotar(cita, accion)
    return Reread(obtener, cita.id)
