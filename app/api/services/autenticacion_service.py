"""Acceder: contraseña, segundo factor y credenciales de integración, con el mismo «no» para todo."""

import hmac
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Uuid, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from app.api.models.integracion import Integracion, IntegracionSede
from app.api.models.usuario import EstadoUsuario, Proposito, Usuario
from app.api.services import doble_factor_service, enlaces_service, sesiones_service
from app.config.database import transaction
from app.utils.audit import anotar
from app.utils.authentication import find_credentials, generation
from app.utils.context import contexto
from app.utils.credenciales import correo_de_cuenta, reloj_real
from app.utils.errors import BusinessRule, Unauthorized
from app.utils.intentos import agotada, contar, olvidar
from app.utils.passwords import verify_password
from app.utils.records import execute, first
from app.utils.tokens import ACCESO_S, hash_secret, issue_access, split_secret


class CredencialesInvalidas(Unauthorized):
    """Las credenciales no son válidas."""


class OrganizacionRequerida(BusinessRule):
    """Ese correo está en varias organizaciones: indique en cuál."""


def acceder(email: str, contrasena: str, organizacion: str | None) -> dict[str, Any]:
    """Abre sesión, o pide el segundo factor.

    El intento se apunta antes de comprobarlo. Se verifica una contraseña por cuenta con ese correo (una si no hay
    ninguna, cinco como mucho), sin parar en la primera: el tiempo no dice si existe, si está bloqueada o si acertó.
    Errores: ``CredencialesInvalidas``, ``OrganizacionRequerida``, ``DemasiadasPeticiones``.
    """
    correo = correo_de_cuenta(email)
    claves = contar("acceso", correo, contexto().ip)
    cuentas = find_credentials(correo, organizacion)
    if not cuentas:
        verify_password(None, contrasena)
    aciertos = [cuenta for cuenta in cuentas if verify_password(cuenta.contrasena_huella, contrasena)]
    aciertos = [cuenta for cuenta in aciertos if cuenta.estado == EstadoUsuario.ACTIVO]
    if not aciertos:
        if agotada(claves):
            _auditar_bloqueo(cuentas)
        raise CredencialesInvalidas
    olvidar(claves)
    if len(aciertos) > 1:
        raise OrganizacionRequerida(campo="/organizacion")
    cuenta = aciertos[0]
    contexto().organizacion_id = cuenta.organizacion_id
    # Entre comprobarla y abrir sesión la contraseña pudo cambiar, o la cuenta bloquearse.
    usuario = first(
        select(Usuario.id, Usuario.doble_factor).where(
            Usuario.id == cuenta.usuario_id,
            Usuario.estado == EstadoUsuario.ACTIVO,
            Usuario.contrasena_huella == cuenta.contrasena_huella,
        )
    )
    if usuario is None:
        raise CredencialesInvalidas
    if usuario.doble_factor:
        parcial = enlaces_service.crear(usuario.id, Proposito.DOBLE_FACTOR)
        return {"doble_factor_requerido": True, "token_parcial": parcial}
    return sesiones_service.abrir(usuario.id)


def _auditar_bloqueo(cuentas: Sequence[Row[Any]]) -> None:
    """Deja constancia, donde exista la cuenta, de que se ha quedado sin intentos; confirma antes del 401."""
    for cuenta in cuentas:
        contexto().organizacion_id = cuenta.organizacion_id
        with transaction():
            anotar("acceso_bloqueado", "usuarios", cuenta.usuario_id)
    contexto().organizacion_id = None


def verificar_doble_factor(token_parcial: str, codigo: str) -> dict[str, Any]:
    """Acaba un acceso con el segundo factor. Errores: ``CredencialesInvalidas``, ``DemasiadasPeticiones``."""
    enlace = enlaces_service.mirar(token_parcial, Proposito.DOBLE_FACTOR)
    claves = contar("doble_factor", str(enlace.usuario_id) if enlace else token_parcial, contexto().ip)
    if enlace is None or not doble_factor_service.comprobar(enlace.usuario_id, codigo):
        raise CredencialesInvalidas
    if enlaces_service.gastar(token_parcial, Proposito.DOBLE_FACTOR) is None:
        raise CredencialesInvalidas
    olvidar(claves)
    return sesiones_service.abrir(enlace.usuario_id)


def acceder_integracion(cliente_id: str, secreto: str) -> dict[str, Any]:
    """Cambia la credencial de una integración por un token de acceso.

    Errores: ``CredencialesInvalidas``, ``DemasiadasPeticiones``.
    """
    partes = split_secret(cliente_id.lower())
    claves = contar("integracion", cliente_id.lower(), contexto().ip)
    if partes is None or len(partes[1]) != 32:
        raise CredencialesInvalidas
    try:
        id = UUID(partes[1])
    except ValueError:
        raise CredencialesInvalidas from None
    contexto().organizacion_id = partes[0]
    ahora = reloj_real()
    sedes = (
        select(IntegracionSede.sede_id)
        .where(
            IntegracionSede.organizacion_id == Integracion.organizacion_id,
            IntegracionSede.integracion_id == Integracion.id,
        )
        .scalar_subquery()
    )
    credencial = first(
        select(
            Integracion.id,
            Integracion.secreto_huella,
            Integracion.ambitos,
            Integracion.valida_desde,
            func.array(sedes, type_=ARRAY(Uuid())).label("sedes"),
        ).where(
            Integracion.id == id,
            Integracion.activo,
            or_(Integracion.expira_en.is_(None), Integracion.expira_en > ahora),
        )
    )
    huella = credencial.secreto_huella if credencial else b""
    if credencial is None or not hmac.compare_digest(huella, hash_secret(secreto)):
        raise CredencialesInvalidas
    olvidar(claves)
    execute(
        update(Integracion)
        .where(Integracion.id == id)
        .values(
            ultimo_uso_en=ahora,
            actualizado_en=Integracion.actualizado_en,
            actualizado_por=Integracion.actualizado_por,
        )
    )
    datos = {
        "tipo": "integracion",
        "org": str(partes[0]),
        "ambitos": credencial.ambitos,
        "sedes": [str(sede) for sede in credencial.sedes],
        "gen": generation(credencial.valida_desde.timestamp()),
    }
    return {"token_acceso": issue_access(id, datos), "tipo": "Bearer", "expira_en": ACCESO_S}
