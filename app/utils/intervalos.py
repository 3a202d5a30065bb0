"""Álgebra de intervalos semiabiertos [inicio, fin), en segundos enteros, y búsqueda de huecos."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

Intervalo = tuple[int, int]


def unir(intervalos: Iterable[Intervalo]) -> list[Intervalo]:
    """Los mismos instantes en intervalos ordenados y separados.

    Los contiguos se funden y los vacíos desaparecen.

    Errores: ``ValueError`` si alguno acaba antes de empezar.
    """
    resultado: list[Intervalo] = []
    alcanzado = None
    for inicio, fin in sorted(intervalos):
        if fin < inicio:
            raise ValueError("El intervalo acaba antes de empezar")
        if alcanzado is not None and inicio <= alcanzado:
            if fin > alcanzado:
                resultado[-1] = (resultado[-1][0], fin)
                alcanzado = fin
        elif inicio < fin:
            resultado.append((inicio, fin))
            alcanzado = fin
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
    alineados: Sequence[int],
    *,
    duracion: int,
    antes: int,
    despues: int,
) -> list[int]:
    """Los instantes alineados, que vienen en orden, en que puede empezar una cita.

    La cita cabe entera en lo libre y ella con sus márgenes no toca lo ocupado.

    Errores: ``ValueError`` si la duración no es positiva o algún margen es negativo.
    """
    if duracion <= 0 or min(antes, despues) < 0:
        raise ValueError("La duración ha de ser positiva y los márgenes, no negativos")
    # Un inicio choca si cae estrictamente dentro de lo ocupado ensanchado por la cita y sus márgenes.
    vetados = [(inicio - duracion - despues, fin + antes) for inicio, fin in unir(ocupados)]
    resultado: list[int] = []
    for primero, ultimo in _tramos(unir(libres), vetados, duracion):
        resultado += alineados[bisect_left(alineados, primero) : bisect_right(alineados, ultimo)]
    return resultado


def _tramos(libres: list[Intervalo], vetados: list[Intervalo], duracion: int) -> Iterator[Intervalo]:
    """Tramos [primero, último], cerrados, en que cualquier inicio sirve."""
    siguiente, cuantos = 0, len(vetados)
    for primero, cierra in libres:
        ultimo = cierra - duracion
        while siguiente < cuantos and vetados[siguiente][1] <= primero:
            siguiente += 1
        while siguiente < cuantos and vetados[siguiente][0] < ultimo:
            veto_desde, veto_hasta = vetados[siguiente]
            if primero <= veto_desde:
                yield primero, veto_desde
            primero = max(primero, veto_hasta)
            if veto_hasta > ultimo:  # puede alcanzar también al tramo siguiente
                break
            siguiente += 1
        if primero <= ultimo:
            yield primero, ultimo
