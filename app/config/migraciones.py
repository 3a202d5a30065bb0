"""Llevar el esquema a su última revisión, con el rol propietario."""

from pathlib import Path

from sqlalchemy import text

from app.config.connections import crear_motor
from app.config.settings import get_settings

REVISION = "0011"
CARPETA = Path(__file__).resolve().parents[2] / "migrations"
_CERROJO = 7_305_119_001


def migrar(url: str | None = None) -> None:
    """Aplica las migraciones que falten; si otro proceso está migrando, espera a que acabe."""
    from alembic import command
    from alembic.config import Config

    motor = crear_motor(url or get_settings().url_migraciones)
    try:
        with motor.connect() as conexion:
            conexion.execute(text("SET lock_timeout = 0"))
            conexion.execute(text("SELECT pg_advisory_lock(:cerrojo)"), {"cerrojo": _CERROJO})
            conexion.commit()
            try:
                config = Config()
                config.set_main_option("script_location", str(CARPETA))
                config.attributes["connection"] = conexion
                command.upgrade(config, "head")
                conexion.commit()
            finally:
                conexion.rollback()
                conexion.execute(text("SELECT pg_advisory_unlock(:cerrojo)"), {"cerrojo": _CERROJO})
                conexion.commit()
    finally:
        motor.dispose()
