"""Autenticación: entrar, seguir dentro, salir y recuperar la cuenta."""

from typing import Any

from app.api.schemas.autenticacion_schema import (
    Acceso as AccesoDatos,
)
from app.api.schemas.autenticacion_schema import (
    AccesoIntegracion,
    AccesoIntegracionLectura,
    AccesoLectura,
    Mensaje,
    Recuperar,
    Renovar,
    Restablecer,
    SegundoFactor,
    TokensLectura,
)
from app.api.services import autenticacion_service as autenticacion
from app.api.services import contrasenas_service as contrasenas
from app.api.services import sesiones_service as sesiones
from app.config.permissions import Acceso, Permiso
from app.utils.errors import DemasiadasPeticiones, NoAutenticado
from app.utils.routing import Resource

api = Resource("autenticacion", tag="Autenticación")
FRENADA = (autenticacion.CredencialesInvalidas, DemasiadasPeticiones)


@api.post(
    "/acceso",
    permission=Acceso.PUBLICO,
    output=AccesoLectura,
    errors=(*FRENADA, autenticacion.OrganizacionRequerida),
)
def acceder(body: AccesoDatos) -> Any:
    """Abre una sesión con correo y contraseña

    Con segundo factor responde `doble_factor_requerido` y un `token_parcial`, sin tokens.
    """
    return autenticacion.acceder(body.email, body.contrasena, body.organizacion)


@api.post("/doble-factor", permission=Acceso.PUBLICO, output=AccesoLectura, errors=FRENADA)
def verificar_doble_factor(body: SegundoFactor) -> Any:
    """Acaba un acceso con el código del segundo factor o uno de recuperación"""
    return autenticacion.verificar_doble_factor(body.token_parcial, body.codigo)


@api.post("/renovacion", permission=Acceso.PUBLICO, output=TokensLectura, errors=(NoAutenticado,))
def renovar(body: Renovar) -> Any:
    """Cambia el token de renovación por un par nuevo

    Cada uno vale una vez: repetir uno ya usado revoca toda la sesión.
    """
    return sesiones.renovar(body.token_renovacion)


@api.post("/salida", permission=Permiso.CUENTA_PROPIA, output=Mensaje)
def salir() -> Any:
    """Cierra la sesión: revoca su renovación y sus tokens"""
    sesiones.salir()
    return {"mensaje": "Sesión cerrada"}


@api.post("/recuperacion", permission=Acceso.PUBLICO, output=Mensaje, errors=(DemasiadasPeticiones,))
def recuperar(body: Recuperar) -> Any:
    """Pide por correo un enlace para restablecer la contraseña

    Responde y tarda lo mismo exista o no la cuenta.
    """
    contrasenas.recuperar(body.email, body.organizacion)
    return {"mensaje": "Si la cuenta existe, recibirá un correo con un enlace"}


@api.post(
    "/restablecimiento",
    permission=Acceso.PUBLICO,
    output=Mensaje,
    errors=(contrasenas.EnlaceInvalido, contrasenas.ContrasenaInsegura),
)
def restablecer(body: Restablecer) -> Any:
    """Pone una contraseña nueva con el enlace o la invitación"""
    contrasenas.restablecer(body.token, body.contrasena)
    return {"mensaje": "Contraseña cambiada: ya puede acceder"}


@api.post("/acceso-integracion", permission=Acceso.PUBLICO, output=AccesoIntegracionLectura, errors=FRENADA)
def acceder_integracion(body: AccesoIntegracion) -> Any:
    """Cambia la credencial de una integración por un token de acceso"""
    return autenticacion.acceder_integracion(body.cliente_id, body.secreto)
