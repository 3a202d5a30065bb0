"""Dar a una organización nueva sus calendarios vacunales y los requisitos de su país, para que los haga suyos."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, not_, select

from app.api.models.organizacion import Organizacion
from app.api.models.protocolo_vacunal import ProtocoloVacunal, RequisitoTerritorial
from app.config import semillas_vacunas
from app.config.demostracion import id_demo


def sembrar_donde_falte(conexion: Connection, ahora: datetime) -> None:
    """Las organizaciones que ya había antes de que hubiera vacunas reciben también las suyas."""
    con_protocolos = select(ProtocoloVacunal.id).where(ProtocoloVacunal.organizacion_id == Organizacion.id).exists()
    sin = select(Organizacion.id, Organizacion.codigo, Organizacion.pais).where(not_(con_protocolos))
    for fila in conexion.execute(sin).all():
        sembrar_vacunas(conexion, fila.id, fila.codigo, fila.pais, ahora)


def sembrar_vacunas(conexion: Connection, organizacion: UUID, codigo: str, pais: str, ahora: datetime) -> None:
    """Los protocolos semilla y los requisitos de los territorios de su país. Los ids salen de su nombre.

    Fuente: dominio §2.7; cada fila lleva la suya.
    """
    comun = {
        "organizacion_id": organizacion,
        "activo": True,
        "version": 1,
        "creado_en": ahora,
        "actualizado_en": ahora,
    }
    protocolos = [
        {**asdict(uno), **comun, "id": id_demo(codigo, "protocolos_vacunales", uno.codigo)}
        for uno in semillas_vacunas.protocolos_vacunales()
    ]
    conexion.execute(insert(ProtocoloVacunal), protocolos)
    requisitos: list[dict[str, Any]] = [
        {
            **asdict(uno),
            **comun,
            "id": id_demo(codigo, "requisitos_territoriales", uno.territorio, uno.especie, uno.protocolo),
        }
        for uno in semillas_vacunas.requisitos_territoriales()
        if uno.territorio.split("-")[0] == pais
    ]
    if requisitos:
        conexion.execute(insert(RequisitoTerritorial), requisitos)
