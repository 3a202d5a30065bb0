"""Qué pacientes casan con un filtro y cuáles se parecen a lo que alguien ha escrito."""

from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Integer,
    Subquery,
    Text,
    Uuid,
    any_,
    column,
    exists,
    func,
    literal,
    literal_column,
    not_,
    select,
)

from app.api.models.paciente import EstadoPaciente, Paciente
from app.api.models.titularidad import Titularidad
from app.api.models.vacunacion import VacunacionProtocolo
from app.api.schemas.paciente_schema import PacienteFiltro
from app.utils import microchip
from app.utils.context import hoy, identidad
from app.utils.records import dato, rows

MAXIMO_BUSQUEDA = 200
POCOS_VENCIDOS = 2_000
# Escrito y no como dato: casi todos lo cumplen, y el plan ha de saberlo.
_NO_FUSIONADO = Paciente.estado != literal_column(f"'{EstadoPaciente.FUSIONADO}'")


def condiciones(filtro: PacienteFiltro) -> list[ColumnElement[bool]]:
    """Lo que cumplen los que casan con el filtro; sin pedir estado, todos menos los fusionados."""
    donde = _propias_de_q(filtro) if filtro.q is None else []
    if filtro.microchip:
        donde.append(Paciente.microchip == microchip.normalizar(filtro.microchip))
    if filtro.nombre:
        # Como intervalo y no como LIKE: bajo políticas de fila LIKE no puede usar el índice.
        prefijo = func.servet_normalizar(filtro.nombre)
        donde += [Paciente.nombre_orden >= prefijo, Paciente.nombre_orden < prefijo + "\U0010ffff"]
    if filtro.vacuna_vencida is not None:
        donde.append(_vencidos() if filtro.vacuna_vencida else not_(_con_vacuna_vencida()))
    if filtro.cliente_id:
        suyos = select(Titularidad.paciente_id).where(
            Titularidad.cliente_id == filtro.cliente_id, Titularidad.hasta.is_(None)
        )
        donde.append(Paciente.id.in_(suyos.correlate(None)))
    return donde


def _con_vacuna_vencida() -> ColumnElement[bool]:
    """Con alguna fecha pasada de las que dejó su última dosis; de quien ha muerto no rige ninguna."""
    return exists().where(
        VacunacionProtocolo.organizacion_id == Paciente.organizacion_id,
        VacunacionProtocolo.paciente_id == Paciente.id,
        VacunacionProtocolo.rige,
        VacunacionProtocolo.fecha_proxima < hoy(),
    )


def _vencidos() -> ColumnElement[bool]:
    """Los que tienen alguna vencida. Si son pocos se buscan por su id: en orden, habría que recorrerlos todos."""
    consulta = select(VacunacionProtocolo.paciente_id).where(
        VacunacionProtocolo.rige, VacunacionProtocolo.fecha_proxima < hoy()
    )
    ids = [fila.paciente_id for fila in rows(consulta.limit(POCOS_VENCIDOS + 1))]
    if len(ids) > POCOS_VENCIDOS:
        return _con_vacuna_vencida()
    return Paciente.id == any_(literal(ids, ARRAY(Uuid())))


def _propias_de_q(filtro: PacienteFiltro) -> list[ColumnElement[bool]]:
    """Las que la búsqueda aplica por dentro: repetirlas fuera sólo confunde al planificador."""
    donde = [Paciente.estado.in_(filtro.estado) if filtro.estado else _NO_FUSIONADO]
    if filtro.especie:
        donde.append(Paciente.especie.in_(filtro.especie))
    if filtro.raza:
        donde.append(Paciente.raza == filtro.raza)
    if filtro.nacido_desde:
        donde.append(Paciente.fecha_nacimiento >= filtro.nacido_desde)
    if filtro.nacido_hasta:
        donde.append(Paciente.fecha_nacimiento <= filtro.nacido_hasta)
    return donde


@cache
def parecidos(*, elegidos: bool) -> Subquery:
    """Los que mejor casan con ``q``: ``id`` y ``puntuacion``; los datos, en ``que_se_busca``.

    ``elegidos``: sólo los de la primera página. Leer la ficha de todos para enseñar unas pocas es lo que cuesta.
    """
    fechas, textos = Date(), ARRAY(Text())
    hallados = func.buscar_pacientes(
        dato("q", Text()), MAXIMO_BUSQUEDA, dato("especies", textos), dato("raza", Text()), dato("estados", textos),
        dato("nacido_desde", fechas), dato("nacido_hasta", fechas), dato("entre", ARRAY(Uuid())),
    ).table_valued(column("id", Uuid), column("puntuacion", Integer), name="hallados")  # fmt: skip
    mejores = select(hallados.c.id, hallados.c.puntuacion).order_by(hallados.c.puntuacion.desc(), hallados.c.id.desc())
    primeros = mejores.subquery("primeros")  # ya en orden: así sólo se comprueba si se puede ver a los que hagan falta
    consulta = select(Paciente.id, primeros.c.puntuacion).join(primeros, primeros.c.id == Paciente.id)
    if elegidos:
        consulta = consulta.order_by(primeros.c.puntuacion.desc(), primeros.c.id.desc())
        consulta = consulta.limit(dato("limite_pagina", Integer()))
    return consulta.subquery("parecidos")


def que_se_busca(filtro: PacienteFiltro) -> dict[str, Any]:
    """Los datos de ``parecidos``: lo escrito y lo que además se pide."""
    entre = None
    if filtro.cliente_id or identidad().es_cliente:
        # Son pocos y hay que buscar sólo entre ellos: los mejores de la clínica podrían ser todos de otros.
        solo_suyos = PacienteFiltro(cliente_id=filtro.cliente_id, estado=filtro.estado)
        entre = [fila.id for fila in rows(select(Paciente.id).where(*condiciones(solo_suyos)))]
    return {
        "q": filtro.q,
        "especies": filtro.especie or None,
        "raza": filtro.raza,
        "estados": [uno.value for uno in filtro.estado] or None,
        "nacido_desde": filtro.nacido_desde,
        "nacido_hasta": filtro.nacido_hasta,
        "entre": entre,
    }
