"""Las sesiones: familias de renovaciones que nacen de un acceso y mueren juntas."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from app.api.models.usuario import EstadoUsuario, Renovacion, Sesion, Usuario, UsuarioSede
from app.config.database import transaction
from app.utils.audit import anotar
from app.utils.authentication import forget_identities
from app.utils.context import contexto, identidad, organizacion_id
from app.utils.credenciales import reloj_real
from app.utils.errors import NoAutenticado
from app.utils.records import add, execute, fetch, first
from app.utils.tokens import ACCESO_S, RENOVACION, hash_secret, issue_access, join_secret, new_secret, split_secret


def sedes_de_usuario() -> ColumnElement[Any]:
    """Las sedes de cada usuario de la consulta, en una columna."""
    sedes = (
        select(UsuarioSede.sede_id)
        .where(UsuarioSede.organizacion_id == Usuario.organizacion_id, UsuarioSede.usuario_id == Usuario.id)
        .order_by(UsuarioSede.id)
    )
    return func.array(sedes.scalar_subquery(), type_=ARRAY(Uuid())).label("sedes")


def abrir(usuario_id: UUID) -> dict[str, Any]:
    """Abre una sesión y devuelve su primer par de tokens."""
    ahora = reloj_real()
    sesion = add(Sesion(usuario_id=usuario_id, creada_en=ahora, expira_en=ahora + RENOVACION, ip=contexto().ip))
    anotar_uso(usuario_id, ultimo_acceso_en=ahora)
    anotar("acceso", "usuarios", usuario_id)
    return _tokens(usuario_id, sesion.id)


def anotar_uso(usuario_id: UUID, *condiciones: ColumnElement[bool], **valores: Any) -> bool:
    """Escribe lo que deja el uso, sin subir la versión de la ficha; dice si se cumplían las condiciones."""
    sentencia = (
        update(Usuario)
        .where(Usuario.id == usuario_id, *condiciones)
        .values(**valores, actualizado_en=Usuario.actualizado_en, actualizado_por=Usuario.actualizado_por)
        .returning(Usuario.id)
    )
    return execute(sentencia).first() is not None


def renovar(token: str) -> dict[str, Any]:
    """Cambia un token de renovación por un par nuevo. Errores: ``NoAutenticado``.

    Va en su propia transacción: si el token ya se usó hay que revocar la familia y, además, responder que no.
    """
    partes = split_secret(token)
    if partes is None:
        raise NoAutenticado
    contexto().organizacion_id = partes[0]
    with transaction():
        nuevos = _canjear(hash_secret(partes[1]))
    if nuevos is None:
        raise NoAutenticado
    return nuevos


def _canjear(huella: bytes) -> dict[str, Any] | None:
    ahora = reloj_real()
    usada = execute(
        update(Renovacion)
        .where(Renovacion.huella == huella, Renovacion.usada_en.is_(None), Renovacion.expira_en > ahora)
        .values(usada_en=ahora)
        .returning(Renovacion.sesion_id)
    ).first()
    if usada is None:
        _revocar_reutilizada(huella)
        return None
    viva = first(
        select(Sesion.id, Sesion.usuario_id)
        .join(Usuario, (Usuario.organizacion_id == Sesion.organizacion_id) & (Usuario.id == Sesion.usuario_id))
        .where(Sesion.id == usada.sesion_id, Sesion.revocada_en.is_(None), Usuario.estado == EstadoUsuario.ACTIVO)
    )
    if viva is None:
        return None
    execute(update(Sesion).where(Sesion.id == viva.id).values(expira_en=ahora + RENOVACION))
    return _tokens(viva.usuario_id, viva.id)


def _revocar_reutilizada(huella: bytes) -> None:
    """Un token ya usado que vuelve es una copia: cae toda su familia."""
    repetida = first(
        select(Renovacion.sesion_id, Sesion.usuario_id)
        .join(Sesion, (Sesion.organizacion_id == Renovacion.organizacion_id) & (Sesion.id == Renovacion.sesion_id))
        .where(Renovacion.huella == huella, Renovacion.usada_en.is_not(None), Sesion.revocada_en.is_(None))
    )
    if repetida is not None:
        revocar(repetida.sesion_id, repetida.usuario_id)
        anotar("renovacion_reutilizada", "usuarios", repetida.usuario_id)


def _tokens(usuario_id: UUID, sesion_id: UUID) -> dict[str, Any]:
    secreto, huella = new_secret()
    add(Renovacion(sesion_id=sesion_id, huella=huella, expira_en=reloj_real() + RENOVACION))
    perfil = fetch(select(Usuario.roles, Usuario.cliente_id, sedes_de_usuario()).where(Usuario.id == usuario_id))
    organizacion = organizacion_id()
    assert organizacion is not None
    datos = {
        "tipo": "usuario",
        "org": str(organizacion),
        "sid": str(sesion_id),
        "roles": perfil.roles,
        "sedes": [str(sede) for sede in perfil.sedes],
    }
    if perfil.cliente_id is not None:
        datos["cliente_id"] = str(perfil.cliente_id)
    return {
        "token_acceso": issue_access(usuario_id, datos),
        "token_renovacion": join_secret(organizacion, secreto),
        "tipo": "Bearer",
        "expira_en": ACCESO_S,
    }


def salir() -> None:
    """Revoca la familia de quien pide."""
    quien = identidad()
    if quien.familia_id is not None:
        revocar(quien.familia_id, quien.id)
        anotar("salida", "usuarios", quien.id)


def revocar(sesion_id: UUID, usuario_id: UUID) -> None:
    """Revoca una familia: ni renueva ni sus tokens de acceso valen ya."""
    execute(update(Sesion).where(Sesion.id == sesion_id).values(revocada_en=reloj_real()))
    forget_identities(usuario_id)


def revocar_todas(*usuarios: UUID, menos: UUID | None = None) -> None:
    """Revoca las familias de esos usuarios, salvo la que se diga."""
    sentencia = update(Sesion).where(Sesion.usuario_id.in_(usuarios), Sesion.revocada_en.is_(None))
    if menos is not None:
        sentencia = sentencia.where(Sesion.id != menos)
    execute(sentencia.values(revocada_en=reloj_real()))
    for usuario_id in usuarios:
        forget_identities(usuario_id)
