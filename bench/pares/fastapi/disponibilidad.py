"""Los huecos que se pueden reservar."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from sqlalchemy import and_, or_, select

from bench.pares.comun import agenda
from bench.pares.fastapi.acceso import Identidad, permiso
from bench.pares.fastapi.agenda import DIA, atendido, ocupado
from bench.pares.fastapi.base import ConSesion
from bench.pares.fastapi.esquemas import Disponibilidad, DisponibilidadFiltro, Hueco
from bench.pares.fastapi.modelos import Excepcion, Horario, Organizacion, Profesional, Recurso, Sede, TipoCita
from bench.pares.fastapi.problemas import Problema, no_encontrado

rutas = APIRouter(prefix="/disponibilidad")
MINUTO = timedelta(minutes=1)


@rutas.get("")
async def consultar(
    quien: Annotated[Identidad, permiso("disponibilidad:leer")], sesion: ConSesion,
    filtro: Annotated[DisponibilidadFiltro, Query()],
) -> Disponibilidad:
    """Los huecos de una sede para un tipo de cita."""
    if filtro.hasta < filtro.desde:
        raise Problema(422, "FECHAS_INCOHERENTES", "No puede ser anterior al primer día")
    if (filtro.hasta - filtro.desde).days >= 31:
        raise Problema(422, "RANGO_EXCESIVO", "Sólo se pueden pedir 31 días de una vez")
    org = quien.organizacion_id
    fila = (await sesion.execute(
        select(TipoCita, Sede, Organizacion.config)
        .select_from(TipoCita)
        .join(Sede, and_(Sede.organizacion_id == org, Sede.id == filtro.sede_id, Sede.activo))
        .join(Organizacion, Organizacion.id == org)
        .where(TipoCita.organizacion_id == org, TipoCita.id == filtro.tipo_cita_id, TipoCita.activo)
    )).one_or_none()
    if fila is None:
        raise no_encontrado()
    tipo, sede = fila.TipoCita, fila.Sede
    personas = await _personas(sesion, org, tipo, filtro)
    clases = [uno for uno in dict.fromkeys((tipo.sala_tipo, tipo.equipo_tipo)) if uno]
    salas = (await sesion.execute(
        select(Recurso.id, Recurso.tipo, Recurso.capacidad)
        .where(Recurso.organizacion_id == org, Recurso.sede_id == sede.id, Recurso.activo, Recurso.tipo.in_(clases))
        .order_by(Recurso.nombre, Recurso.id)
    )).all() if clases else []
    zona, ahora = sede.zona_horaria, datetime.now(UTC)
    paso = sede.config.get("granularidad_agenda_min", fila.config.get("granularidad_agenda_min", 5))
    cita = agenda.Cita(
        duracion=timedelta(minutes=tipo.duracion_min),
        antes=timedelta(minutes=tipo.buffer_antes_min),
        despues=timedelta(minutes=tipo.buffer_despues_min),
        paso=timedelta(minutes=paso),
        primero=max(agenda.limites(filtro.desde, zona)[0], ahora + timedelta(hours=tipo.antelacion_min_h)),
        ultimo=min(agenda.limites(filtro.hasta, zona)[1] - MINUTO, ahora + timedelta(days=tipo.antelacion_max_dias)),
    )
    ids_personas, ids_salas = [uno.id for uno in personas], [uno.id for uno in salas]
    libre = await atendido(sesion, org, sede.id, zona, ids_personas, ids_salas, filtro.desde, filtro.hasta + DIA)
    cogido = await ocupado(sesion, org, [*ids_personas, *ids_salas], cita.primero - cita.antes,
                           cita.ultimo + cita.duracion + cita.despues)
    con_auxiliar = tipo.requiere_veterinario and tipo.requiere_auxiliar
    ofertas = [
        (uno, agenda.libres_en_plazas(libre[uno.id], cogido[uno.id], 1, cita, zona))
        for uno in personas if not (con_auxiliar and uno.categoria == "auxiliar")
    ]
    posibles = set().union(*(inicios for _, inicios in ofertas))
    asignados = []
    if con_auxiliar:
        auxiliares = [(uno.id, 1) for uno in personas if uno.categoria == "auxiliar"]
        asignados.append(_asignar(auxiliares, libre, cogido, posibles, cita, zona))
        posibles = set(asignados[-1])
    por_clase = []
    for clase in clases:
        candidatos = [(uno.id, uno.capacidad) for uno in salas if uno.tipo == clase]
        por_clase.append(_asignar(candidatos, libre, cogido, posibles, cita, zona))
        posibles = set(por_clase[-1])
    tz = ZoneInfo(zona)
    huecos = [
        Hueco(
            inicio=(local := cuando.astimezone(tz)), fin=(cuando + cita.duracion).astimezone(tz), dia=local.date(),
            profesional_id=uno.id, profesional=uno.nombre,
            auxiliar_id=asignados[0][cuando] if asignados else None, recursos=[sala[cuando] for sala in por_clase],
        )
        for cuando in sorted(posibles) for uno, inicios in ofertas if cuando in inicios
    ]
    return Disponibilidad(
        tipo_cita_id=tipo.id, sede_id=sede.id, zona_horaria=zona, duracion_min=tipo.duracion_min, datos=huecos
    )


async def _personas(sesion, org, tipo: TipoCita, filtro: DisponibilidadFiltro):
    """Quiénes hacen falta y trabajan en la sede, por nombre."""
    categorias = [nombre for nombre, hace_falta in (
        ("veterinario", tipo.requiere_veterinario), ("auxiliar", tipo.requiere_auxiliar)) if hace_falta]
    horario = select(Horario.profesional_id).where(
        Horario.organizacion_id == org, Horario.sede_id == filtro.sede_id, Horario.profesional_id.is_not(None))
    guardia = select(Excepcion.profesional_id).where(
        Excepcion.organizacion_id == org, Excepcion.sede_id == filtro.sede_id, Excepcion.profesional_id.is_not(None),
        Excepcion.tipo.in_(agenda.SUMAN), Excepcion.hasta >= filtro.desde - DIA)
    consulta = select(Profesional.id, Profesional.nombre, Profesional.categoria).where(
        Profesional.organizacion_id == org, Profesional.activo, Profesional.agendable,
        Profesional.categoria.in_(categorias), or_(Profesional.id.in_(horario), Profesional.id.in_(guardia)))
    if filtro.profesional_id:
        consulta = consulta.where(Profesional.id.in_(filtro.profesional_id))
    return (await sesion.execute(consulta.order_by(Profesional.nombre, Profesional.id))).all()


def _asignar(candidatos, libre, cogido, posibles, cita, zona) -> dict:
    """El primer candidato libre en cada comienzo."""
    salida, pendientes = {}, set(posibles)
    for id, plazas in candidatos:
        if not pendientes:
            break
        suyos = pendientes & agenda.libres_en_plazas(libre[id], cogido[id], plazas, cita, zona)
        salida.update(dict.fromkeys(suyos, id))
        pendientes -= suyos
    return salida
