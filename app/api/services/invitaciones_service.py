"""Invitar al portal a un titular: su cuenta de rol cliente y el enlace para entrar."""

from uuid import UUID

from sqlalchemy import select

from app.api.models.usuario import EstadoUsuario, Proposito, Usuario
from app.api.services import enlaces_service
from app.config.permissions import Rol
from app.utils.errors import Conflict
from app.utils.records import add, entities


class ClienteConCuenta(Conflict):
    """Ese titular ya entra en el portal."""


def invitar_cliente(cliente_id: UUID, email: str, nombre: str) -> UUID:
    """Crea la cuenta del titular, o repite su invitación si aún no la aceptó; devuelve el id del usuario.

    Errores: ``ClienteConCuenta``, ``EmailDuplicado``.
    """
    actual = entities(
        select(Usuario).where(Usuario.cliente_id == cliente_id, Usuario.estado != EstadoUsuario.BAJA).with_for_update()
    )
    if actual and actual[0].estado is not EstadoUsuario.INVITADO:
        raise ClienteConCuenta
    usuario = (
        actual[0]
        if actual
        else add(Usuario(email=email, nombre=nombre[:120], roles=[Rol.CLIENTE.value], cliente_id=cliente_id))
    )
    enlaces_service.enviar(usuario.id, usuario.email, usuario.nombre, Proposito.INVITACION)
    return usuario.id
