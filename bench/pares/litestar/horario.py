"""Cuándo se atiende, en segundos desde la época: enteros, y cada cuenta se hace una vez."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from msgspec import Struct

from app.utils.horas import limites_del_dia, primer_instante

Intervalos = tuple[tuple[int, int], ...]


class Franja(Struct, array_like=True, frozen=True):
    """Horas de un día de la semana; los días, como ordinales, y las horas, en minutos."""

    sede: bool
    de: str | None
    dia: int
    inicio: int
    fin: int
    desde: int
    hasta: int | None


class Excepcion(Struct, array_like=True, frozen=True):
    """Días en que el horario cambia."""

    de: str | None
    suma: bool
    desde: int
    hasta: int
    inicio: int
    fin: int


SIEMPRE = tuple(Franja(True, None, dia, 0, 0, 1, None) for dia in range(1, 8))
# Cómo se lee todo ello de la base, para los profesionales $p, los recursos $r, la sede $s y los días [$d − 1, $h].
FRANJAS = """(SELECT coalesce(json_agg(json_build_array(h.sede_id = {sede}, coalesce(h.profesional_id,
 h.recurso_id)::text,
  h.dia_semana, date_part('epoch', h.hora_inicio)::int / 60, date_part('epoch', h.hora_fin)::int / 60,
  h.desde - date '0001-01-01' + 1, h.hasta - date '0001-01-01' + 1)), '[]')::text FROM horarios h
 WHERE h.organizacion_id = $2 AND (h.profesional_id = ANY ({personas}) OR (h.sede_id = {sede}
   AND h.profesional_id IS NULL AND (h.recurso_id IS NULL OR h.recurso_id = ANY ({recursos}))))) AS franjas"""
EXCEPCIONES = """(SELECT coalesce(json_agg(json_build_array(coalesce(x.profesional_id, x.recurso_id)::text,
  x.tipo IN ('apertura_extra', 'guardia'), x.desde - date '0001-01-01' + 1, x.hasta - date '0001-01-01' + 1,
  coalesce(date_part('epoch', x.hora_inicio)::int / 60, 0), coalesce(date_part('epoch', x.hora_fin)::int / 60, 0))),
  '[]')::text
  FROM excepciones_horario x
 WHERE x.organizacion_id = $2 AND x.hasta >= {desde}::date - 1 AND x.desde <= {hasta}::date
   AND (x.sede_id = {sede} OR x.sede_id IS NULL)
   AND ((x.profesional_id IS NULL AND x.recurso_id IS NULL) OR x.profesional_id = ANY ({personas})
        OR x.recurso_id = ANY ({recursos}))) AS excepciones"""


@lru_cache(200_000)
def instante(dia: int, minuto: int, zona: str) -> int:
    """El instante de una hora de reloj."""
    local = datetime.combine(date.fromordinal(dia), time()) + timedelta(minutes=minuto)
    return int(primer_instante(local, zona).timestamp())


@lru_cache(20_000)
def limites(dia: int, zona: str) -> tuple[int, int]:
    """Dónde empieza y acaba un día civil."""
    inicio, fin = limites_del_dia(date.fromordinal(dia), zona)
    return int(inicio.timestamp()), int(fin.timestamp())


class Calendario:
    """El horario leído de una sede y de quienes trabajan en ella."""

    def __init__(self, franjas: list[Franja], excepciones: list[Excepcion], zona: str, desde: int, hasta: int) -> None:
        self.zona, self.desde, self.hasta = zona, desde, hasta
        self.con_horario = {uno.de for uno in franjas}
        self.franjas: dict[str | None, list[Franja]] = {}
        self.excepciones: dict[str | None, list[Excepcion]] = {}
        for franja in franjas:
            if franja.sede:
                self.franjas.setdefault(franja.de, []).append(franja)
        for excepcion in excepciones:
            self.excepciones.setdefault(excepcion.de, []).append(excepcion)
        self.de_sede = tuple(self.excepciones.get(None, ()))

    def profesional(self, id_: str, sin_horario: tuple[Franja, ...] = ()) -> Intervalos:
        """Cuándo atiende: en su horario o, si no tiene ninguno en ninguna sede, en el de esta."""
        prestado = self.franjas.get(None) or sin_horario
        suyas = self._vigentes(self.franjas.get(id_, ()) if id_ in self.con_horario else prestado)
        de_sede = self.de_sede
        if de_sede:
            primero = min((uno.desde for uno in suyas), default=1)
            ultimo = max((uno.hasta or date.max.toordinal() for uno in suyas), default=0)
            de_sede = tuple(
                Excepcion(None, True, max(uno.desde, primero), min(uno.hasta, ultimo), uno.inicio, uno.fin)
                if uno.suma else uno
                for uno in de_sede if suyas or not uno.suma
            )  # fmt: skip
        return atendido(suyas, de_sede, tuple(self.excepciones.get(id_, ())), self.zona, self.desde, self.hasta)

    def recurso(self, id_: str | None) -> Intervalos:
        """Cuándo se puede usar; sin horario propio, el de la sede. Sin recurso, cuándo abre la sede."""
        suyas = self._vigentes(self.franjas.get(id_) or self.franjas.get(None) or SIEMPRE)
        propias = tuple(self.excepciones.get(id_, ())) if id_ else ()
        return atendido(suyas, self.de_sede, propias, self.zona, self.desde, self.hasta)

    def _vigentes(self, franjas: "list[Franja] | tuple[Franja, ...]") -> tuple[Franja, ...]:
        return tuple(uno for uno in franjas if uno.desde <= self.hasta and (uno.hasta or self.hasta) >= self.desde - 1)


@lru_cache(20_000)
def atendido(
    franjas: tuple[Franja, ...], de_sede: tuple[Excepcion, ...], propias: tuple[Excepcion, ...], zona: str,
    desde: int, hasta: int,
) -> Intervalos:  # fmt: skip
    """Los intervalos atendidos entre dos días, incluidos; las mismas reglas que en Servet."""
    dias = range(desde - 1, hasta + 1)

    def expandir(excepciones: tuple[Excepcion, ...], suman: bool) -> list[tuple[int, int]]:
        return [
            _intervalo(dia, uno.inicio, uno.fin, zona)
            for uno in excepciones if uno.suma is suman
            for dia in range(max(uno.desde, dias.start), min(uno.hasta + 1, dias.stop))
        ]  # fmt: skip

    semanal = [
        _intervalo(dia, uno.inicio, uno.fin, zona)
        for dia in dias
        for uno in franjas
        if (dia - 1) % 7 + 1 == uno.dia and uno.desde <= dia and (uno.hasta is None or dia <= uno.hasta)
    ]
    propio = [*restar(semanal + expandir(de_sede, True), expandir(propias, False)), *expandir(propias, True)]
    primero, ultimo = limites(desde, zona)[0], limites(hasta, zona)[1]
    libres = restar(propio, expandir(de_sede, False))
    return tuple((max(a, primero), min(b, ultimo)) for a, b in libres if a < ultimo and b > primero)


def _intervalo(dia: int, inicio: int, fin: int, zona: str) -> tuple[int, int]:
    return instante(dia, inicio, zona), instante(dia if inicio < fin else dia + 1, fin, zona)


def unir(intervalos: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ordenados, fundidos y sin vacíos."""
    salida: list[tuple[int, int]] = []
    for inicio, fin in sorted(intervalos):
        if salida and inicio <= salida[-1][1]:
            if fin > salida[-1][1]:
                salida[-1] = (salida[-1][0], fin)
        elif inicio < fin:
            salida.append((inicio, fin))
    return salida


def restar(base: list[tuple[int, int]], quitados: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Lo de la base que no está en ninguno de los quitados."""
    salida = unir(base)
    for desde, hasta in unir(quitados):
        salida = [
            parte
            for inicio, fin in salida
            for parte in ((inicio, min(fin, desde)), (max(inicio, hasta), fin))
            if parte[0] < parte[1]
        ]
    return salida
