"""Dar a una organización sus catálogos clínicos de partida, para que los haga suyos: medicación y vacunas."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, exists, select
from sqlalchemy.dialects.postgresql import insert

from app.api.models.medicamento import PrincipioActivo
from app.api.models.organizacion import Organizacion
from app.api.models.protocolo_vacunal import ProtocoloVacunal, RequisitoTerritorial
from app.api.models.regla_alerta import ReglaAlerta
from app.config import semillas_medicacion, semillas_vacunas
from app.utils.context import ahora
from app.utils.entities import Base, nuevo_id
from app.utils.records import insert_if_free

# De la tabla y de lo que nombra a la fila en ella, su id; la demostración los quiere siempre iguales.
IdDe = Callable[..., UUID]
Catalogo = tuple[type[Base], str, list[dict[str, Any]]]  # el modelo, su clave primaria o única, y las filas


def _al_azar(*_nombre: str) -> UUID:
    return nuevo_id()


def sembrar_medicacion(id_de: IdDe = _al_azar) -> None:
    """Da a la organización en curso los principios activos y las reglas de alerta que le falten.

    Fuente: dominio §5.7 y §3.4; cada fila lleva la suya.
    """
    _poner(_medicacion(id_de))


def sembrar_vacunas(pais: str, id_de: IdDe = _al_azar) -> None:
    """Da a la organización en curso los protocolos vacunales y los requisitos de los territorios de su país.

    Fuente: dominio §2.7; cada fila lleva la suya.
    """
    _poner(_vacunas(pais, id_de))


def sembrar_donde_falte(conexion: Connection, id_de: IdDe = _al_azar) -> None:
    """Lo mismo, con el dueño del esquema, en las organizaciones de antes: sin sus reglas nadie avisa."""
    sin_reglas = ~exists().where(ReglaAlerta.organizacion_id == Organizacion.id)
    for fila in conexion.execute(select(Organizacion.id, Organizacion.pais).where(sin_reglas)).all():
        comunes = {"organizacion_id": fila.id, "activo": True, "version": 1}
        comunes |= {"creado_en": ahora(), "actualizado_en": ahora()}
        for modelo, _clave, filas in (*_medicacion(id_de), *_vacunas(fila.pais, id_de)):
            if filas:
                conexion.execute(insert(modelo).on_conflict_do_nothing(), [{**una, **comunes} for una in filas])


def _poner(catalogos: Iterator[Catalogo]) -> None:
    for modelo, clave, filas in catalogos:
        insert_if_free(modelo, filas, clave, modelo.id)  # type: ignore[attr-defined]


def _medicacion(id_de: IdDe) -> Iterator[Catalogo]:
    principios = semillas_medicacion.principios_activos()
    yield (
        PrincipioActivo,
        "principios_activos_codigo_uq",
        [{**uno, "id": id_de("principios_activos", uno["codigo"])} for uno in principios],
    )
    reglas = [
        {**una, "id": id_de("reglas_alerta", f"{una['codigo']}-{una['variante']}"), "semilla": True, "activa": True}
        for una in semillas_medicacion.reglas_alerta()
    ]
    yield ReglaAlerta, "reglas_alerta_codigo_uq", reglas


def _vacunas(pais: str, id_de: IdDe) -> Iterator[Catalogo]:
    protocolos = semillas_vacunas.protocolos_vacunales()
    yield (
        ProtocoloVacunal,
        "protocolos_vacunales_codigo_uq",
        [{**asdict(uno), "id": id_de("protocolos_vacunales", uno.codigo)} for uno in protocolos],
    )
    requisitos = [
        {**asdict(uno), "id": id_de("requisitos_territoriales", uno.territorio, uno.especie, uno.protocolo)}
        for uno in semillas_vacunas.requisitos_territoriales()
        if uno.territorio.split("-")[0] == pais
    ]
    # Por el id, y no por la vigencia: quien retiró o acortó uno no quiere que vuelva.
    yield RequisitoTerritorial, "requisitos_territoriales_pk", requisitos
