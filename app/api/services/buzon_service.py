"""El buzón de salida: dejar un correo junto a lo que lo causa, y enviarlo después."""

import logging
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from sqlalchemy import func, select

from app.api.models.buzon import Envio, TipoEnvio
from app.config.database import transaction
from app.config.settings import Modo, get_settings
from app.utils.cifrado import cifrar, descifrar
from app.utils.context import Contexto, iniciar
from app.utils.credenciales import reloj_real
from app.utils.records import add, change, entities, rows

registro = logging.getLogger("servet.correo")
INTENTOS = 5
TIEMPO_SMTP_S = 10
Entrega = Callable[[EmailMessage], object]


class CorreoSinCifrar(RuntimeError):
    """El servidor de correo no cifra la conexión: no se le da la contraseña."""


def encolar(tipo: TipoEnvio, destinatario: str, asunto: str, cuerpo: str) -> None:
    """Deja un correo en el buzón; sólo sale si la transacción en curso confirma."""
    add(Envio(tipo=tipo, destinatario=destinatario, asunto=asunto, cuerpo_cifrado=cifrar(cuerpo.encode())))


def enviar_pendientes() -> int:
    """Envía lo que toca y dice cuántos salieron; sin servidor de correo, sólo la demostración los enseña."""
    ajustes = get_settings()
    url = ajustes.smtp_url.get_secret_value()
    if not url:
        return _repartir(_mostrar) if ajustes.modo is Modo.DEMO else 0
    with _servidor(urlsplit(url)) as entregar:
        return _repartir(entregar)


def _repartir(entregar: Entrega) -> int:
    iniciar(Contexto())
    with transaction():
        organizaciones = [
            fila.id for fila in rows(select(func.organizaciones_activas().table_valued("id", "codigo").c.id))
        ]
    enviados = 0
    try:
        for organizacion in organizaciones:
            iniciar(Contexto(organizacion_id=organizacion))
            while (resultado := _enviar_uno(entregar)) is not None:
                enviados += resultado
    finally:
        iniciar(Contexto())
    return enviados


def _enviar_uno(entregar: Entrega) -> bool | None:
    """Un correo por transacción: si el proceso cae, como mucho ese se repite. Nada si no queda ninguno."""
    ahora = reloj_real()
    siguiente = (
        select(Envio)
        .where(Envio.enviado_en.is_(None), Envio.intentos < INTENTOS, Envio.intentar_desde <= ahora)
        .order_by(Envio.creado_en, Envio.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    with transaction():
        envio = next(iter(entities(siguiente)), None)
        if envio is None:
            return None
        try:
            entregar(_mensaje(envio))
        except Exception as error:  # el buzón sigue con los demás; se guarda la clase, no el texto
            intentos = envio.intentos + 1
            change(
                envio,
                {
                    "intentos": intentos,
                    "ultimo_error": type(error).__name__,
                    "intentar_desde": ahora + timedelta(minutes=4**intentos),
                },
            )
            registro.warning("correo_fallido", extra={"envio": str(envio.id), "clase": type(error).__name__})
            return False
        change(envio, {"enviado_en": reloj_real(), "cuerpo_cifrado": None, "intentos": envio.intentos + 1})
        return True


def _mensaje(envio: Envio) -> EmailMessage:
    mensaje = EmailMessage()
    mensaje["From"] = get_settings().correo_remitente
    mensaje["To"] = envio.destinatario
    mensaje["Subject"] = envio.asunto
    mensaje["Message-ID"] = f"<{envio.id}@servet>"
    mensaje.set_content(descifrar(envio.cuerpo_cifrado or b"").decode())
    return mensaje


def _mostrar(mensaje: EmailMessage) -> None:
    # Sólo en la demostración, que no tiene correo: es el único sitio donde un enlace se escribe.
    registro.info(
        "correo_de_demostracion",
        extra={"para": mensaje["To"], "asunto": mensaje["Subject"], "cuerpo": mensaje.get_content()},
    )


@contextmanager
def _servidor(url: SplitResult) -> Iterator[Entrega]:
    """Quien entrega correos por esa dirección; se conecta con el primero y cierra al final."""
    abierta: list[smtplib.SMTP] = []

    def entregar(mensaje: EmailMessage) -> None:
        if not abierta:
            abierta.append(_conectar(url))
        try:
            abierta[0].send_message(mensaje)
        except smtplib.SMTPServerDisconnected:
            abierta.clear()
            raise

    try:
        yield entregar
    finally:
        for conexion in abierta:
            conexion.close()


def _conectar(url: SplitResult) -> smtplib.SMTP:
    anfitrion, contexto_tls = url.hostname or "localhost", ssl.create_default_context()
    if url.scheme == "smtps":
        conexion: smtplib.SMTP = smtplib.SMTP_SSL(
            anfitrion, url.port or 465, timeout=TIEMPO_SMTP_S, context=contexto_tls
        )
    else:
        conexion = smtplib.SMTP(anfitrion, url.port or 587, timeout=TIEMPO_SMTP_S)
        conexion.ehlo()
        if conexion.has_extn("starttls"):
            conexion.starttls(context=contexto_tls)
        elif url.username and not _es_local(anfitrion):
            conexion.close()
            raise CorreoSinCifrar
    if url.username:
        conexion.login(unquote(url.username), unquote(url.password or ""))
    return conexion


def _es_local(anfitrion: str) -> bool:
    try:
        return ip_address(anfitrion).is_loopback
    except ValueError:
        return anfitrion == "localhost"
