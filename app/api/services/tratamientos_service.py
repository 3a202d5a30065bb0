"""Lo que un paciente toma o ha tomado hace poco: lo recetado y lo administrado, de una sola lectura."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import SmallInteger, and_, literal, null, or_, select, union_all

from app.api.models.administracion import Administracion
from app.api.models.medicamento import MedicamentoPrincipio, PrincipioActivo
from app.api.models.receta import EstadoReceta, LineaReceta, Receta
from app.utils.context import ahora, hoy
from app.utils.medicacion import Principio, Tratamiento
from app.utils.records import Rows, dato, rows

# Más de lo que admite cualquier periodo de lavado.
MEMORIA = timedelta(days=90)
DIA = timedelta(days=1)
_DISPENSADAS = (EstadoReceta.DISPENSADA_PARCIAL, EstadoReceta.DISPENSADA)


def leer(paciente_id: UUID, sin_receta_id: UUID | None) -> Rows:
    """Pone en camino la lectura; ``sin_receta_id`` no se cuenta. No mira de qué sede es: la seguridad es una."""
    dados = {
        "paciente_id": paciente_id,
        "desde": ahora() - MEMORIA,
        "hoy_": hoy(),
        "sin_id": sin_receta_id or UUID(int=0),
    }
    return rows(_consulta, alcance=False, **dados)


def tratamientos(filas: Iterable[Any]) -> tuple[Tratamiento, ...]:
    """Los tratamientos de esas filas, que vienen por principio."""
    salida = []
    for _, suyas in groupby(filas, key=lambda fila: fila.id):
        juntas = list(suyas)
        primera = juntas[0]
        principios = tuple(_principio(una) for una in juntas)
        salida.append(Tratamiento(principios, primera.via, primera.inicio, _ultima_toma(primera)))
    return tuple(salida)


@cache
def _consulta() -> Any:
    recetado = (
        select(
            LineaReceta.id,
            LineaReceta.medicamento_id,
            LineaReceta.via,
            Receta.emitida_en.label("inicio"),
            LineaReceta.duracion_dias,
            LineaReceta.intervalo_h,
        )
        .join(Receta, and_(Receta.organizacion_id == LineaReceta.organizacion_id, Receta.id == LineaReceta.receta_id))
        .where(
            Receta.paciente_id == dato("paciente_id"),
            Receta.id != dato("sin_id"),
            # Sin dispensar y ya caducada, no se ha tomado.
            or_(
                Receta.estado.in_(_DISPENSADAS),
                and_(Receta.estado == EstadoReceta.EMITIDA, Receta.valida_hasta >= dato("hoy_")),
            ),
            Receta.emitida_en + LineaReceta.duracion_dias * literal(DIA) >= dato("desde"),
        )
    )
    administrado = select(
        Administracion.id,
        Administracion.medicamento_id,
        Administracion.via,
        Administracion.en.label("inicio"),
        null().cast(SmallInteger()).label("duracion_dias"),
        null().cast(SmallInteger()).label("intervalo_h"),
    ).where(Administracion.paciente_id == dato("paciente_id"), Administracion.en >= dato("desde"))
    puesto = union_all(recetado, administrado).subquery("puesto")
    suyo, cual = MedicamentoPrincipio, PrincipioActivo
    return (
        select(
            puesto.c.id, puesto.c.via, puesto.c.inicio, puesto.c.duracion_dias, puesto.c.intervalo_h,
            cual.codigo, cual.nombre_dci, cual.grupo, cual.familia, cual.componentes,
        )
        .join(suyo, suyo.medicamento_id == puesto.c.medicamento_id)
        .join(cual, and_(cual.organizacion_id == suyo.organizacion_id, cual.id == suyo.principio_id))
        .order_by(puesto.c.inicio, puesto.c.id, suyo.orden)
    )  # fmt: skip


def _principio(fila: Any) -> Principio:
    return Principio(
        codigo=fila.codigo,
        nombre=fila.nombre_dci,
        grupo=fila.grupo,
        familia=fila.familia,
        componentes=frozenset(fila.componentes),
    )


def _ultima_toma(fila: Any) -> datetime:
    if not fila.duracion_dias:
        return fila.inicio  # type: ignore[no-any-return]
    intervalo = timedelta(hours=fila.intervalo_h) if fila.intervalo_h else DIA
    return max(fila.inicio, fila.inicio + fila.duracion_dias * DIA - intervalo)  # type: ignore[no-any-return]
