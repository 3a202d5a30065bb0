"""Qué se pide en cada trabajo: siempre lo mismo con los mismos datos, y lo mismo a todos."""

import json
import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from urllib.parse import quote
from uuid import uuid5
from zoneinfo import ZoneInfo

import psycopg

from bench.ajustes import Organizacion
from bench.base import Base
from bench.carga import TIPO, laborables

API = "/api/v1"
ZONA = ZoneInfo("Europe/Madrid")
HUECOS_DIA = 21
Leer = Callable[[str], Any]  # de una ruta a su JSON, pedido al propio contendiente


def _filas(base: Base, consulta: str, *valores: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(base.url_propietario) as conexion:
        return conexion.execute(consulta.encode(), valores).fetchall()


def animales(base: Base, una: Organizacion, cuantos: int, saltar: int = 0) -> list[tuple[Any, ...]]:
    """Unos animales vivos: id, versión, nombre, titular y apellidos del titular."""
    return _filas(
        base,
        "SELECT a.id, a.version, a.nombre, t.cliente_id, c.apellidos FROM pacientes a"
        " JOIN titularidades t ON t.organizacion_id = a.organizacion_id AND t.paciente_id = a.id AND t.hasta IS NULL"
        " JOIN clientes c ON c.organizacion_id = t.organizacion_id AND c.id = t.cliente_id"
        " WHERE a.organizacion_id = %s AND a.codigo = ANY (%s) AND a.estado = 'activo' ORDER BY md5(a.id::text)",
        una.id,
        [f"PAC-{1 + (saltar + n) * 7919 % una.volumen.pacientes:06d}" for n in range(cuantos)],
    )


def detalle(base: Base, una: Organizacion, _leer: Leer) -> list[str]:
    """La ficha de un animal con su titular."""
    # Más animales de los que cualquiera recuerda en memoria.
    return [f"{API}/pacientes/{fila[0]}" for fila in animales(base, una, 20_000)]


def lista(base: Base, una: Organizacion, leer: Leer) -> list[str]:
    """Los 25 primeros de un comienzo de nombre y, la mitad de las veces, los 25 siguientes."""
    azar = random.Random(3)
    nombres = [fila[2].split()[0] for fila in animales(base, una, 300)]
    rutas = [f"{API}/pacientes?nombre={quote(nombre[: azar.randint(2, 4)])}&limite=25" for nombre in nombres]
    for ruta in dict.fromkeys(rutas[:100]):
        if siguiente := leer(ruta)["siguiente"]:
            rutas.extend([f"{ruta}&cursor={quote(siguiente)}"] * 2)
    azar.shuffle(rutas)
    return rutas


def busqueda(base: Base, una: Organizacion, _leer: Leer) -> list[str]:
    """Nombre del animal con una errata y, la mitad de las veces, también el apellido del titular."""
    azar = random.Random(5)
    textos = []
    for fila in animales(base, una, 500):
        nombre = errata(fila[2].split()[0], azar)
        textos.append(nombre if len(textos) % 2 else f"{nombre} {fila[4].split()[0]}")
    return [f"{API}/pacientes?q={quote(texto)}&limite=25" for texto in textos]


def errata(palabra: str, azar: random.Random) -> str:
    """Dos letras bailadas o, si es larga, una de menos."""
    n = azar.randrange(1, max(2, len(palabra) - 1))
    if len(palabra) >= 5 and azar.random() < 0.5:
        return palabra[:n] + palabra[n + 1 :]
    return palabra[:n] + palabra[n : n + 2][::-1] + palabra[n + 2 :]


def dia(base: Base, una: Organizacion, _leer: Leer) -> list[str]:
    """El día de un profesional."""
    filas = _filas(
        base,
        "SELECT profesional_id, (inicio AT TIME ZONE 'Europe/Madrid')::date FROM citas"
        " WHERE organizacion_id = %s AND codigo = ANY (%s) ORDER BY md5(id::text)",
        una.id,
        [f"CIT-{n * 7919 % una.volumen.citas:06d}" for n in range(600)],
    )
    return [f"{API}/citas?profesional_id={quien}&fecha={fecha}&limite=100" for quien, fecha in filas]


def disponibilidad(base: Base, una: Organizacion, _leer: Leer) -> list[str]:
    """Siete días de la sede de cinco profesionales, empezando en distintos días."""
    sede = sede_de(base, una, "S001")
    hoy = date.today()
    return [
        f"{API}/disponibilidad?tipo_cita_id={uuid5(una.id, TIPO)}&sede_id={sede}"
        f"&desde={hoy + timedelta(days=n)}&hasta={hoy + timedelta(days=n + 6)}"
        for n in range(1, 22)
    ]


def sede_de(base: Base, una: Organizacion, codigo: str) -> Any:
    """El id de una sede."""
    return _filas(base, "SELECT id FROM sedes WHERE organizacion_id = %s AND codigo = %s", una.id, codigo)[0][0]


def primer_dia_libre(base: Base) -> date:
    """Desde qué día la agenda está vacía: ahí reserva el banco."""
    return base.ancla + timedelta(days=120)


class Reservas:
    """Reparte huecos libres: cada petición, un profesional, un hueco y un animal que nadie más pide."""

    def __init__(self, base: Base, una: Organizacion) -> None:
        self._agenda = _filas(
            base,
            "SELECT p.id, r.id, r.sede_id FROM profesionales p"
            " JOIN horarios h ON h.organizacion_id = p.organizacion_id AND h.profesional_id = p.id"
            " JOIN recursos r ON r.organizacion_id = p.organizacion_id AND r.sede_id = h.sede_id"
            "   AND r.codigo = 'C' || substring(p.nombre FROM '[0-9]+$')"
            " WHERE p.organizacion_id = %s GROUP BY 1, 2, 3 ORDER BY 1",
            una.id,
        )
        self._animales = animales(base, una, min(20_000, una.volumen.pacientes))
        self._tipo = str(uuid5(una.id, TIPO))
        self._huecos = self._recorrer(primer_dia_libre(base))

    def _recorrer(self, desde: date) -> Iterator[str]:
        n = 0
        for fecha in laborables(desde, 2000):
            for hueco in range(HUECOS_DIA):
                hora = time(9) if hueco < 12 else time(16)
                inicio = datetime.combine(fecha, hora, ZONA) + timedelta(minutes=25 * (hueco % 12))
                for profesional, sala, sede in self._agenda:
                    animal = self._animales[n % len(self._animales)]
                    n += 1
                    yield json.dumps({
                        "sede_id": str(sede), "tipo_cita_id": self._tipo, "cliente_id": str(animal[3]),
                        "paciente_id": str(animal[0]), "profesional_id": str(profesional), "recursos": [str(sala)],
                        "inicio": inicio.isoformat(), "motivo": "Revisión anual",
                    })  # fmt: skip

    def tomar(self, cuantas: int) -> list[str]:
        """Los cuerpos de las siguientes reservas."""
        return list(islice(self._huecos, cuantas))


def ediciones(base: Base, una: Organizacion, tanda: int) -> list[str]:
    """Animales que editar y su versión de ahora; en cada tanda, otros."""
    return [f"{fila[0]} {fila[1]}" for fila in animales(base, una, 1000, saltar=1000 * tanda)]
