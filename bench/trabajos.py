"""Los trabajos que se miden y cómo se prepara cada ronda: el guion de carga y su fichero de peticiones."""

import itertools
import json
import secrets
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import fichas, muestras
from bench.ajustes import ErrorDeBanco, Organizacion, Rondas
from bench.base import Base
from bench.medir import Ronda, ronda
from bench.muestras import Leer, Reservas
from bench.procesos import Contendiente

LECTURAS: dict[str, Callable[[Base, Organizacion, Leer], list[str]]] = {
    "detalle": muestras.detalle,
    "lista": muestras.lista,
    "busqueda": muestras.busqueda,
    "dia": muestras.dia,
    "disponibilidad": muestras.disponibilidad,
}
TITULOS = {
    "hola": "Flask «hola»",
    "detalle": "Paciente con su titular",
    "lista": "Lista de 25 con prefijo y cursor",
    "busqueda": "Búsqueda tolerante",
    "dia": "Día de un profesional",
    "disponibilidad": "Disponibilidad, 7 días × 5 profesionales",
    "reserva": "Reserva de una cita",
    "edicion": "PATCH con If-Match",
}
TRABAJOS = tuple(nombre for nombre in TITULOS if nombre != "hola")
RESERVAS_POR_SEGUNDO = 2500


class Banco:
    """Una medida en curso: la base, con qué se entra y qué huecos quedan por reservar."""

    def __init__(self, base: Base, rondas: Rondas, una: Organizacion | None = None) -> None:
        self.base, self.rondas, self.una = base, rondas, una or base.propia
        self.reservas = Reservas(base, self.una)
        self._rutas: dict[tuple[str, str], Path] = {}
        self._vez, self._tanda = itertools.count(), itertools.count()
        self._marca = secrets.token_hex(4)
        self._carpeta = base.carpeta / "peticiones"
        self._carpeta.mkdir(exist_ok=True)

    def ronda(self, uno: Contendiente, trabajo: str, segundos: float | None = None, conexiones: int = 0) -> Ronda:
        """Mide una ronda de un trabajo contra un contendiente."""
        duracion = self.rondas.segundos if segundos is None else segundos
        guion, fichero, argumentos = self.preparar(uno, trabajo, duracion)
        return ronda(
            uno, self.base.servidor.pid, guion, fichero, *argumentos, segundos=duracion,
            conexiones=conexiones or self.rondas.conexiones,
        )  # fmt: skip

    def preparar(self, uno: Contendiente, trabajo: str, segundos: float) -> tuple[str, Path, list[str]]:
        """El guion de wrk, su fichero y sus argumentos."""
        ficha = fichas.emitir(self.base, self.una)
        if trabajo in LECTURAS or trabajo == "hola":
            return "lectura", self._lecturas(uno, trabajo, ficha), [ficha]
        fichero = self._carpeta / f"{uno.par.nombre}-{trabajo}"
        if trabajo == "reserva":
            lineas = self.reservas.tomar(int(RESERVAS_POR_SEGUNDO * max(1, segundos)))
        elif trabajo == "edicion":
            # Cada ronda, otros animales: los de la anterior pueden tener aún una petición en el aire.
            lineas = muestras.ediciones(self.base, self.una, next(self._tanda))
        else:
            raise ErrorDeBanco(f"No hay ningún trabajo «{trabajo}»: {', '.join(TITULOS)}")
        fichero.write_text("\n".join(lineas) + "\n")
        return trabajo, fichero, [ficha, f"{self._marca}{next(self._vez)}"]

    def _lecturas(self, uno: Contendiente, trabajo: str, ficha: str) -> Path:
        # El cursor es de cada contendiente: la lista, y sólo ella, se prepara para cada uno.
        clave = (trabajo, uno.par.nombre)
        if clave not in self._rutas:
            rutas = ["/hola"] if trabajo == "hola" else LECTURAS[trabajo](self.base, self.una, lector(uno, ficha))
            fichero = self._carpeta / "-".join(clave)
            fichero.write_text("\n".join(rutas) + "\n")
            self._rutas[clave] = fichero
        return self._rutas[clave]


def lector(uno: Contendiente, ficha: str) -> Leer:
    """Con qué leer una ruta de un contendiente."""

    def leer(ruta: str) -> Any:
        peticion = urllib.request.Request(uno.url + ruta, headers={"Authorization": f"Bearer {ficha}"})
        with urllib.request.urlopen(peticion, timeout=30) as respuesta:
            return json.load(respuesta)

    return leer
