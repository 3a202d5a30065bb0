"""Motor, sesiones y la transacción de cada petición."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session

from app.config.settings import get_settings

ROL_APLICACION = "servet_app"
_session: ContextVar[Session | None] = ContextVar("session", default=None)


class ServetSession(Session):
    """Sesión de Servet; las capas transversales escuchan sus eventos."""


def url_psycopg(url: str) -> str:
    """La misma dirección, dicha para el controlador psycopg 3."""
    for prefijo in ("postgresql://", "postgres://"):
        if url.startswith(prefijo):
            return "postgresql+psycopg://" + url.removeprefix(prefijo)
    return url


def crear_motor(url: str, **opciones: Any) -> Engine:
    """Motor con instantes en UTC y sentencias preparadas desde el primer uso."""
    return create_engine(
        url_psycopg(url),
        connect_args={"prepare_threshold": 0, "options": "-c timezone=UTC -c lock_timeout=8000", "connect_timeout": 5},
        **opciones,
    )


@cache
def get_engine() -> Engine:
    """El motor de la aplicación, siempre con el rol que obedece las políticas de fila."""
    ajustes = get_settings()
    motor = crear_motor(
        ajustes.database_url,
        hide_parameters=True,
        pool_size=ajustes.conexiones,
        max_overflow=0,
        pool_timeout=10,
        pool_use_lifo=True,
    )

    @event.listens_for(motor, "connect")
    def _asumir_rol(conexion: Any, _registro: Any) -> None:
        # Aunque la dirección sea la del propietario, cada consulta corre sin sus privilegios.
        with conexion.cursor() as cursor:
            cursor.execute(f"SET ROLE {ROL_APLICACION}")
        conexion.commit()

    return motor


def current_session() -> Session:
    """La sesión de la transacción en curso."""
    session = _session.get()
    if session is None:
        raise RuntimeError("No hay ninguna transacción abierta")
    return session


@contextmanager
def transaction() -> Iterator[Session]:
    """Una transacción: confirma al salir, deshace si algo se lanza. Nadie más confirma."""
    with ServetSession(get_engine(), expire_on_commit=False, autoflush=False) as session:
        token = _session.set(session)
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            _session.reset(token)
