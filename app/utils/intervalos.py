"""Álgebra de intervalos semiabiertos [inicio, fin) y búsqueda de huecos."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.utils.horas import fecha_local, limites_del_dia

Intervalo = tuple[datetime, datetime]

_MINUTO = timedelta(minutes=1)
_DIA = timedelta(days=1)


def unir(intervalos: Iterable[Intervalo]) -> list[Intervalo]:
    """Los mismos instantes en intervalos UTC ordenados y separados.

    Los contiguos se funden y los vacíos desaparecen.

    Errores: ``ValueError`` si alguno acaba antes de empezar.
    """
    resultado: list[Intervalo] = []
    # En UTC: entre dos horas de una misma zona, Python compara los relojes y no los instantes.
    for inicio, fin in sorted((inicio.astimezone(UTC), fin.astimezone(UTC)) for inicio, fin in intervalos):
        if fin < inicio:
            raise ValueError("El intervalo acaba antes de empezar")
        if resultado and inicio <= resultado[-1][1]:
            resultado[-1] = (resultado[-1][0], max(resultado[-1][1], fin))
        elif inicio < fin:
            resultado.append((inicio, fin))
    return resultado


def restar(base: Iterable[Intervalo], quitados: Iterable[Intervalo]) -> list[Intervalo]:
    """Los instantes de la base que no están en ninguno de los quitados."""
    resultado: list[Intervalo] = []
    quitar = unir(quitados)
    siguiente = 0
    for inicio, fin in unir(base):
        libre_desde = inicio
        while siguiente < len(quitar) and quitar[siguiente][0] < fin:
            quita_desde, quita_hasta = quitar[siguiente]
            if libre_desde < quita_desde:
                resultado.append((libre_desde, quita_desde))
            libre_desde = max(libre_desde, quita_hasta)
            if quita_hasta > fin:  # alcanza también al tramo siguiente
                break
            siguiente += 1
        if libre_desde < fin:
            resultado.append((libre_desde, fin))
    return resultado


def intersecar(unos: Iterable[Intervalo], otros: Iterable[Intervalo]) -> list[Intervalo]:
    """Los instantes que están en ambas listas."""
    resultado: list[Intervalo] = []
    a, b = unir(unos), unir(otros)
    i = j = 0
    while i < len(a) and j < len(b):
        inicio, fin = max(a[i][0], b[j][0]), min(a[i][1], b[j][1])
        if inicio < fin:
            resultado.append((inicio, fin))
        if a[i][1] < b[j][1]:
            i += 1
        else:
            j += 1
    return resultado


def huecos(
    libres: Iterable[Intervalo],
    ocupados: Iterable[Intervalo],
    *,
    duracion: timedelta,
    antes: timedelta,
    despues: timedelta,
    paso: timedelta,
    desde: datetime,
    zona: str,
) -> list[datetime]:
    """Instantes UTC en que puede empezar una cita, en orden.

    La cita cabe entera en lo libre y ella con sus márgenes no toca lo ocupado. Los inicios caen en
    múltiplos de ``paso`` contados desde la medianoche de reloj de la zona.

    Errores: ``ValueError`` si la duración no es positiva o el paso no son minutos enteros.
    """
    if duracion <= timedelta(0) or min(antes, despues) < timedelta(0) or paso < _MINUTO or paso % _MINUTO:
        raise ValueError("Duración y paso positivos, márgenes no negativos y paso en minutos enteros")
    # Un inicio choca si cae estrictamente dentro de lo ocupado ensanchado por la cita y sus márgenes.
    vetados = [(inicio - duracion - despues, fin + antes) for inicio, fin in unir(ocupados)]
    resultado: list[datetime] = []
    for primero, ultimo in _tramos(unir(libres), vetados, duracion, desde.astimezone(UTC)):
        resultado.extend(_alineados(primero, ultimo, paso, zona))
    return resultado


def _tramos(
    libres: list[Intervalo], vetados: list[Intervalo], duracion: timedelta, desde: datetime
) -> Iterator[Intervalo]:
    """Tramos [primero, último], cerrados, en que cualquier inicio sirve."""
    siguiente = 0
    for abre, cierra in libres:
        primero, ultimo = max(abre, desde), cierra - duracion
        while siguiente < len(vetados) and vetados[siguiente][1] <= primero:
            siguiente += 1
        while siguiente < len(vetados) and vetados[siguiente][0] < ultimo:
            veto_desde, veto_hasta = vetados[siguiente]
            if primero <= veto_desde:
                yield primero, veto_desde
            primero = max(primero, veto_hasta)
            if veto_hasta > ultimo:  # puede alcanzar también al tramo siguiente
                break
            siguiente += 1
        if primero <= ultimo:
            yield primero, ultimo


def _alineados(primero: datetime, ultimo: datetime, paso: timedelta, zona: str) -> Iterator[datetime]:
    fecha = fecha_local(primero, zona)
    while primero <= ultimo:
        inicio, fin = limites_del_dia(fecha, zona)
        if fin - inicio == _DIA:
            # Sin cambio de hora, contar desde la medianoche es contar tiempo transcurrido.
            instante = inicio + -((inicio - primero) // paso) * paso
            while instante <= ultimo and instante < fin:
                yield instante
                instante += paso
        else:
            yield from _alineados_por_reloj(primero, min(ultimo, fin - _MINUTO), paso, zona)
        primero = max(primero, fin)
        fecha += timedelta(days=1)


def _alineados_por_reloj(primero: datetime, ultimo: datetime, paso: timedelta, zona: str) -> Iterator[datetime]:
    # El reloj da un salto: se mira minuto a minuto, que sólo cuesta dos días al año.
    tz = ZoneInfo(zona)
    instante = primero + (datetime.min.replace(tzinfo=UTC) - primero) % _MINUTO
    while instante <= ultimo:
        reloj = instante.astimezone(tz)
        if not timedelta(hours=reloj.hour, minutes=reloj.minute) % paso:
            yield instante
        instante += _MINUTO
