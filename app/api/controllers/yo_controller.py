"""La cuenta propia: perfil, contraseña y segundo factor."""

from typing import Any

from app.api.schemas.yo_schema import (
    AltaDobleFactor,
    CambioContrasena,
    CodigosRecuperacion,
    ConfirmacionDobleFactor,
    RetiradaDobleFactor,
    YoEditar,
    YoLectura,
)
from app.api.services import contrasenas_service as contrasenas
from app.api.services import doble_factor_service as doble_factor
from app.api.services import yo_service as yo
from app.config.permissions import Permiso
from app.utils.errors import DemasiadasPeticiones
from app.utils.routing import Resource

api = Resource("yo", tag="Mi cuenta")


@api.get("", permission=Permiso.CUENTA_LEER, output=YoLectura)
def obtener() -> Any:
    """Dice quién soy y qué puedo"""
    return yo.obtener()


@api.patch("", permission=Permiso.CUENTA_PROPIA, output=YoLectura)
def editar(body: YoEditar) -> Any:
    """Cambia mis datos"""
    return yo.editar(body)


@api.post(
    "/contrasena",
    permission=Permiso.CUENTA_PROPIA,
    output=YoLectura,
    errors=(contrasenas.ContrasenaIncorrecta, contrasenas.ContrasenaInsegura, DemasiadasPeticiones),
)
def cambiar_contrasena(body: CambioContrasena) -> Any:
    """Cambia mi contraseña y cierra mis otras sesiones"""
    return contrasenas.cambiar(body.actual, body.nueva)


@api.post(
    "/doble-factor",
    permission=Permiso.CUENTA_PROPIA,
    output=AltaDobleFactor,
    errors=(doble_factor.DobleFactorYaActivo,),
)
def iniciar_doble_factor() -> Any:
    """Empieza el alta del segundo factor: secreto, dirección y código QR"""
    return doble_factor.iniciar()


@api.post(
    "/doble-factor/confirmacion",
    permission=Permiso.CUENTA_PROPIA,
    output=CodigosRecuperacion,
    errors=(
        doble_factor.CodigoIncorrecto,
        doble_factor.DobleFactorSinIniciar,
        doble_factor.DobleFactorYaActivo,
        DemasiadasPeticiones,
    ),
)
def confirmar_doble_factor(body: ConfirmacionDobleFactor) -> Any:
    """Activa el segundo factor y entrega los códigos de recuperación"""
    return doble_factor.confirmar(body.codigo)


@api.post(
    "/doble-factor/retirada",
    permission=Permiso.CUENTA_PROPIA,
    output=YoLectura,
    errors=(contrasenas.ContrasenaIncorrecta, doble_factor.DobleFactorInactivo, DemasiadasPeticiones),
)
def retirar_doble_factor(body: RetiradaDobleFactor) -> Any:
    """Quita el segundo factor"""
    return doble_factor.retirar(body.contrasena)
