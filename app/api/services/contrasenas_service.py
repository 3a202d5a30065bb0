"""Las contraseñas: cambiarlas, recuperarlas y restablecerlas."""

import time

from sqlalchemy import select

from app.api.models.usuario import EstadoUsuario, Proposito, Usuario
from app.api.services import enlaces_service, sesiones_service, yo_service
from app.config.database import transaction
from app.utils.audit import anotar
from app.utils.authentication import find_credentials
from app.utils.context import contexto, identidad
from app.utils.credenciales import correo_de_cuenta, reloj_real
from app.utils.errors import BusinessRule
from app.utils.intentos import contar, olvidar
from app.utils.passwords import hash_password, verify_password
from app.utils.records import Reread, change, entities, first

# Lo que tarda siempre pedir la recuperación, exista o no la cuenta: más de lo que cuesta hacerla.
DURACION_S = 0.15
_PROPOSITO = {
    EstadoUsuario.ACTIVO: Proposito.RESTABLECIMIENTO,
    EstadoUsuario.INVITADO: Proposito.INVITACION,
}


class ContrasenaIncorrecta(BusinessRule):
    """La contraseña actual no es correcta."""


class ContrasenaInsegura(BusinessRule):
    """Esa contraseña no es segura: elija otra."""


class EnlaceInvalido(BusinessRule):
    """El enlace no vale: ha caducado, ya se usó o no es de aquí."""


def exigir_contrasena(contrasena: str, campo: str) -> Usuario:
    """Mi usuario, si esa es su contraseña. Errores: ``ContrasenaIncorrecta``, ``DemasiadasPeticiones``."""
    claves = contar("contrasena", str(identidad().id), contexto().ip)
    usuario = yo_service.mi_usuario()
    if not verify_password(usuario.contrasena_huella, contrasena):
        raise ContrasenaIncorrecta(campo=campo)
    olvidar(claves)
    return usuario


def cambiar(actual: str, nueva: str) -> Reread:
    """Cambia la contraseña propia y cierra las demás sesiones."""
    usuario = exigir_contrasena(actual, campo="/actual")
    if nueva == actual:
        raise ContrasenaInsegura("Es la misma que tenía", campo="/nueva")
    _poner(usuario, nueva, campo="/nueva")
    sesiones_service.revocar_todas(usuario.id, menos=identidad().familia_id)
    return Reread(yo_service.obtener)


def recuperar(email: str, organizacion: str | None) -> None:
    """Envía un enlace a cada cuenta con ese correo; si no hay ninguna, nadie lo nota.

    Tarda siempre lo mismo: lo que hace va en su transacción y después espera sin retener conexión.
    Errores: ``DemasiadasPeticiones``.
    """
    inicio = time.monotonic()
    correo = correo_de_cuenta(email)
    contar("recuperacion", correo, contexto().ip)
    for cuenta in find_credentials(correo, organizacion):
        proposito = _PROPOSITO.get(EstadoUsuario(cuenta.estado))
        if proposito is None:
            continue
        contexto().organizacion_id = cuenta.organizacion_id
        with transaction():
            nombre = first(select(Usuario.nombre).where(Usuario.id == cuenta.usuario_id))
            enlaces_service.enviar(cuenta.usuario_id, correo, nombre.nombre if nombre else "", proposito)
            anotar("recuperacion", "usuarios", cuenta.usuario_id)
    contexto().organizacion_id = None
    time.sleep(max(0.0, inicio + DURACION_S - time.monotonic()))


def restablecer(token: str, contrasena: str) -> None:
    """Pone la contraseña con un enlace recibido y cierra todas las sesiones; una invitación activa la cuenta.

    Errores: ``EnlaceInvalido``, ``ContrasenaInsegura``.
    """
    enlace = enlaces_service.gastar(token, Proposito.RESTABLECIMIENTO, Proposito.INVITACION)
    if enlace is None:
        raise EnlaceInvalido(campo="/token")
    (usuario,) = entities(select(Usuario).where(Usuario.id == enlace.usuario_id).with_for_update())
    invitado = usuario.estado is EstadoUsuario.INVITADO and enlace.proposito is Proposito.INVITACION
    if not invitado and usuario.estado is not EstadoUsuario.ACTIVO:
        raise EnlaceInvalido(campo="/token")
    _poner(usuario, contrasena, campo="/contrasena")
    change(usuario, {"estado": EstadoUsuario.ACTIVO, "valida_desde": reloj_real()})
    sesiones_service.revocar_todas(usuario.id)


def _poner(usuario: Usuario, contrasena: str, campo: str) -> None:
    if contrasena.strip().casefold() == usuario.email:
        raise ContrasenaInsegura("No puede ser su correo", campo=campo)
    change(usuario, {"contrasena_huella": hash_password(contrasena)})
    enlaces_service.anular(usuario.id)
