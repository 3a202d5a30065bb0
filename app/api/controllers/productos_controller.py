"""Productos: lo que la clínica usa, pone o vende."""

from typing import Any
from uuid import UUID

from app.api.models.producto import SkuDuplicado
from app.api.schemas.producto_schema import ProductoCrear, ProductoEditar, ProductoFiltro, ProductoLectura
from app.api.services import productos_service as productos
from app.api.services.pacientes_service import EspecieDesconocida
from app.config.permissions import Permiso
from app.utils.routing import Resource
from app.utils.schemas import Pagina

api = Resource("productos", tag="Productos")
DE_LA_FICHA = (
    productos.FichaVacunaRequerida,
    productos.FichaVacunaNoAplicable,
    productos.AntigenoDesconocido,
    productos.ProtocoloDesconocido,
    EspecieDesconocida,
)


@api.get("", permission=Permiso.PRODUCTOS_LEER, output=Pagina[ProductoLectura])
def listar(query: ProductoFiltro) -> Any:
    """Lista los productos"""
    return productos.listar(query)


@api.post(
    "",
    permission=Permiso.PRODUCTOS_EDITAR,
    output=ProductoLectura,
    status=201,
    errors=(*DE_LA_FICHA, SkuDuplicado),
)
def crear(body: ProductoCrear) -> Any:
    """Da de alta un producto"""
    return productos.crear(body)


@api.get("/<uuid:id>", permission=Permiso.PRODUCTOS_LEER, output=ProductoLectura)
def obtener(id: UUID) -> Any:
    """Lee un producto"""
    return productos.obtener(id)


@api.patch("/<uuid:id>", permission=Permiso.PRODUCTOS_EDITAR, output=ProductoLectura, errors=DE_LA_FICHA)
def editar(id: UUID, body: ProductoEditar) -> Any:
    """Edita un producto

    Si cambian los protocolos que cubre o lo que dura, se recalculan las fechas de quien la tiene puesta.
    """
    return productos.editar(id, body)


@api.delete("/<uuid:id>", permission=Permiso.PRODUCTOS_ELIMINAR)
def eliminar(id: UUID) -> None:
    """Da de baja un producto"""
    productos.eliminar(id)
