"""El buzón de salida contra un servidor de correo de verdad, en esta misma máquina."""

import email
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from app.api.models.buzon import TipoEnvio
from app.api.services import buzon_service
from app.config.database import transaction
from app.config.settings import Modo, get_settings
from app.utils.context import Contexto, iniciar
from tests.factories import leer_buzon


class Cartero:
    """Guarda lo que recibe, o lo rechaza."""

    def __init__(self) -> None:
        self.recibidos: list[tuple[list[str], bytes]] = []
        self.rechaza = False

    async def handle_DATA(self, _servidor, sesion, sobre) -> str:  # noqa: N802
        if not sesion.authenticated:
            return "530 Sin identificar"
        if self.rechaza:
            return "451 Ahora no"
        self.recibidos.append((sobre.rcpt_tos, sobre.content))
        return "250 OK"


def _autenticar(_servidor, _sesion, _sobre, _mecanismo, datos) -> AuthResult:
    bien = isinstance(datos, LoginPassword) and (datos.login, datos.password) == (b"servet", b"cl@ve")
    return AuthResult(success=bien, handled=True)


@pytest.fixture
def cartero(app, propietario, monkeypatch):
    propietario.execute("UPDATE buzon_salida SET enviado_en = now() WHERE enviado_en IS NULL")
    cartero = Cartero()
    with socket.create_server(("127.0.0.1", 0)) as libre:
        puerto = libre.getsockname()[1]
    servidor = Controller(cartero, hostname="127.0.0.1", port=puerto, authenticator=_autenticar, auth_require_tls=False)
    servidor.start()
    try:
        _configurar(monkeypatch, f"smtp://servet:cl%40ve@127.0.0.1:{puerto}")
        yield cartero
    finally:
        servidor.stop()


def _configurar(monkeypatch, url: str, modo: Modo = Modo.PRUEBAS) -> None:
    ajustes = get_settings().model_copy(update={"smtp_url": type(get_settings().secreto)(url), "modo": modo})
    monkeypatch.setattr(buzon_service, "get_settings", lambda: ajustes)


def encolar(clinica, n: int = 1) -> None:
    iniciar(Contexto(organizacion_id=clinica.id))
    with transaction():
        for numero in range(n):
            buzon_service.encolar(
                TipoEnvio.INVITACION, f"persona{numero}@ejemplo.test", "Invitación: ñ", "Hola, Íñigo\n"
            )
    iniciar(Contexto())


def filas(propietario, clinica):
    return propietario.execute(
        "SELECT enviado_en IS NOT NULL, cuerpo_cifrado, intentos, ultimo_error FROM buzon_salida"
        " WHERE organizacion_id = %s", [clinica.id],
    ).fetchall()  # fmt: skip


def test_envia_lo_de_todas_las_organizaciones_y_borra_el_cuerpo(clinica, vecina, cartero, propietario):
    encolar(clinica, 2)
    encolar(vecina)
    assert buzon_service.enviar_pendientes() == 3
    destinos, contenido = cartero.recibidos[0]
    mensaje = email.message_from_bytes(contenido, policy=email.policy.default)
    assert destinos == ["persona0@ejemplo.test"]
    assert (mensaje["Subject"], mensaje.get_content().strip()) == ("Invitación: ñ", "Hola, Íñigo")
    assert filas(propietario, clinica) == [(True, None, 1, None)] * 2
    assert buzon_service.enviar_pendientes() == 0


def test_dos_repartidores_no_envian_dos_veces(clinica, cartero):
    encolar(clinica, 12)
    with ThreadPoolExecutor(2) as hilos:
        enviados = sum(hilos.map(lambda _: buzon_service.enviar_pendientes(), range(2)))
    assert enviados == len(cartero.recibidos) == 12


def test_un_rechazo_se_apunta_se_espacia_y_se_abandona_al_quinto(clinica, cartero, propietario):
    encolar(clinica)
    cartero.rechaza = True
    for intento in range(1, 6):
        assert buzon_service.enviar_pendientes() == 0
        assert [fila[2:] for fila in filas(propietario, clinica)] == [(intento, "SMTPDataError")]
        assert buzon_service.enviar_pendientes() == 0  # aún no toca repetir
        propietario.execute("UPDATE buzon_salida SET intentar_desde = now() WHERE organizacion_id = %s", [clinica.id])
    cartero.rechaza = False
    assert buzon_service.enviar_pendientes() == 0
    assert cartero.recibidos == []


def test_con_el_servidor_caido_el_correo_espera(clinica, cartero, propietario, monkeypatch):
    encolar(clinica)
    _configurar(monkeypatch, "smtp://127.0.0.1:1")
    assert buzon_service.enviar_pendientes() == 0
    assert [fila[3] for fila in filas(propietario, clinica)] == ["ConnectionRefusedError"]
    assert len(leer_buzon(clinica)) == 1


def test_sin_servidor_solo_la_demostracion_lo_ensenia(clinica, cartero, monkeypatch, caplog):
    encolar(clinica)
    _configurar(monkeypatch, "")
    with caplog.at_level(logging.INFO, logger="servet.correo"):
        assert buzon_service.enviar_pendientes() == 0
        assert [uno for uno in caplog.records if uno.name == "servet.correo"] == []
        _configurar(monkeypatch, "", Modo.DEMO)
        assert buzon_service.enviar_pendientes() == 1
    (mostrado,) = [uno for uno in caplog.records if uno.name == "servet.correo"]
    assert mostrado.cuerpo == "Hola, Íñigo\n"


def test_lo_que_no_confirma_no_se_envia(clinica, cartero):
    iniciar(Contexto(organizacion_id=clinica.id))
    with suppress(RuntimeError), transaction():
        buzon_service.encolar(TipoEnvio.INVITACION, "nadie@ejemplo.test", "Asunto", "Cuerpo")
        raise RuntimeError
    assert buzon_service.enviar_pendientes() == 0
    assert leer_buzon(clinica) == []
