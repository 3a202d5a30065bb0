"""El segundo factor: darlo de alta, confirmarlo, comprobarlo y quitarlo."""

import base64
import hmac
import io
import secrets
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from app.api.models.usuario import EstadoUsuario, Usuario
from app.api.services import contrasenas_service, sesiones_service
from app.api.services.yo_service import mi_usuario, obtener
from app.utils.audit import anotar
from app.utils.cifrado import cifrar, descifrar
from app.utils.context import contexto, identidad
from app.utils.credenciales import reloj_real
from app.utils.errors import BusinessRule, Conflict
from app.utils.intentos import contar, olvidar
from app.utils.records import Reread, change, fetch
from app.utils.tokens import hash_secret

PASO_S = 30
CODIGOS = 10


class DobleFactorYaActivo(Conflict):
    """El segundo factor ya está activo."""


class DobleFactorSinIniciar(Conflict):
    """No hay un segundo factor a medio dar de alta."""


class DobleFactorInactivo(Conflict):
    """El segundo factor no está activo."""


class CodigoIncorrecto(BusinessRule):
    """El código no es correcto."""


def iniciar() -> dict[str, Any]:
    """Genera el secreto; no cuenta hasta confirmarlo. Errores: ``DobleFactorYaActivo``."""
    import pyotp
    import segno

    usuario = mi_usuario()
    if usuario.doble_factor:
        raise DobleFactorYaActivo
    secreto = pyotp.random_base32()
    change(usuario, {"secreto_totp": cifrar(secreto.encode())})
    uri = pyotp.TOTP(secreto).provisioning_uri(name=usuario.email, issuer_name="Servet")
    imagen = io.BytesIO()
    segno.make(uri, error="m").save(imagen, kind="svg", xmldecl=False, scale=4)
    return {"secreto": secreto, "uri": uri, "qr_svg": imagen.getvalue().decode(), "version": usuario.version}


def confirmar(codigo: str) -> dict[str, Any]:
    """Activa el segundo factor con un primer código y entrega los de recuperación.

    Errores: ``CodigoIncorrecto``, ``DobleFactorYaActivo``, ``DobleFactorSinIniciar``, ``DemasiadasPeticiones``.
    """
    claves = contar("doble_factor", str(identidad().id), contexto().ip)
    usuario = mi_usuario()
    if usuario.doble_factor:
        raise DobleFactorYaActivo
    if usuario.secreto_totp is None:
        raise DobleFactorSinIniciar
    paso = _paso(usuario.secreto_totp, codigo)
    if paso is None:
        raise CodigoIncorrecto(campo="/codigo")
    olvidar(claves)
    codigos = [_codigo_recuperacion() for _ in range(CODIGOS)]
    change(
        usuario,
        {
            "doble_factor": True,
            "ultimo_paso_totp": paso,
            "codigos_recuperacion": [_huella(uno) for uno in codigos],
        },
    )
    return {"codigos_recuperacion": codigos, "version": usuario.version}


def retirar(contrasena: str) -> Reread:
    """Quita el segundo factor. Errores: ``ContrasenaIncorrecta``, ``DobleFactorInactivo``."""
    usuario = contrasenas_service.exigir_contrasena(contrasena, campo="/contrasena")
    if not usuario.doble_factor:
        raise DobleFactorInactivo
    change(
        usuario,
        {"doble_factor": False, "secreto_totp": None, "ultimo_paso_totp": None, "codigos_recuperacion": None},
    )
    return Reread(obtener)


def comprobar(usuario_id: UUID, codigo: str) -> bool:
    """Si el código vale ahora para ese usuario, y lo gasta: no vale dos veces ni a la vez."""
    guardado = fetch(
        select(Usuario.doble_factor, Usuario.secreto_totp).where(
            Usuario.id == usuario_id, Usuario.estado == EstadoUsuario.ACTIVO
        )
    )
    if not guardado.doble_factor:
        return False
    paso = _paso(guardado.secreto_totp, codigo)
    if paso is not None:
        sin_usar = or_(Usuario.ultimo_paso_totp.is_(None), Usuario.ultimo_paso_totp < paso)
        return sesiones_service.anotar_uso(usuario_id, sin_usar, ultimo_paso_totp=paso)
    huella = _huella(codigo)
    gastado = sesiones_service.anotar_uso(
        usuario_id,
        Usuario.codigos_recuperacion.contains([huella]),
        codigos_recuperacion=func.array_remove(Usuario.codigos_recuperacion, huella),
    )
    if gastado:
        anotar("codigo_recuperacion", "usuarios", usuario_id)
    return gastado


def _paso(secreto_cifrado: bytes, codigo: str) -> int | None:
    """El paso de 30 segundos al que corresponde un código, con uno de margen a cada lado."""
    import pyotp

    totp = pyotp.TOTP(descifrar(secreto_cifrado).decode())
    actual = int(reloj_real().timestamp()) // PASO_S
    for paso in (actual, actual - 1, actual + 1):
        if hmac.compare_digest(totp.generate_otp(paso).encode(), codigo.encode()):
            return paso
    return None


def _codigo_recuperacion() -> str:
    # 80 bits: su huella puede ser rápida.
    letras = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(letras[n : n + 4] for n in range(0, 16, 4))


def _huella(codigo: str) -> str:
    return hash_secret(codigo.lower().replace("-", "").replace(" ", "")).hex()
