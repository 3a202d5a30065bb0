"""Horario semanal y excepciones de una agenda, convertidos en intervalos."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import NamedTuple

from app.utils.intervalos import Intervalo, intersecar, restar
from app.utils.segundos import de_reloj, limites

SUMAN = frozenset({"apertura_extra", "guardia"})
QUITAN = frozenset({"festivo", "cierre", "vacaciones", "baja", "formacion"})

_DIA = timedelta(days=1)


class Franja(NamedTuple):
    """Horas de un día de la semana, vigentes entre dos fechas incluidas.

    Forma: ``dia_semana`` 1–7 (ISO); si ``hora_fin`` no es posterior a ``hora_inicio``, acaba al día siguiente.
    """

    dia_semana: int
    hora_inicio: time
    hora_fin: time
    desde: date
    hasta: date | None = None


@dataclass(frozen=True)
class Excepcion:
    """Cambio del horario cada día entre dos fechas incluidas.

    Forma: sin ``hora_inicio``, desde el comienzo del día; sin ``hora_fin``, hasta su final.
    """

    desde: date
    hasta: date
    hora_inicio: time | None
    hora_fin: time | None
    tipo: str
    ambito: str


def expandir(
    franjas: Iterable[Franja],
    excepciones_sede: Iterable[Excepcion],
    excepciones_propias: Iterable[Excepcion],
    zona: str,
    desde: date,
    hasta: date,
) -> list[Intervalo]:
    """Intervalos atendidos, en segundos desde la época, entre dos fechas civiles, ambas incluidas.

    Manda lo que la sede cierra; luego, la excepción propia (lo que suma, sobre lo que quita); y por último
    el horario, ampliado con lo que la sede abre de más. Las horas son de reloj: una repetida vale por su
    primera aparición y una inexistente, por el primer instante posterior.

    Errores: ``ValueError`` si una excepción es de otro ámbito o de tipo desconocido; ``ZonaDesconocida``.
    """
    if hasta < desde:
        return []
    # Lo que empezó la víspera y cruzó la medianoche también cuenta.
    dias = [desde - _DIA + _DIA * n for n in range((hasta - desde).days + 2)]
    sede_suma, sede_quita = _repartir(excepciones_sede, {"sede"}, dias, zona)
    propia_suma, propia_quita = _repartir(excepciones_propias, {"profesional", "recurso"}, dias, zona)
    semanal = [
        _intervalo(dia, franja.hora_inicio, franja.hora_fin, zona)
        for franja in franjas
        for dia in dias[(franja.dia_semana - dias[0].isoweekday()) % 7 :: 7]
        if franja.desde <= dia <= (franja.hasta or date.max)
    ]
    propio = restar(semanal + sede_suma, propia_quita) + propia_suma
    pedido = (limites(desde, zona)[0], limites(hasta, zona)[1])
    return intersecar(restar(propio, sede_quita), [pedido])


def _repartir(
    excepciones: Iterable[Excepcion], ambitos: set[str], dias: list[date], zona: str
) -> tuple[list[Intervalo], list[Intervalo]]:
    suman: list[Intervalo] = []
    quitan: list[Intervalo] = []
    for excepcion in excepciones:
        if excepcion.ambito not in ambitos or excepcion.tipo not in SUMAN | QUITAN:
            raise ValueError("Excepción de otro ámbito o de tipo desconocido")
        destino = suman if excepcion.tipo in SUMAN else quitan
        inicio, fin = excepcion.hora_inicio or time.min, excepcion.hora_fin or time.min
        destino.extend(_intervalo(dia, inicio, fin, zona) for dia in dias if excepcion.desde <= dia <= excepcion.hasta)
    return suman, quitan


def _intervalo(dia: date, hora_inicio: time, hora_fin: time, zona: str) -> Intervalo:
    ultimo_dia = dia if hora_inicio < hora_fin else dia + _DIA
    return de_reloj(dia, hora_inicio, zona), de_reloj(ultimo_dia, hora_fin, zona)
