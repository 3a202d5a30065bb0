"""De lo atendido y lo ocupado a inicios posibles, en segundos desde la época."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from math import ceil
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from bench.pares.litestar.horario import Intervalos, limites, unir

MARGEN_PREVIO = 1000
DIA = 86_400
Ocupado = list[tuple[int, int, int]]


class Busqueda(Struct):
    """La cita que se busca: cuánto dura, qué márgenes lleva y entre qué instantes puede empezar."""

    duracion: int
    margenes: list[tuple[int, int, int]]
    paso: int
    primero: int
    ultimo: int
    zona: str

    def inicios(self, libre: Intervalos | list[tuple[int, int]], cogido: Ocupado, plazas: int = 1) -> set[int]:
        """Los inicios alineados en que la cita cabe en lo libre y en alguna plaza, márgenes incluidos."""
        posibles: set[int] | None = None
        for serie, antes, despues in self.margenes:
            suyas = [uno for uno in cogido if (uno[2] > MARGEN_PREVIO) == (serie > 0)]
            de_serie: set[int] = set()
            for plaza in range(1, plazas + 1):
                ocupados = [(a, b) for a, b, una in suyas if plazas == 1 or una - serie == plaza]
                vetados = [(a - self.duracion - despues, b + antes) for a, b in unir(ocupados)]
                for desde, hasta in self._tramos(libre, vetados):
                    de_serie.update(_alineados(desde, hasta, self.paso, self.zona))
                if not ocupados:
                    break
            posibles = de_serie if posibles is None else posibles & de_serie
        return posibles or set()

    def _tramos(self, libre: Iterable[tuple[int, int]], vetados: list[tuple[int, int]]) -> Iterable[tuple[int, int]]:
        """Tramos cerrados en que cualquier inicio sirve: lo vetado es abierto, sus extremos valen."""
        siguiente, cuantos = 0, len(vetados)
        for abre, cierra in libre:
            primero, ultimo = max(abre, self.primero), min(cierra - self.duracion, self.ultimo)
            while siguiente < cuantos and vetados[siguiente][1] <= primero:
                siguiente += 1
            while siguiente < cuantos and vetados[siguiente][0] < ultimo:
                desde, hasta = vetados[siguiente]
                if primero <= desde:
                    yield primero, desde
                primero = max(primero, hasta)
                if hasta > ultimo:
                    break
                siguiente += 1
            if primero <= ultimo:
                yield primero, ultimo

    def asignar(self, candidatos: Iterable[tuple[str, Intervalos, Ocupado, int]], posibles: set[int]) -> dict[int, str]:
        """El primer candidato libre en cada inicio; los inicios sin ninguno no están."""
        asignado: dict[int, str] = {}
        pendientes = posibles
        for id_, libre, cogido, plazas in candidatos:
            if not pendientes:
                break
            libres = pendientes & self.inicios(libre, cogido, plazas)
            asignado.update(dict.fromkeys(libres, id_))
            pendientes = pendientes - libres
        return asignado


def _alineados(primero: int, ultimo: int, paso: int, zona: str) -> Iterable[int]:
    """Los múltiplos del paso contados desde la medianoche de reloj."""
    dia = datetime.fromtimestamp(primero, _zona(zona)).toordinal()
    while primero <= ultimo:
        inicio, fin = limites(dia, zona)
        if fin - inicio == DIA:
            instante = inicio - (inicio - primero) // paso * paso
            yield from range(instante, min(ultimo + 1, fin), paso)
        else:
            yield from _por_reloj(primero, min(ultimo, fin - 60), paso, zona)
        primero = max(primero, fin)
        dia += 1


def _por_reloj(primero: int, ultimo: int, paso: int, zona: str) -> Iterable[int]:
    tz = _zona(zona)
    for instante in range(ceil(primero / 60) * 60, ultimo + 1, 60):
        reloj = datetime.fromtimestamp(instante, tz)
        if not (reloj.hour * 3600 + reloj.minute * 60) % paso:
            yield instante


_zona = lru_cache(200)(ZoneInfo)


@lru_cache(200_000)
def en_hora(instante: int, zona: str) -> datetime:
    """El instante en la hora de la sede."""
    return datetime.fromtimestamp(instante, UTC).astimezone(_zona(zona))


@lru_cache(200_000)
def texto(instante: int, zona: str) -> str:
    """El instante como sale en JSON."""
    return msgspec.json.encode(en_hora(instante, zona)).decode()[1:-1]


@lru_cache(200_000)
def dia_de(instante: int, zona: str) -> date:
    """Su día civil."""
    return en_hora(instante, zona).date()
