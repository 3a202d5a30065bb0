"""Los autorizados de un cliente: a quién concede qué y en qué fechas."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.api.models import alcance  # noqa: F401 - declara qué autorizados ve cada cual
from app.api.models.cliente import Autorizado, Cliente
from app.api.schemas.autorizado_schema import AutorizadoCrear, AutorizadoEditar, AutorizadoFiltro
from app.api.services.clientes_service import exigir, exigir_abierto
from app.api.services.contacto_cliente_service import NombreRequerido, numero_e164, pedir_pais
from app.api.services.pacientes_service import FechasIncoherentes
from app.utils.context import hoy
from app.utils.errors import BusinessRule, Conflict
from app.utils.pagination import Page, paginate
from app.utils.records import Reread, add, ask, change, columns, fetch, find, remove


class AutorizadoEsTitular(BusinessRule):
    """El titular no puede autorizarse a sí mismo."""


class AutorizacionRevocada(Conflict):
    """La autorización ya está revocada."""


def listar(cliente_id: UUID, filtro: AutorizadoFiltro) -> Page:
    """Los autorizados de un cliente, por nombre."""
    exigir(cliente_id)
    consulta = select(*columns(Autorizado)).where(Autorizado.cliente_id == cliente_id)
    if not filtro.incluir_bajas:
        consulta = consulta.where(Autorizado.activo)
    return paginate(consulta, filtro, {"nombre": Autorizado.nombre, "desde": Autorizado.desde}, "nombre", Autorizado.id)


def obtener(id: UUID) -> Any:
    """Una autorización."""
    return fetch(select(*columns(Autorizado)).where(Autorizado.id == id))


def crear(cliente_id: UUID, datos: AutorizadoCrear) -> Reread:
    """Autoriza a una persona, que puede ser otro cliente."""
    pais = pedir_pais()
    # Por id: dos clientes que se autorizan el uno al otro a la vez no se interbloquean.
    ids = sorted({cliente_id, datos.cliente_autorizado_id or cliente_id})
    pedidas = {id: ask(Cliente, id, compartida=True) for id in ids}
    fichas = {id: exigir_abierto(leer()) for id, leer in pedidas.items()}
    titular = fichas[cliente_id]
    campos = datos.model_dump()
    campos["desde"] = campos["desde"] or hoy()
    if datos.cliente_autorizado_id == titular.id:
        raise AutorizadoEsTitular(campo="/cliente_autorizado_id")
    if datos.cliente_autorizado_id:
        otro = fichas[datos.cliente_autorizado_id]
        campos["nombre"] = campos["nombre"] or otro.nombre_completo[:120]
    if not campos["nombre"]:
        raise NombreRequerido(campo="/nombre")
    _normalizar(campos, pais())
    return Reread(obtener, add(Autorizado(cliente_id=titular.id, **campos)).id)


def editar(id: UUID, cambios: AutorizadoEditar) -> Reread:
    """Cambia lo que se concede; una autorización revocada ya no se edita."""
    leer_autorizado, pais = ask(Autorizado, id), pedir_pais()
    autorizado = leer_autorizado()
    if not autorizado.activo:
        raise AutorizacionRevocada
    campos = {"desde": autorizado.desde, "hasta": autorizado.hasta, **cambios.cambios()}
    if "nombre" in campos and not campos["nombre"]:
        raise NombreRequerido(campo="/nombre")
    _normalizar(campos, pais())
    change(autorizado, campos)
    return Reread(obtener, id)


def eliminar(id: UUID) -> None:
    """Revoca una autorización: deja de valer en el acto."""
    autorizado = find(Autorizado, id)
    if not autorizado.activo:
        raise AutorizacionRevocada
    remove(autorizado)


def _normalizar(campos: dict[str, Any], pais: str) -> None:
    if campos["hasta"] and campos["hasta"] < campos["desde"]:
        raise FechasIncoherentes("No puede acabar antes de empezar", campo="/hasta")
    if campos.get("telefono"):
        campos["telefono"] = numero_e164(campos["telefono"], pais, "/telefono")
