"""De horarios y ocupación a inicios posibles, en segundos: la parte de la disponibilidad que no lee de la base."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.api.services.agenda_service import Calendario
from app.api.services.lectura_agenda_service import Ocupado
from app.api.services.plazas_service import SERIE_MARGEN_PREVIO
from app.utils.intervalos import Intervalo, huecos

Candidato = tuple[UUID, int]
Inicios = set[int]


@dataclass(frozen=True, slots=True)
class CitaBuscada:
    """La cita que se busca: cuánto dura y qué márgenes lleva, en segundos."""

    duracion: int
    antes: int
    despues: int
    margenes_compartidos: bool = False

    @property
    def margenes(self) -> list[tuple[int, int, int]]:
        """Los márgenes que han de caber a la vez, cada uno en su serie de plazas (véase ``ocupacion_service``)."""
        if self.margenes_compartidos:
            return [(0, 0, self.despues), (SERIE_MARGEN_PREVIO, self.antes, 0)]
        return [(0, self.antes, self.despues)]


@dataclass(frozen=True, slots=True)
class Agenda:
    """Lo leído para una búsqueda: la cita, en qué instantes podría empezar y cuándo puede cada cual."""

    cita: CitaBuscada
    alineados: Sequence[int]
    atendido: Calendario
    cogido: dict[UUID, Ocupado]

    def inicios(self, id: UUID, plazas: int = 1) -> Inicios:
        """Cuándo puede empezar la cita por lo que toca a un profesional o a un recurso."""
        return inicios(self.atendido.de[id], self.cogido[id], plazas, self.cita, self.alineados)

    def inicios_sede(self) -> Inicios:
        """Cuándo puede empezar si sólo importa que la sede esté abierta."""
        return inicios(self.atendido.sede, {}, 1, self.cita, self.alineados)

    def sin_paciente(self, posibles: Inicios, paciente_id: UUID) -> Inicios:
        """Los inicios en los que el paciente no está ya en otra cita; él no lleva márgenes."""
        duracion, suyas = self.cita.duracion, [uno for suya in self.cogido[paciente_id].values() for uno in suya]
        return {
            inicio
            for inicio in posibles
            if not any(desde < inicio + duracion and inicio < hasta for desde, hasta in suyas)
        }

    def asignar(self, candidatos: Iterable[Candidato], posibles: Inicios) -> dict[int, UUID]:
        """El primer candidato libre en cada inicio; los inicios sin ninguno no están."""
        asignado: dict[int, UUID] = {}
        pendientes = sorted(posibles)
        for id, plazas in candidatos:
            if not pendientes:
                break
            libres = inicios(self.atendido.de[id], self.cogido[id], plazas, self.cita, pendientes)
            asignado.update(dict.fromkeys(libres, id))
            pendientes = [inicio for inicio in pendientes if inicio not in libres]
        return asignado


def inicios(
    libre: Sequence[Intervalo], cogido: Ocupado, plazas: int, cita: CitaBuscada, alineados: Sequence[int]
) -> Inicios:
    """Los inicios alineados en que la cita cabe en lo libre y en alguna plaza, márgenes incluidos."""
    posibles: Inicios | None = None
    for serie, antes, despues in cita.margenes:
        suyas = {plaza - serie: suya for plaza, suya in cogido.items() if (plaza > SERIE_MARGEN_PREVIO) == (serie > 0)}
        if plazas == 1:
            # Con una sola plaza estorba todo: un solape forzado ocupa plazas que no existen.
            suyas = {1: [uno for suya in suyas.values() for uno in suya]}
        de_serie: Inicios = set()
        for plaza in range(1, plazas + 1):
            ocupados = suyas.get(plaza, ())
            de_serie.update(huecos(libre, ocupados, alineados, duracion=cita.duracion, antes=antes, despues=despues))
            if not ocupados:
                break
        posibles = de_serie if posibles is None else posibles & de_serie
    return posibles or set()
