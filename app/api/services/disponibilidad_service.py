"""Los huecos que se pueden reservar: cruza horarios, ocupación, recursos y reglas del tipo de cita."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, or_, select

from app.api.models.agenda import ExcepcionHorario, Horario, Recurso, TipoCita
from app.api.models.paciente import Paciente
from app.api.models.profesional import Categoria, Profesional
from app.api.models.sede import Sede
from app.api.schemas.disponibilidad_schema import DisponibilidadFiltro
from app.api.services import tipos_cita_service
from app.api.services.agenda_service import UN_DIA, calendario, ocupado
from app.api.services.huecos_service import Agenda, Busqueda, Candidato, Inicios
from app.api.services.pacientes_service import FechasIncoherentes, exigir_vivo
from app.api.services.parametros_service import parametros
from app.api.services.reglas_reserva_service import EspecieNoAdmitida
from app.utils.context import ahora
from app.utils.errors import BusinessRule
from app.utils.horarios import SUMAN
from app.utils.horas import limites_del_dia
from app.utils.records import fetch, find, rows

MAXIMO_DIAS = 31
UN_MINUTO = timedelta(minutes=1)
Oferta = tuple[UUID | None, str | None, Inicios]


class RangoExcesivo(BusinessRule):
    """Sólo se pueden pedir 31 días de una vez."""


def consultar(filtro: DisponibilidadFiltro) -> dict[str, Any]:
    """Los huecos de una sede para un tipo de cita, con un número fijo de lecturas.

    Errores: ``RangoExcesivo``, ``FechasIncoherentes``, ``EspecieNoAdmitida``, ``PacienteFallecido``.
    """
    tipo = _tipo(filtro)
    personas, recursos = _personas(tipo, filtro), _recursos(tipo, filtro.sede_id)
    agenda = _agenda(tipo, filtro, [uno.id for uno in personas], [uno.id for uno in recursos])
    ofertas = _ofertas(tipo, filtro, personas, recursos, agenda)
    posibles = Inicios().union(*(inicios for _, _, inicios in ofertas))
    if filtro.paciente_id:
        posibles = agenda.sin_paciente(posibles, filtro.paciente_id)
    auxiliares: dict[datetime, UUID] = {}
    if tipo.requiere_veterinario and tipo.requiere_auxiliar:
        auxiliares = agenda.asignar([(uno.id, 1) for uno in personas if uno.categoria is Categoria.AUXILIAR], posibles)
        posibles = set(auxiliares)
    salas: list[dict[datetime, UUID]] = []
    for clase in _clases(tipo):
        salas.append(agenda.asignar(_de_clase(recursos, clase), posibles))
        posibles = set(salas[-1])
    return {
        "tipo_cita_id": tipo.id,
        "sede_id": filtro.sede_id,
        "zona_horaria": agenda.atendido.zona,
        "duracion_min": tipo.duracion_min,
        "datos": _huecos(sorted(posibles), ofertas, auxiliares, salas, agenda),
        "siguiente": None,
    }


def _tipo(filtro: DisponibilidadFiltro) -> Row[Any]:
    """El tipo de cita, si lo que se pide con él tiene sentido."""
    if filtro.hasta < filtro.desde:
        raise FechasIncoherentes("No puede ser anterior al primer día", campo="/hasta")
    if (filtro.hasta - filtro.desde).days >= MAXIMO_DIAS:
        raise RangoExcesivo(campo="/hasta")
    tipo = fetch(tipos_cita_service.lectura().where(TipoCita.id == filtro.tipo_cita_id, TipoCita.activo))
    fetch(select(Sede.id).where(Sede.id == filtro.sede_id, Sede.activo), alcance=False)
    if filtro.paciente_id:
        paciente = find(Paciente, filtro.paciente_id)
        exigir_vivo(paciente)
        if tipo.especies and paciente.especie not in tipo.especies:
            raise EspecieNoAdmitida(campo="/paciente_id")
    return tipo


def _personas(tipo: Row[Any], filtro: DisponibilidadFiltro) -> Sequence[Row[Any]]:
    """Los profesionales que hacen falta y trabajan en la sede, por nombre."""
    pedidos = filtro.profesional_id
    categorias = set()
    if tipo.requiere_auxiliar:
        categorias.add(Categoria.AUXILIAR)
    if tipo.requiere_veterinario:
        categorias.add(Categoria.VETERINARIO)
    if not categorias and not pedidos:
        return []
    con_horario = select(Horario.profesional_id).where(
        Horario.sede_id == filtro.sede_id, Horario.profesional_id.is_not(None)
    )
    de_guardia = select(ExcepcionHorario.profesional_id).where(
        ExcepcionHorario.sede_id == filtro.sede_id,
        ExcepcionHorario.profesional_id.is_not(None),
        ExcepcionHorario.tipo.in_(SUMAN),
        ExcepcionHorario.hasta >= filtro.desde - UN_DIA,
    )
    consulta = select(Profesional.id, Profesional.nombre, Profesional.categoria).where(
        Profesional.activo,
        Profesional.agendable,
        or_(Profesional.id.in_(con_horario), Profesional.id.in_(de_guardia)),
    )
    if categorias:
        consulta = consulta.where(Profesional.categoria.in_(categorias))
    if pedidos:
        # El auxiliar que acompaña no es el profesional que se elige.
        acompana = tipo.requiere_veterinario and tipo.requiere_auxiliar
        elegido = Profesional.id.in_(pedidos)
        consulta = consulta.where(or_(elegido, Profesional.categoria == Categoria.AUXILIAR) if acompana else elegido)
    return rows(consulta.order_by(Profesional.nombre, Profesional.id), alcance=False)


def _recursos(tipo: Row[Any], sede_id: UUID) -> Sequence[Row[Any]]:
    """Los recursos de la sede de las clases que el tipo necesita, por nombre."""
    clases = _clases(tipo)
    if not clases:
        return []
    return rows(
        select(Recurso.id, Recurso.tipo, Recurso.capacidad)
        .where(Recurso.sede_id == sede_id, Recurso.activo, Recurso.tipo.in_(clases))
        .order_by(Recurso.nombre, Recurso.id)
    )


def _clases(tipo: Row[Any]) -> list[Any]:
    return list(dict.fromkeys(uno for uno in (tipo.sala_tipo, tipo.equipo_tipo) if uno))


def _de_clase(recursos: Sequence[Row[Any]], clase: Any) -> list[Candidato]:
    return [(uno.id, uno.capacidad) for uno in recursos if uno.tipo is clase]


def _agenda(tipo: Row[Any], filtro: DisponibilidadFiltro, personas: list[UUID], recursos: list[UUID]) -> Agenda:
    """Horarios y ocupación de todos ellos, y entre qué instantes se busca."""
    granularidad, compartidos = parametros("granularidad_agenda_min", "buffers_compartidos", sede_id=filtro.sede_id)
    # Un día de más: la última cita puede acabar pasada la medianoche.
    atendido = calendario(personas, recursos, filtro.sede_id, filtro.desde, filtro.hasta + UN_DIA)
    fin_del_rango = limites_del_dia(filtro.hasta, atendido.zona)[1] - UN_MINUTO
    busqueda = Busqueda(
        duracion=timedelta(minutes=tipo.duracion_min),
        antes=timedelta(minutes=tipo.buffer_antes_min),
        despues=timedelta(minutes=tipo.buffer_despues_min),
        paso=timedelta(minutes=granularidad),
        primero=max(limites_del_dia(filtro.desde, atendido.zona)[0], ahora() + timedelta(hours=tipo.antelacion_min_h)),
        ultimo=min(fin_del_rango, ahora() + timedelta(days=tipo.antelacion_max_dias)),
        margenes_compartidos=compartidos,
    )
    ocupantes = [*atendido.de, *([filtro.paciente_id] if filtro.paciente_id else [])]
    cogido = ocupado(
        ocupantes, busqueda.primero - busqueda.antes, busqueda.ultimo + busqueda.duracion + busqueda.despues
    )
    return Agenda(busqueda, atendido, cogido)


def _ofertas(
    tipo: Row[Any],
    filtro: DisponibilidadFiltro,
    personas: Sequence[Row[Any]],
    recursos: Sequence[Row[Any]],
    agenda: Agenda,
) -> list[Oferta]:
    """Quién puede atender y cuándo; una sola oferta sin nadie, si el tipo no pide profesional."""
    if tipo.requiere_veterinario or tipo.requiere_auxiliar or filtro.profesional_id:
        con_auxiliar = tipo.requiere_veterinario and tipo.requiere_auxiliar
        return [
            (uno.id, uno.nombre, agenda.inicios(uno.id))
            for uno in personas
            if not (con_auxiliar and uno.categoria is Categoria.AUXILIAR)
        ]
    clases = _clases(tipo)
    if not clases:
        return [(None, None, agenda.inicios_sede())]
    return [(None, None, Inicios().union(*(agenda.inicios(*uno) for uno in _de_clase(recursos, clases[0]))))]


def _huecos(
    instantes: list[datetime],
    ofertas: list[Oferta],
    auxiliares: dict[datetime, UUID],
    salas: list[dict[datetime, UUID]],
    agenda: Agenda,
) -> list[dict[str, Any]]:
    """Un hueco por inicio y profesional, en la hora de la sede."""
    tz, duracion = ZoneInfo(agenda.atendido.zona), agenda.busqueda.duracion
    salida: list[dict[str, Any]] = []
    for instante in instantes:
        inicio, fin = instante.astimezone(tz), (instante + duracion).astimezone(tz)
        comun = {
            "inicio": inicio,
            "fin": fin,
            "dia": inicio.date(),
            "auxiliar_id": auxiliares.get(instante),
            "recursos": [sala[instante] for sala in salas],
        }
        salida.extend(
            {**comun, "profesional_id": id, "profesional": nombre}
            for id, nombre, inicios in ofertas
            if instante in inicios
        )
    return salida
