"""Con qué se calcula el calendario y qué dice: todo congelado."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Protocolo:
    """Los parámetros de un protocolo; sin ``periodo_meses``, manda la ficha técnica de lo que se puso."""

    codigo: str
    tipo: str
    edad_min_semanas: int
    intervalo_min_dias: int = 14
    intervalo_objetivo_dias: int = 28
    fin_serie_semanas: int = 16
    refuerzo_1_semanas: int = 26
    dosis_adulto: int = 2
    refuerzo_adulto_meses: int = 12
    dosis_iniciales: int = 1
    refuerzo_1_meses: int = 12
    periodo_meses: int | None = None
    caducidad_meses: int | None = None


@dataclass(frozen=True, slots=True)
class Dosis:
    """Una dosis puesta; ``proxima_manual`` es la fecha que un veterinario fijó a mano."""

    id: Any
    fecha: date
    anulada: bool = False
    validez_meses: int | None = None
    proxima_manual: date | None = None


@dataclass(frozen=True, slots=True)
class Requisito:
    """Lo que exige el territorio donde vive el animal."""

    obligatoria: bool = True
    dosis_iniciales: int | None = None
    periodicidad_meses: int | None = None


@dataclass(frozen=True, slots=True)
class Motivo:
    """Un porqué: código para la máquina y frase para el veterinario, que sólo se compone si se enseña."""

    codigo: str
    frase: str
    datos: Mapping[str, Any] = field(default_factory=dict)

    @property
    def mensaje(self) -> str:
        """La frase, con sus datos."""
        return self.frase.format(**self.datos)


@dataclass(frozen=True, slots=True)
class Periodo:
    """Cada cuántos meses se refuerza y quién lo dice: protocolo, ficha técnica, territorio o el primer refuerzo."""

    meses: int
    segun: str


@dataclass(frozen=True, slots=True)
class DosisValorada:
    """Una dosis con su número en la serie o, si no cuenta, por qué no."""

    dosis: Dosis
    numero: int | None
    descarte: Motivo | None


@dataclass(frozen=True, slots=True)
class Paso:
    """Lo que dice una regla: cuándo, en qué fase y con qué frase."""

    fecha: date
    fase: str
    motivo: Motivo


@dataclass(frozen=True, slots=True)
class Proxima:
    """La próxima dosis de un protocolo, con la regla que la decidió y las dosis que miró."""

    protocolo: str
    fecha: date
    fase: str
    numero_en_serie: int
    estado: str
    regla: str
    motivo: Motivo
    dosis: tuple[DosisValorada, ...]
