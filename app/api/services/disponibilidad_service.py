"""Los huecos que se pueden reservar: cruza horarios, ocupación, recursos y reglas del tipo de cita."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.api.models.profesional import Categoria
from app.api.schemas.disponibilidad_schema import DisponibilidadFiltro
from app.api.services import medios_cita_service
from app.api.services.agenda_service import calendario
from app.api.services.huecos_service import Agenda, CitaBuscada, Inicios
from app.api.services.lectura_agenda_service import UN_DIA, ocupado, pedir_ocupado
from app.api.services.medios_cita_service import Medios
from app.api.services.pacientes_service import FechasIncoherentes
from app.config.parametros import valor
from app.utils.context import ahora
from app.utils.encoding import Hechas
from app.utils.errors import BusinessRule
from app.utils.horas import limites_del_dia
from app.utils.segundos import UN_MINUTO, alineados, suelo, techo, textos

MAXIMO_DIAS = 31
Oferta = tuple[UUID | None, str | None, Inicios]


class RangoExcesivo(BusinessRule):
    """Sólo se pueden pedir 31 días de una vez."""


def consultar(filtro: DisponibilidadFiltro) -> dict[str, Any]:
    """Los huecos de una sede para un tipo de cita, con dos viajes a la base y un número fijo de lecturas.

    Errores: ``RangoExcesivo``, ``FechasIncoherentes``, ``EspecieNoAdmitida``, ``PacienteFallecido``.
    """
    if filtro.hasta < filtro.desde:
        raise FechasIncoherentes("No puede ser anterior al primer día", campo="/hasta")
    if (filtro.hasta - filtro.desde).days >= MAXIMO_DIAS:
        raise RangoExcesivo(campo="/hasta")
    medios = medios_cita_service.leer(filtro)
    agenda = _agenda(medios, filtro)
    ofertas = _ofertas(medios, filtro, agenda)
    posibles = Inicios().union(*(inicios for _, _, inicios in ofertas))
    if filtro.paciente_id:
        posibles = agenda.sin_paciente(posibles, filtro.paciente_id)
    auxiliares: dict[int, UUID] = {}
    if medios.con_auxiliar:
        candidatos = [(uno.id, 1) for uno in medios.personas if uno.categoria is Categoria.AUXILIAR]
        auxiliares = agenda.asignar(candidatos, posibles)
        posibles = set(auxiliares)
    salas: list[dict[int, UUID]] = []
    for clase in medios.clases:
        salas.append(agenda.asignar(medios.de_clase(clase), posibles))
        posibles = set(salas[-1])
    return {
        "tipo_cita_id": medios.reglas.id,
        "sede_id": filtro.sede_id,
        "zona_horaria": agenda.atendido.zona,
        "duracion_min": medios.reglas.duracion_min,
        "datos": _huecos(sorted(posibles), ofertas, auxiliares, salas, agenda),
        "siguiente": None,
    }


def _agenda(medios: Medios, filtro: DisponibilidadFiltro) -> Agenda:
    """Horarios y ocupación de todos ellos, y entre qué instantes se busca."""
    reglas, zona = medios.reglas, medios.reglas.zona_horaria
    granularidad, compartidos = (
        valor(nombre, reglas.config, reglas.config_sede)
        for nombre in ("granularidad_agenda_min", "buffers_compartidos")
    )
    primero = max(limites_del_dia(filtro.desde, zona)[0], ahora() + timedelta(hours=reglas.antelacion_min_h))
    ultimo = min(
        limites_del_dia(filtro.hasta, zona)[1] - timedelta(minutes=1),
        ahora() + timedelta(days=reglas.antelacion_max_dias),
    )
    duracion, antes, despues = (
        timedelta(minutes=minutos)
        for minutos in (reglas.duracion_min, reglas.buffer_antes_min, reglas.buffer_despues_min)
    )
    personas, recursos = [uno.id for uno in medios.personas], [uno.id for uno in medios.recursos]
    ocupantes = [*personas, *recursos, *([filtro.paciente_id] if filtro.paciente_id else [])]
    limites = primero - antes, ultimo + duracion + despues
    pedido = pedir_ocupado(ocupantes, *limites)  # viaja con los horarios
    # Un día de más: la última cita puede acabar pasada la medianoche.
    atendido = calendario(personas, recursos, filtro.sede_id, filtro.desde, filtro.hasta + UN_DIA)
    return Agenda(
        CitaBuscada(
            duracion=reglas.duracion_min * UN_MINUTO,
            antes=reglas.buffer_antes_min * UN_MINUTO,
            despues=reglas.buffer_despues_min * UN_MINUTO,
            margenes_compartidos=compartidos,
        ),
        alineados(techo(primero), suelo(ultimo), granularidad * UN_MINUTO, zona),
        atendido,
        ocupado(ocupantes, *limites, pedido=pedido),
    )


def _ofertas(medios: Medios, filtro: DisponibilidadFiltro, agenda: Agenda) -> list[Oferta]:
    """Quién puede atender y cuándo; una sola oferta sin nadie, si el tipo no pide profesional."""
    reglas, clases = medios.reglas, medios.clases
    if reglas.requiere_veterinario or reglas.requiere_auxiliar or filtro.profesional_id:
        return [
            (uno.id, uno.nombre, agenda.inicios(uno.id))
            for uno in medios.personas
            if not (medios.con_auxiliar and uno.categoria is Categoria.AUXILIAR)
        ]
    if not clases:
        return [(None, None, agenda.inicios_sede())]
    return [(None, None, Inicios().union(*(agenda.inicios(*uno) for uno in medios.de_clase(clases[0]))))]


def _huecos(
    instantes: Sequence[int],
    ofertas: list[Oferta],
    auxiliares: dict[int, UUID],
    salas: list[dict[int, UUID]],
    agenda: Agenda,
) -> Hechas:
    """Un hueco por inicio y profesional, en la hora de la sede."""
    quienes: dict[int, list[tuple[UUID | None, str | None]]] = {instante: [] for instante in instantes}
    for id, nombre, inicios in ofertas:
        for instante in inicios & quienes.keys():
            quienes[instante].append((id, nombre))
    zona, duracion = agenda.atendido.zona, agenda.cita.duracion
    finales = textos([instante + duracion for instante in instantes], zona)
    salida = Hechas()
    for instante, inicio, fin in zip(instantes, textos(instantes, zona), finales, strict=True):
        dia, auxiliar = inicio[:10], auxiliares.get(instante)
        recursos = [sala[instante] for sala in salas]
        salida += [
            {
                "inicio": inicio,
                "fin": fin,
                "dia": dia,
                "profesional_id": id,
                "profesional": nombre,
                "auxiliar_id": auxiliar,
                "recursos": recursos,
            }
            for id, nombre in quienes[instante]
        ]
    return salida
