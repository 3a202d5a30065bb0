"""Las vacunas que le tocan a un paciente, para su ficha: se leen en la misma sentencia que ella y sin explicarlas."""

from datetime import date
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from msgspec import json
from sqlalchemy import Integer, Select, Text, and_, cast, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.api.models.organizacion import Organizacion
from app.api.models.paciente import Paciente
from app.api.models.producto import ProductoVacuna
from app.api.models.protocolo_vacunal import ProtocoloVacunal, RequisitoTerritorial
from app.api.models.vacunacion import Vacunacion
from app.api.services.calendario_service import (
    DEL_PROTOCOLO,
    SIN_CALENDARIO,
    le_toca,
    protocolo_de,
    requisito_de,
    resumidas,
    se_le_exige,
)
from app.config.parametros import PARAMETROS
from app.utils.calendario_vacunal import Dosis, Protocolo, Requisito, proxima
from app.utils.encoding import Hechas
from app.utils.records import AnyRow

# Cuántos calendarios se recuerdan en cada proceso: unos 3 KB cada uno. Todo lo que los decide se lee en cada petición.
RECORDADOS = 2_000
REFUERZO, CADUCIDAD = "refuerzo_adulto_meses", "lepto_caducidad_meses"
CAMPOS = (*DEL_PROTOCOLO, "nombre", "obligatoria", "exige_dosis", "exige_periodicidad")


def con_vacunas(ficha: Select[Any]) -> Select[Any]:
    """La lectura de una ficha y, en texto, los protocolos de su especie y las dosis que lleva puestas."""
    return ficha.add_columns(_protocolos(), _dosis(), *map(_parametro, (REFUERZO, CADUCIDAD)))


def proximas(fila: AnyRow, hoy: date) -> Hechas:
    """Lo que toca de cada protocolo, de lo primero a lo último; de quien ha muerto, nada."""
    if fila.estado in SIN_CALENDARIO or fila.protocolos is None:
        return Hechas()
    meses = (fila.refuerzo_adulto_meses, fila.lepto_caducidad_meses)
    return _proximas(fila.protocolos, *meses, fila.dosis, fila.fecha_nacimiento, hoy)


@lru_cache(RECORDADOS)
def _proximas(
    protocolos: str, refuerzo: int, caducidad: int, dosis: str | None, nacimiento: date | None, hoy: date
) -> Hechas:
    """Lo mismo, de lo que la base dijo de él: del mismo texto sale siempre lo mismo."""
    puestas = _puestas(dosis) if dosis else {}
    tocan = [
        (suya, proxima(protocolo, puestas.get(protocolo.codigo, ()), nacimiento, hoy, requisito))
        for suya, protocolo, requisito in _seguidos(protocolos, refuerzo, caducidad)
    ]
    return resumidas(sorted(tocan, key=lambda uno: (uno[1].fecha, uno[1].protocolo)))


@lru_cache(RECORDADOS)
def _seguidos(protocolos: str, refuerzo: int, caducidad: int) -> list[tuple[Any, Protocolo, Requisito | None]]:
    config = {REFUERZO: refuerzo, CADUCIDAD: caducidad}
    filas: list[Any] = [
        SimpleNamespace(**dict(zip(CAMPOS, uno, strict=True)), config=config) for uno in json.decode(protocolos)
    ]
    return [(fila, protocolo_de(fila), requisito_de(fila)) for fila in filas]


def _puestas(dosis: str) -> dict[str, list[Dosis]]:
    """Las dosis de cada protocolo, de la primera a la última; su id sólo guarda el orden."""
    salida: dict[str, list[Dosis]] = {}
    for n, (fecha, validez, manual, protocolos) in enumerate(json.decode(dosis)):
        a_mano = date.fromisoformat(manual) if manual else None
        una = Dosis(f"{n:04}", date.fromisoformat(fecha), False, validez, a_mano)
        for protocolo in protocolos:
            salida.setdefault(protocolo, []).append(una)
    return salida


def _parametro(nombre: str) -> Any:
    suyo = cast(Organizacion.config[nombre].astext, Integer)
    return func.coalesce(suyo, PARAMETROS[nombre].defecto).label(nombre)


def _protocolos() -> Any:
    exige = RequisitoTerritorial
    uno = func.json_build_array(
        *(getattr(ProtocoloVacunal, campo) for campo in DEL_PROTOCOLO), ProtocoloVacunal.nombre, exige.obligatoria,
        exige.dosis_iniciales, exige.periodicidad_meses,
    )  # fmt: skip
    todos = select(cast(func.json_agg(aggregate_order_by(uno, ProtocoloVacunal.codigo)), Text))
    todos = todos.select_from(ProtocoloVacunal).outerjoin(exige, se_le_exige()).where(le_toca())
    return todos.correlate(Paciente).scalar_subquery().label("protocolos")


def _dosis() -> Any:
    """Las que no están anuladas: las demás nunca cuentan."""
    una = func.json_build_array(
        Vacunacion.fecha, ProductoVacuna.validez_meses, Vacunacion.proxima_manual, ProductoVacuna.protocolos
    )
    todas = select(cast(func.json_agg(aggregate_order_by(una, Vacunacion.fecha, Vacunacion.id)), Text)).join_from(
        Vacunacion,
        ProductoVacuna,
        and_(
            ProductoVacuna.organizacion_id == Vacunacion.organizacion_id,
            ProductoVacuna.producto_id == Vacunacion.producto_id,
        ),
    )
    suyas = todas.where(
        Vacunacion.organizacion_id == Paciente.organizacion_id,
        Vacunacion.paciente_id == Paciente.id,
        Vacunacion.anulado_en.is_(None),
    )
    return suyas.correlate(Paciente).scalar_subquery().label("dosis")
