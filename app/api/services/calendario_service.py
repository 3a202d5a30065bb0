"""El calendario de un paciente: qué protocolos le tocan, qué tiene puesto y qué dice de ello el motor."""

from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Date, Select, Uuid, and_, any_, or_, select

import app.api.models.alcance  # noqa: F401 - declara qué pacientes ve cada cual
from app.api.models.organizacion import Organizacion
from app.api.models.paciente import EstadoPaciente, Paciente
from app.api.models.producto import Producto, ProductoVacuna
from app.api.models.protocolo_vacunal import ProtocoloVacunal, RequisitoTerritorial
from app.api.models.vacunacion import Vacunacion
from app.api.services.territorio_service import territorio_de
from app.config.parametros import valor
from app.utils.calendario_vacunal import Dosis, Protocolo, Proxima, Requisito, proxima
from app.utils.context import hoy
from app.utils.encoding import Hechas
from app.utils.records import AnyRow, AnySelect, Rows, dato, rows

RABIA, LEPTOSPIRA = "rabia", "leptospira"
SIN_CALENDARIO = (EstadoPaciente.FALLECIDO, EstadoPaciente.FUSIONADO)
DEL_PROTOCOLO = (
    "codigo", "tipo", "edad_min_semanas", "intervalo_min_dias", "intervalo_objetivo_dias", "fin_serie_semanas",
    "refuerzo_1_semanas", "dosis_adulto", "refuerzo_adulto_meses", "dosis_iniciales", "refuerzo_1_meses",
    "periodo_meses", "caducidad_meses",
)  # fmt: skip


class Calendario:
    """Las lecturas de unos pacientes, pedidas a la vez; se esperan al mirar lo que dicen."""

    def __init__(self, pacientes: Sequence[UUID], *, alcance: bool = True, protocolo: str | None = None) -> None:
        solo = [ProtocoloVacunal.codigo == protocolo] if protocolo else []
        self._protocolos = rows(_protocolos, *solo, alcance=alcance, ids=list(pacientes), hoy_civil=hoy())
        self._dosis = rows(_dosis, alcance=alcance, ids=list(pacientes))

    @property
    def protocolos(self) -> Rows:
        """Una fila por paciente y protocolo que le toca, con lo que exige su territorio."""
        return self._protocolos

    def puestas(self, fila: AnyRow) -> list[AnyRow]:
        """Las dosis de ese paciente que cubren ese protocolo, de la primera a la última."""
        return [una for una in self._de_cada.get(fila.paciente_id, ()) if fila.codigo in una.protocolos]

    @cached_property
    def _de_cada(self) -> dict[UUID, list[AnyRow]]:
        """Las dosis de cada paciente, que pueden ser cientos."""
        salida: dict[UUID, list[AnyRow]] = {}
        for una in self._dosis:
            salida.setdefault(una.paciente_id, []).append(una)
        return salida

    def proximas(self) -> list[tuple[AnyRow, Proxima]]:
        """Lo que toca de cada protocolo, vivos sólo, de lo primero a lo último."""
        tocan = [
            (
                fila,
                proxima(
                    protocolo_de(fila),
                    map(dosis_de, self.puestas(fila)),
                    fila.fecha_nacimiento,
                    hoy(),
                    requisito_de(fila),
                ),
            )
            for fila in self._protocolos
            if fila.estado not in SIN_CALENDARIO
        ]
        return sorted(tocan, key=lambda uno: (uno[1].fecha, uno[1].protocolo))


def resumidas(proximas: Iterable[tuple[AnyRow, Proxima]]) -> Hechas:
    """Lo que toca, en una línea por protocolo."""
    return Hechas(
        {
            "protocolo": toca.protocolo,
            "nombre": fila.nombre,
            "fecha_proxima": toca.fecha,
            "fase": toca.fase,
            "numero_en_serie": toca.numero_en_serie,
            "estado": toca.estado,
        }
        for fila, toca in proximas
    )


def protocolo_de(fila: AnyRow) -> Protocolo:
    """Los parámetros del motor; los que el protocolo calla los dice la organización."""
    campos = {campo: getattr(fila, campo) for campo in DEL_PROTOCOLO}
    if campos["refuerzo_adulto_meses"] is None:
        campos["refuerzo_adulto_meses"] = valor("refuerzo_adulto_meses", fila.config)
    if campos["caducidad_meses"] is None and fila.codigo == LEPTOSPIRA:
        campos["caducidad_meses"] = valor("lepto_caducidad_meses", fila.config)
    return Protocolo(**campos)


def requisito_de(fila: AnyRow) -> Requisito | None:
    """Lo que exige su territorio, si exige algo."""
    if fila.obligatoria is None:
        return None
    return Requisito(fila.obligatoria, fila.exige_dosis, fila.exige_periodicidad)


def dosis_de(fila: AnyRow) -> Dosis:
    """Una vacunación, como la ve el motor."""
    return Dosis(fila.id, fila.fecha, fila.anulado_en is not None, fila.validez_meses, fila.proxima_manual)


@cache
def _dosis() -> AnySelect:
    return (
        select(
            Vacunacion.id, Vacunacion.paciente_id, Vacunacion.fecha, Vacunacion.lote, Vacunacion.externa,
            Vacunacion.anulado_en, Vacunacion.proxima_manual, ProductoVacuna.protocolos, ProductoVacuna.validez_meses,
            Producto.nombre.label("producto"),
        )
        .join(
            Producto,
            and_(Producto.organizacion_id == Vacunacion.organizacion_id, Producto.id == Vacunacion.producto_id),
        )
        .join(
            ProductoVacuna,
            and_(
                ProductoVacuna.organizacion_id == Vacunacion.organizacion_id,
                ProductoVacuna.producto_id == Vacunacion.producto_id,
            ),
        )
        .where(Vacunacion.paciente_id == any_(dato("ids", ARRAY(Uuid()))))
        .order_by(Vacunacion.fecha, Vacunacion.id)
    )  # fmt: skip


def le_toca() -> ColumnElement[bool]:
    """Los protocolos en uso de la especie de un paciente."""
    return and_(
        ProtocoloVacunal.organizacion_id == Paciente.organizacion_id,
        Paciente.especie == any_(ProtocoloVacunal.especies),
        ProtocoloVacunal.activo,
    )


def se_le_exige() -> ColumnElement[bool]:
    """Lo que de ese protocolo exige hoy el territorio del paciente."""
    exige, dia = RequisitoTerritorial, dato("hoy_civil", Date())
    return and_(
        exige.organizacion_id == Paciente.organizacion_id,
        exige.territorio == territorio_de(),
        exige.especie == Paciente.especie,
        exige.protocolo == ProtocoloVacunal.codigo,
        exige.activo,
        exige.vigente_desde <= dia,
        or_(exige.vigente_hasta.is_(None), exige.vigente_hasta >= dia),
    )


@cache
def _protocolos() -> Select[Any]:
    exige = RequisitoTerritorial
    return (
        select(
            Paciente.id.label("paciente_id"), Paciente.fecha_nacimiento, Paciente.microchip, Paciente.fecha_microchip,
            Paciente.estado, *(getattr(ProtocoloVacunal, campo) for campo in DEL_PROTOCOLO), ProtocoloVacunal.nombre,
            ProtocoloVacunal.clase, ProtocoloVacunal.fuente, Organizacion.config, exige.obligatoria, exige.territorio,
            exige.edad_min_dias, exige.dosis_iniciales.label("exige_dosis"), exige.fuente.label("exige_fuente"),
            exige.periodicidad_meses.label("exige_periodicidad"),
        )
        .join(ProtocoloVacunal, le_toca())
        .join(Organizacion, Organizacion.id == Paciente.organizacion_id)
        .outerjoin(exige, se_le_exige())
        .where(Paciente.id == any_(dato("ids", ARRAY(Uuid()))))
    )  # fmt: skip
