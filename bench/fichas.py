"""Con qué entra el banco: una sesión de quien administra y tokens que firma la clave de la instalación."""

import base64
import os
from functools import cache
from uuid import UUID, uuid4

import psycopg

from bench.ajustes import Organizacion
from bench.base import Base


def administrador(base: Base, una: Organizacion) -> UUID:
    """El id del usuario con el que se mide: administra y no tiene límite de sedes."""
    with psycopg.connect(base.url_propietario) as conexion:
        consulta = "SELECT id FROM usuarios WHERE organizacion_id = %s AND email = %s"
        fila = conexion.execute(consulta, [una.id, f"admin@{una.codigo}.example"]).fetchone()
        assert fila is not None
        return fila[0]


@cache
def _sesion(url: str, organizacion: UUID, usuario: UUID) -> UUID:
    familia = uuid4()
    with psycopg.connect(url, autocommit=True) as conexion:
        conexion.execute(
            "INSERT INTO sesiones (organizacion_id, id, usuario_id, creada_en, expira_en)"
            " VALUES (%s, %s, %s, now(), now() + interval '30 days')",
            [organizacion, familia, usuario],
        )
    return familia


def emitir(base: Base, una: Organizacion | None = None) -> str:
    """Un token de acceso recién firmado (vale 15 minutos), como el que da Servet al entrar."""
    una = una or base.propia
    os.environ.update(base.entorno())
    from app.utils.tokens import issue_access

    usuario = administrador(base, una)
    familia = _sesion(base.url_propietario, una.id, usuario)
    return issue_access(
        usuario, {"org": str(una.id), "tipo": "usuario", "sid": str(familia), "roles": ["administrador"]}
    )


def clave_publica(base: Base) -> str:
    """La clave con que se verifican, en base64url."""
    with psycopg.connect(base.url_propietario) as conexion:
        fila = conexion.execute("SELECT publica FROM claves_firma WHERE retirada_en IS NULL").fetchone()
        assert fila is not None
        return base64.urlsafe_b64encode(fila[0]).decode().rstrip("=")


def olvidar() -> None:
    """Para firmar con la clave de otra base: lo leído de la anterior ya no vale."""
    from app.config.connections import get_engine
    from app.config.settings import get_settings
    from app.utils.cifrado import _fernet
    from app.utils.tokens import forget_keys

    _fernet.cache_clear()
    get_engine.cache_clear()
    get_settings.cache_clear()
    forget_keys()
