"""Hora local de una sede: instantes, días y cambios de hora."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

_NO_GEOGRAFICAS = {"Factory", "localtime"}


class ZonaDesconocida(ValueError):
    """La zona horaria no está en la base IANA."""


class HoraInexistente(ValueError):
    """La hora local se la salta el cambio de hora."""


class DesfaseInvalido(ValueError):
    """El desfase no es uno de los que tiene esa hora local en esa zona."""

    def __init__(self, opciones: list["Opcion"]) -> None:
        super().__init__("El desfase no corresponde a esa hora local en esa zona")
        self.opciones = opciones


class HoraAmbigua(ValueError):
    """La hora local ocurre dos veces y falta decir cuál."""

    def __init__(self, opciones: list["Opcion"]) -> None:
        super().__init__("La hora local ocurre dos veces: indique el desfase")
        self.opciones = opciones


@dataclass(frozen=True)
class Opcion:
    """Una de las veces que ocurre una hora local.

    Forma: ``desfase`` como ``+02:00``; ``inicio`` en la zona de la sede.
    """

    desfase: str
    inicio: datetime


def zona_valida(nombre: str) -> bool:
    """Si el nombre es una zona horaria IANA."""
    return nombre in _zonas()


def resolver_hora_local(hora_local: datetime, zona: str, desfase: str | None = None) -> datetime:
    """Instante UTC de una hora local; el desfase elige entre las repetidas.

    Forma: ``hora_local`` sin zona; ``desfase`` como ``+02:00``.
    Errores: ``ZonaDesconocida``, ``HoraInexistente``, ``HoraAmbigua``, ``DesfaseInvalido``.
    """
    opciones = _opciones(hora_local, _zona(zona))
    if not opciones:
        raise HoraInexistente("Esa hora local no existe: la salta el cambio de hora")
    if desfase is not None:
        elegidas = [opcion for opcion in opciones if opcion.desfase == desfase.replace("Z", "+00:00")]
        if not elegidas:
            raise DesfaseInvalido(opciones)
        return elegidas[0].inicio.astimezone(UTC)
    if len(opciones) > 1:
        raise HoraAmbigua(opciones)
    return opciones[0].inicio.astimezone(UTC)


def primer_instante(hora_local: datetime, zona: str) -> datetime:
    """Instante UTC de una hora de horario, que nunca falla por el cambio.

    Una hora repetida vale por su primera aparición; una inexistente, por el primer instante posterior.

    Errores: ``ZonaDesconocida``.
    """
    tz = _zona(zona)
    opciones = _opciones(hora_local, tz)
    return opciones[0].inicio.astimezone(UTC) if opciones else _fin_del_salto(hora_local, tz)


def en_zona(instante: datetime, zona: str) -> datetime:
    """El mismo instante, dicho en la hora local de la zona."""
    return _exigir_desfase(instante).astimezone(_zona(zona))


def fecha_local(instante: datetime, zona: str) -> date:
    """Fecha civil de un instante en la zona."""
    return en_zona(instante, zona).date()


@lru_cache(maxsize=4096)  # casi siempre se piden los mismos días
def limites_del_dia(fecha: date, zona: str) -> tuple[datetime, datetime]:
    """Intervalo UTC [inicio, fin) de un día civil, dure lo que dure."""
    return (
        primer_instante(datetime.combine(fecha, time.min), zona),
        primer_instante(datetime.combine(fecha + timedelta(days=1), time.min), zona),
    )


@cache
def _zonas() -> frozenset[str]:
    return frozenset(available_timezones() - _NO_GEOGRAFICAS)


def _zona(nombre: str) -> ZoneInfo:
    if not zona_valida(nombre):
        raise ZonaDesconocida("La zona horaria no existe")
    return ZoneInfo(nombre)


def _exigir_desfase(instante: datetime) -> datetime:
    if instante.tzinfo is None:
        raise ValueError("El instante no lleva desfase")
    return instante


def _opciones(hora_local: datetime, tz: ZoneInfo) -> list[Opcion]:
    if hora_local.tzinfo is not None:
        raise ValueError("La hora local no lleva zona")
    instantes: list[datetime] = []
    for vez in (0, 1):
        try:
            instante = hora_local.replace(tzinfo=tz, fold=vez).astimezone(UTC)
        except OverflowError:  # los extremos del calendario no caben en UTC
            continue
        # En el salto ninguna de las dos lecturas vuelve a la hora pedida; fuera de los cambios, coinciden.
        if instante.astimezone(tz).replace(tzinfo=None) == hora_local and instante not in instantes:
            instantes.append(instante)
    return [Opcion(_texto_desfase(local), local) for local in (instante.astimezone(tz) for instante in instantes)]


def _texto_desfase(local: datetime) -> str:
    return local.replace(microsecond=0).isoformat()[len("AAAA-MM-DDThh:mm:ss") :]


def _fin_del_salto(hora_local: datetime, tz: ZoneInfo) -> datetime:
    # Leída con el desfase nuevo cae antes del salto y con el viejo después: el cambio está entre ambas.
    antes = hora_local.replace(tzinfo=tz, fold=1, microsecond=0).astimezone(UTC)
    despues = hora_local.replace(tzinfo=tz, fold=0, microsecond=0).astimezone(UTC)
    nuevo = despues.astimezone(tz).utcoffset()

    def ya_cambio(segundos: int) -> bool:
        return (antes + timedelta(seconds=segundos)).astimezone(tz).utcoffset() == nuevo

    salto = int((despues - antes).total_seconds())
    return antes + timedelta(seconds=bisect_left(range(salto), True, key=ya_cambio))
