"""Enlaces de un solo uso: restablecer la contraseña, aceptar una invitación o acabar un acceso."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update

from app.api.models.buzon import TipoEnvio
from app.api.models.usuario import Enlace, Proposito
from app.api.services import buzon_service
from app.config.database import transaction
from app.config.settings import get_settings
from app.utils.context import contexto, organizacion_id
from app.utils.credenciales import reloj_real
from app.utils.records import add, execute, first
from app.utils.tokens import hash_secret, join_secret, new_secret, split_secret

VIGENCIA = {
    Proposito.RESTABLECIMIENTO: timedelta(hours=1),
    Proposito.INVITACION: timedelta(days=7),
    Proposito.DOBLE_FACTOR: timedelta(minutes=5),
}
_CORREOS = {
    Proposito.RESTABLECIMIENTO: (
        TipoEnvio.RESTABLECIMIENTO,
        "Restablezca su contraseña",
        "Alguien ha pedido cambiar la contraseña de su cuenta. Si no ha sido usted, no haga nada.\n"
        "El enlace vale una vez, durante una hora:",
    ),
    Proposito.INVITACION: (
        TipoEnvio.INVITACION,
        "Le han invitado",
        "Tiene una cuenta esperándole. Elija su contraseña con este enlace, que vale una vez, durante siete días:",
    ),
}


def crear(usuario_id: UUID, proposito: Proposito) -> str:
    """Un enlace nuevo; los anteriores con el mismo propósito dejan de valer."""
    anular(usuario_id, proposito=proposito)
    secreto, huella = new_secret()
    expira_en = reloj_real() + VIGENCIA[proposito]
    add(Enlace(usuario_id=usuario_id, proposito=proposito, huella=huella, expira_en=expira_en))
    organizacion = organizacion_id()
    assert organizacion is not None
    return join_secret(organizacion, secreto)


def enviar(usuario_id: UUID, email: str, nombre: str, proposito: Proposito) -> None:
    """Crea un enlace y deja su correo en el buzón, en la misma transacción."""
    tipo, asunto, texto = _CORREOS[proposito]
    # Tras la almohadilla: no viaja al servidor ni queda en los registros de nadie.
    enlace = f"{get_settings().url_publica.rstrip('/')}/{tipo.value}#{crear(usuario_id, proposito)}"
    buzon_service.encolar(tipo, email, asunto, f"Hola, {nombre}:\n\n{texto}\n\n{enlace}\n")


def mirar(token: str, proposito: Proposito) -> Row[Any] | None:
    """El enlace vigente, sin gastarlo; deja puesta su organización. En su transacción: no retiene conexión."""
    partes = split_secret(token)
    if partes is None:
        return None
    contexto().organizacion_id = partes[0]
    with transaction():
        return first(
            select(Enlace.id, Enlace.usuario_id).where(
                Enlace.huella == hash_secret(partes[1]),
                Enlace.proposito == proposito,
                Enlace.usado_en.is_(None),
                Enlace.expira_en > reloj_real(),
            )
        )


def gastar(token: str, *propositos: Proposito) -> Row[Any] | None:
    """Gasta el enlace si aún vale; dos a la vez no pueden. Deja puesta su organización."""
    partes = split_secret(token)
    if partes is None:
        return None
    contexto().organizacion_id = partes[0]
    gastado: Row[Any] | None = execute(
        update(Enlace)
        .where(
            Enlace.huella == hash_secret(partes[1]),
            Enlace.proposito.in_(propositos),
            Enlace.usado_en.is_(None),
            Enlace.expira_en > reloj_real(),
        )
        .values(usado_en=reloj_real())
        .returning(Enlace.usuario_id, Enlace.proposito)
    ).first()
    return gastado


def anular(*usuarios: UUID, proposito: Proposito | None = None) -> None:
    """Los enlaces pendientes de esos usuarios dejan de valer."""
    sentencia = update(Enlace).where(Enlace.usuario_id.in_(usuarios), Enlace.usado_en.is_(None))
    if proposito is not None:
        sentencia = sentencia.where(Enlace.proposito == proposito)
    execute(sentencia.values(usado_en=reloj_real()))
