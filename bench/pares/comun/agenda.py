"""De horarios y ocupación a huecos: aritmética pura, en instantes UTC."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DIA = timedelta(days=1)
SUMAN = {"apertura_extra", "guardia"}
Intervalo = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Franja:
    """Un tramo del horario semanal (``dia`` 1 a 7)."""

    dia: int
    inicio: time
    fin: time
    desde: date
    hasta: date | None


@dataclass(frozen=True, slots=True)
class Excepcion:
    """Un cambio del horario entre dos fechas; sin horas, el día entero."""

    tipo: str
    desde: date
    hasta: date
    inicio: time | None
    fin: time | None


@dataclass(frozen=True, slots=True)
class Cita:
    """La cita que se busca y entre qué instantes puede empezar."""

    duracion: timedelta
    antes: timedelta
    despues: timedelta
    paso: timedelta
    primero: datetime
    ultimo: datetime


@lru_cache(4096)
def limites(fecha: date, zona: str) -> Intervalo:
    """El día civil, en UTC."""
    tz = ZoneInfo(zona)
    inicio = datetime.combine(fecha, time(), tz)
    return inicio.astimezone(UTC), datetime.combine(fecha + DIA, time(), tz).astimezone(UTC)


def _instantes(fecha: date, inicio: time | None, fin: time | None, zona: ZoneInfo) -> Intervalo:
    desde, hasta = inicio or time(), fin or time()
    ultimo = fecha if desde < hasta else fecha + DIA
    return datetime.combine(fecha, desde, zona).astimezone(UTC), datetime.combine(ultimo, hasta, zona).astimezone(UTC)


def unir(intervalos: list[Intervalo]) -> list[Intervalo]:
    """Ordenados, fundidos y sin vacíos."""
    salida: list[Intervalo] = []
    for inicio, fin in sorted(intervalos):
        if salida and inicio <= salida[-1][1]:
            if fin > salida[-1][1]:
                salida[-1] = (salida[-1][0], fin)
        elif inicio < fin:
            salida.append((inicio, fin))
    return salida


def restar(base: list[Intervalo], quitar: list[Intervalo]) -> list[Intervalo]:
    """Lo de la base que no está en ninguno de los otros."""
    salida = unir(base)
    for desde, hasta in unir(quitar):
        partes: list[Intervalo] = []
        for inicio, fin in salida:
            if hasta <= inicio or fin <= desde:
                partes.append((inicio, fin))
                continue
            if inicio < desde:
                partes.append((inicio, desde))
            if hasta < fin:
                partes.append((hasta, fin))
        salida = partes
    return salida


def atendido(franjas: list[Franja], de_sede: list[Excepcion], propias: list[Excepcion], zona: str, desde: date,
             hasta: date) -> list[Intervalo]:
    """Cuándo se atiende entre dos fechas civiles, incluidas."""
    tz = ZoneInfo(zona)
    dias = [desde + DIA * n for n in range(-1, (hasta - desde).days + 1)]
    por_dia = defaultdict(list)
    for franja in franjas:
        por_dia[franja.dia].append(franja)
    semanal = [_instantes(dia, f.inicio, f.fin, tz) for dia in dias for f in por_dia[dia.isoweekday()]
               if f.desde <= dia and (f.hasta is None or dia <= f.hasta)]

    def de(excepciones: list[Excepcion], suman: bool) -> list[Intervalo]:
        return [_instantes(dia, e.inicio, e.fin, tz) for e in excepciones if (e.tipo in SUMAN) is suman
                for dia in dias if e.desde <= dia <= e.hasta]

    propio = restar(semanal + de(de_sede, True), de(propias, False)) + de(propias, True)
    inicio, fin = limites(desde, zona)[0], limites(hasta, zona)[1]
    libres = restar(propio, de(de_sede, False))
    return [(max(a, inicio), min(b, fin)) for a, b in libres if a < fin and inicio < b]


def inicios(libres: list[Intervalo], ocupado: list[Intervalo], cita: Cita, zona: str) -> set[datetime]:
    """Los comienzos alineados al paso, desde la medianoche local, en los que cabe la cita con sus márgenes."""
    salida: set[datetime] = set()
    tz, vetados = ZoneInfo(zona), sorted(ocupado)
    for inicio, fin in libres:
        desde, hasta = max(inicio, cita.primero), min(fin - cita.duracion, cita.ultimo)
        if hasta < desde:
            continue
        cuando = _alinear(desde, cita.paso, tz, zona)
        suyos = [v for v in vetados if v[0] < hasta + cita.duracion + cita.despues and v[1] > desde - cita.antes]
        n = 0
        while cuando <= hasta:
            while n < len(suyos) and suyos[n][1] <= cuando - cita.antes:
                n += 1
            if n < len(suyos) and suyos[n][0] < cuando + cita.duracion + cita.despues:
                cuando = _alinear(max(suyos[n][1] + cita.antes, cuando + cita.paso), cita.paso, tz, zona)
                continue
            salida.add(cuando)
            cuando += cita.paso
    return salida


def _alinear(cuando: datetime, paso: timedelta, tz: ZoneInfo, zona: str) -> datetime:
    medianoche = limites(cuando.astimezone(tz).date(), zona)[0]
    return medianoche + -((medianoche - cuando) // paso) * paso


def libres_en_plazas(libres: list[Intervalo], ocupado: list[tuple[datetime, datetime, int]], plazas: int, cita: Cita,
                     zona: str) -> set[datetime]:
    """Lo mismo para lo que admite a varios a la vez: basta una plaza libre."""
    if plazas == 1:
        return inicios(libres, [(a, b) for a, b, _ in ocupado], cita, zona)
    return set().union(*(inicios(libres, [(a, b) for a, b, p in ocupado if p == una], cita, zona)
                         for una in range(1, plazas + 1)))


def cabe(libres: list[Intervalo], inicio: datetime, fin: datetime) -> bool:
    """Si [inicio, fin) está entero dentro de lo que se atiende."""
    return any(a <= inicio and fin <= b for a, b in libres)
