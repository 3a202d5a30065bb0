"""Lo que se quiere dar, con lo que de cada medicamento y de sus principios hay que saber."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from app.api.models.medicamento import Medicamento, MedicamentoPrincipio, PrincipioActivo
from app.utils.errors import NoEncontrado
from app.utils.medicacion import Linea, Pauta, Presentacion, Principio, UnidadDosis
from app.utils.records import dato, one_of, rows


@dataclass(frozen=True, slots=True)
class LineaPedida:
    """Lo que se quiere dar: un medicamento o, en una fórmula magistral, sus principios activos.

    ``posicion``: la de la línea en su receta, si no es la de la lista. ``indicacion``: la de la pauta.
    ``tiempo_espera_informado``: la línea dice su tiempo de espera, aunque sea 0.
    """

    via: str
    medicamento_id: UUID | None = None
    principios: tuple[UUID, ...] = ()
    dosis: Decimal | None = None
    unidad_dosis: str = UnidadDosis.MG_KG
    cantidad: Decimal | None = None
    indicacion: str | None = None
    intervalo_h: int | None = None
    duracion_dias: int | None = None
    fuera_de_ficha: bool = False
    tiempo_espera_informado: bool = False
    caducidad_lote: date | None = None
    posicion: int | None = None
    presentacion: Presentacion | None = None


class Lectura:
    """Las lecturas de unas líneas, ya en camino: las mismas tenga una o veinte."""

    def __init__(self, pedidas: Sequence[LineaPedida]) -> None:
        self._pedidas = pedidas
        self._medicamentos = rows(_medicamentos, ids=[una.medicamento_id for una in pedidas if una.medicamento_id])
        self._sueltos = rows(_principios_sueltos, ids=[id for una in pedidas for id in una.principios])

    def lineas(self, especie: str, motivo: str | None) -> tuple[Linea, ...]:
        """Las líneas, en su orden. Errores: ``NoEncontrado`` si no está un medicamento o un principio."""
        suyos: dict[UUID, list[Any]] = {}
        for fila in self._medicamentos:
            suyos.setdefault(fila.id, []).append(fila)
        sueltos = {fila.id: [fila] for fila in self._sueltos}
        try:
            return tuple(
                _linea(n, una, _filas(una, suyos, sueltos), especie, motivo) for n, una in enumerate(self._pedidas)
            )
        except KeyError:
            raise NoEncontrado from None


def leer(pedidas: Sequence[LineaPedida]) -> Lectura:
    """Pone en camino lo que hay que leer de unas líneas."""
    return Lectura(pedidas)


def _filas(pedida: LineaPedida, suyos: dict[UUID, list[Any]], sueltos: dict[UUID, list[Any]]) -> list[Any]:
    if pedida.medicamento_id:
        return suyos[pedida.medicamento_id]
    return [fila for id in pedida.principios for fila in sueltos[id]]


def _linea(n: int, pedida: LineaPedida, filas: list[Any], especie: str, motivo: str | None) -> Linea:
    ficha = filas[0] if pedida.medicamento_id else None
    esperas = [una for una in ficha.tiempos_espera if una["especie"] == especie] if ficha else []
    return Linea(
        posicion=n if pedida.posicion is None else pedida.posicion,
        nombre=ficha.nombre if ficha else "",
        principios=tuple(_principio(fila) for fila in filas),
        via=pedida.via,
        dosis=pedida.dosis,
        unidad_dosis=pedida.unidad_dosis,
        cantidad=pedida.cantidad,
        indicacion=pedida.indicacion,
        intervalo_h=pedida.intervalo_h,
        duracion_dias=pedida.duracion_dias,
        especies_autorizadas=frozenset(ficha.especies_autorizadas if ficha else ()),
        fuera_de_ficha=pedida.fuera_de_ficha,
        tiempo_espera_informado=pedida.tiempo_espera_informado or bool(esperas),
        caducidad_lote=pedida.caducidad_lote,
        motivo_antibiotico=motivo,
        presentacion=_presentacion(ficha) if ficha else pedida.presentacion,
        esperas=tuple((una["producto"], una["valor"], una["unidad"]) for una in esperas),
    )


def _presentacion(fila: Any) -> Presentacion:
    """La del primer principio, por el que se expresa la dosis."""
    return Presentacion(fila.concentracion, fila.unidad, fila.unidad_base, tuple(fila.fracciones), fila.unidades_envase)


def _principio(fila: Any) -> Principio:
    return Principio(
        codigo=fila.codigo,
        nombre=fila.nombre_dci,
        grupo=fila.grupo,
        familia=fila.familia,
        categoria_ema=fila.categoria_ema,
        componentes=frozenset(fila.componentes),
        pautas=tuple(pauta_leida(una) for una in fila.pautas),
        concentracion=getattr(fila, "concentracion", None),
    )


def pauta_leida(guardada: dict[str, Any]) -> Pauta:
    """Una pauta como se razona con ella; guardada, sus decimales son texto."""
    campos: dict[str, Any] = {campo: guardada.get(campo) for campo in _TAL_CUAL}
    for campo in _DECIMALES:
        campos[campo] = Decimal(guardada[campo]) if guardada.get(campo) is not None else None
    return Pauta(**campos, fuente=guardada.get("fuente") or "")


@cache
def _medicamentos() -> Any:
    suyo, cual = MedicamentoPrincipio, PrincipioActivo
    return (
        select(
            Medicamento.id, Medicamento.nombre, Medicamento.especies_autorizadas, Medicamento.tiempos_espera,
            Medicamento.unidad_base, Medicamento.fracciones, Medicamento.unidades_envase, suyo.concentracion,
            suyo.unidad, *_DEL_PRINCIPIO,
        )
        .join(suyo, and_(suyo.organizacion_id == Medicamento.organizacion_id, suyo.medicamento_id == Medicamento.id))
        .join(cual, and_(cual.organizacion_id == suyo.organizacion_id, cual.id == suyo.principio_id))
        .where(one_of(Medicamento.id, dato("ids")))
        .order_by(Medicamento.id, suyo.orden)
    )  # fmt: skip


@cache
def _principios_sueltos() -> Any:
    return select(PrincipioActivo.id, *_DEL_PRINCIPIO).where(one_of(PrincipioActivo.id, dato("ids")))


_TAL_CUAL = ("especie", "via", "unidad_dosis", "indicacion", "intervalo_h", "duracion_max_dias", "por_banda")
_DECIMALES = ("dosis_min", "dosis_max", "concentracion")
_DEL_PRINCIPIO = (
    PrincipioActivo.codigo, PrincipioActivo.nombre_dci, PrincipioActivo.grupo, PrincipioActivo.familia,
    PrincipioActivo.categoria_ema, PrincipioActivo.componentes, PrincipioActivo.pautas,
)  # fmt: skip
