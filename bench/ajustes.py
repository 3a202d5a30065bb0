"""Lo que decide una medida: cuántos datos, qué máquina y cuánto dura cada ronda."""

import os
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

RAIZ = Path(__file__).resolve().parents[1]
DATOS = RAIZ / ".servet-bench"
RESULTADOS = RAIZ / "bench" / "RESULTADOS.md"
TRABAJADORES = 2
HILOS = 4
CONEXIONES = 8


class ErrorDeBanco(RuntimeError):
    """No se puede medir; el mensaje dice por qué."""


@dataclass(frozen=True, slots=True)
class Volumen:
    """Cuántas filas tiene la organización que se mide; la vecina tiene la décima parte."""

    clientes: int
    pacientes: int
    citas: int
    profesionales: int = 200

    @property
    def nombre(self) -> str:
        """Con qué carpeta se guardan estos datos."""
        return f"{self.clientes}-{self.pacientes}-{self.citas}"

    def entre(self, divisor: int) -> "Volumen":
        """La misma clínica, más pequeña."""
        partes = (max(1000, uno // divisor) for uno in (self.clientes, self.pacientes, self.citas))
        return Volumen(*partes, profesionales=25)


@dataclass(frozen=True, slots=True)
class Organizacion:
    """Una de las dos organizaciones del banco."""

    codigo: str
    volumen: Volumen

    @property
    def id(self) -> UUID:
        """Su identificador, siempre el mismo."""
        return uuid5(NAMESPACE_URL, f"servet-bench/{self.codigo}")

    @property
    def sedes(self) -> int:
        """La primera tiene 5 profesionales, la segunda 20 y las demás 7."""
        return 2 + max(0, -(-(self.volumen.profesionales - 25) // 7))


@dataclass(frozen=True, slots=True)
class Rondas:
    """Cómo se mide: cuántas veces, cuántos segundos y con cuántas conexiones."""

    veces: int
    segundos: float
    conexiones: int
    calentar: float


COMPLETAS = Rondas(veces=3, segundos=3, conexiones=8, calentar=1.5)
CORTAS = Rondas(veces=2, segundos=1, conexiones=8, calentar=0.5)


def volumen(escala: float) -> Volumen:
    """Los datos de una escala: 1 son 200.000 clientes, 300.000 pacientes y un millón de citas."""
    if not 0.001 <= escala <= 20:
        raise ErrorDeBanco(f"ESCALA={escala} no es un número de 0,001 a 20")
    return Volumen(int(200_000 * escala), int(300_000 * escala), int(1_000_000 * escala))


def escala_pedida(defecto: float) -> float:
    """La de la variable ESCALA o, sin ella, la que se diga."""
    texto = os.environ.get("ESCALA") or str(defecto)
    try:
        return float(texto)
    except ValueError:
        raise ErrorDeBanco(f"ESCALA={texto!r} no es un número") from None
