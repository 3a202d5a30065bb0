"""Citas: el día de un profesional."""

from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from bench.pares.comun import agenda
from bench.pares.fastapi.acceso import Identidad, permiso
from bench.pares.fastapi.base import ConSesion
from bench.pares.fastapi.comun import codificar, descodificar, siguiente_pagina
from bench.pares.fastapi.esquemas import CitaFiltro, CitaLectura, PaginaCitas
from bench.pares.fastapi.modelos import (
    Cita, CitaCambio, CitaPaciente, CitaRecurso, Cliente, Paciente, Profesional, Sede, TipoCita,
)
from bench.pares.fastapi.modelos_clinicos import Consulta

rutas = APIRouter(prefix="/citas")
_EN_HORA_DE_SEDE = ("inicio", "fin", "caduca_en", "llegada_en", "inicio_real", "fin_real")


def lectura(quien: Identidad):
    """Una fila por cita, con los nombres que se leen en el mostrador."""
    org = quien.organizacion_id
    recursos = (
        select(func.array_agg(aggregate_order_by(CitaRecurso.recurso_id, CitaRecurso.recurso_id)))
        .where(CitaRecurso.organizacion_id == org, CitaRecurso.cita_id == Cita.id).scalar_subquery()
    )
    otro = Paciente.__table__.alias("otro")
    uno = func.jsonb_build_object(
        "id", otro.c.id, "nombre", otro.c.nombre, "consulta_id", _consulta_de(CitaPaciente)
    )
    acompanantes = (
        select(func.jsonb_agg(aggregate_order_by(uno, CitaPaciente.id)))
        .join(otro, and_(otro.c.organizacion_id == org, otro.c.id == CitaPaciente.paciente_id))
        .where(CitaPaciente.organizacion_id == org, CitaPaciente.cita_id == Cita.id).scalar_subquery()
    )
    consulta = (
        select(Cita, Sede.zona_horaria, Sede.nombre.label("sede"), TipoCita.nombre.label("tipo_cita"),
               TipoCita.instrucciones, TipoCita.color, Paciente.nombre.label("paciente"),
               func.coalesce(Cliente.razon_social, func.concat_ws(" ", Cliente.nombre, Cliente.apellidos)).label("cliente"),
               Profesional.nombre.label("profesional"), recursos.label("recursos"), acompanantes.label("acompanantes"),
               _consulta_de(Cita).label("consulta_id"))
        .join(Sede, and_(Sede.organizacion_id == org, Sede.id == Cita.sede_id))
        .join(TipoCita, and_(TipoCita.organizacion_id == org, TipoCita.id == Cita.tipo_cita_id))
        .join(Paciente, and_(Paciente.organizacion_id == org, Paciente.id == Cita.paciente_id))
        .join(Cliente, and_(Cliente.organizacion_id == org, Cliente.id == Cita.cliente_id))
        .outerjoin(Profesional, and_(Profesional.organizacion_id == org, Profesional.id == Cita.profesional_id))
        .where(Cita.organizacion_id == org)
    )
    return consulta if quien.sin_limite_de_sede else consulta.where(Cita.sede_id.in_(quien.sedes))


def _consulta_de(de: type[Cita | CitaPaciente]):
    """La última consulta sin anular que la cita abrió a ese animal."""
    return (
        select(Consulta.id)
        .where(Consulta.organizacion_id == de.organizacion_id, Consulta.paciente_id == de.paciente_id,
               Consulta.cita_id == (de.id if de is Cita else de.cita_id), Consulta.estado != "anulada")
        .order_by(Consulta.id.desc()).limit(1).correlate(de).scalar_subquery()
    )


def presentar(fila, quien: Identidad, historial: list[CitaCambio] | None = None) -> CitaLectura:
    """El modelo de respuesta; las horas de la cita, en la de su sede."""
    c, suya, de_quien = fila.Cita, ZoneInfo(fila.zona_horaria), ZoneInfo(quien.zona)
    campos = {nombre: getattr(c, nombre) for nombre in _DE_LA_TABLA}
    for nombre in _EN_HORA_DE_SEDE:
        campos[nombre] = campos[nombre] and campos[nombre].astimezone(suya)
    campos["creado_en"] = c.creado_en.astimezone(de_quien)
    campos["actualizado_en"] = c.actualizado_en.astimezone(de_quien)
    cancelacion = None
    if c.cancelada_en:
        cancelacion = {"en": c.cancelada_en.astimezone(suya), "por": c.cancelada_por, "motivo": c.cancelacion_motivo}
    cambios = historial and [
        {"en": h.en.astimezone(de_quien), "por": h.por, "accion": h.accion, "estado": h.estado, "detalle": h.detalle}
        for h in historial
    ]
    return CitaLectura(
        **campos, sede=fila.sede, tipo_cita=fila.tipo_cita, instrucciones=fila.instrucciones, color=fila.color,
        zona_horaria=fila.zona_horaria, paciente=fila.paciente, cliente=fila.cliente, profesional=fila.profesional,
        pacientes=[{"id": c.paciente_id, "nombre": fila.paciente, "consulta_id": fila.consulta_id},
                   *(fila.acompanantes or [])], consulta_id=fila.consulta_id,
        recursos=fila.recursos or [], cancelacion=cancelacion, historial_cambios=cambios,
    )


_DE_LA_TABLA = [nombre for nombre in CitaLectura.model_fields if hasattr(Cita, nombre)]


@rutas.get("")
async def listar(
    quien: Annotated[Identidad, permiso("citas:leer")], sesion: ConSesion, filtro: Annotated[CitaFiltro, Query()],
    peticion: Request, respuesta: Response,
) -> PaginaCitas:
    """Las citas, por hora de inicio."""
    consulta = lectura(quien)
    desde, hasta = filtro.fecha or filtro.desde, filtro.fecha or filtro.hasta
    if desde:
        consulta = consulta.where(Cita.inicio >= agenda.limites(desde, quien.zona)[0])
    if hasta:
        consulta = consulta.where(Cita.inicio < agenda.limites(hasta, quien.zona)[1])
    for columna, valor in (
        (Cita.sede_id, filtro.sede_id), (Cita.profesional_id, filtro.profesional_id), (Cita.paciente_id, filtro.paciente_id),
    ):
        if valor:
            consulta = consulta.where(columna == valor)
    if filtro.cursor:
        inicio, id = descodificar(filtro.cursor)
        consulta = consulta.where(or_(Cita.inicio > inicio, and_(Cita.inicio == inicio, Cita.id > UUID(id))))
    filas = (await sesion.execute(consulta.order_by(Cita.inicio, Cita.id).limit(filtro.limite + 1))).all()
    siguiente = None
    if len(filas) > filtro.limite:
        filas = filas[: filtro.limite]
        siguiente = codificar(filas[-1].Cita.inicio.isoformat(), filas[-1].Cita.id)
        respuesta.headers["Link"] = siguiente_pagina(peticion, siguiente)
    return PaginaCitas(datos=[presentar(fila, quien) for fila in filas], siguiente=siguiente)
