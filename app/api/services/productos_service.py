"""Los productos: la ficha común y, en las vacunas, su ficha técnica."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, any_, func, literal, select

from app.api.models.catalogo import Especie
from app.api.models.producto import Producto, ProductoVacuna, TipoProducto
from app.api.models.protocolo_vacunal import ProtocoloVacunal
from app.api.schemas.producto_schema import FichaVacuna, ProductoCrear, ProductoEditar, ProductoFiltro
from app.api.services.pacientes_service import EspecieDesconocida
from app.api.services.recalculo_vacunal_service import rehacer_los_del_producto
from app.config import semillas_vacunas
from app.utils.errors import BusinessRule
from app.utils.pagination import Page, paginate
from app.utils.records import AnyRow, Reread, add, change, columns, dato, entities, fetch, find, remove, rows, touch

DE_LA_FICHA = tuple(FichaVacuna.model_fields)
# Lo que, al cambiar, mueve la fecha de quien ya la tiene puesta.
MUEVE_FECHAS = ("protocolos", "validez_meses")


class FichaVacunaRequerida(BusinessRule):
    """Una vacuna necesita su ficha técnica."""


class FichaVacunaNoAplicable(BusinessRule):
    """Sólo las vacunas llevan ficha técnica de vacuna."""


class AntigenoDesconocido(BusinessRule):
    """Ese antígeno no está en el catálogo."""


class ProtocoloDesconocido(BusinessRule):
    """Ese protocolo vacunal no existe."""


def listar(filtro: ProductoFiltro) -> Page:
    """Los productos de la organización."""
    donde: list[ColumnElement[bool]] = []
    if not filtro.incluir_inactivos:
        donde.append(Producto.activo.is_(True))
    if filtro.sku:
        donde.append(Producto.sku == filtro.sku)
    if filtro.tipo:
        donde.append(Producto.tipo.in_(filtro.tipo))
    if filtro.protocolo:
        donde.append(literal(filtro.protocolo) == any_(ProductoVacuna.protocolos))
    if filtro.q:
        nombre = func.servet_normalizar(Producto.nombre, type_=Text())
        donde.append(func.strpos(nombre, func.servet_normalizar(filtro.q)) > 0)
    ordenes = {"nombre": Producto.nombre, "sku": Producto.sku, "creado_en": Producto.creado_en}
    return paginate(_lectura, filtro, ordenes, "nombre", Producto.id, *donde).mapear(_presentar)


def obtener(id: UUID) -> dict[str, Any]:
    """Un producto."""
    return _presentar(fetch(_uno, id=id))


def crear(datos: ProductoCrear) -> Reread:
    """Da de alta un producto. Errores: ``SkuDuplicado`` y los de la ficha de vacuna."""
    if (datos.vacuna is not None) != (datos.tipo is TipoProducto.VACUNA):
        raise (FichaVacunaNoAplicable if datos.vacuna else FichaVacunaRequerida)(campo="/vacuna")
    ficha = datos.vacuna and _comprobada(datos.vacuna)
    producto = add(Producto(**datos.model_dump(exclude={"vacuna"})))
    if ficha:
        add(ProductoVacuna(producto_id=producto.id, **ficha))
    return Reread(obtener, producto.id)


def editar(id: UUID, cambios: ProductoEditar) -> Reread:
    """Cambia un producto; si cambia lo que cubre o lo que dura, se rehacen las fechas de quien la tiene puesta."""
    producto = find(Producto, id)
    nuevos = cambios.cambios()
    if "vacuna" in nuevos:
        ficha = nuevos.pop("vacuna")
        if (ficha is not None) != (producto.tipo is TipoProducto.VACUNA):
            raise (FichaVacunaNoAplicable if ficha else FichaVacunaRequerida)(campo="/vacuna")
        if ficha:
            _cambiar_ficha(producto, _comprobada(ficha))
    change(producto, nuevos)
    return Reread(obtener, id)


def eliminar(id: UUID) -> None:
    """Baja lógica: deja de ofrecerse; lo ya puesto sigue."""
    remove(find(Producto, id))


def _cambiar_ficha(producto: Producto, nueva: dict[str, Any]) -> None:
    (ficha,) = entities(select(ProductoVacuna).where(ProductoVacuna.producto_id == producto.id).with_for_update())
    mueve = any(getattr(ficha, campo) != nueva[campo] for campo in MUEVE_FECHAS)
    change(ficha, nueva)
    touch(producto)
    if mueve:
        rehacer_los_del_producto(producto.id)


def _comprobada(ficha: FichaVacuna) -> dict[str, Any]:
    """La ficha, con sus códigos comprobados. Errores: el del primero que no exista."""
    campos = ficha.model_dump()
    especies, protocolos = set(ficha.especies), set(ficha.protocolos)
    conocidas = rows(select(Especie.codigo).where(Especie.codigo.in_(especies)))
    vigentes = rows(
        select(ProtocoloVacunal.codigo).where(ProtocoloVacunal.codigo.in_(protocolos), ProtocoloVacunal.activo)
    )
    if set(ficha.antigenos) - {uno.codigo for uno in semillas_vacunas.antigenos()}:
        raise AntigenoDesconocido(campo="/vacuna/antigenos")
    if especies - {fila.codigo for fila in conocidas}:
        raise EspecieDesconocida(campo="/vacuna/especies")
    if protocolos - {fila.codigo for fila in vigentes}:
        raise ProtocoloDesconocido(campo="/vacuna/protocolos")
    return campos


@cache
def _lectura() -> Select[Any]:
    ficha = and_(ProductoVacuna.organizacion_id == Producto.organizacion_id, ProductoVacuna.producto_id == Producto.id)
    de_la_ficha = (getattr(ProductoVacuna, campo) for campo in DE_LA_FICHA)
    return select(*columns(Producto), *de_la_ficha).outerjoin(ProductoVacuna, ficha)


@cache
def _uno() -> Select[Any]:
    return _lectura().where(Producto.id == dato("id"))


def _presentar(fila: AnyRow) -> dict[str, Any]:
    campos = fila._asdict()
    ficha = {campo: campos[campo] for campo in DE_LA_FICHA}
    return {**campos, "vacuna": ficha if campos["tipo"] is TipoProducto.VACUNA else None}
