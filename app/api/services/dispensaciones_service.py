"""Dispensar una receta, entera o por partes: nunca más de lo recetado ni fuera de plazo."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.api.models.controlado import TipoControlado
from app.api.models.dispensacion import Dispensacion, LineaDispensacion, OrigenDispensacion
from app.api.models.receta import EnvasesExcedidos, EstadoReceta, LineaReceta, Receta, TipoDispensacion
from app.api.models.vacunacion import LoteCaducado
from app.api.schemas.dispensacion_schema import DispensacionCrear, DispensacionFiltro, LineaDispensar
from app.api.services import controlados_service as controlados
from app.api.services.fichas_medicamento_service import pedir_fichas
from app.api.services.lineas_receta_service import exigir_alertas
from app.api.services.recetas_service import exigir_relacion_de, la_de_la_ruta, pedir_paciente
from app.utils.context import hoy
from app.utils.decimales import por
from app.utils.errors import BusinessRule, NoEncontrado
from app.utils.pagination import Page, paginate
from app.utils.records import add, add_all, change, change_all, columns, entities, fetch, one_of, rows


class RecetaCaducada(BusinessRule):
    """La receta ha caducado: ya no se puede dispensar."""


class RecetaNoDispensable(BusinessRule):
    """Esa receta no se dispensa: el medicamento lo pone el veterinario."""


def listar(receta_id: UUID, filtro: DispensacionFiltro) -> Page:
    """Lo que se ha entregado de una receta, de lo último a lo primero."""
    exigir_relacion_de(receta_id)
    consulta = select(*columns(Dispensacion)).where(Dispensacion.receta_id == receta_id)
    pagina = paginate(consulta, filtro, {"en": Dispensacion.en}, "-en", Dispensacion.id)
    suyas = _lineas_de(fila.id for fila in pagina.datos)
    return pagina.mapear(lambda fila: {**fila._asdict(), "lineas": suyas[fila.id]})


def leer(id: UUID) -> dict[str, Any]:
    """Una entrega, para quien puede leer su receta."""
    una = fetch(select(*columns(Dispensacion)).where(Dispensacion.id == id))
    exigir_relacion_de(una.receta_id)
    return {**una._asdict(), "lineas": _lineas_de([id])[id]}


def dispensar(receta_id: UUID, datos: DispensacionCrear) -> dict[str, Any]:
    """Apunta una entrega; si la cede la clínica, con sus alertas y sus asientos de controlados.

    Errores: ``RecetaCaducada``, ``TransicionInvalida``, ``EnvasesExcedidos``, ``LoteCaducado``,
    ``SaldoControladoNegativo`` y los de las alertas.
    """
    receta, sede = la_de_la_ruta(receta_id)
    dia = hoy(sede.zona_horaria)
    _exigir_dispensable(receta, dia)
    lineas = entities(
        select(LineaReceta).where(LineaReceta.receta_id == receta_id).order_by(LineaReceta.orden).with_for_update()
    )
    pedidas = _pedidas(datos, lineas)
    _exigir_lotes(pedidas, dia)
    de_la_clinica = datos.origen is OrigenDispensacion.CLINICA
    if de_la_clinica:
        pedir_paciente(receta.paciente_id)()
    vistas = exigir_alertas(receta, [una for una, _ in pedidas], datos.justificaciones) if de_la_clinica else []
    entregados = Counter[UUID]()
    for linea, pedida in pedidas:
        entregados[linea.id] += pedida.envases
    change_all(
        [una for una in lineas if una.id in entregados],
        lambda una: {"envases_dispensados": una.envases_dispensados + entregados[una.id]},
    )
    entera = all(una.envases_dispensados == una.envases for una in lineas)
    change(receta, {"estado": EstadoReceta.DISPENSADA if entera else EstadoReceta.DISPENSADA_PARCIAL})
    campos = datos.model_dump(include={"origen", "establecimiento", "observaciones"})
    hecha = add(Dispensacion(receta_id=receta_id, fecha=dia, **campos))
    add_all(
        LineaDispensacion(dispensacion_id=hecha.id, orden=n, **pedida.model_dump())
        for n, (_, pedida) in enumerate(pedidas)
    )
    if de_la_clinica:
        _asentar(receta, sede, hecha.id, pedidas)
    return {
        **{columna.key: getattr(hecha, columna.key) for columna in Dispensacion.__table__.columns},
        "lineas": [pedida.model_dump() for _, pedida in pedidas],
        "estado_receta": receta.estado,
        "alertas_medicacion": list(vistas) or None,
    }


def _exigir_dispensable(receta: Receta, dia: date) -> None:
    if receta.estado in (EstadoReceta.EMITIDA, EstadoReceta.DISPENSADA_PARCIAL):
        if receta.valida_hasta is not None and dia > receta.valida_hasta:
            raise RecetaCaducada(f"Valía hasta el {receta.valida_hasta:%d/%m/%Y}")
        if receta.tipo_dispensacion is TipoDispensacion.NO_DISPENSACION:
            raise RecetaNoDispensable
    receta.exigir_accion("dispensaciones")


def _pedidas(datos: DispensacionCrear, lineas: Sequence[LineaReceta]) -> list[tuple[LineaReceta, LineaDispensar]]:
    """Cada línea con lo que se pide de ella; sin decir cuáles, todo lo que queda."""
    quedan = {una.id: (una.envases or 0) - una.envases_dispensados for una in lineas}
    escritas = datos.lineas or [
        LineaDispensar(linea_receta_id=id, envases=cuantos) for id, cuantos in quedan.items() if cuantos
    ]
    por_id, salida = {una.id: una for una in lineas}, []
    for n, pedida in enumerate(escritas):
        if pedida.linea_receta_id not in por_id:
            raise NoEncontrado(campo=f"/lineas/{n}/linea_receta_id")
        quedan[pedida.linea_receta_id] -= pedida.envases
        if quedan[pedida.linea_receta_id] < 0:
            raise EnvasesExcedidos(campo=f"/lineas/{n}/envases")
        salida.append((por_id[pedida.linea_receta_id], pedida))
    return salida


def _exigir_lotes(pedidas: Iterable[tuple[LineaReceta, LineaDispensar]], dia: date) -> None:
    for n, (_, pedida) in enumerate(pedidas):
        if pedida.caducidad_lote is not None and pedida.caducidad_lote < dia:
            raise LoteCaducado(campo=f"/lineas/{n}/caducidad_lote")


def _asentar(
    receta: Receta, sede: Any, dispensacion_id: UUID, pedidas: Iterable[tuple[LineaReceta, LineaDispensar]]
) -> None:
    """Un asiento por línea controlada, por orden de medicamento: dos entregas a la vez no se interbloquean."""
    suyas = [(linea, pedida) for linea, pedida in pedidas if linea.medicamento_id]
    hay = pedir_fichas({linea.medicamento_id for linea, _ in suyas if linea.medicamento_id}, activos=False)()
    for linea, pedida in sorted(suyas, key=lambda una: str(una[0].medicamento_id)):
        suya = hay[linea.medicamento_id]  # type: ignore[index]
        if suya.controlado:
            controlados.apuntar(
                sede, suya.id, TipoControlado.DISPENSACION, por(Decimal(pedida.envases), suya.unidades_envase),
                lote=pedida.lote, paciente_id=receta.paciente_id, num_documento=receta.numero,
                dispensacion_id=dispensacion_id,
            )  # fmt: skip


def _lineas_de(ids: Iterable[UUID]) -> dict[UUID, list[Any]]:
    salida: dict[UUID, list[Any]] = {id: [] for id in ids}
    consulta = select(*columns(LineaDispensacion)).where(one_of(LineaDispensacion.dispensacion_id, list(salida)))
    for fila in rows(consulta.order_by(LineaDispensacion.dispensacion_id, LineaDispensacion.orden)) if salida else ():
        salida[fila.dispensacion_id].append(fila)
    return salida
