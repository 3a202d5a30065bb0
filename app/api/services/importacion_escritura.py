"""Escribir lo planeado en una importación: por lotes y, si algo choca, fila a fila para saber cuál."""

from collections.abc import Callable, Iterable, Sequence
from secrets import token_hex
from typing import Any

from app.api.services.importacion_informe import Linea, Resultado, errores_de
from app.api.services.importacion_pasos import Alta, Cambio, Importacion, Leida
from app.utils.contadores import siguiente
from app.utils.context import contexto
from app.utils.db_errors import ERRORES_DE_BASE, de_base_de_datos
from app.utils.errors import DomainError
from app.utils.records import add_all, attempt, forget


def dar_de_alta(importacion: Importacion, altas: Sequence[tuple[Leida, Alta]], prefijo: str) -> list[Linea]:
    """Escribe las altas de una vez; si algo choca, una a una, para saber cuál."""
    if not altas:
        return []
    for codigo, (_, alta) in zip(_codigos(importacion, prefijo, len(altas)), altas, strict=True):
        alta.filas[0][1]["codigo"] = codigo
    if _intento(lambda: _insertar(alta for _, alta in altas)) is None:
        return [_linea(leida, Resultado.CREAR) for leida, _ in altas]
    lineas: list[Linea] = []
    for leida, alta in altas:
        error = _intento(lambda alta=alta: _insertar([alta]))  # type: ignore[misc]
        lineas += errores_de(leida.fila, leida.id_externo, error) if error else [_linea(leida, Resultado.CREAR)]
    return lineas


def cambiar(cambios: Sequence[tuple[Leida, Cambio]]) -> list[Linea]:
    """Escribe los cambios, cada uno por su cuenta."""
    lineas: list[Linea] = []
    for leida, cambio in cambios:
        contexto().avisos.clear()
        error = _intento(cambio.hacer)
        if error:
            lineas += errores_de(leida.fila, leida.id_externo, error)
        else:
            lineas += [_linea(leida, Resultado.ACTUALIZAR, ", ".join(cambio.campos)), *avisos_de(leida)]
    return lineas


def avisos_de(leida: Leida) -> list[Linea]:
    """Los avisos que ha dejado lo último que se hizo con una fila."""
    return [Linea(leida.fila, leida.id_externo, Resultado.AVISO, "", uno["mensaje"]) for uno in contexto().avisos]


def _linea(leida: Leida, resultado: Resultado, campo: str = "") -> Linea:
    return Linea(leida.fila or None, leida.id_externo, resultado, campo, "" if leida.fila else "Titular del mapa")


def _codigos(importacion: Importacion, prefijo: str, cuantos: int) -> list[str]:
    if importacion.ensayo:
        # Provisionales: un ensayo no debe parar el contador, que todas las altas de la clínica comparten.
        return [f"ENSAYO-{token_hex(6)}" for _ in range(cuantos)]
    ultimo = siguiente(prefijo, cuantos)
    return [f"{prefijo}-{numero:06d}" for numero in range(ultimo - cuantos + 1, ultimo + 1)]


def _insertar(altas: Iterable[Alta]) -> None:
    for nivel in zip(*(alta.filas for alta in altas), strict=True):  # en cada nivel, filas del mismo modelo
        for escrita in add_all(modelo(**campos) for modelo, campos in nivel):
            forget(escrita)  # nadie va a cambiarla: seguir miles sería mirarlas todas en cada alta


def _intento(escribir: Callable[[], Any]) -> DomainError | None:
    """Escribe dentro de un punto de guarda: si la base o una regla lo rechaza, no queda nada y se dice por qué."""
    try:
        with attempt():
            escribir()
    except DomainError as error:
        return error
    except ERRORES_DE_BASE as error:
        traducido = de_base_de_datos(error)
        if traducido.status >= 500:
            raise
        return traducido
    return None
