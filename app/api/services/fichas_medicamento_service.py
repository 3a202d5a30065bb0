"""Lo que de un medicamento necesita saber quien lo receta, lo da o lo apunta."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, select

from app.api.models.medicamento import CategoriaEma, Control, Medicamento, MedicamentoPrincipio, PrincipioActivo
from app.utils.errors import NoEncontrado
from app.utils.posologia import en_unidades
from app.utils.records import one_of, rows

ANTIBIOTICO = "antibiotico"
CONTROLADOS = frozenset({Control.ESTUPEFACIENTE, Control.PSICOTROPO})


@dataclass(frozen=True, slots=True)
class PrincipioDe:
    """Un principio activo en una presentación."""

    id: UUID
    nombre: str
    concentracion: Decimal
    unidad: str
    antibiotico: bool
    control: Control


@dataclass(frozen=True, slots=True)
class FichaMedicamento:
    """Una presentación con sus principios activos."""

    id: UUID
    nombre: str
    forma: str
    unidad_base: str
    unidades_envase: Decimal
    num_registro: str | None
    tiempos_espera: list[Any]
    principios: tuple[PrincipioDe, ...]

    @property
    def antibiotico(self) -> bool:
        """Si hay que comunicar su uso."""
        return any(uno.antibiotico for uno in self.principios)

    @property
    def estupefaciente(self) -> bool:
        """Si pide receta oficial de estupefacientes."""
        return any(uno.control is Control.ESTUPEFACIENTE for uno in self.principios)

    @property
    def controlado(self) -> bool:
        """Si cada unidad se apunta en el libro de controlados."""
        return any(uno.control in CONTROLADOS for uno in self.principios)

    @property
    def formato(self) -> str:
        """Cuánto trae el envase: «10 comprimidos»."""
        return en_unidades(self.unidades_envase, self.unidad_base)


def pedir_fichas(ids: Iterable[UUID], *, activos: bool = True) -> Callable[[], dict[UUID, FichaMedicamento]]:
    """Pone en camino las fichas de esos medicamentos, en una lectura. Errores: ``NoEncontrado`` si falta alguna."""
    pedidos = set(ids)
    if not pedidos:
        return dict
    consulta = _lectura().where(one_of(Medicamento.id, sorted(pedidos)))
    pedidas = rows(consulta.where(Medicamento.activo) if activos else consulta)

    def leer() -> dict[UUID, FichaMedicamento]:
        agrupadas: dict[UUID, list[Any]] = {}
        for fila in pedidas:
            agrupadas.setdefault(fila.id, []).append(fila)
        if agrupadas.keys() != pedidos:
            raise NoEncontrado
        return {id: _ficha(filas) for id, filas in agrupadas.items()}

    return leer


def _lectura() -> Select[Any]:
    dentro, principio, org = MedicamentoPrincipio, PrincipioActivo, Medicamento.organizacion_id
    return (
        select(
            Medicamento.id, Medicamento.nombre, Medicamento.forma, Medicamento.unidad_base, Medicamento.num_registro,
            Medicamento.unidades_envase, Medicamento.tiempos_espera, dentro.concentracion, dentro.unidad,
            principio.id.label("principio_id"), principio.nombre_dci, principio.grupo, principio.categoria_ema,
            principio.control,
        )
        .outerjoin(dentro, and_(dentro.organizacion_id == org, dentro.medicamento_id == Medicamento.id))
        .outerjoin(principio, and_(principio.organizacion_id == org, principio.id == dentro.principio_id))
        .order_by(Medicamento.id, dentro.orden, dentro.id)
    )  # fmt: skip


def _ficha(filas: list[Any]) -> FichaMedicamento:
    una = filas[0]
    principios = tuple(
        PrincipioDe(
            fila.principio_id, fila.nombre_dci, fila.concentracion, fila.unidad,
            fila.grupo == ANTIBIOTICO or isinstance(fila.categoria_ema, CategoriaEma), fila.control,
        )
        for fila in filas
        if fila.principio_id is not None
    )  # fmt: skip
    return FichaMedicamento(
        una.id, una.nombre, una.forma, una.unidad_base, una.unidades_envase, una.num_registro, una.tiempos_espera,
        principios,
    )  # fmt: skip
