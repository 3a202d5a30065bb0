"""Ocupar y liberar: lo único que escribe en ``ocupaciones``, donde la base impide la doble reserva."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Delete, Row, Select, and_, delete, func, select, update

from app.api.models.cita import OCUPACION_MAXIMA_H, Cita, CitaSolapada, EstadoCita, Ocupacion
from app.api.services.plazas_service import SERIE_MARGEN_PREVIO, Ocupante, repartir
from app.utils.context import ahora, organizacion_id
from app.utils.entities import nuevo_id
from app.utils.errors import ConflictoConcurrente
from app.utils.records import Rows, dato, entities, execute, forget, insert_if_free, insert_or_fail, one_of, rows

OCUPACION_MAXIMA = timedelta(hours=OCUPACION_MAXIMA_H)
Plazas = Sequence[tuple[Ocupante, int]]


def ocupar(cita_id: UUID, ocupantes: Sequence[Ocupante], zona: str) -> None:
    """Bloquea a todos los ocupantes de la cita, o a ninguno; ``zona`` es en la que se dicen los conflictos.

    Errores: ``CitaSolapada`` con la lista de conflictos.
    """
    tomar(cita_id, elegir_plazas(ocupantes, zona), zona)


def cambiar(cita_id: UUID, ocupantes: Sequence[Ocupante], zona: str, deja: Iterable[UUID | None]) -> None:
    """Suelta todo lo que ocupa la cita, que incluye a los de ``deja``, y bloquea a estos ocupantes, o nada.

    Errores: ``CitaSolapada``.
    """
    # El turno de lo que deja y de lo que toma, de una vez y antes de soltar nada: pedirlo en dos, o después, se
    # interbloquea con quien hace lo contrario o ya espera lo que aquí se suelta.
    por_turno([*(uno.id for uno in ocupantes), *filter(None, deja)])
    liberar([cita_id])
    tomar(cita_id, _elegir(ocupantes, zona), zona)


def elegir_plazas(ocupantes: Sequence[Ocupante], zona: str) -> Plazas:
    """Espera el turno de todos los ocupantes y elige la plaza de cada uno.

    Errores: ``CitaSolapada``; si cada uno tiene una sola plaza, en cuanto la base conteste.
    """
    por_turno([uno.id for uno in ocupantes])
    return _elegir(ocupantes, zona)


def _elegir(ocupantes: Sequence[Ocupante], zona: str) -> Plazas:
    ordenados = sorted(ocupantes, key=lambda uno: (str(uno.id), uno.serie))
    if all(uno.plazas == 1 and not uno.forzado for uno in ordenados):
        return _la_unica(ordenados, zona)
    cogidas = _cogidas(ordenados)
    if any(fila.caducada for fila in cogidas):
        _soltar_caducadas(ordenados)
    plazas, conflictos = repartir(ordenados, cogidas)
    if conflictos:
        raise solapada(conflictos, zona)
    return plazas


def tomar(cita_id: UUID, plazas: Plazas, zona: str) -> None:
    """Ocupa las plazas elegidas. La restricción manda aunque la lectura previa no viera a la otra.

    Errores: ``CitaSolapada``, en cuanto la base conteste.
    """
    filas = [_fila(cita_id, uno, plaza or _recolocar(uno)) for uno, plaza in plazas]
    quienes = [uno for uno, _ in plazas]
    insert_or_fail(
        Ocupacion, filas, "ocupaciones_sin_solape", Ocupacion.id, lambda: solapada(_cogidas(quienes), zona, cita_id)
    )


def liberar(citas: Sequence[UUID], *ocupantes: UUID) -> None:
    """Esas citas dejan de ocupar a todos, o sólo a los que se digan."""
    suyas = delete(Ocupacion).where(one_of(Ocupacion.cita_id, citas))
    execute(suyas.where(one_of(Ocupacion.ocupante_id, ocupantes)) if ocupantes else suyas)


def _la_unica(ocupantes: Sequence[Ocupante], zona: str) -> Plazas:
    """La única plaza de cada uno, sin mirar la agenda: que estaba libre se comprueba al llegar la respuesta."""
    _soltar_caducadas(ocupantes)

    def comprobar(cogidas: Rows) -> None:
        if conflictos := repartir(ocupantes, cogidas)[1]:
            raise solapada(conflictos, zona)

    _cogidas(ocupantes).then(comprobar)
    return [(uno, 1 + uno.serie) for uno in ocupantes]


def caben(ocupantes: Sequence[Ocupante]) -> bool:
    """Si todos los ocupantes tienen sitio ahora mismo."""
    return not repartir(ocupantes, _cogidas(ocupantes))[1]


def recortar(cita_id: UUID, fin_real: datetime, margen: timedelta) -> None:
    """Al acabar antes de lo previsto, lo que sobraba queda libre."""
    hasta = fin_real + margen
    execute(delete(Ocupacion).where(Ocupacion.cita_id == cita_id, Ocupacion.desde >= hasta))
    execute(update(Ocupacion).where(Ocupacion.cita_id == cita_id, Ocupacion.hasta > hasta).values(hasta=hasta))


def solapada(filas: Sequence[Row[Any]], zona: str, propia: UUID | None = None) -> CitaSolapada:
    """El 409 con quién choca y cuándo; sin decir de quién es la otra cita."""
    local = ZoneInfo(zona)
    return CitaSolapada(
        "El intervalo solicitado no está libre",
        campo="/inicio",
        conflictos=[
            {
                "tipo": fila.tipo,
                "id": str(fila.ocupante_id),
                "inicio": fila.desde.astimezone(local),
                "fin": fila.hasta.astimezone(local),
            }
            for fila in filas
            if fila.cita_id != propia
        ],
    )


def por_turno(ocupantes: Iterable[UUID]) -> None:
    """Espera el turno para tocar la agenda de estos ocupantes, hasta el final de la transacción."""
    # Quienes se disputan un mismo ocupante pasan de uno en uno y siempre en el mismo orden: sin interbloqueos,
    # también cuando una reprogramación suelta un hueco y toma otro.
    execute(_turno, claves=sorted({clave_de_turno(uno) for uno in ocupantes}))


def clave_de_turno(ocupante: UUID) -> int:
    """El número con el que la base conoce su turno."""
    return int.from_bytes(ocupante.bytes[8:], "big", signed=True)


@cache
def _turno() -> Select[Any]:
    clave = func.unnest(dato("claves", ARRAY(BigInteger))).column_valued("clave")
    return select(func.pg_advisory_xact_lock(clave))


def _soltar_caducadas(ocupantes: Sequence[Ocupante]) -> None:
    """Una solicitud sin confirmar deja de bloquear cuando caduca, aunque nadie la haya cancelado aún."""
    execute(_caducadas_que_tocan, **_intervalo_de(ocupantes))


def _cogidas(ocupantes: Sequence[Ocupante]) -> Rows:
    """Las ocupaciones de esos ocupantes que tocan el intervalo más amplio."""
    return rows(_que_tocan, alcance=False, **_intervalo_de(ocupantes))


def _intervalo_de(ocupantes: Sequence[Ocupante]) -> dict[str, Any]:
    desde, hasta = min(uno.desde for uno in ocupantes), max(uno.hasta for uno in ocupantes)
    ids, tope = [uno.id for uno in ocupantes], hasta + OCUPACION_MAXIMA
    return {"ocupantes": ids, "desde": desde, "hasta": hasta, "tope": tope, "ahora": ahora()}


def _tocan() -> list[ColumnElement[bool]]:
    return [
        one_of(Ocupacion.ocupante_id, dato("ocupantes")),
        Ocupacion.hasta > dato("desde"),
        Ocupacion.desde < dato("hasta"),
        # Lo dice ya lo de arriba, pero el índice es por «hasta»: así sólo se recorren las que pueden tocar.
        Ocupacion.hasta < dato("tope"),
    ]


@cache
def _caducadas_que_tocan() -> Delete:
    suya = and_(Cita.organizacion_id == Ocupacion.organizacion_id, Cita.id == Ocupacion.cita_id)
    return delete(Ocupacion).where(
        *_tocan(), suya, Cita.estado == EstadoCita.SOLICITADA, Cita.caduca_en <= dato("ahora")
    )


@cache
def _que_tocan() -> Select[*tuple[Any, ...]]:
    caducada = and_(Cita.estado == EstadoCita.SOLICITADA, Cita.caduca_en <= dato("ahora"))
    return (
        select(
            Ocupacion.cita_id, Ocupacion.tipo, Ocupacion.ocupante_id, Ocupacion.plaza, Ocupacion.desde,
            Ocupacion.hasta, caducada.label("caducada"),
        )
        .join(Cita, and_(Cita.organizacion_id == Ocupacion.organizacion_id, Cita.id == Ocupacion.cita_id))
        .where(*_tocan())
    )  # fmt: skip


def _recolocar(uno: Ocupante) -> int:
    """Reparte de nuevo las plazas de quienes se tocan, para que quepa otro, y devuelve la suya.

    Con el turno cogido nadie más las mueve ni las suelta. Repartir por orden de llegada siempre cabe si el pico cabe.
    """
    desde, hasta = uno.desde, uno.hasta
    while True:
        vecinos = _vecinos(uno, desde, hasta)
        ancho = min([desde, *(fila.desde for fila in vecinos)]), max([hasta, *(fila.hasta for fila in vecinos)])
        if ancho == (desde, hasta):
            break
        desde, hasta = ancho
    fin_de: dict[int, datetime] = {}
    mia = 0
    cola: list[Ocupante | Ocupacion] = [*vecinos, uno]
    for fila in sorted(cola, key=lambda una: una.desde):
        plaza = next(n for n in range(1, uno.plazas + 1) if fin_de.get(n, fila.desde) <= fila.desde)
        fin_de[plaza] = fila.hasta
        if isinstance(fila, Ocupacion):
            fila.plaza = plaza + uno.serie
        else:
            mia = plaza + uno.serie
    _reescribir(vecinos)
    return mia


def _vecinos(uno: Ocupante, desde: datetime, hasta: datetime) -> Sequence[Ocupacion]:
    return entities(
        select(Ocupacion).where(
            Ocupacion.ocupante_id == uno.id,
            Ocupacion.hasta > desde,
            Ocupacion.desde < hasta,
            (Ocupacion.plaza > SERIE_MARGEN_PREVIO) == (uno.serie > 0),
        ),
        alcance=False,
    )


def _reescribir(filas: Sequence[Ocupacion]) -> None:
    # Volver a ponerlas bloquea sus citas, y quien tenga alguna puede estar esperando este turno.
    suyas = {fila.cita_id for fila in filas}
    quietas = select(Cita.id).where(one_of(Cita.id, suyas)).order_by(Cita.id)
    libres = quietas.with_for_update(read=True, key_share=True, skip_locked=True)
    if len(rows(libres, alcance=False)) < len(suyas):
        raise ConflictoConcurrente
    # Se quitan y se ponen: cambiarlas de una en una chocaría por el camino con la restricción.
    columnas = ("organizacion_id", "id", "cita_id", "tipo", "ocupante_id", "plaza", "desde", "hasta")
    valores = [{columna: getattr(fila, columna) for columna in columnas} for fila in filas]
    for fila in filas:
        forget(fila)
    execute(delete(Ocupacion).where(Ocupacion.id.in_([valor["id"] for valor in valores])))
    insert_if_free(Ocupacion, valores, "ocupaciones_sin_solape", Ocupacion.id)


def _fila(cita_id: UUID, uno: Ocupante, plaza: int) -> dict[str, Any]:
    return {
        "organizacion_id": organizacion_id(),
        "id": nuevo_id(),
        "cita_id": cita_id,
        "tipo": uno.tipo,
        "ocupante_id": uno.id,
        "plaza": plaza,
        "desde": uno.desde,
        "hasta": uno.hasta,
    }
