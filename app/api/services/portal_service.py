"""La cuenta del portal de un cliente: invitarlo a entrar."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.api.models.cliente import Cliente
from app.api.models.usuario import EstadoUsuario, PortalYaActivo, Proposito, Usuario
from app.api.services import enlaces_service
from app.api.services.clientes_service import exigir_abierto
from app.config.permissions import Rol
from app.utils.credenciales import reloj_real
from app.utils.errors import BusinessRule
from app.utils.records import add, change, entities, find


class CorreoRequerido(BusinessRule):
    """El cliente no tiene correo al que invitarle."""


def invitar(id: UUID) -> dict[str, Any]:
    """Invita al cliente por correo; si ya estaba invitado, el enlace anterior deja de valer."""
    cliente = exigir_abierto(find(Cliente, id))
    if not cliente.email:
        raise CorreoRequerido
    nombre = cliente.nombre_completo[:120]
    cuenta = _cuenta(cliente)
    if cuenta is None:
        cuenta = add(Usuario(email=cliente.email, nombre=nombre, roles=[Rol.CLIENTE.value], cliente_id=cliente.id))
    else:
        change(cuenta, {"email": cliente.email, "nombre": nombre, "estado": EstadoUsuario.INVITADO})
    enlaces_service.enviar(cuenta.id, cuenta.email, nombre, Proposito.INVITACION)
    expira_en = reloj_real() + enlaces_service.VIGENCIA[Proposito.INVITACION]
    return {"usuario_id": cuenta.id, "email": cuenta.email, "estado": cuenta.estado, "expira_en": expira_en}


def _cuenta(cliente: Cliente) -> Usuario | None:
    """La que se puede volver a invitar. Errores: ``PortalYaActivo``."""
    suyas = entities(select(Usuario).where(Usuario.cliente_id == cliente.id).order_by(Usuario.id).with_for_update())
    if any(una.estado in (EstadoUsuario.ACTIVO, EstadoUsuario.BLOQUEADO) for una in suyas):
        raise PortalYaActivo
    pendiente = next((una for una in suyas if una.estado is EstadoUsuario.INVITADO), None)
    return pendiente or next((una for una in suyas if una.email == cliente.email), None)
