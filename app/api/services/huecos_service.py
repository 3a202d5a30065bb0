"""De horarios y ocupación a inicios posibles: la parte de la disponibilidad que no lee de la base."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from app.api.services.agenda_service import Calendario, Ocupado
from app.api.services.ocupacion_service import SERIE_MARGEN_PREVIO
from app.utils.intervalos import Intervalo, huecos, intersecar, unir

CERO = timedelta(0)
Candidato = tuple[UUID, int]
Inicios = set[datetime]


@dataclass(frozen=True, slots=True)
class Busqueda:
    """La cita que se busca: cuánto dura, qué márgenes lleva y entre qué instantes puede empezar."""

    duracion: timedelta
    antes: timedelta
    despues: timedelta
    paso: timedelta
    primero: datetime
    ultimo: datetime
    margenes_compartidos: bool = False

    @property
    def margenes(self) -> list[tuple[int, timedelta, timedelta]]:
        """Los márgenes que han de caber a la vez, cada uno en su serie de plazas (véase ``ocupacion_service``)."""
        if self.margenes_compartidos:
            return [(0, CERO, self.despues), (SERIE_MARGEN_PREVIO, self.antes, CERO)]
        return [(0, self.antes, self.despues)]


@dataclass(slots=True)
class Agenda:
    """Lo leído para una búsqueda, y los inicios de cada cual según se van pidiendo."""

    busqueda: Busqueda
    atendido: Calendario
    cogido: dict[UUID, list[Ocupado]]
    _hechos: dict[UUID, Inicios] = field(default_factory=dict)

    def inicios(self, id: UUID, plazas: int = 1) -> Inicios:
        """Cuándo puede empezar la cita por lo que toca a un profesional o a un recurso."""
        if id not in self._hechos:
            self._hechos[id] = inicios(self.atendido.de[id], self.cogido[id], plazas, self.busqueda, self.atendido.zona)
        return self._hechos[id]

    def inicios_sede(self) -> Inicios:
        """Cuándo puede empezar si sólo importa que la sede esté abierta."""
        return inicios(self.atendido.sede, (), 1, self.busqueda, self.atendido.zona)

    def sin_paciente(self, posibles: Inicios, paciente_id: UUID) -> Inicios:
        """Los inicios en los que el paciente no está ya en otra cita; él no lleva márgenes."""
        duracion, suyas = self.busqueda.duracion, self.cogido[paciente_id]
        return {
            inicio
            for inicio in posibles
            if not any(desde < inicio + duracion and inicio < hasta for desde, hasta, _ in suyas)
        }

    def asignar(self, candidatos: Iterable[Candidato], posibles: Inicios) -> dict[datetime, UUID]:
        """El primer candidato libre en cada inicio; los inicios sin ninguno no están."""
        asignado: dict[datetime, UUID] = {}
        pendientes, duracion = set(posibles), self.busqueda.duracion
        for id, plazas in candidatos:
            # Sólo se mira donde hace falta: con la agenda llena quedan muy pocos inicios y puede haber muchas salas.
            ventanas = unir((inicio, inicio + duracion) for inicio in pendientes)
            libre = intersecar(self.atendido.de[id], ventanas)
            libres = pendientes & inicios(libre, self.cogido[id], plazas, self.busqueda, self.atendido.zona)
            asignado.update(dict.fromkeys(libres, id))
            pendientes -= libres
        return asignado


def inicios(
    libre: Iterable[Intervalo], cogido: Sequence[Ocupado], plazas: int, busqueda: Busqueda, zona: str
) -> Inicios:
    """Los inicios alineados en que la cita cabe en lo libre y en alguna plaza, márgenes incluidos."""
    posibles: Inicios | None = None
    alcance = intersecar(libre, [(busqueda.primero, max(busqueda.primero, busqueda.ultimo + busqueda.duracion))])
    for serie, antes, despues in busqueda.margenes:
        suyas = [uno for uno in cogido if (uno[2] > SERIE_MARGEN_PREVIO) == (serie > 0)]
        de_serie: Inicios = set()
        for plaza in range(1, plazas + 1):
            # Con una sola plaza estorba todo: un solape forzado ocupa plazas que no existen.
            ocupados = [(desde, hasta) for desde, hasta, una in suyas if plazas == 1 or una - serie == plaza]
            de_serie.update(
                huecos(
                    alcance,
                    ocupados,
                    duracion=busqueda.duracion,
                    antes=antes,
                    despues=despues,
                    paso=busqueda.paso,
                    desde=busqueda.primero,
                    zona=zona,
                )
            )
            if not ocupados:
                break
        posibles = de_serie if posibles is None else posibles & de_serie
    return posibles or set()
