"""Los medicamentos: qué principios llevan, cómo vienen y en quién se pueden usar."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Text, and_, delete, exists, func, select

from app.api.models.medicamento import Medicamento, MedicamentoPrincipio, PrincipioActivo
from app.api.models.producto import Producto, TipoProducto
from app.api.schemas.medicamento_schema import (
    MedicamentoCrear,
    MedicamentoEditar,
    MedicamentoFiltro,
    PrincipioDeMedicamento,
    TiempoEspera,
)
from app.api.services.especies_service import exigir_especies
from app.utils.decimales import legible
from app.utils.errors import BusinessRule
from app.utils.pagination import Page, paginate
from app.utils.records import (
    Reread,
    add,
    add_all,
    ask,
    change,
    columns,
    dato,
    execute,
    fetch,
    find,
    first,
    one_of,
    remove,
    rows,
    touch,
)

_NOMBRE = func.servet_normalizar(Medicamento.nombre, type_=Text())


class PrincipioDesconocido(BusinessRule):
    """Ese principio activo no existe o está de baja."""


class ProductoInadecuado(BusinessRule):
    """Ese producto no existe o no es un medicamento."""


def listar(filtro: MedicamentoFiltro) -> Page:
    """Los medicamentos, por nombre."""
    consulta = select(*columns(Medicamento))
    if not filtro.incluir_inactivos:
        consulta = consulta.where(Medicamento.activo)
    if filtro.q:
        consulta = consulta.where(func.strpos(_NOMBRE, func.servet_normalizar(filtro.q)) > 0)
    if filtro.producto_id:
        consulta = consulta.where(Medicamento.producto_id == filtro.producto_id)
    if filtro.principio:
        consulta = consulta.where(_lleva(filtro.principio))
    pagina = paginate(consulta, filtro, {"nombre": Medicamento.nombre}, "nombre", Medicamento.id)
    suyos = principios_de(fila.id for fila in pagina.datos)
    return pagina.mapear(lambda fila: _presentar(fila, suyos.get(fila.id, [])))


def obtener(id: UUID) -> dict[str, Any]:
    """Un medicamento con sus principios."""
    suyos = rows(_principios, ids=[id])
    return _presentar(fetch(select(*columns(Medicamento)).where(Medicamento.id == id)), suyos)


def crear(datos: MedicamentoCrear) -> Reread:
    """Da de alta un medicamento con sus principios.

    Errores: ``PrincipioDesconocido``, ``ProductoInadecuado``, ``FichaDuplicada``, ``EspecieDesconocida``.
    """
    campos = datos.model_dump(exclude={"principios", "tiempos_espera"})
    _exigir_producto(datos.producto_id)
    _exigir_especies(datos.especies_autorizadas, datos.tiempos_espera)
    _pedir_principios(datos.principios)()
    ficha = add(Medicamento(**campos, tiempos_espera=_guardables(datos.tiempos_espera)))
    _poner_principios(ficha.id, datos.principios)
    return Reread(obtener, ficha.id)


def editar(id: UUID, cambios: MedicamentoEditar) -> Reread:
    """Cambia un medicamento; lo ya recetado no cambia. Errores: ``PrincipioDesconocido``, ``EspecieDesconocida``."""
    leer_ficha, nuevos = ask(Medicamento, id), cambios.cambios()
    principios = nuevos.pop("principios", None)
    exigir_principios = _pedir_principios(principios or [])
    ficha = leer_ficha()
    _exigir_especies(nuevos.get("especies_autorizadas", ()), nuevos.get("tiempos_espera", ()))
    if "tiempos_espera" in nuevos:
        nuevos["tiempos_espera"] = _guardables(nuevos["tiempos_espera"])
    change(ficha, nuevos)
    if principios is not None:
        exigir_principios()
        execute(delete(MedicamentoPrincipio).where(MedicamentoPrincipio.medicamento_id == id))
        _poner_principios(id, principios)
        touch(ficha)
    return Reread(obtener, id)


def eliminar(id: UUID) -> None:
    """Baja lógica: deja de ofrecerse."""
    remove(find(Medicamento, id))


def principios_de(ids: Iterable[UUID]) -> dict[UUID, list[Any]]:
    """Los principios de unos medicamentos, en su orden, de una sola lectura."""
    suyos: dict[UUID, list[Any]] = {}
    for fila in rows(_principios, ids=list(ids)):
        suyos.setdefault(fila.medicamento_id, []).append(fila)
    return suyos


@cache
def _principios() -> Any:
    suyo, cual = MedicamentoPrincipio, PrincipioActivo
    return (
        select(
            suyo.medicamento_id, suyo.principio_id, cual.codigo, cual.nombre_dci, suyo.concentracion, suyo.unidad,
            cual.categoria_ema, cual.control,
        )
        .join(cual, and_(cual.organizacion_id == suyo.organizacion_id, cual.id == suyo.principio_id))
        .where(one_of(suyo.medicamento_id, dato("ids")))
        .order_by(suyo.medicamento_id, suyo.orden)
    )  # fmt: skip


def _presentar(fila: Any, principios: Iterable[Any]) -> dict[str, Any]:
    return {
        **fila._asdict(),
        "principios": [{**uno._asdict(), "concentracion": legible(uno.concentracion)} for uno in principios],
        "fracciones": [legible(una) for una in fila.fracciones],
        "unidades_envase": legible(fila.unidades_envase),
    }


def _lleva(codigo: str) -> Any:
    suyo, cual = MedicamentoPrincipio, PrincipioActivo
    return exists().where(
        suyo.organizacion_id == Medicamento.organizacion_id,
        suyo.medicamento_id == Medicamento.id,
        cual.organizacion_id == suyo.organizacion_id,
        cual.id == suyo.principio_id,
        cual.codigo == codigo,
    )


def _exigir_producto(producto_id: UUID | None) -> None:
    if producto_id is None:
        return
    if first(select(Producto.id).where(Producto.id == producto_id, Producto.tipo == TipoProducto.MEDICAMENTO)) is None:
        raise ProductoInadecuado(campo="/producto_id")


def _exigir_especies(autorizadas: Iterable[str], esperas: Iterable[TiempoEspera]) -> None:
    exigir_especies({*autorizadas, *(una.especie for una in esperas)}, "/especies_autorizadas")


def _pedir_principios(principios: list[PrincipioDeMedicamento]) -> Callable[[], None]:
    """Pone en camino que todos estén en uso; se exige al llamarlo."""
    ids = [uno.principio_id for uno in principios]
    activos = select(PrincipioActivo.id).where(one_of(PrincipioActivo.id, ids), PrincipioActivo.activo)
    hay = rows(activos) if ids else None

    def exigir() -> None:
        conocidos = set(hay.scalars()) if hay else set()
        for n, id in enumerate(ids):
            if id not in conocidos:
                raise PrincipioDesconocido(campo=f"/principios/{n}/principio_id")

    return exigir


def _guardables(esperas: list[TiempoEspera]) -> list[dict[str, Any]]:
    return [una.model_dump(mode="json") for una in esperas]


def _poner_principios(medicamento_id: UUID, principios: list[PrincipioDeMedicamento]) -> None:
    add_all(
        MedicamentoPrincipio(medicamento_id=medicamento_id, orden=n, **uno.model_dump())
        for n, uno in enumerate(principios)
    )
